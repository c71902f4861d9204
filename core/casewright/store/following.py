"""One ticket's history followed as it is stored: its chain, its commitments and its fold, byte for byte.

Values are not made of what is stored: the attributes stay as JSON has them, which is what makes this fast.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING
from dataclasses import fields as fields_of
from hashlib import sha256
from typing import Any, NamedTuple

from casewright.compact_json import decode as decode_json
from casewright.compact_json import encode as encode_json
from casewright.compact_json import encoded, ordered
from casewright.errors import Message, message
from casewright.model import Ticket, altered
from casewright.store import codec
from casewright.store.codec import StoredTicket
from casewright.store.damage import UNREADABLE
from casewright.store.history import BEGINNING

UNSOUND = (*UNREADABLE, OverflowError)
"""What following stored bytes that are not as they were written may raise."""


StoredEvent = tuple[Any, ...]
"""Of the event table: the ticket's number, sequence, body, hash, command id, number; and the values its commitments stand for.

Texts are bytes.
"""


ERASED, ERASED_OF = "TicketErased", "of"
"""The event that says that values are erased, and its fact: by the number of an event how many of its values."""


class Followed(NamedTuple):
    """How far a history was followed, what is wrong there, and its last event up to the one asked for."""

    events: int
    at: int = 0
    fault: Message | None = None
    sequence: int = 0
    head: bytes = BEGINNING


def follow(row: StoredTicket, key: str, events: Iterator[StoredEvent], last: int) -> Followed:
    """Return what is found of the ticket `row`, called `key`; `last` is the number of the event up to which its head is told."""
    state = _State()
    try:
        fault = state.take_all(events, key, last)
    except UNSOUND:
        fault = message("it cannot be read")
    return state.ended(row) if fault is None else state.found(fault)


class _State:
    """What a history came to so far; attributes are as JSON has them."""

    __slots__ = (
        "attributes", "count", "erased", "excused", "fields", "head", "marked", "missing", "sequence",
    )  # fmt: skip

    def __init__(self) -> None:
        self.count = self.sequence = 0
        self.head = self.marked = BEGINNING
        self.attributes: dict[str, Any] = {}
        self.fields: dict[str, Any] = {}
        self.erased: set[str] = set()
        self.missing, self.excused = Counter[int](), Counter[int]()

    def found(self, fault: Message | None, at: int | None = None) -> Followed:
        """Return how far it was followed, with what is wrong at `at` or at the last event taken."""
        at = self.count if at is None else at
        return Followed(self.count, at, fault, self.sequence, self.marked)

    def take_all(self, events: Iterator[StoredEvent], key: str, last: int) -> Message | None:
        """Follow the events until the first with which something is wrong; return what."""
        head, keep, change, count = self.head, self._keep, self._change, 0
        for _, sequence, body, digest, command_id, number, values in events:
            count += 1
            self.count = count
            if sequence != count:
                return message("it is missing")
            if sha256(head + body).digest() != digest:
                return message("its content is not what was written")
            said = decode_json(body)
            if said["sequence"] != count or said["ticket"] != key:
                return message("it stands in the wrong place")
            command = said.get("command")
            if (None if command is None else command.encode()) != command_id:
                return message("its command id was changed")
            if values is not None or "private" in said:
                fault = keep(said.get("private") or {}, values)
                if fault is not None:
                    return fault
            change(said, count)
            head = self.head = digest
            if number <= last:
                self.sequence, self.marked = count, digest
        return None

    def _keep(self, committed: Mapping[str, str], values: bytes | None) -> Message | None:
        """Take over what the commitments stand for; an erased value stands for nothing."""
        kept = decode_json(values) if values is not None else {}
        if kept.keys() != committed.keys():
            return _uncommitted(sorted(kept.keys() ^ committed.keys())[0])
        fields = self.fields
        for name, pair in kept.items():
            if pair is None:
                self.erased.add(name)
                self.missing[self.count] += 1
                continue
            salt, value = pair
            if sha256(salt.encode() + ordered(value)).hexdigest() != committed[name]:
                return _uncommitted(name)
            if name[:7] == "fields.":
                fields[name[7:]] = value
            elif name == "customer":
                self.attributes[name] = value
        if values is not None and encoded(kept) != values:
            return message("its values are not written as they were")
        return None

    def _change(self, said: Mapping[str, Any], count: int) -> None:
        at, attributes = said["at"], self.attributes
        if type(at) is not int:
            raise TypeError("no moment")
        if count == 1:
            attributes.update(_at_birth(said["ticket"], said["actor"], at, attributes))
        if "changes" in said:
            changes = said["changes"]
            for name, value in changes.items():
                check = _CHECKS[name]
                if check is not None and value is not None:
                    check(value)
            if "clocks" in changes:
                clocks = {**attributes.get("clocks", {}), **changes["clocks"]}
                changes["clocks"] = {
                    name: one for name, one in clocks.items() if one is not None
                }
            attributes.update(changes)
        # A kind and an actor are there, or it cannot be read.
        kind, _ = said["kind"], said["actor"]
        if kind == ERASED:
            self.excused.update({int(one): n for one, n in said["facts"][ERASED_OF].items()})
        attributes["version"] = said["version"]
        attributes["updated_at"] = at

    def ended(self, row: StoredTicket) -> Followed:
        """Return what is found, all events taken: whether the ticket as it stands is what they come to."""
        self.attributes["sequence"] = self.count
        if self.missing != self.excused:
            at = min(one for one, _ in self.missing.items() ^ self.excused.items())
            fault = message("it has not the values that erasures on record have left of it")
            return self.found(fault, at)
        try:
            if self.count < row.sequence:
                return self.found(message("it is missing"), self.count + 1)
            return self.found(self._end_fault(row))
        except UNSOUND:
            return self.found(message("the ticket as it stands cannot be read"))

    def _end_fault(self, row: StoredTicket) -> Message | None:
        if self.count > row.sequence:
            return message("it came after the last event that the ticket knows of")
        if self.head != row.head:
            return message("its hash is not the one that the ticket holds")
        return self._difference(_raw(row))

    def _difference(self, stored: dict[str, Any]) -> Message | None:
        fields = {name: value for name, value in self.fields.items() if value is not None}
        ours = {**_PLAIN, **self.attributes, "fields": fields}
        theirs = {**_PLAIN, **stored}
        if self.erased:
            ours, theirs = self._without_erased(ours), self._without_erased(theirs)
        if not self.count or ours == theirs:
            return None
        # Another version may have written the same otherwise: then the values decide, not how they are written.
        replayed, found = _ticket(ours), _ticket(theirs)
        for name in Ticket.__dataclass_fields__:
            if getattr(replayed, name) != getattr(found, name):
                return message("'{name}' of the ticket is not what its history says", name=name)
        return None

    def _without_erased(self, attributes: dict[str, Any]) -> dict[str, Any]:
        """Return what can be compared: what was erased is not known any more."""
        fields = attributes["fields"].items()
        left = {name: value for name, value in fields if f"fields.{name}" not in self.erased}
        return {
            name: _PLAIN.get(name) if name in self.erased else value
            for name, value in (attributes | {"fields": left}).items()
        }


def _uncommitted(name: str) -> Message:
    return message("the value of '{name}' is not the one committed to", name=name)


def _at_birth(key: str, actor: str, at: int, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a ticket is before its first event changes it; a customer may be known from its values."""
    moments = dict.fromkeys(("opened_at", "received_at", "entered_at"), at)
    blank = {"workflow": "", "bundle": "", "state": "", "priority": "normal", "owner": ""}
    return {"key": key, "opener": actor, **moments, **blank, **known}


