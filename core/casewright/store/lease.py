"""Leases: who does a kind of work here, and until when nobody else may."""

from typing import NamedTuple

from casewright.store.database import Database

WORKER = "worker"


class Lease(NamedTuple):
    """Who holds a lease, and until which microsecond."""

    holder: str
    until: int


def take(database: Database, name: str, *, holder: str, now: int, length: int) -> Lease | None:
    """Take or renew a lease for `length` microseconds; return the one of somebody else who has it, or None.

    One that ends later than any lease taken now could is of before the clock went back, and binds nobody.
    """
    row = database.execute("SELECT holder, until FROM lease WHERE name = ?", (name,)).fetchone()
    if row is not None and row[0] != holder and now < row[1] <= now + 2 * length:
        return Lease._make(row)
    database.execute(
        "INSERT INTO lease (name, holder, until) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until",
        (name, holder, now + length),
    )
    return None


def release(database: Database, name: str, *, holder: str) -> None:
    """Give a lease back, if it is still held."""
    database.execute("DELETE FROM lease WHERE name = ? AND holder = ?", (name, holder))
