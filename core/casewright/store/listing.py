"""Lists and counts of tickets: filters, pages by key, the board."""

from collections.abc import Sequence
from typing import NamedTuple

from casewright.errors import NotFound, message
from casewright.model import Ticket
from casewright.queries import LARGEST_PAGE, ListTickets
from casewright.store import codec, search
from casewright.store.codec import StoredTicket
from casewright.store.customers import OF_ONE
from casewright.store.database import Database
from casewright.store.reaching import Condition
from casewright.store.tickets import ALL


class Count(NamedTuple):
    """How many tickets of a workflow stand in a state, and how many of those nobody handles."""

    workflow: str
    bundle: str
    state: str
    tickets: int
    unassigned: int


def page(
    database: Database, asked: ListTickets, now: int, seen: Condition
) -> tuple[Sequence[Ticket], str | None]:
    """Return the tickets that fit among those `seen`, newest first, and the key to go on after; `now` is in microseconds."""
    where, values = _conditions(database, asked, now)
    reached, reaching = seen
    where.append(reached)
    values += reaching
    if asked.after is not None:
        row = database.execute(
            f"SELECT id FROM ticket WHERE key = ? AND {reached}", (asked.after, *reaching)
        ).fetchone()
        if row is None:
            raise NotFound(kind=message("ticket"), name=asked.after, hint=message(""))
        where.append("id < ?")
        values.append(row[0])
    limit = max(1, min(asked.limit, LARGEST_PAGE))
    condition = (" AND ".join(where), values)
    if asked.text:
        rows = _with_text(database, asked.text, condition, limit + 1)
    else:
        rows = _rows(
            database, f"{ALL} WHERE {condition[0]} ORDER BY id DESC", values, limit + 1
        )
    tickets = [codec.ticket_of(row) for row in rows[:limit]]
    return tickets, tickets[-1].key if len(rows) > limit else None


def counts(database: Database, seen: Condition) -> list[Count]:
    """Return how many of the tickets `seen` stand where."""
    reached, values = seen
    rows = database.execute(
        "SELECT workflow, bundle, state, count(*), sum(handler IS NULL) FROM ticket"
        f" WHERE {reached} GROUP BY workflow, bundle, state ORDER BY workflow, state",
        values,
    )
    return [Count._make(row) for row in rows]


def count_for(database: Database, customer: str, seen: Condition) -> int:
    """Return how many of the tickets `seen` are for a customer, under whichever of the customer's ids."""
    reached, values = seen
    row = database.execute(
        f"SELECT count(*) FROM ticket WHERE {OF_ONE} AND {reached}", [*[customer] * 4, *values]
    ).fetchone()
    return int(row[0])


_ALL_FOUND = ALL.replace(
    " FROM ticket", " FROM ticket_text CROSS JOIN ticket ON ticket.id = ticket_text.rowid"
)
_BY_COLUMN = ("workflow", "state", "handler", "owner", "parent")


def _conditions(
    database: Database, asked: ListTickets, now: int
) -> tuple[list[str], list[object]]:
    where: list[str] = []
    values: list[object] = []
    for name in _BY_COLUMN:
        wanted = getattr(asked, name)
        if wanted is not None:
            where.append(f"{name} = ?" if wanted else f"{name} IS NULL")
            values += [wanted] if wanted else []
    if asked.customer is not None:
        where.append(OF_ONE if asked.customer else "customer IS NULL")
        values += [asked.customer] * 4 if asked.customer else []
    if asked.open is not None:
        where.append("closed_at IS NULL" if asked.open else "closed_at IS NOT NULL")
    if asked.older_than is not None:
        where.append("opened_at <= ?")
        values.append(now - asked.older_than * 1_000_000)
    if asked.younger_than is not None:
        where.append("opened_at >= ?")
        values.append(now - asked.younger_than * 1_000_000)
    return where, values


def _with_text(
    database: Database, text: str, condition: Condition, most: int
) -> Sequence[StoredTicket]:
    """Return the first so many tickets that fit, and are found by a text or called so.

    Those found by the text come out of the index in the order of the list, and no more of them than are wanted.
    """
    found = search.matching(database, text)
    if found is None:
        return ()
    where, values = condition
    by_text = (
        f"{_ALL_FOUND} WHERE {found[0]} AND {where} ORDER BY ticket_text.rowid DESC",
        [*found[1], *values],
    )
    by_key = (f"{ALL} WHERE key = ? AND {where}", [text.strip().upper(), *values])
    rows = {row.id: row for one in (by_text, by_key) for row in _rows(database, *one, most)}
    return sorted(rows.values(), key=lambda row: -row.id)[:most]


def _rows(
    database: Database, statement: str, values: Sequence[object], most: int
) -> Sequence[StoredTicket]:
    rows = database.execute(f"{statement} LIMIT ?", (*values, most))
    return [StoredTicket._make(row) for row in rows.fetchall()]
