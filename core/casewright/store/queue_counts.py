"""What is in somebody's hand, and how the service stands: open tickets counted along indexes that hold all that is asked.

A wallboard over all that is open costs a pass over `ticket_board` and one over `ticket_handler_due`; what happened today
costs a look at every ticket that changed since the day began.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from casewright import compact_json
from casewright.access.reach import Reach
from casewright.store import reaching
from casewright.store.database import Database
from casewright.store.deadlines import NEVER
from casewright.store.queue_conditions import OPEN
from casewright.store.reaching import Condition

HOUR = 3_600_000_000
DAY = 24 * HOUR
AGES = (DAY, 3 * DAY, 7 * DAY)
"""Where one band of age ends and the next begins, in microseconds."""
_NOTHING = "+ticket.id < 0"
"""What no ticket meets; with a plain `FALSE` SQLite will not go along the index that it is told to."""
_BOARD = "ticket INDEXED BY ticket_board"
_HANDLED = "ticket INDEXED BY ticket_handler_due"


class InHand(NamedTuple):
    """What somebody has in hand."""

    open: int
    overdue: int
    due_soon: int
    next_due: int | None


class Standing(NamedTuple):
    """How many open tickets stand in a state, and how many of them are nobody's, overdue, or stand still."""

    workflow: str
    state: str
    tickets: int
    unassigned: int
    overdue: int
    paused: int


class Load(NamedTuple):
    """How much somebody has in hand."""

    handler: str
    open: int
    overdue: int
    due: int


class Changed(NamedTuple):
    """A ticket that changed today, as far as it tells what became of its promises."""

    workflow: str
    bundle: str
    opened_at: int
    closed_at: int | None
    record: str


def in_hand(database: Database, name: str, now: int, reach: Reach) -> InHand:
    """Return what somebody who reaches so far has in hand."""
    reached, values = _reached(database, reach, own=name in reach.people)
    row = database.execute(
        "SELECT count(*), coalesce(sum(due_at <= ?), 0), coalesce(sum(due_at > ? AND due_at <= ?), 0), min(due_at)"
        f" FROM {_HANDLED} WHERE {OPEN} AND handler = ? AND {reached}",
        (now, now, now + HOUR, name, *values),
    ).fetchone()
    next_due = None if row[3] is None or row[3] >= NEVER else row[3]
    return InHand(row[0], row[1], row[2], next_due)


def standings(
    database: Database, now: int, workflow: str | None, seen: Condition
) -> Sequence[Standing]:
    """Return how the open tickets `seen` stand, by workflow and state."""
    where, values = _of_workflow(workflow, seen)
    rows = database.execute(
        f"SELECT workflow, state, count(*), count(*) - count(handler), sum(due_at <= ?), sum(paused)"
        f" FROM {_BOARD} WHERE {where} GROUP BY workflow, state",
        (now, *values),
    )
    return [Standing._make(row) for row in rows.fetchall()]


def younger(
    database: Database, now: int, workflow: str | None, seen: Condition
) -> Mapping[str, Sequence[int]]:
    """Return by workflow how many open tickets `seen` are of each band of age but the last, which is all the others."""
    where, values = _of_workflow(workflow, seen)
    starts = [now - age for age in AGES]
    bands = ", ".join("sum(opened_at <= ? AND opened_at > ?)" for _ in AGES)
    edges = [edge for pair in zip((NEVER, *starts), starts, strict=False) for edge in pair]
    rows = database.execute(
        f"SELECT workflow, {bands} FROM ticket INDEXED BY ticket_age"
        f" WHERE {where} AND opened_at > ? GROUP BY workflow",
        (*edges, *values, starts[-1]),
    )
    return {name: found for name, *found in rows.fetchall()}


def loads(
    database: Database, now: int, until: int, workflow: str | None, seen: Condition
) -> Sequence[Load]:
    """Return how much of the open tickets `seen` each handler has, overdue, and due from now until a moment."""
    where, values = _of_workflow(workflow, seen)
    index = _HANDLED if workflow is None else _BOARD
    rows = database.execute(
        f"SELECT handler, count(*), sum(due_at <= ?), sum(due_at <= ?) FROM {index}"
        f" WHERE {where} AND handler IS NOT NULL GROUP BY handler",
        (now, until, *values),
    )
    found = rows.fetchall()
    return [Load(name, open_, late, by_then - late) for name, open_, late, by_then in found]


def due_between(
    database: Database, start: int, end: int, workflow: str | None, seen: Condition
) -> Sequence[tuple[int, int]]:
    """Return in which quarters of an hour since `start` open tickets `seen` are due, by number, and how many."""
    where, values = _of_workflow(workflow, seen)
    rows = database.execute(
        f"SELECT (due_at - ?) / {HOUR // 4}, count(*) FROM ticket INDEXED BY ticket_due"
        f" WHERE {where} AND due_at >= ? AND due_at < ? GROUP BY 1",
        (start, *values, start, end),
    )
    return [(int(number), int(count)) for number, count in rows.fetchall()]


def changed_since(
    database: Database, day: int, workflow: str | None, seen: Condition
) -> Sequence[Changed]:
    """Return the tickets `seen` that changed since a moment."""
    reached, values = seen
    named, given = ("TRUE", []) if workflow is None else ("workflow = ?", [workflow])
    rows = database.execute(
        "SELECT workflow, bundle, opened_at, closed_at, record FROM ticket INDEXED BY ticket_updated"
        f" WHERE updated_at >= ? AND {named} AND {reached}",
        (day, *given, *values),
    )
    return [Changed._make(row) for row in rows.fetchall()]


def signed_in(database: Database, now: int) -> Collection[str]:
    """Return who has a session that is not over."""
    rows = database.execute("SELECT DISTINCT person FROM session WHERE expires_at > ?", (now,))
    return {name for (name,) in rows.fetchall()}


def seen(database: Database, reach: Reach) -> Condition:
    """Return the condition for a pass over all that is open: what is reached is gathered once."""
    return _reached(database, reach, own=False)


def _reached(database: Database, reach: Reach, *, own: bool) -> Condition:
    """Return which tickets are reached, said as shortly as it can be; one's `own` are, where one reaches what one is a party to."""
    if reach.nothing:
        return _NOTHING, []
    conditions, values = [], list[object]()
    if reaching.hides_some(database, reach):
        condition, given = reaching.not_hidden(reach)
        conditions.append(condition)
        values += given
    if not reach.everything and not own:
        source, given = reaching.source(reach)
        conditions.append(f"ticket.id IN ({source})")
        values += given
    return " AND ".join(conditions) or "TRUE", values


def _of_workflow(workflow: str | None, seen: Condition) -> Condition:
    reached, values = seen
    if workflow is None:
        return f"{OPEN} AND {reached}", values
    return f"{OPEN} AND workflow = ? AND {reached}", [workflow, *values]


def ended_clocks(record: str, day: int) -> list[tuple[str, bool]]:
    """Return the promises of a stored ticket whose clocks ended since a moment, and whether in time; cancelled ones are none."""
    if '"ended_at"' not in record:
        return []
    clocks = compact_json.decode(record).get("clocks", {})
    return [
        (name, one.get("breached_at") is None)
        for name, one in clocks.items()
        if one.get("end") == "met" and one.get("ended_at", 0) >= day
    ]
