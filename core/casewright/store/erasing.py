"""What an erasure changes of a ticket and of contacts: values beside the history, notices, deliveries, errors kept.

Which values those are is said elsewhere; events themselves are never touched.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from casewright import compact_json
from casewright.clock import to_microseconds
from casewright.errors import message
from casewright.patterns import pattern
from casewright.store import arrivals, codec, deliveries, outbox
from casewright.store.damage import reading
from casewright.store.database import Database
from casewright.store.held import HELD
from casewright.swift_dataclass import dataclass

Outlives = Callable[[str, Any], bool]
"""Says whether a private value of an event stays: by its name there and what it is."""
FILE = "content"
"""The private value of an event that is the digest of an attached file."""
_DIGEST = pattern('"([0-9a-f]{64})"')
_UNDER_WAY = ("queued", "submitted")
_TREE = (
    "WITH RECURSIVE own (id) AS (SELECT id FROM customer WHERE id = ? OR merged_into = ?),"
    ' tree ("key") AS (SELECT "key" FROM ticket WHERE customer IN (SELECT id FROM own)'
    ' UNION SELECT ticket."key" FROM ticket JOIN tree ON ticket.parent = tree."key"'
    ' WHERE ticket.parent IS NOT NULL) SELECT "key" FROM tree ORDER BY "key"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What was erased of a ticket: how many values of which events, and the digests of the files that were attached."""

    of: Mapping[int, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def values(self) -> int:
        """How many values there were."""
        return sum(self.of.values())


def tickets_of(database: Database, customer: str) -> tuple[str, ...]:
    """Return the tickets of a customer, under whichever id, with all that was opened for them, by key."""
    return tuple(row[0] for row in database.execute(_TREE, (customer, customer)))


def erase_values(database: Database, ticket: str, outlives: Outlives) -> Gone:
    """Erase what a ticket's commitments stand for, but for what outlives it."""
    rows = database.execute(
        "SELECT ticket_id, sequence, body FROM event_value"
        ' WHERE ticket_id = (SELECT id FROM ticket WHERE "key" = ?) ORDER BY sequence',
        (ticket,),
    ).fetchall()
    found, files = dict[int, int](), list[str]()
    for ticket_id, sequence, body in rows:
        with reading(message("the history of {ticket}", ticket=ticket)):
            kept = codec.pairs(body)
            gone = {
                name: pair[1]
                for name, pair in kept.items()
                if pair is not None and not outlives(name, pair[1])
            }
        if not gone:
            continue
        found[sequence] = len(gone)
        files += [str(gone[FILE])] if FILE in gone else []
        left = compact_json.encode(kept | dict.fromkeys(gone))
        database.execute(
            "UPDATE event_value SET body = ? WHERE ticket_id = ? AND sequence = ?",
            (left, ticket_id, sequence),
        )
    return Gone(of=found, files=tuple(files))


def attached(database: Database) -> frozenset[str]:
    """Return the digests of all files that an event or an arrival names, and whatever else looks like one there."""
    rows = database.execute(
        "SELECT body FROM event_value WHERE instr(body, ?) > 0", (f'"{FILE}":',)
    )
    named = frozenset(found for (body,) in rows for found in _DIGEST.findall(body))
    return named | arrivals.files(database)


def erase_notices(database: Database, ticket: str, at: datetime) -> None:
    """Erase what was told about a ticket and what went wrong with it; what was not sent yet is not sent any more."""
    row = database.execute('SELECT id FROM ticket WHERE "key" = ?', (ticket,)).fetchone()
    ticket_id = int(row[0])
    outbox.silence(database, ticket_id, "", at)
    _release(database, ticket_id, at)
    carried = database.execute(
        "SELECT DISTINCT delivery_id FROM notice WHERE ticket_id = ? AND delivery_id IS NOT NULL",
        (ticket_id,),
    ).fetchall()
    for (delivery,) in carried:
        _stop(database, delivery, ticket_id, at)
        _empty(database, delivery)
    database.execute(
        "UPDATE notice SET body = json_remove(body, '$.message') WHERE ticket_id = ?",
        (ticket_id,),
    )
    database.execute(
        "UPDATE notice_hop SET detail = '' WHERE detail <> ''"
        " AND notice_id IN (SELECT id FROM notice WHERE ticket_id = ?)",
        (ticket_id,),
    )
    database.execute("UPDATE inbox SET error = '' WHERE ticket_id = ?", (ticket_id,))


def erase_summaries(database: Database, customer: str) -> int:
    """Erase what was noted of contacts with a customer, under whichever id; that there were contacts stays."""
    return database.execute(
        "UPDATE customer_contact SET record = json_remove(record, '$.summary')"
        " WHERE customer IN (SELECT id FROM customer WHERE id = ? OR merged_into = ?)"
        " AND json_extract(record, '$.summary') IS NOT NULL",
        (customer, customer),
    ).rowcount


def forget_leftovers(database: Database) -> None:
    """Forget what nobody can say any more whom it is about: why plugins' jobs failed, and deliveries that were called off."""
    database.execute("UPDATE plugin_job SET error = '' WHERE error <> ''")
    database.execute(
        "UPDATE delivery SET body = json_object('key', \"key\", 'address', '', 'text', '')"
        " WHERE state = 'cancelled' AND NOT EXISTS"
        " (SELECT 1 FROM notice WHERE notice.delivery_id = delivery.id)"
    )


def _release(database: Database, ticket_id: int, at: datetime) -> None:
    """Take back the notices of a ticket that are held for review."""
    rows = database.execute(
        "SELECT id FROM notice WHERE ticket_id = ? AND state = ?", (ticket_id, HELD)
    ).fetchall()
    for (notice,) in rows:
        outbox.advance(database, notice, "cancelled", to_microseconds(at))


def _stop(database: Database, delivery: int, ticket_id: int, at: datetime) -> None:
    """Take back a delivery that is on its way; what it carries about other tickets is sent in another one."""
    if deliveries.get(database, delivery).state not in _UNDER_WAY:
        return
    deliveries.put(database, delivery, "cancelled")
    moment = to_microseconds(at)
    carried = database.execute(
        "SELECT id, ticket_id, state FROM notice WHERE delivery_id = ? ORDER BY id", (delivery,)
    ).fetchall()
    for notice, about, state in carried:
        if state not in _UNDER_WAY:
            continue
        if about == ticket_id:
            outbox.advance(database, notice, "cancelled", moment)
        else:
            outbox.advance(database, notice, "queued", moment)
            database.execute("UPDATE notice SET delivery_id = NULL WHERE id = ?", (notice,))


def _empty(database: Database, delivery: int) -> None:
    """Take address and text out of a delivery, and what its provider said."""
    handed = deliveries.get(database, delivery).handed
    left = {name: _emptied(value) for name, value in handed.items()} | {"key": handed["key"]}
    database.execute(
        "UPDATE delivery SET body = ? WHERE id = ?", (compact_json.encode(left), delivery)
    )
    database.execute(
        "UPDATE delivery_attempt SET detail = '' WHERE delivery_id = ?", (delivery,)
    )


def _emptied(value: Any) -> Any:
    if isinstance(value, Mapping | list):
        return type(value)()
    return "" if isinstance(value, str) else value
