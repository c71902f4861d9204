"""The tokens by which programs act for people: a row for each, known by its digest and never removed."""

from datetime import datetime
from typing import Any

from casewright.answers import Token
from casewright.clock import from_microseconds, to_microseconds
from casewright.commands import MakeToken
from casewright.store.database import Database

_COLUMNS = 'id, person, label, "only", created_at, created_by, expires_at, revoked_at, used_at'


def make(database: Database, command: MakeToken, at: datetime) -> int:
    """Store a token; return its number."""
    done = database.execute(
        'INSERT INTO token (person, label, digest, "only", created_at, created_by, expires_at)'
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            command.name,
            command.label,
            command.digest,
            " ".join(command.only),
            to_microseconds(at),
            command.actor,
            to_microseconds(command.expires_at),
        ),
    )
    return int(done.lastrowid or 0)


def by_digest(database: Database, digest: str) -> Token | None:
    """Return the token with this digest, whether or not it still serves; or None."""
    return _one(database, "digest = ?", digest)


def by_number(database: Database, number: int) -> Token | None:
    """Return a token by its number, or None."""
    return _one(database, "id = ?", number)


def of_person(database: Database, person: str) -> tuple[Token, ...]:
    """Return the tokens of a person, newest first."""
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM token WHERE person = ? ORDER BY id DESC", (person,)
    )
    return tuple(map(_token, rows.fetchall()))


def number(database: Database) -> int:
    """Return how many tokens nobody has revoked."""
    counted = database.execute("SELECT count(*) FROM token WHERE revoked_at IS NULL")
    return int(counted.fetchone()[0])


def used(database: Database, number: int, at: datetime) -> None:
    """Note that a token was used."""
    database.execute("UPDATE token SET used_at = ? WHERE id = ?", (to_microseconds(at), number))


def revoke(database: Database, number: int, at: datetime) -> None:
    """Let a token serve no more; one that was revoked before keeps that moment."""
    database.execute(
        "UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
        (to_microseconds(at), number),
    )


def revoke_all(database: Database, person: str, at: datetime) -> int:
    """Let no token of a person serve any more; return how many did until now."""
    moment = to_microseconds(at)
    done = database.execute(
        "UPDATE token SET revoked_at = ?"
        " WHERE person = ? AND revoked_at IS NULL AND expires_at > ?",
        (moment, person, moment),
    )
    return int(done.rowcount)


def _one(database: Database, condition: str, value: object) -> Token | None:
    row = database.execute(
        f"SELECT {_COLUMNS} FROM token WHERE {condition}", (value,)
    ).fetchone()
    return None if row is None else _token(row)


def _token(row: Any) -> Token:
    number, person, label, only, created_at, created_by, expires_at, revoked_at, used_at = row
    return Token(
        number=number,
        person=person,
        label=label,
        only=tuple(only.split()),
        created_at=from_microseconds(created_at),
        created_by=created_by,
        expires_at=from_microseconds(expires_at),
        revoked_at=None if revoked_at is None else from_microseconds(revoked_at),
        used_at=None if used_at is None else from_microseconds(used_at),
    )
