"""The sweep's inbox: timers whose moment has come, taken out of the timers in bounded batches, each kept until it is fired."""

from collections.abc import Sequence
from typing import NamedTuple

from casewright.store.database import Database
from casewright.store.reaching import EVERY, Condition

MOST_ATTEMPTS = 10
"""After so many failures a timer stays where it is until somebody looks at it."""
FIRST_PAUSE = 2_000_000
"""Microseconds until a failed timer is tried again; twice as long after each further failure."""
LONGEST_PAUSE = 3_600_000_000


class Due(NamedTuple):
    """A timer whose moment has come, with the key of its ticket and the number of that one's newest event."""

    due_at: int
    ticket_id: int
    name: str
    attempts: int
    key: str
    sequence: int


def sweep(database: Database, now: int, limit: int) -> int:
    """Move at most `limit` due timers into the inbox, the oldest first; return how many there were.

    It reads and writes what is due, whatever else is open, and touches no ticket.
    """
    newest = database.execute(
        "SELECT due_at, ticket_id, name FROM timer WHERE due_at <= ?"
        " ORDER BY due_at, ticket_id, name LIMIT 1 OFFSET ?",
        (now, limit - 1),
    ).fetchone()
    if newest is None:
        where, values = "due_at <= ?", (now,)
    else:
        where, values = "(due_at, ticket_id, name) <= (?, ?, ?)", tuple(newest)
    database.execute(
        "INSERT INTO inbox (due_at, ticket_id, name, next_at, attempts, error)"
        f" SELECT due_at, ticket_id, name, due_at, 0, '' FROM timer WHERE {where}"
        " ON CONFLICT DO NOTHING",
        values,
    )
    return database.execute(f"DELETE FROM timer WHERE {where}", values).rowcount


def put(database: Database, *, ticket_id: int, name: str, at: int) -> None:
    """Put something into the inbox that no timer stood for, to be done as soon as possible."""
    database.execute(
        "INSERT INTO inbox (due_at, ticket_id, name, next_at, attempts, error) VALUES (?, ?, ?, ?, 0, '')"
        " ON CONFLICT DO NOTHING",
        (at, ticket_id, name, at),
    )


def due(database: Database, now: int, limit: int) -> Sequence[Due]:
    """Return what is to be fired now, in order of due time; what failed waits for its next attempt."""
    return _due(database, now, limit, "", ())


def free(database: Database, now: int, limit: int) -> Sequence[Due]:
    """Return what is to be fired now and may be handed out: nothing of a ticket of which something earlier is handed out."""
    under_way = (
        " AND NOT EXISTS (SELECT 1 FROM inbox AS earlier WHERE earlier.ticket_id = inbox.ticket_id"
        " AND earlier.attempts = 0 AND earlier.next_at > ?"
        " AND (earlier.due_at, earlier.name) < (inbox.due_at, inbox.name))"
    )
    return _due(database, now, limit, under_way, (now,))


def _due(
    database: Database, now: int, limit: int, also: str, values: tuple[int, ...]
) -> Sequence[Due]:
    rows = database.execute(
        "SELECT inbox.due_at, inbox.ticket_id, inbox.name, inbox.attempts, ticket.key, ticket.sequence FROM inbox"
        " JOIN ticket ON ticket.id = inbox.ticket_id"
        f" WHERE inbox.due_at <= ? AND inbox.attempts < ? AND inbox.next_at <= ?{also}"
        " ORDER BY inbox.due_at, inbox.ticket_id, inbox.name LIMIT ?",
        (now, MOST_ATTEMPTS, now, *values, limit),
    )
    return [Due._make(row) for row in rows]


def hand(database: Database, rows: Sequence[Due], until: int) -> None:
    """Note that rows are handed to whoever does them; they are due for others only when nothing came of it until a moment."""
    where, values = _these([row[:3] for row in rows])
    database.execute(f"UPDATE inbox SET next_at = ? WHERE {where}", (until, *values))


def standing(database: Database, rows: Sequence[tuple[int, int, str]]) -> Sequence[Due]:
    """Return those of the rows that are still to be done, in order of due time."""
    if not rows:
        return []
    where, values = _these(rows)
    found = database.execute(
        "SELECT inbox.due_at, inbox.ticket_id, inbox.name, inbox.attempts, ticket.key, ticket.sequence FROM inbox"
        f" JOIN ticket ON ticket.id = inbox.ticket_id WHERE {where} AND inbox.attempts < ?"
        " ORDER BY inbox.due_at, inbox.ticket_id, inbox.name",
        (*values, MOST_ATTEMPTS),
    )
    return [Due._make(row) for row in found]


