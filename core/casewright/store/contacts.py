"""Contacts with customers: noted, found by customer, settled.

A contact that was recorded on a ticket stands in the ticket's history; here is only where to find it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from casewright import compact_json
from casewright.answers import Contact
from casewright.clock import from_microseconds, to_microseconds
from casewright.errors import message
from casewright.model import Event
from casewright.store import codec
from casewright.store.customers import OF_ONE
from casewright.store.damage import reading
from casewright.store.database import Database
from casewright.store.reaching import Condition

_WHOLE = (
    "SELECT contact.id, contact.customer, contact.at, contact.channel, contact.direction,"
    " contact.agent, contact.resolved, contact.record, ticket.key, event.body, event_value.body"
    " FROM customer_contact AS contact"
    " LEFT JOIN ticket ON ticket.id = contact.ticket_id"
    " LEFT JOIN event ON event.ticket_id = contact.ticket_id AND event.sequence = contact.sequence"
    " LEFT JOIN event_value ON event_value.ticket_id = event.ticket_id AND event_value.sequence = event.sequence"
    " WHERE contact.id IN ({chosen}) ORDER BY contact.at DESC, contact.id DESC"
)
_UNSETTLED = (
    "resolved = 'no' AND (json_extract(record, '$.tickets') IS NULL"
    " OR EXISTS (SELECT 1 FROM json_each(customer_contact.record, '$.tickets') AS about"
    " JOIN ticket ON ticket.key = about.value WHERE ticket.closed_at IS NULL))"
)
"""Said to be unresolved and not settled since: one of the tickets it was about is open, or it was about none."""
_LARGEST = 2**63 - 1


def insert(database: Database, contact: Contact) -> int:
    """Store a new contact and return the number it was given."""
    length = contact.duration
    record = {
        "summary": contact.summary,
        "tickets": list(contact.tickets),
        "seconds": None if length is None else int(length.total_seconds()),
    }
    given = {name: value for name, value in record.items() if value}
    done = database.execute(
        f"INSERT INTO customer_contact ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            contact.customer,
            to_microseconds(contact.at),
            contact.channel,
            contact.direction,
            contact.agent,
            contact.resolved,
            compact_json.encode(given),
        ),
    )
    assert done.lastrowid is not None
    return done.lastrowid


def note(database: Database, ticket_id: int, customer: str, event: Event) -> None:
    """Note where in a ticket's history a contact with its customer stands."""
    kind = str(event.facts["contact"])
    database.execute(
        f"INSERT INTO customer_contact ({_NAMES}, ticket_id, sequence)"
        " VALUES (?, ?, ?, ?, ?, 'unknown', ?, ?, ?)",
        (
            customer,
            to_microseconds(event.at),
            event.facts["channel"],
            "out" if kind == "attempt" else "in",
            event.actor,
            compact_json.encode({"kind": kind}),
            ticket_id,
            event.sequence,
        ),
    )


def get(database: Database, number: int) -> Contact | None:
    """Return a contact, or None."""
    if not 0 < number <= _LARGEST:
        return None
    found = _chosen(database, "SELECT ?", (number,))
    return found[0] if found else None


def page(
    database: Database, customer: str, seen: Condition, *, after: int | None, limit: int
) -> tuple[Sequence[Contact], int | None]:
    """Return the contacts `seen` with a customer, newest first, and the number to go on after."""
    reached, reaching = seen
    where, values = [OF_ONE, reached], [*[customer] * 4, *reaching]
    chosen = "SELECT id FROM customer_contact WHERE {where} ORDER BY at DESC, id DESC LIMIT ?"
    beyond: tuple[object, ...] = ()
    if after is not None:
        where.append("(at, id) < (SELECT at, id FROM customer_contact WHERE id = ?)")
        beyond = (min(max(after, 0), _LARGEST),)
    found = _chosen(
        database, chosen.format(where=" AND ".join(where)), (*values, *beyond, limit + 1)
    )
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def unresolved(database: Database, customer: str, *, limit: int) -> Sequence[Contact]:
    """Return the contacts with a customer that nothing has settled yet, newest first."""
    chosen = (
        f"SELECT id FROM customer_contact WHERE {_UNSETTLED} AND {OF_ONE}"
        " ORDER BY at DESC, id DESC LIMIT ?"
    )
    return _chosen(database, chosen, (*[customer] * 4, limit))


def count(
    database: Database, customer: str, seen: Condition, *, since: datetime | None = None
) -> int:
    """Return how many contacts `seen` with a customer there were, ever or since a moment."""
    reached, values = seen
    row = database.execute(
        f"SELECT count(*) FROM customer_contact WHERE {OF_ONE} AND {reached} AND at >= ?",
        (*[customer] * 4, *values, 0 if since is None else to_microseconds(since)),
    ).fetchone()
    return int(row[0])


def latest(database: Database, customer: str, seen: Condition) -> datetime | None:
    """Return when the last contact `seen` with a customer was, or None where there was none."""
    reached, values = seen
    row = database.execute(
        f"SELECT max(at) FROM customer_contact WHERE {OF_ONE} AND {reached}",
        (*[customer] * 4, *values),
    ).fetchone()
    return None if row[0] is None else from_microseconds(row[0])


def settle(database: Database, number: int) -> None:
    """Store that what the customer came for is resolved."""
    database.execute(
        "UPDATE customer_contact SET resolved = 'yes' WHERE id = ?",
        (number,),
    )


_NAMES = "customer, at, channel, direction, agent, resolved, record"


def _chosen(database: Database, chosen: str, values: Sequence[object]) -> list[Contact]:
    rows = database.execute(_WHOLE.format(chosen=chosen), values).fetchall()
    return [_contact(row) for row in rows]


def _contact(row: tuple[Any, ...]) -> Contact:
    number, customer, at, channel, direction, agent, resolved, text, key = row[:9]
    with reading(message("contact {number}", number=number)):
        record = compact_json.decode(text)
        said = codec.unseal(row[9], row[10]) if row[9] is not None else None
        seconds = record.get("seconds")
        return Contact(
            number=number,
            customer=customer,
            at=from_microseconds(at),
            channel=channel,
            direction=direction,
            agent=agent,
            resolved=resolved,
            kind=record.get("kind", ""),
            duration=None if seconds is None else timedelta(seconds=seconds),
            summary=record.get("summary", "") if said is None else said.private.get("text", ""),
            tickets=tuple(record.get("tickets", ())) if key is None else (key,),
        )
