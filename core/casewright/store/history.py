"""Histories: events appended to a ticket's hash chain and read back."""

from collections.abc import Iterator
from typing import NamedTuple

from casewright.errors import message
from casewright.model import Event
from casewright.store import codec
from casewright.store import sqlite_statements as sql
from casewright.store.damage import reading
from casewright.store.database import Database

BEGINNING = bytes(32)
"""The hash before a ticket's first event."""


class Done(NamedTuple):
    """The event under which a command id is known, its values as they are stored, and the state its ticket had after it."""

    event: Event
    values: str | None
    state: str

    def was(self, digest: str) -> bool:
        """Return whether the command said what `digest` is of; nobody can tell once something of it was erased."""
        return codec.digest_beside(digest, self.values) == self.event.digest


class StoredEvent(NamedTuple):
    """A row of the event table with the values its commitments stand for."""

    sequence: int
    body: str
    hash: bytes
    values: str | None
    command_id: str | None


def append(
    database: Database, ticket_id: int, event: Event, sealed: codec.SealedEvent, head: bytes
) -> None:
    """Store an event whose hash is `head`."""
    database.execute(
        sql.EVENT_INSERT, (ticket_id, event.sequence, event.command_id, sealed.body, head)
    )
    if sealed.values:
        database.execute(sql.VALUE_INSERT, (ticket_id, event.sequence, sealed.values))


def of_command(database: Database, command_id: str) -> Done | None:
    """Return what a command id stands for, or None when it is new."""
    row = database.execute(sql.COMMAND_EVENT, (command_id,)).fetchone()
    if row is None:
        return None
    event = codec.unseal(row[0], None)
    return Done(event, row[1], state_after(database, event))


def events(database: Database, key: str) -> tuple[Event, ...]:
    """Return a ticket's events, oldest first."""
    with reading(message("the history of {ticket}", ticket=key)):
        return tuple(
            codec.unseal(stored.body, stored.values) for stored in _stored(database, key)
        )


def event(database: Database, key: str, sequence: int) -> Event | None:
    """Return one of a ticket's events, or None where there is none of that number."""
    row = database.execute(
        f"{_EVENTS} WHERE event.ticket_id = (SELECT id FROM ticket WHERE key = ?) AND event.sequence = ?",
        (key, sequence),
    ).fetchone()
    if row is None:
        return None
    stored = StoredEvent._make(row)
    with reading(message("the history of {ticket}", ticket=key)):
        return codec.unseal(stored.body, stored.values)


def is_taken_back(database: Database, number: int) -> bool:
    """Return whether an event, by its number among all, was taken back since."""
    since = database.execute(
        "SELECT later.body, one.sequence FROM event AS one JOIN event AS later"
        " ON later.ticket_id = one.ticket_id AND later.sequence > one.sequence WHERE one.id = ?",
        (number,),
    )
    found = ((codec.unseal(body, None), sequence) for body, sequence in since)
    return any(event.facts.get("undone") == sequence for event, sequence in found)


def state_after(database: Database, event: Event) -> str:
    """Return the state as of an event: what the newest change up to it says."""
    bodies = database.execute(
        "SELECT body FROM event WHERE ticket_id = (SELECT id FROM ticket WHERE key = ?)"
        " AND sequence <= ? ORDER BY sequence DESC",
        (event.ticket, event.sequence),
    )
    changes = (codec.unseal(row[0], None).changes for row in bodies)
    return str(next(change["state"] for change in changes if "state" in change))


_EVENTS = (
    "SELECT event.sequence, event.body, event.hash, event_value.body, event.command_id FROM event"
    " LEFT JOIN event_value ON event_value.ticket_id = event.ticket_id AND event_value.sequence = event.sequence"
)


def _stored(database: Database, key: str) -> Iterator[StoredEvent]:
    rows = database.execute(
        f"{_EVENTS} WHERE event.ticket_id = (SELECT id FROM ticket WHERE key = ?) ORDER BY event.sequence",
        (key,),
    ).fetchall()
    return map(StoredEvent._make, rows)
