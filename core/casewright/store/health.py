"""What tells whether time is kept in a workspace: who works for it, what is late, and what was given up."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from casewright.store.database import Database
from casewright.store.inbox import MOST_ATTEMPTS
from casewright.store.lease import WORKER, Lease
from casewright.store.notices import GIVEN_UP


class Late(NamedTuple):
    """How many there are of something that should be done, and since when the first of them."""

    many: int
    since: int | None


class Waiting(NamedTuple):
    """How many notices are not yet handed over, how many calls to other systems wait, and how many sessions are not over."""

    outbox: int
    calls: int
    sessions: int


def waiting(database: Database, now: int) -> Waiting:
    """Return how much waits, and how many are signed in."""
    row = database.execute(
        "SELECT (SELECT count(*) FROM notice WHERE state = 'queued'),"
        " (SELECT count(*) FROM webhook_event WHERE state <> 'dead'),"
        " (SELECT count(*) FROM session WHERE expires_at > ?)",
        (now,),
    ).fetchone()
    return Waiting._make(row)


def worker(database: Database, now: int) -> Lease | None:
    """Return the lease of the worker that works here, or None."""
    row = database.execute(
        "SELECT holder, until FROM lease WHERE name = ? AND until > ?", (WORKER, now)
    ).fetchone()
    return None if row is None else Lease._make(row)


def late_timers(database: Database, before: int) -> Late:
    """Return the timers that were due before a moment and are not fired; without those given up."""
    row = database.execute(
        "SELECT count(*), min(due_at) FROM (SELECT due_at FROM timer WHERE due_at < ? UNION ALL"
        " SELECT due_at FROM inbox WHERE max(due_at, next_at) < ? AND attempts < ?) AS late",
        (before, before, MOST_ATTEMPTS),
    ).fetchone()
    return Late._make(row)


def overdue(database: Database, now: int, ends: Sequence[int]) -> list[int]:
    """Return how many timers are overdue by up to each of so many microseconds, and, last, by more; without those given up."""
    due = (
        "SELECT due_at FROM timer WHERE due_at < ? UNION ALL"
        " SELECT due_at FROM inbox WHERE due_at < ? AND attempts < ?"
    )
    columns = ", ".join("count(CASE WHEN due_at >= ? THEN 1 END)" for _ in ends)
    moments = [now - end for end in ends]
    row = database.execute(
        f"SELECT {columns}, count(*) FROM ({due}) AS late", (*moments, now, now, MOST_ATTEMPTS)
    ).fetchone()
    return [after - before for before, after in pairwise((0, *row))]


def late_notices(database: Database, before: int) -> Late:
    """Return the notices that might have gone out before a moment, and wait."""
    row = database.execute(
        "SELECT count(*), min(send_at) FROM notice"
        " WHERE state = 'queued' AND delivery_id IS NULL AND send_at < ?",
        (before,),
    ).fetchone()
    return Late._make(row)


def failed_timers(database: Database) -> int:
    """Return how many timers were given up."""
    row = database.execute(
        "SELECT count(*) FROM inbox WHERE attempts >= ?", (MOST_ATTEMPTS,)
    ).fetchone()
    return int(row[0])


def given_up(database: Database) -> dict[str, int]:
    """Return how many notices were given up, by the state that they ended in."""
    marks = ", ".join("?" * len(GIVEN_UP))
    rows = database.execute(
        f"SELECT state, count(*) FROM notice WHERE state IN ({marks}) GROUP BY state ORDER BY state",
        GIVEN_UP,
    )
    return dict(rows.fetchall())


def last_moment(database: Database) -> int | None:
    """Return when the newest ticket was opened or the newest command about none was written, by the clock there was then."""
    newest = (
        "SELECT opened_at FROM ticket ORDER BY id DESC LIMIT 1",
        "SELECT at FROM command WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1",
    )
    rows = [database.execute(one).fetchone() for one in newest]
    return max((int(row[0]) for row in rows if row is not None), default=None)
