"""The `map` of a channel: where in a JSON document, or in the row of a table, what comes in says what.

A place is written `contact.email`, `items[0].name`, or `items[].name` for a list of all; the title of a column as it is.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import Message, Problem, message
from casewright.intake.arrival import Arrival, Kind
from casewright.model import Identity
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

PARTS = ("id", "name", "subject", "text", "language", "received")
WORDS = (*PARTS, "sender", "fields")
VALUE_WORDS = ("from", "value", "as", "values", "otherwise")
KINDS = ("text", "integer", "number", "boolean")
UNMAPPED = "unmapped"
"""The remark on what comes in when the map finds nothing in it."""
LONGEST = 100_000
_STEP = pattern(r"([^.\[\]]+)|\[([0-9]{1,4})\]|(\[\])")
_KIND_OF_IDENTITY = pattern(r"[a-z][a-z0-9_]{0,31}")
_TRUE, _FALSE = ("true", "yes", "1", "是"), ("false", "no", "0", "否")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value comes from: a `place`, or `value` as it is. `values` are what words stand for, `otherwise` for others."""

    place: str = ""
    value: Any = None
    kind: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """The map of a channel: its parts, what the sender is known by, and the fields of the form."""

    parts: Mapping[str, Source] = field(default_factory=dict)
    sender: Mapping[str, Source] = field(default_factory=dict)
    fields: Mapping[str, Source] = field(default_factory=dict)

    @property
    def places(self) -> frozenset[str]:
        """All the places that it names."""
        groups = (self.parts, self.sender, self.fields)
        return frozenset(one.place for group in groups for one in group.values() if one.place)


def map_from_data(data: Mapping[str, Any]) -> Map:
    """Return the map of data in which `problems` finds nothing wrong."""
    return Map(
        parts={name: _source(data[name]) for name in PARTS if name in data},
        sender={name: _source(one) for name, one in data.get("sender", {}).items()},
        fields={name: _source(one) for name, one in data.get("fields", {}).items()},
    )


def arrival_of(
    said: Map, document: Any, *, channel: str, kind: Kind, id: str, now: datetime, raw: str = ""
) -> Arrival:
    """Return what a document says, by the map, as something that came in; `id` is its id where it names none itself."""
    parts = {name: as_text(found(one, document)) for name, one in said.parts.items()}
    fields = {name: found(one, document) for name, one in said.fields.items()}
    sender = {name: as_text(found(one, document)).strip() for name, one in said.sender.items()}
    given = {name: value for name, value in fields.items() if value not in (None, "", [])}
    empty = not (given or parts.get("subject") or parts.get("text"))
    text = parts.get("text", "")
    return Arrival(
        channel=channel,
        kind=kind,
        id=parts.get("id") or id,
        at=_moment(parts.get("received", "")) or now,
        sender=tuple(Identity(kind=one, value=value) for one, value in sender.items() if value),
        name=parts.get("name", ""),
        subject=parts.get("subject", ""),
        text=json.dumps(document, ensure_ascii=False)[:LONGEST] if empty else text,
        language=parts.get("language", ""),
        fields=given,
        raw=raw,
        remarks=(UNMAPPED,) if empty else (),
        answerable=sender.get("email", ""),
    )


def found(source: Source, document: Any) -> Any:
    """Return the value of a source in a document; None where there is none, or none of its kind."""
    value = _at(document, source.place) if source.place else source.value
    if isinstance(value, list):
        listed = [_meant(source, one) for one in value]
        return [one for one in listed if one is not None]
    return _meant(source, value)


