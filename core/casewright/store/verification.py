"""Verifying histories: every chain, commitment and fold worked out again from the stored bytes.

What is stored may be anything here, so it is read as bytes, and what cannot be read is a finding.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from casewright.answers import Broken, Verification
from casewright.errors import Message, message
from casewright.model import Ticket, born, evolve
from casewright.store import codec, command_journal
from casewright.store import sqlite_statements as sql
from casewright.store.codec import StoredTicket
from casewright.store.damage import UNREADABLE, as_bytes
from casewright.store.database import Database
from casewright.store.history import BEGINNING

BATCH = 500


class StoredEvent(NamedTuple):
    """A row of the event table with the values its commitments stand for."""

    sequence: Any
    body: str
    hash: bytes
    values: str | None
    command_id: str | None


class Progress(NamedTuple):
    """How far a history was found whole: the hash of its last event, the ticket it makes, what was erased."""

    head: bytes = BEGINNING
    ticket: Ticket | None = None
    erased: frozenset[str] = frozenset()


def verify(database: Database, key: str | None = None) -> Verification:
    """Return whether every history, or that of one ticket, is what was written; it names the first that is not.

    Where no ticket is named, what is about none is verified too: workflow versions and the chain of commands.
    """
    tickets = events = commands = 0
    broken: Broken | None = None
    for row in _tickets(database, key):
        tickets += 1
        count, broken = _verify(database, row)
        events += count
        if broken is not None:
            break
    if key is None and broken is None:
        broken = _stray(database) or _altered_version(database)
    if key is None and broken is None:
        commands, broken = command_journal.verify(database)
    return Verification(
        ok=broken is None,
        tickets=tickets,
        events=events,
        commands=commands,
        first_broken=broken,
    )


def _verify(database: Database, row: StoredTicket) -> tuple[int, Broken | None]:
    found, count = Progress(), 0
    for stored in _events(database, row.id):
        count += 1
        fault, found = _follow(stored, row.key, count, found)
        if fault is not None:
            return count, Broken(ticket=row.key, sequence=count, reason=fault)
    if count < row.sequence:
        return count, Broken(
            ticket=row.key, sequence=count + 1, reason=message("it is missing")
        )
    fault = _end_fault(row, count, found)
    return count, None if fault is None else Broken(
        ticket=row.key, sequence=count, reason=fault
    )


def _follow(
    stored: StoredEvent, key: str, count: int, found: Progress
) -> tuple[Message | None, Progress]:
    """Return what is wrong with an event, or how far the history is whole with it."""
    if stored.sequence != count:
        return message("it is missing"), found
    if codec.chained(found.head, stored.body) != stored.hash:
        return message("its content is not what was written"), found
    try:
        event = codec.unseal(stored.body, None)
        if event.sequence != count or event.ticket != key:
            return message("it stands in the wrong place"), found
        if stored.command_id != event.command_id:
            return message("its command id was changed"), found
        name = codec.broken_commitment(stored.body, stored.values)
        if name is not None:
            return message(
                "the value of '{name}' is not the one committed to", name=name
            ), found
        event = codec.unseal(stored.body, stored.values)
        ticket = born(event) if found.ticket is None else evolve(found.ticket, event)
        erased = found.erased | _erased(stored.values)
    except UNREADABLE:
        return message("it cannot be read"), found
    return None, Progress(stored.hash, ticket, erased)


def _end_fault(row: StoredTicket, count: int, found: Progress) -> Message | None:
    if count > row.sequence:
        return message("it came after the last event that the ticket knows of")
    if found.head != row.head:
        return message("its hash is not the one that the ticket holds")
    try:
        stored = codec.ticket_of(row)
    except UNREADABLE:
        return message("the ticket as it stands cannot be read")
    return None if found.ticket is None else _difference(found.ticket, stored, found.erased)


def _difference(replayed: Ticket, stored: Ticket, erased: frozenset[str]) -> Message | None:
    """Return in what the ticket is not as its history says; what was erased cannot be compared."""
    for name in Ticket.__dataclass_fields__:
        ours, theirs = getattr(replayed, name), getattr(stored, name)
        if name == "fields":
            ours, theirs = _kept(ours, erased), _kept(theirs, erased)
        if name not in erased and ours != theirs:
            return message("'{name}' of the ticket is not what its history says", name=name)
    return None


def _kept(fields: Mapping[str, Any], erased: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if f"fields.{name}" not in erased}


def _erased(values: str | None) -> frozenset[str]:
    if values is None or "null" not in values:
        return frozenset()
    return frozenset(name for name, pair in codec.pairs(values).items() if pair is None)


def _stray(database: Database) -> Broken | None:
    row = database.execute(
        "SELECT ticket_id, sequence FROM event WHERE ticket_id NOT IN (SELECT id FROM ticket) LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    return Broken(ticket=f"#{row[0]}", sequence=row[1], reason=message("its ticket is missing"))


_TICKET = f"SELECT {', '.join(map(as_bytes, sql.TICKET_COLUMNS))} FROM ticket"
_EVENTS = (
    f"SELECT event.sequence, {as_bytes('event.body')}, event.hash, {as_bytes('event_value.body')},"
    f" {as_bytes('event.command_id')} FROM event LEFT JOIN event_value ON"
    " event_value.ticket_id = event.ticket_id AND event_value.sequence = event.sequence"
    " WHERE event.ticket_id = ? ORDER BY event.sequence"
)


def _tickets(database: Database, key: str | None) -> Iterator[StoredTicket]:
    if key is not None:
        yield from _rows(database, "key = ?", key)
        return
    last = -1
    while batch := list(_rows(database, f"id > ? ORDER BY id LIMIT {BATCH}", last)):
        yield from batch
        last = batch[-1].id


def _rows(database: Database, where: str, value: object) -> Iterator[StoredTicket]:
    for row in database.execute(f"{_TICKET} WHERE {where}", (value,)).fetchall():
        found = StoredTicket._make(row)
        yield StoredTicket._make(map(_text, row))._replace(head=found.head)


def _events(database: Database, number: int) -> Iterator[StoredEvent]:
    for sequence, body, digest, values, command_id in database.execute(_EVENTS, (number,)):
        yield StoredEvent(sequence, str(_text(body)), digest, _text(values), _text(command_id))


def _text(value: Any) -> Any:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _altered_version(database: Database) -> Broken | None:
    """Return the first workflow version whose content is not what its digest names, as event 0 of the workflow."""
    for workflow, digest, content in database.execute(
        "SELECT workflow, digest, CAST(content AS BLOB) FROM bundle"
    ):
        if hashlib.sha256(bytes(content)).hexdigest() != digest:
            reason = message(
                "the workflow version {digest} is not what was published", digest=digest[:12]
            )
            return Broken(ticket=str(workflow), sequence=0, reason=reason)
    return None
