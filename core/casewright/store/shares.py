"""A part of the histories verified: the tickets whose numbers lie in a range, each as one snapshot has it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from casewright.answers import Broken
from casewright.store import merkle
from casewright.store import sqlite_statements as sql
from casewright.store.codec import StoredTicket
from casewright.store.damage import as_bytes
from casewright.store.database import Cursor
from casewright.store.following import Followed, StoredEvent, follow

BATCH = 500


Execute = Callable[..., Cursor]
"""A connection's: verifying needs nothing else of it."""


class Share(NamedTuple):
    """What a part of the histories came to: how many there are, the first that is broken, the leaves of the tree."""

    tickets: int = 0
    events: int = 0
    broken: Broken | None = None
    leaves: bytes = b""


def verify(execute: Execute, first: int, last: int, *, sealed: int) -> Share:
    """Return what the tickets from number `first` to `last` come to; leaves are as of the event `sealed`."""
    tickets = events = 0
    leaves: list[bytes] = []
    for row, found, key in _followed(execute, first, last, sealed):
        tickets += 1
        events += found.events
        if found.fault is not None:
            broken = Broken(ticket=key, sequence=found.at, reason=found.fault)
            return Share(tickets, events, broken, b"".join(leaves))
        if found.sequence:
            leaves.append(merkle.leaf(row.id, key, found.sequence, found.head))
    return Share(tickets, events, None, b"".join(leaves))


def verify_one(execute: Execute, key: str) -> Share:
    """Return what the ticket `key` comes to, without a leaf."""
    for row in execute(f"{_TICKET} WHERE key = ?", (key,)).fetchall():
        stored, shown = _ticket(row)
        found = follow(stored, shown, _events(execute, stored.id, stored.id), 0)
        broken = found.fault and Broken(ticket=shown, sequence=found.at, reason=found.fault)
        return Share(1, found.events, broken or None)
    return Share()


def joined(shares: Iterable[Share]) -> Share:
    """Return several shares as one, in their order; of what is broken the first."""
    found = list(shares)
    return Share(
        sum(one.tickets for one in found),
        sum(one.events for one in found),
        next((one.broken for one in found if one.broken is not None), None),
        b"".join(one.leaves for one in found),
    )


def _followed(
    execute: Execute, first: int, last: int, sealed: int
) -> Iterator[tuple[StoredTicket, Followed, str]]:
    """Yield each ticket of the range with what its history comes to."""
    while True:
        rows = execute(_RANGE, (first, last)).fetchall()
        if not rows:
            return
        histories = _histories(execute, rows[0][0], rows[-1][0])
        of, events = next(histories, _NONE)
        for row in rows:
            stored, key = _ticket(row)
            while of < stored.id:
                # Of a ticket that is gone: told when all others are whole.
                of, events = next(histories, _NONE)
            own = events if of == stored.id else iter(())
            yield stored, follow(stored, key, own, sealed), key
        first = rows[-1][0] + 1


def _histories(
    execute: Execute, first: int, last: int
) -> Iterator[tuple[Any, Iterator[StoredEvent]]]:
    return groupby(_events(execute, first, last), key=itemgetter(0))


def _events(execute: Execute, first: int, last: int) -> Iterator[StoredEvent]:
    return iter(execute(_EVENTS, (first, last)))


def _ticket(row: Any) -> tuple[StoredTicket, str]:
    """Return a row with text for bytes, and the ticket's key; bytes that are no text are shown as what they are."""
    texts = [
        one.decode("utf-8", "backslashreplace") if type(one) is bytes else one for one in row
    ]
    texts[_HEAD] = row[_HEAD]
    stored = StoredTicket._make(texts)
    return stored, str(stored.key)


_HEAD = StoredTicket._fields.index("head")
_NONE: tuple[Any, Iterator[StoredEvent]] = (float("inf"), iter(()))
_TICKET = f"SELECT {', '.join(map(as_bytes, sql.TICKET_COLUMNS))} FROM ticket"
_RANGE = f"{_TICKET} WHERE id BETWEEN ? AND ? ORDER BY id LIMIT {BATCH}"
_EVENTS = (
    "SELECT event.ticket_id, event.sequence, CAST(event.body AS BLOB), event.hash,"
    " CAST(event.command_id AS BLOB), event.id, CAST(event_value.body AS BLOB)"
    " FROM event LEFT JOIN event_value ON event_value.ticket_id = event.ticket_id"
    " AND event_value.sequence = event.sequence"
    " WHERE event.ticket_id BETWEEN ? AND ? ORDER BY event.ticket_id, event.sequence"
)
