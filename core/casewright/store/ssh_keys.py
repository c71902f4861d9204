"""The SSH keys by which people come in: a row for each, known by its person and fingerprint."""

from datetime import datetime

from casewright.answers import SshKeyOnFile
from casewright.clock import from_microseconds, to_microseconds
from casewright.store.database import Database

_COLUMNS = "fingerprint, person, label, line, created_at, created_by, used_at"


def add(
    database: Database,
    *,
    fingerprint: str,
    person: str,
    label: str,
    line: str,
    at: datetime,
    by: str,
) -> bool:
    """Store a key; return whether the person did not have it yet."""
    done = database.execute(
        "INSERT INTO ssh_key (fingerprint, person, label, line, created_at, created_by)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (fingerprint, person, label, line, to_microseconds(at), by),
    )
    return bool(done.rowcount)


def of_person(database: Database, person: str) -> tuple[SshKeyOnFile, ...]:
    """Return the keys of a person, oldest first."""
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM ssh_key WHERE person = ? ORDER BY created_at, fingerprint",
        (person,),
    ).fetchall()
    return tuple(
        SshKeyOnFile(
            fingerprint=fingerprint,
            person=person,
            label=label,
            line=line,
            created_at=from_microseconds(created_at),
            created_by=created_by,
            used_at=None if used_at is None else from_microseconds(used_at),
        )
        for fingerprint, person, label, line, created_at, created_by, used_at in rows
    )


def used(database: Database, person: str, fingerprint: str, at: datetime) -> None:
    """Note that a key let its person in."""
    database.execute(
        "UPDATE ssh_key SET used_at = ? WHERE person = ? AND fingerprint = ?",
        (to_microseconds(at), person, fingerprint),
    )


def remove(database: Database, person: str, fingerprint: str) -> bool:
    """Remove a key; return whether there was one."""
    done = database.execute(
        "DELETE FROM ssh_key WHERE person = ? AND fingerprint = ?", (person, fingerprint)
    )
    return bool(done.rowcount)


def remove_all(database: Database, person: str) -> int:
    """Remove the keys of a person; return how many."""
    return int(database.execute("DELETE FROM ssh_key WHERE person = ?", (person,)).rowcount)
