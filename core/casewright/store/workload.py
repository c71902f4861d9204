"""Who has how much in hand, and what nobody has: read for those who share the work out."""

from collections.abc import Sequence
from hashlib import blake2b

from casewright.store.database import Database
from casewright.store.reaching import Condition

_STAMP_BYTES = 12
_UNHANDLED = (
    "SELECT ticket.key, ticket.sequence, ticket.customer, one.merged_into,"
    " coalesce(now.kind, one.kind), coalesce(now.client, one.client), coalesce(now.tier, one.tier),"
    " coalesce(now.brand, one.brand), coalesce(now.record, one.record)"
    " FROM ticket LEFT JOIN customer AS one ON one.id = ticket.customer"
    " LEFT JOIN customer AS now ON now.id = one.merged_into"
    " WHERE ticket.handler IS NULL AND ticket.closed_at IS NULL AND {reached} ORDER BY ticket.id"
)
_PREVIOUS = (
    "SELECT handler FROM ticket WHERE customer = ? AND handler IS NOT NULL AND key <> ?"
    " ORDER BY id DESC LIMIT 1"
)


def unhandled(database: Database, seen: Condition) -> Sequence[tuple[str, str]]:
    """Return the open tickets `seen` that nobody handles, oldest first: each key with a stamp of all it is judged by."""
    reached, values = seen
    rows = database.execute(_UNHANDLED.format(reached=reached), values).fetchall()
    return [(key, _stamp(rest)) for key, *rest in rows]


def in_hand(database: Database, seen: Condition) -> dict[str, int]:
    """Return how many of the open tickets `seen` each handler has."""
    reached, values = seen
    rows = database.execute(
        "SELECT handler, count(*) FROM ticket WHERE handler IS NOT NULL AND closed_at IS NULL"
        f" AND {reached} GROUP BY handler ORDER BY handler",
        values,
    )
    return dict(rows.fetchall())


def in_hand_of(database: Database, handler: str) -> int:
    """Return how many open tickets somebody has."""
    found = database.execute(
        "SELECT count(*) FROM ticket WHERE handler = ? AND closed_at IS NULL", (handler,)
    )
    return int(found.fetchone()[0])


def previous_handler(database: Database, customer: str, ticket: str) -> str:
    """Return who handled the customer's newest other ticket that anybody handled, or ""."""
    row = database.execute(_PREVIOUS, (customer, ticket)).fetchone()
    return "" if row is None else str(row[0])


def _stamp(values: Sequence[object]) -> str:
    return blake2b(repr(values).encode(), digest_size=_STAMP_BYTES).hexdigest()
