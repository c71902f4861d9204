"""Between values and stored text: tickets, events, and the salted commitments of what is private."""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import datetime
from itertools import compress
from operator import attrgetter, is_not
from typing import Any, NamedTuple

from casewright.clock import from_microseconds, to_microseconds
from casewright.compact_json import canonical
from casewright.compact_json import decode as decode_json
from casewright.compact_json import encode as encode_json
from casewright.model import EMPTY, Ballot, Event, Ticket, Tried, altered
from casewright.store import clock_codec

SALT_BYTES = 16

_COLUMNS = frozenset(
    {
        "key", "workflow", "bundle", "opened_at", "handler", "owner", "customer", "parent", "lineage", "closed_at",
        "state", "priority", "version", "sequence", "updated_at", "fields",
    }
)  # fmt: skip


class StoredTicket(NamedTuple):
    """A row of the ticket table, in the order of its columns."""

    id: int
    key: str
    workflow: str
    bundle: str
    opened_at: int
    handler: str | None
    owner: str
    customer: str | None
    parent: str | None
    lineage: str
    closed_at: int | None
    state: str
    priority: str
    version: int
    sequence: int
    updated_at: int
    head: bytes
    record: str
    fields: str


class SealedEvent(NamedTuple):
    """An event as it is stored: its body, and the values its commitments stand for ("" for none)."""

    body: str
    values: str


def ticket_of(row: StoredTicket) -> Ticket:
    """Return the ticket of a row."""
    values = decode_json(row.record)
    for name in _DECODERS.keys() & values.keys():
        values[name] = decode(name, values[name])
    values.update(
        key=row.key,
        workflow=row.workflow,
        bundle=row.bundle,
        opened_at=from_microseconds(row.opened_at),
        handler=row.handler,
        owner=row.owner,
        customer=row.customer,
        parent=row.parent,
        lineage=row.lineage,
        closed_at=None if row.closed_at is None else from_microseconds(row.closed_at),
        state=row.state,
        priority=row.priority,
        version=row.version,
        sequence=row.sequence,
        updated_at=from_microseconds(row.updated_at),
        fields=decode_json(row.fields),
    )
    return altered(BLANK, values)


def record_of(ticket: Ticket) -> str:
    """Return the text of what has no column: only what differs from a plain ticket."""
    values = _recorded_of(ticket)
    others = compress(zip(_RECORDED, values, _PLAIN, strict=True), map(is_not, values, _PLAIN))
    record = {name: value for name, value, plain in others if value != plain}
    for name in _ENCODERS.keys() & record.keys():
        record[name] = encode(name, record[name])
    return encode_json(record)


def fields_text(ticket: Ticket) -> str:
    """Return the ticket's fields as text."""
    return encode_json(dict(ticket.fields)) if ticket.fields else "{}"


def encode(name: str, value: Any) -> Any:
    """Return an attribute's value as JSON has it."""
    written = _ENCODERS.get(name)
    return value if written is None or value is None else written(value)


def decode(name: str, value: Any) -> Any:
    """Return an attribute's value from JSON."""
    read = _DECODERS.get(name)
    return value if read is None or value is None else read(value)


def seal(event: Event) -> SealedEvent:
    """Return the event's body, with a salted commitment in place of each private value, and those values."""
    body: dict[str, Any] = {
        "ticket": event.ticket,
        "sequence": event.sequence,
        "kind": event.kind,
        "at": to_microseconds(event.at),
        "actor": event.actor,
        "version": event.version,
    }
    if event.command_id is not None:
        body["command"] = event.command_id
        body["digest"] = event.digest
    if event.changes:
        body["changes"] = {name: encode(name, value) for name, value in event.changes.items()}
    if event.facts:
        body["facts"] = dict(event.facts)
    if not event.private:
        return SealedEvent(encode_json(body), "")
    salts = os.urandom(SALT_BYTES * len(event.private)).hex()
    width = SALT_BYTES * 2
    kept = {}
    committed = {}
    for index, (name, value) in enumerate(event.private.items()):
        salt = salts[index * width : (index + 1) * width]
        kept[name] = [salt, value]
        committed[name] = commitment(salt, value)
    body["private"] = committed
    if event.command_id is not None:
        body["digest"] = salted(event.digest, salts)
    return SealedEvent(encode_json(body), encode_json(kept))


