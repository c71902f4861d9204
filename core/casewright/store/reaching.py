"""Which tickets somebody reaches, as a condition of SQL: the one predicate of lists, counts and single tickets.

It is held equal to `access.reach.Reach.covers` by a test; the index that it asks is written in each ticket's transaction.
"""

from collections.abc import Collection, Sequence

from casewright import compact_json
from casewright.access.reach import HIDDEN, PARTY, RESERVED, Reach
from casewright.store.database import Database

Place = tuple[str, str]
Condition = tuple[str, list[object]]
"""A condition on a ticket's number, and the values of its parameters."""
EVERY: Condition = ("TRUE", [])
"""The condition of what casewright itself looks for, for nobody."""

_HIDDEN = f"(SELECT ticket_id FROM ticket_reach WHERE kind = '{HIDDEN}' AND name = ?)"
HIDDEN_KEYS = f"(SELECT ticket.key FROM ticket WHERE ticket.id IN {_HIDDEN})"
"""The keys of the tickets that are hidden from somebody, whose name is the parameter."""
_RESERVED = (
    f"(SELECT kept.ticket_id FROM ticket_reach AS kept WHERE kept.kind = '{RESERVED}' AND NOT EXISTS"
    " (SELECT 1 FROM ticket_reach AS own WHERE own.ticket_id = kept.ticket_id AND"
    f" (own.kind = '{RESERVED}' AND own.name IN (SELECT value FROM json_each(?)) OR own.kind = '{PARTY}' AND own.name = ?)))"
)
_PLACES = "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))"
_REACHED = f"(SELECT ticket_id FROM ticket_reach WHERE (kind, name) IN {_PLACES})"
PLACES_OF = (
    "SELECT held.kind, held.name FROM ticket LEFT JOIN ticket_reach AS held ON held.ticket_id = ticket.id"
    " WHERE ticket.key = ?"
)
_HELD = "SELECT kind, name FROM ticket_reach WHERE ticket_id = ?"
_INSERT = "INSERT INTO ticket_reach (kind, name, ticket_id) VALUES (?, ?, ?)"
_DELETE = "DELETE FROM ticket_reach WHERE kind = ? AND name = ? AND ticket_id = ?"
_VERSION = "SELECT value FROM meta WHERE name = 'reach'"
MAKING = 2
"""Which making of the index this code knows; a database with an older one is gone through."""


def among(reach: Reach, number: str = "ticket.id") -> Condition:
    """Return the condition that the ticket of `number` is reached, for lists and counts of many."""
    if reach.nothing:
        return "FALSE", []
    condition, values = not_hidden(reach, number)
    if not reach.everything:
        condition = f"{condition} AND {number} IN {_REACHED}"
        values.append(_written(reach.places))
    return condition, values


def source(reach: Reach) -> Condition:
    """Return the numbers of the tickets at the places of `reach`, some more than once, for who reaches not everything."""
    return f"SELECT ticket_id FROM ticket_reach WHERE (kind, name) IN {_PLACES}", [
        _written(reach.places)
    ]


def one_by_one(reach: Reach, number: str = "ticket.id") -> Condition:
    """Return the condition that `source` has the ticket of `number`, asked of each ticket alone: for those that are come by."""
    places = f"(kind, name) IN {_PLACES}"
    return (
        "EXISTS (SELECT 1 FROM ticket_reach INDEXED BY ticket_reach_ticket"
        f" WHERE ticket_id = {number} AND {places})",
        [_written(reach.places)],
    )


def hides_some(database: Database, reach: Reach) -> bool:
    """Return whether any ticket is hidden from somebody; from most people none is."""
    hidden, values = _hidden(reach)
    found = " OR ".join(f"EXISTS {one}" for one in hidden)
    return bool(database.execute(f"SELECT {found}", values).fetchone()[0])


def places_of(database: Database, key: str) -> Collection[Place] | None:
    """Return what the index says that a ticket is found by, or None where there is no such ticket."""
    return database.execute(PLACES_OF, (key,)).fetchall() or None


def places(database: Database, ticket_id: int) -> frozenset[Place]:
    """Return what the index says that a ticket is found by."""
    return frozenset(database.execute(_HELD, (ticket_id,)).fetchall())


def write(
    database: Database, ticket_id: int, now: Collection[Place], *, new: bool = False
) -> None:
    """Let the index say that a ticket is found by these places alone; a `new` one is not in it yet."""
    found, wanted = frozenset() if new else places(database, ticket_id), frozenset(now)
    for place in found - wanted:
        database.execute(_DELETE, (*place, ticket_id))
    for place in wanted - found:
        database.execute(_INSERT, (*place, ticket_id))


def not_hidden(reach: Reach, number: str = "ticket.id") -> Condition:
    """Return the condition that the ticket of `number` is hidden from nobody who reaches so far."""
    hidden, values = _hidden(reach)
    return " AND ".join(f"{number} NOT IN {one}" for one in hidden), values


def _hidden(reach: Reach) -> tuple[Sequence[str], list[object]]:
    """Return what yields the tickets that are hidden from somebody, in parts, and the values of their parameters."""
    if reach.roles is None:
        return (_HIDDEN,), [reach.name]
    roles = compact_json.encode(sorted(reach.roles))
    return (_HIDDEN, _RESERVED), [reach.name, roles, reach.name]


def is_old(database: Database) -> bool:
    """Return whether the index of the whole database is to be made anew."""
    with database.read():
        row = database.execute(_VERSION).fetchone()
    return row is None or int(row[0]) < MAKING


def made(database: Database, number: int = MAKING) -> None:
    """Note of which making the whole index is."""
    database.execute("UPDATE meta SET value = ? WHERE name = 'reach'", (number,))


def some_after(
    database: Database, after: int, limit: int, bundles: Collection[str] | None = None
) -> list[tuple[int, str]]:
    """Return tickets by number and key, in order, after a number; only of some versions where they are named."""
    where, values = "id > ?", list[object]([after])
    if bundles is not None:
        where += " AND bundle IN (SELECT value FROM json_each(?))"
        values.append(compact_json.encode(sorted(bundles)))
    rows = database.execute(
        f"SELECT id, key FROM ticket WHERE {where} ORDER BY id LIMIT ?", (*values, limit)
    )
    return [(number, key) for number, key in rows.fetchall()]


def _written(places: Collection[Place]) -> str:
    return compact_json.encode([list(place) for place in sorted(places)])
