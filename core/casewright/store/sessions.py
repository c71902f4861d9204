"""Who is signed in: a row for each session, known by the digest of its token."""

from datetime import datetime

from casewright.clock import from_microseconds, to_microseconds
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A session as it is stored."""

    digest: str
    person: str
    door: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime


def begin(
    database: Database, *, digest: str, person: str, door: str, at: datetime, until: datetime
) -> None:
    """Store a new session."""
    moment = to_microseconds(at)
    database.execute(
        "INSERT INTO session (digest, person, door, created_at, used_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (digest, person, door, moment, moment, to_microseconds(until)),
    )


def get(database: Database, digest: str) -> Stored | None:
    """Return the session whose token has this digest, whether or not it is over; or None."""
    row = database.execute(
        "SELECT person, door, created_at, used_at, expires_at FROM session WHERE digest = ?",
        (digest,),
    ).fetchone()
    if row is None:
        return None
    created, used, expires = map(from_microseconds, row[2:])
    return Stored(
        digest=digest,
        person=row[0],
        door=row[1],
        created_at=created,
        used_at=used,
        expires_at=expires,
    )


def of_door(database: Database, door: str) -> tuple[Stored, ...]:
    """Return the sessions that began at a door, whether or not they are over, oldest first."""
    digests = database.execute(
        "SELECT digest FROM session WHERE door = ? ORDER BY created_at", (door,)
    ).fetchall()
    found = (get(database, digest) for (digest,) in digests)
    return tuple(one for one in found if one is not None)


def number(database: Database) -> int:
    """Return how many sessions there are."""
    return int(database.execute("SELECT count(*) FROM session").fetchone()[0])


def used(database: Database, digest: str, at: datetime) -> None:
    """Note that a session was used."""
    database.execute(
        "UPDATE session SET used_at = ? WHERE digest = ?", (to_microseconds(at), digest)
    )


def end(database: Database, digest: str) -> None:
    """End one session."""
    database.execute("DELETE FROM session WHERE digest = ?", (digest,))


def end_all(database: Database, person: str) -> int:
    """End all sessions of a person; return how many."""
    return int(database.execute("DELETE FROM session WHERE person = ?", (person,)).rowcount)


def forget_over(database: Database, now: datetime) -> None:
    """Remove the sessions whose time is over."""
    database.execute("DELETE FROM session WHERE expires_at <= ?", (to_microseconds(now),))