def commitment(salt: str, value: Any) -> str:
    """Return the hex SHA-256 of the salt and the value's canonical JSON."""
    return hashlib.sha256(salt.encode() + canonical(value)).hexdigest()


def salted(digest: str, salt: str) -> str:
    """Return a command's digest so that nobody can try out, without the salt, what the command said."""
    return hashlib.blake2b(f"{salt}{digest}".encode(), digest_size=16).hexdigest()


def digest_beside(digest: str, values: str | None) -> str | None:
    """Return what a command's digest is in an event beside whose values it stands; None where some were erased."""
    if not values:
        return digest
    kept = pairs(values).values()
    return None if None in kept else salted(digest, "".join(pair[0] for pair in kept))


def chained(head: bytes, body: str) -> bytes:
    """Return the hash that follows `head` in a ticket's chain."""
    return hashlib.sha256(head + body.encode("utf-8", "surrogatepass")).digest()


def unseal(body: str, values: str | None) -> Event:
    """Return the event of a stored body; a private value that was erased is left out."""
    parts = decode_json(body)
    kept = decode_json(values) if values else {}
    private = {name: pair[1] for name, pair in kept.items() if pair is not None}
    changes = parts.get("changes", EMPTY)
    return Event(
        ticket=parts["ticket"],
        sequence=parts["sequence"],
        kind=parts["kind"],
        at=from_microseconds(parts["at"]),
        actor=parts["actor"],
        version=parts["version"],
        command_id=parts.get("command"),
        digest=parts.get("digest", ""),
        changes={name: decode(name, value) for name, value in changes.items()},
        facts=parts.get("facts", EMPTY),
        private=private,
    )


def pairs(values: str) -> dict[str, Any]:
    """Return the salt and value kept for each commitment; None for one that was erased."""
    kept: dict[str, Any] = decode_json(values)
    return kept


def _tried(value: Sequence[Any]) -> Tried:
    calls, messages, days = value
    return Tried(calls=calls, messages=messages, days=tuple(days))


def _ballot(value: Sequence[Any]) -> Ballot:
    step, granted = value
    return Ballot(step=step, granted=tuple(granted))


def _links(value: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((role, key) for role, key in value)


_ENCODERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("opened_at", "received_at", "entered_at", "updated_at", "closed_at"), to_microseconds
    ),
    **dict.fromkeys(("times", "contacts"), dict),
    "tried": lambda tried: [tried.calls, tried.messages, tried.days],
    "ballot": lambda ballot: [ballot.step, ballot.granted],
    "clocks": clock_codec.clocks_data,
    "alarms": clock_codec.alarms_data,
    "follow_ups": clock_codec.follow_ups_data,
}
_DECODERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("opened_at", "received_at", "entered_at", "updated_at", "closed_at"), from_microseconds
    ),
    **dict.fromkeys(
        ("watchers", "handlers", "approvers", "lineage_handlers", "lineage_approvers"), tuple
    ),
    "links": _links,
    "tried": _tried,
    "ballot": _ballot,
    "clocks": clock_codec.clocks_of,
    "alarms": clock_codec.alarms_of,
    "follow_ups": clock_codec.follow_ups_of,
}
DECODED = frozenset(_DECODERS)
"""The attributes that JSON has otherwise than a ticket."""
BLANK = Ticket(
    key="", workflow="", bundle="", state="", priority="", version=0, sequence=0, opener="",
    opened_at=datetime.min, received_at=datetime.min, entered_at=datetime.min, updated_at=datetime.min, owner="",
)  # fmt: skip
_RECORDED = tuple(one.name for one in fields_of(Ticket) if one.name not in _COLUMNS)
_recorded_of = attrgetter(*_RECORDED)
_PLAIN = _recorded_of(BLANK)