def _these(rows: Sequence[tuple[int, int, str]]) -> tuple[str, list[object]]:
    marks = ", ".join(["(?, ?, ?)"] * len(rows))
    where = f"(inbox.due_at, inbox.ticket_id, inbox.name) IN (VALUES {marks})"
    return where, [value for row in rows for value in row]


def give_up(database: Database, row: tuple[int, int, str], error: str) -> None:
    """Leave a row where it is until somebody looks at it."""
    database.execute(
        "UPDATE inbox SET attempts = ?, error = ? WHERE due_at = ? AND ticket_id = ? AND name = ?",
        (MOST_ATTEMPTS, error, *row),
    )


def done(database: Database, fired: Due) -> None:
    """Take a fired timer out of the inbox."""
    database.execute(
        "DELETE FROM inbox WHERE due_at = ? AND ticket_id = ? AND name = ?", fired[:3]
    )


def failed(
    database: Database, fired: Due, now: int, error: str, *, waits: bool = False
) -> bool:
    """Note why a timer could not be fired and when it is tried again; return whether it was the last time.

    One that `waits` for something that will be there again is never given up.
    """
    pause = min(FIRST_PAUSE << fired.attempts, LONGEST_PAUSE)
    attempts = fired.attempts + 1
    if waits:
        attempts = min(attempts, MOST_ATTEMPTS - 1)
    database.execute(
        "UPDATE inbox SET attempts = ?, next_at = ?, error = ?"
        " WHERE due_at = ? AND ticket_id = ? AND name = ?",
        (attempts, now + pause, error, *fired[:3]),
    )
    return attempts >= MOST_ATTEMPTS


def next_at(database: Database) -> int | None:
    """Return the moment at which the next timer is due or is tried again, or None."""
    row = database.execute(
        "SELECT min(at) FROM (SELECT min(due_at) AS at FROM timer UNION ALL"
        " SELECT min(max(due_at, next_at)) FROM inbox WHERE attempts < ?) AS known",
        (MOST_ATTEMPTS,),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def hurry(database: Database, now: int) -> None:
    """Let everything that failed be tried again now: the clock has gone back, and what it promised means nothing."""
    database.execute(
        "UPDATE inbox SET next_at = ? WHERE next_at > ? AND attempts > 0 AND attempts < ?",
        (now, now, MOST_ATTEMPTS),
    )


class Waiting(NamedTuple):
    """A timer as people may see it: not yet due, waiting to be fired, or failed for good."""

    due_at: int
    key: str
    name: str
    attempts: int
    next_at: int
    error: str


def open_timers(
    database: Database,
    *,
    until: int | None,
    ticket: str | None,
    limit: int,
    seen: Condition = EVERY,
) -> Sequence[Waiting]:
    """Return timers of tickets `seen` that were not yet swept, due by `until`, the next one first."""
    where, values = _fitting("timer", ticket, seen)
    if until is not None:
        where, values = f"{where} AND timer.due_at <= ?", [*values, until]
    rows = database.execute(
        "SELECT timer.due_at, ticket.key, timer.name, 0, timer.due_at, '' FROM timer"
        f" JOIN ticket ON ticket.id = timer.ticket_id WHERE {where}"
        " ORDER BY timer.due_at, timer.ticket_id, timer.name LIMIT ?",
        (*values, limit),
    )
    return [Waiting._make(row) for row in rows]


def waiting(
    database: Database,
    *,
    failed: bool,
    ticket: str | None,
    limit: int,
    until: int | None = None,
    seen: Condition = EVERY,
) -> Sequence[Waiting]:
    """Return what is in the inbox of tickets `seen`: what failed for good, or what will be tried; due by `until`."""
    where, values = _fitting("inbox", ticket, seen)
    if until is not None:
        where, values = f"{where} AND inbox.due_at <= ?", [*values, until]
    sign = ">=" if failed else "<"
    rows = database.execute(
        "SELECT inbox.due_at, ticket.key, inbox.name, inbox.attempts, inbox.next_at, inbox.error FROM inbox"
        f" JOIN ticket ON ticket.id = inbox.ticket_id WHERE {where} AND inbox.attempts {sign} ?"
        " ORDER BY inbox.due_at, inbox.ticket_id, inbox.name LIMIT ?",
        (*values, MOST_ATTEMPTS, limit),
    )
    return [Waiting._make(row) for row in rows]


def _fitting(table: str, ticket: str | None, seen: Condition) -> tuple[str, list[object]]:
    reached, values = seen
    if ticket is None:
        return reached, values
    chosen = f"{table}.ticket_id = (SELECT id FROM ticket WHERE key = ?)"
    return f"{chosen} AND {reached}", [ticket, *values]