def _raw(row: StoredTicket) -> dict[str, Any]:
    """Return a ticket's attributes as they are stored; ValueError unless its JSON is written as we write it."""
    record, fields = decode_json(row.record), decode_json(row.fields)
    if encode_json(record) != row.record or encode_json(fields) != row.fields:
        raise ValueError("not as it is written")
    if not record.keys() <= _CHECKS.keys():
        raise ValueError("an attribute that no ticket has")
    record.update(zip(_COLUMNS, row, strict=True))
    for name in ("id", "head", "record"):
        del record[name]
    record["fields"] = fields
    found: dict[str, Any] = record
    return found


def _ticket(attributes: Mapping[str, Any]) -> Ticket:
    return altered(_BLANK, {name: codec.decode(name, one) for name, one in attributes.items()})


def _whole(value: Any) -> None:
    if type(value) is not int:
        raise TypeError(type(value).__name__)


def _mapping(value: Any) -> None:
    if type(value) is not dict:
        raise TypeError(type(value).__name__)


def _check(name: str) -> Callable[[Any], Any] | None:
    """Return what refuses a value that an attribute cannot have; None where it stands as it is."""
    if name not in codec.DECODED:
        return None
    if name in ("times", "contacts"):
        return _mapping
    return _whole if name.endswith("_at") else lambda value: codec.decode(name, value)


def _default(one: Any) -> Any:
    value = one.default if one.default is not MISSING else one.default_factory()
    return decode_json(encode_json(codec.encode(one.name, value)))


_CHECKS = {one.name: _check(one.name) for one in fields_of(Ticket)}
_PLAIN = {
    one.name: _default(one)
    for one in fields_of(Ticket)
    if one.default is not MISSING or one.default_factory is not MISSING
}
_BLANK = codec.BLANK
_COLUMNS = StoredTicket._fields