def as_text(value: Any) -> str:
    """Return a value as a text; what is no single value as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _meant(source: Source, value: Any) -> Any:
    if source.values:
        value = source.values.get(as_text(value), source.otherwise)
    elif value is None or value == "":
        value = source.otherwise
    return _READERS[source.kind](value) if source.kind and value is not None else value


def _at(document: Any, place: str) -> Any:
    if isinstance(document, Mapping) and place in document:
        return document[place]
    return _below(document, list(_STEP.findall(place)))


def _below(value: Any, steps: list[tuple[str, str, str]]) -> Any:
    for position, (name, index, each) in enumerate(steps):
        if each:
            rest = steps[position + 1 :]
            return [_below(one, rest) for one in value] if isinstance(value, list) else None
        if name:
            value = value.get(name) if isinstance(value, Mapping) else None
        else:
            inside = isinstance(value, list) and int(index) < len(value)
            value = value[int(index)] if inside else None
    return value


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _integer(value: Any) -> int | None:
    try:
        return int(as_text(value).strip().replace(",", "")[:20])
    except ValueError:
        return None


def _number(value: Any) -> float | int | None:
    whole = _integer(value)
    if whole is not None:
        return whole
    try:
        number = float(as_text(value).strip().replace(",", ""))
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    folded = as_text(value).strip().casefold()
    return folded in _TRUE if folded in (*_TRUE, *_FALSE) else None


_READERS = {"text": as_text, "integer": _integer, "number": _number, "boolean": _boolean}


def _source(data: Any) -> Source:
    if isinstance(data, str):
        return Source(place=data)
    return Source(
        place=data.get("from", ""),
        value=data.get("value"),
        kind=data.get("as", ""),
        values=data.get("values", {}),
        otherwise=data.get("otherwise"),
    )


# --- what may be wrong with it -----------------------------------------------------------------


def problems(document: Document) -> Iterator[Problem]:
    """Yield everything wrong with the maps of a document's channels."""
    data = document.data if isinstance(document.data, dict) else {}
    channels = data.get("channels", {})
    for name, one in channels.items() if isinstance(channels, dict) else ():
        if isinstance(one, dict) and "map" in one:
            yield from _map_problems(document, ("channels", name, "map"), one["map"])


def _map_problems(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        reason = message("say where what stands: {{subject: title, fields: {{..}}}}")
        yield _wrong(document, path, reason)
        return
    yield from _unknown(document, path, data, WORDS)
    for name in PARTS:
        if name in data:
            yield from _source_problems(document, (*path, name), data[name])
    for group in ("sender", "fields"):
        inside = data.get(group, {})
        if not isinstance(inside, dict):
            yield _wrong(document, (*path, group), message("a mapping is expected here"))
            continue
        for name, one in inside.items():
            if group == "sender" and not _KIND_OF_IDENTITY.fullmatch(str(name)):
                reason = message(
                    "somebody is known by a phone, an email, or the id of a system"
                )
                yield _wrong(document, (*path, group, name), reason, key=True)
            yield from _source_problems(document, (*path, group, name), one)


def _source_problems(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    if isinstance(data, dict):
        yield from _unknown(document, path, data, VALUE_WORDS)
        if ("from" in data) == ("value" in data):
            yield _wrong(document, path, message("say either 'from' or 'value'"))
        if data.get("as", "text") not in KINDS:
            reason = message("'{name}' is one of: {known}", name="as", known=", ".join(KINDS))
            yield _wrong(document, (*path, "as"), reason)
        if not isinstance(data.get("values", {}), dict):
            yield _wrong(document, (*path, "values"), message("a mapping is expected here"))
        data = data.get("from", "x")
    if not isinstance(data, str) or not data:
        reason = message("write a place such as 'contact.email', or {{value: ..}}")
        yield _wrong(document, path, reason)


def _unknown(
    document: Document, path: DocumentPath, data: Mapping[str, Any], known: Collection[str]
) -> Iterator[Problem]:
    for word in data:
        if word not in known:
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, known))
            yield _wrong(document, (*path, word), reason, key=True)


def _wrong(
    document: Document, path: DocumentPath, reason: Message, *, key: bool = False
) -> Problem:
    place = document.key_place(path) if key else document.place(path)
    return Problem(code="intake.wrong", message=reason, place=place)
