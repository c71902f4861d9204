"""In which way SQLite goes about a queue: through the few tickets that can be in it, or along its order until there are enough.

SQLite has no statistics to choose by and would choose wrongly for either the clerk with twenty tickets or the leader with
a hundred thousand: so it is told. Where one of the limits lets through only a few tickets, these are gathered and put in
order. Else most of what stands along the order is in the queue, and a page is full soon: each ticket is asked alone.
"""

from collections.abc import Collection

from casewright.access.reach import Reach
from casewright.queries import ListQueue, Queue
from casewright.store.database import Database
from casewright.store.queue_conditions import NOTHING, Limit, limits
from casewright.store.reaching import Condition
from casewright.swift_dataclass import dataclass

FEW = 5_000
"""So many tickets are gathered and put in order in 30 ms at the most, a few hundred in 1 ms; of a million, a page of so many
lies within 12,000 tickets along the order, which takes as long."""
FAR = 2_000
"""Who skips more than so many has every one of them asked: then what is reached is gathered too."""
COLUMNS = {"due": "due_at", "opened": "id", "updated": "updated_at", "priority": "urgency"}
_ALONG_OPEN = {
    "due": "ticket_due",
    "opened": "ticket_open",
    "updated": "ticket_open_updated",
    "priority": "ticket_urgency",
}
_HANDLED = "ticket_handler_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """From where the tickets of a queue are taken, on which condition."""

    source: str
    condition: Condition
    column: str
    descending: bool

    def order(self, *, backward: bool = False) -> str:
        """Return the order, or the same one from its end."""
        turn = "DESC" if self.descending is not backward else "ASC"
        return f"ticket.{self.column} {turn}, ticket.id {turn}"

    def beyond(
        self, place: tuple[int, int], *, backward: bool = False, including: bool = False
    ) -> Condition:
        """Return the condition that a ticket stands behind a place in the order, or before it where one goes `backward`."""
        sign = "<" if self.descending is not backward else ">"
        equal = "=" if including else ""
        return f"(ticket.{self.column}, ticket.id) {sign}{equal} (?, ?)", [*place]


def listing(
    database: Database, asked: ListQueue, now: int, reach: Reach, team: Collection[str]
) -> Plan:
    """Return the plan for a page of a queue."""
    found = limits(database, asked, now, reach, team)
    if asked.handler is not None and asked.open:
        return _plan(asked, f"ticket INDEXED BY {_HANDLED}", found)
    few = _fewest(database, found)
    if few is not None:
        return _gathered(asked, few, found)
    far = abs(asked.skip) > FAR
    return _plan(asked, _along(asked), _inside(found) if far else found)


def counting(
    database: Database, asked: Queue, now: int, reach: Reach, team: Collection[str]
) -> Plan:
    """Return the plan for counting a queue: every ticket is looked at, so what is reached is gathered, and not asked alone."""
    found = limits(database, asked, now, reach, team)
    few = _fewest(database, found) if asked.handler is None or not asked.open else None
    if few is not None:
        return _gathered(asked, few, found)
    inside = _inside(found)
    if not asked.open:
        return _plan(asked, _along(asked), inside)
    if asked.handler is not None or asked.team is not None:
        return _plan(asked, f"ticket INDEXED BY {_HANDLED}", inside)
    return _plan(asked, f"ticket INDEXED BY {_holding(asked)}", inside)


def _inside(found: list[Limit]) -> list[Limit]:
    """Return the limits with what is reached gathered once, where many are asked."""
    return [
        Limit(condition=(f"ticket.id IN ({one.source[0]})", one.source[1]))
        if one.alone and one.source is not None
        else one
        for one in found
    ]


def _holding(asked: Queue) -> str:
    """Return the index that holds what a queue is limited by, so that no ticket itself is read to count it."""
    told = (asked.workflow, asked.state, asked.older_than, asked.younger_than, asked.paused)
    if any(one is not None for one in told):
        return "ticket_board"
    if asked.due_within is not None:
        return "ticket_due"
    return "ticket_urgency" if asked.priority is not None else _ALONG_OPEN[asked.order]


def _along(asked: Queue) -> str:
    if asked.open:
        return f"ticket INDEXED BY {_ALONG_OPEN[asked.order]}"
    updated = asked.order == "updated"
    return "ticket INDEXED BY ticket_updated" if updated else "ticket NOT INDEXED"


def _fewest(database: Database, found: list[Limit]) -> Limit | None:
    """Return the limit that lets the fewest tickets through, where those are few."""
    best, least = None, FEW
    for one in found:
        if one.source is None:
            continue
        sql, values = one.source
        count = (
            f"SELECT count(*) FROM (SELECT 1 FROM ({sql}) AS those LIMIT {least + 1}) AS few"
        )
        number = database.execute(count, values).fetchone()[0]
        if number <= least:
            best, least = one, number
    return best


def _gathered(asked: Queue, few: Limit, found: list[Limit]) -> Plan:
    assert few.source is not None
    sql, values = few.source
    gathered = Limit(condition=(f"ticket.id IN ({sql})", values))
    others = [one for one in found if one is not few or not one.inside]
    return _plan(asked, "ticket NOT INDEXED", [gathered, *others])


def _plan(asked: Queue, source: str, found: list[Limit]) -> Plan:
    conditions = [one.condition for one in found]
    if NOTHING in conditions:
        source, conditions = "ticket NOT INDEXED", [NOTHING]
    where = " AND ".join(f"({condition})" for condition, _ in conditions) or "TRUE"
    values = [value for _, given in conditions for value in given]
    return Plan(
        source=source,
        condition=(where, values),
        column=COLUMNS[asked.order],
        descending=asked.descending,
    )
