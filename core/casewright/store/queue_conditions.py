"""What a queue holds, as conditions of SQL: each with the tickets that meet it as a source of their own, where an index has them."""

from collections.abc import Collection, Iterator

from casewright import compact_json
from casewright.access.reach import WATCHER, Reach
from casewright.queries import Queue
from casewright.store import deadlines, reaching, search
from casewright.store.customers import OF_ONE
from casewright.store.database import Database
from casewright.store.reaching import Condition
from casewright.swift_dataclass import dataclass

OPEN = "ticket.closed_at IS NULL"
NOTHING: Condition = ("FALSE", [])
"""What no ticket meets."""
_LISTED = "(SELECT value FROM json_each(?))"
_MICROSECONDS = 1_000_000
_FAR = 10**11
"""More seconds than anybody means: a number beyond is held to it, for SQL knows no larger ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A condition on a ticket; `source` yields the numbers of those that may meet it.

    The condition asks `inside` that source, or of each ticket `alone` whether it is reached.
    """

    condition: Condition
    source: Condition | None = None
    inside: bool = False
    alone: bool = False


def limits(
    database: Database, asked: Queue, now: int, reach: Reach, team: Collection[str]
) -> list[Limit]:
    """Return all that limits a queue for whoever reaches so far; `team` are the people of the one that was asked for."""
    found = [*_reached(database, reach), *_named(asked), *_of_people(asked, team)]
    return [*found, *_in_time(asked, now), *_searched(database, asked)]


def _reached(database: Database, reach: Reach) -> Iterator[Limit]:
    if reach.nothing:
        yield Limit(condition=NOTHING)
        return
    if reaching.hides_some(database, reach):
        yield Limit(condition=reaching.not_hidden(reach))
    if not reach.everything:
        one_by_one, source = reaching.one_by_one(reach), reaching.source(reach)
        yield Limit(condition=one_by_one, source=source, alone=True)


def _named(asked: Queue) -> Iterator[Limit]:
    if asked.open is not None:
        yield Limit(condition=(OPEN if asked.open else "ticket.closed_at IS NOT NULL", []))
    if asked.workflow is not None or asked.state is not None:
        yield _standing(asked)
    if asked.priority is not None:
        yield _as_urgent(asked)
    if asked.tickets is not None:
        keys = compact_json.encode(list(asked.tickets))
        yield _within(f"SELECT id FROM ticket WHERE key IN {_LISTED}", [keys])


def _as_urgent(asked: Queue) -> Limit:
    """Return the limit to a priority: those of each lie together where tickets are ordered by urgency."""
    steps = deadlines.steps(asked.priority or "")
    if steps is None:
        return Limit(condition=NOTHING)
    condition, values = "ticket.urgency >= ? AND ticket.urgency < ?", list[object](steps)
    source = f"SELECT id FROM ticket INDEXED BY ticket_urgency WHERE {OPEN} AND {condition}"
    return Limit(condition=(condition, values), source=(source, values) if asked.open else None)


def _standing(asked: Queue) -> Limit:
    """Return the limit to a workflow, a state or both; a state alone is looked for in every workflow."""
    named = "ticket.workflow IN (SELECT workflow FROM bundle)"
    where, values = [], list[object]()
    for column in ("workflow", "state"):
        wanted = getattr(asked, column)
        if wanted is not None:
            where.append(f"ticket.{column} = ?")
            values.append(wanted)
    condition = " AND ".join(where)
    if not asked.open:
        return Limit(condition=(condition, values))
    inside = condition if asked.workflow is not None else f"{named} AND {condition}"
    source = f"SELECT id FROM ticket INDEXED BY ticket_board WHERE {OPEN} AND {inside}"
    return Limit(condition=(condition, values), source=(source, values))


def _of_people(asked: Queue, team: Collection[str]) -> Iterator[Limit]:
    if asked.handler is not None:
        yield Limit(condition=_equal("handler", asked.handler))
    if asked.team is not None:
        people: list[object] = [compact_json.encode(sorted(team))]
        source = f"SELECT id FROM ticket INDEXED BY ticket_handler_due WHERE {OPEN} AND handler IN {_LISTED}"
        yield Limit(
            condition=(f"ticket.handler IN {_LISTED}", people),
            source=(source, people) if asked.open else None,
        )
    if asked.owner is not None:
        source = f"SELECT id FROM ticket INDEXED BY ticket_owner WHERE {OPEN} AND owner = ?"
        yield Limit(
            condition=("ticket.owner = ?", [asked.owner]),
            source=(source, [asked.owner]) if asked.open else None,
        )
    if asked.watcher is not None:
        source = f"SELECT ticket_id FROM ticket_reach WHERE kind = '{WATCHER}' AND name = ?"
        yield _within(source, [asked.watcher])


def _in_time(asked: Queue, now: int) -> Iterator[Limit]:
    if asked.due_within is not None:
        until = min(now + _held(asked.due_within) * _MICROSECONDS, deadlines.NEVER - 1)
        source = f"SELECT id FROM ticket INDEXED BY ticket_due WHERE {OPEN} AND due_at <= ?"
        yield Limit(
            condition=("ticket.due_at <= ?", [until]),
            source=(source, [until]) if asked.open else None,
        )
    if asked.older_than is not None:
        moment = now - _held(asked.older_than) * _MICROSECONDS
        yield Limit(condition=("ticket.opened_at <= ?", [moment]))
    if asked.younger_than is not None:
        moment = now - _held(asked.younger_than) * _MICROSECONDS
        yield Limit(condition=("ticket.opened_at > ?", [moment]))
    if asked.paused is not None:
        yield Limit(condition=("ticket.paused = ?", [int(asked.paused)]))


def _searched(database: Database, asked: Queue) -> Iterator[Limit]:
    if asked.customer is not None:
        if asked.customer:
            where = f"SELECT id FROM ticket WHERE {OF_ONE}"
            yield _within(where, [asked.customer] * 4)
        else:
            yield Limit(condition=("ticket.customer IS NULL", []))
    if asked.text:
        found = search.matching(database, asked.text)
        if found is None:
            yield Limit(condition=NOTHING)
            return
        met, sought = found
        by_key = f"SELECT rowid FROM ticket_text WHERE {met} UNION ALL SELECT id FROM ticket WHERE key = ?"
        values = [*sought, asked.text.strip().upper()]
        if database.is_file:
            yield _within(by_key, values)
            return
        # A server has no list of them to look into: it would gather all that are found before it shows the first.
        each = f"(SELECT TRUE FROM ticket_text WHERE ticket_text.rowid = ticket.id AND {met})"
        one_by_one: Condition = (f"{each} OR ticket.key = ?", values)
        yield Limit(condition=one_by_one, source=(by_key, values), alone=True)


def _within(source: str, values: list[object]) -> Limit:
    return Limit(
        condition=(f"ticket.id IN ({source})", values), source=(source, values), inside=True
    )


def _equal(column: str, wanted: str) -> Condition:
    return (f"ticket.{column} = ?", [wanted]) if wanted else (f"ticket.{column} IS NULL", [])


def _held(seconds: int) -> int:
    return max(-_FAR, min(seconds, _FAR))
