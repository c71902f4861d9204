"""Queues of tickets: a page from any place by key, how many there are, how many stand before a place."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from casewright.access.reach import Reach
from casewright.queries import LARGEST_PAGE, CountQueue, ListQueue
from casewright.store import queue_plan
from casewright.store.database import Database
from casewright.store.queue_plan import Plan

Place = tuple[int, int]


class QueuedTicket(NamedTuple):
    """A ticket as far as a queue shows it."""

    id: int
    key: str
    workflow: str
    bundle: str
    state: str
    priority: str
    handler: str | None
    owner: str
    parent: str | None
    opened_at: int
    updated_at: int
    closed_at: int | None
    due_at: int
    promise: str
    paused: int
    urgency: int
    version: int
    sequence: int
    record: str
    fields: str
    customer: str | None


_SHOWN = ", ".join(f"ticket.{name}" for name in QueuedTicket._fields[:-1])
_ROWS = (
    f"SELECT {_SHOWN}, coalesce(now.name, one.name) FROM ({{chosen}}) AS chosen"
    " CROSS JOIN ticket ON ticket.id = chosen.id"
    " LEFT JOIN customer AS one ON one.id = ticket.customer"
    " LEFT JOIN customer AS now ON now.id = one.merged_into"
)


class Page(NamedTuple):
    """Tickets in the order of the queue, and whether there are more on either side."""

    tickets: Sequence[QueuedTicket]
    earlier: bool
    later: bool


def page(
    database: Database, asked: ListQueue, now: int, reach: Reach, team: Collection[str]
) -> Page:
    """Return a page of a queue for whoever reaches so far; `now` is in microseconds."""
    plan = queue_plan.listing(database, asked, now, reach, team)
    limit = max(1, min(asked.limit, LARGEST_PAGE))
    backward = asked.before is not None or (asked.after is None and asked.skip < 0)
    found = _chosen(database, plan, asked, limit + 1, backward)
    more, rows = len(found) > limit, found[:limit]
    if backward:
        rows.reverse()
    behind = _behind(database, plan, asked, rows, backward)
    return Page(rows, behind if not backward else more, more if not backward else behind)


def position(ticket: QueuedTicket, order: str) -> Place:
    """Return where a ticket stands in a queue of that order."""
    return getattr(ticket, queue_plan.COLUMNS[order]), ticket.id


def count(
    database: Database, asked: CountQueue, now: int, reach: Reach, team: Collection[str]
) -> tuple[int, int]:
    """Return how many tickets a queue holds, and how many of them stand before the place that was asked about."""
    plan = queue_plan.counting(database, asked, now, reach, team)
    before = 0 if asked.up_to is None else _before(database, plan, asked.up_to)
    where, values = plan.condition
    row = database.execute(f"SELECT count(*) FROM {plan.source} WHERE {where}", values)
    return int(row.fetchone()[0]), before


def _before(database: Database, plan: Plan, place: Place) -> int:
    where, values = plan.condition
    beyond, placed = plan.beyond(place, backward=True)
    row = database.execute(
        f"SELECT count(*) FROM {plan.source} WHERE {where} AND {beyond}", (*values, *placed)
    )
    return int(row.fetchone()[0])


def _chosen(
    database: Database, plan: Plan, asked: ListQueue, limit: int, backward: bool
) -> list[QueuedTicket]:
    where, values = plan.condition
    place = asked.before if asked.after is None else asked.after
    skip = 0
    if place is not None:
        beyond, placed = plan.beyond(place, backward=backward, including=asked.including)
        where, values = f"{where} AND {beyond}", [*values, *placed]
    else:
        skip = -asked.skip - 1 if backward else asked.skip
    order = plan.order(backward=backward)
    chosen = (
        f"SELECT ticket.id FROM {plan.source} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
    )
    # SQLite goes along what was chosen, in its order; a server may not.
    again = "" if database.is_file else f" ORDER BY {order}"
    rows = database.execute(
        f"{_ROWS.format(chosen=chosen)}{again}", (*values, limit, skip)
    ).fetchall()
    return [QueuedTicket._make(row) for row in rows]


def _behind(
    database: Database,
    plan: Plan,
    asked: ListQueue,
    rows: Sequence[QueuedTicket],
    backward: bool,
) -> bool:
    """Return whether there are tickets on the side from which the page was come to."""
    place = asked.before if asked.after is None else asked.after
    if place is None:
        past = -asked.skip - 1 if backward else asked.skip
        return past > 0 and (bool(rows) or _any(database, plan, None, backward))
    if rows:
        edge = rows[-1] if backward else rows[0]
        return _any(database, plan, (getattr(edge, plan.column), edge.id), not backward)
    return _any(database, plan, place, not backward, including=not asked.including)


def _any(
    database: Database,
    plan: Plan,
    place: Place | None,
    backward: bool,
    *,
    including: bool = False,
) -> bool:
    where, values = plan.condition
    if place is not None:
        beyond, placed = plan.beyond(place, backward=backward, including=including)
        where, values = f"{where} AND {beyond}", [*values, *placed]
    order = plan.order(backward=backward)
    found = database.execute(
        f"SELECT 1 FROM {plan.source} WHERE {where} ORDER BY {order} LIMIT 1", values
    )
    return found.fetchone() is not None
