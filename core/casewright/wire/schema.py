"""The JSON Schema of what goes over the wire, from the same types that the reading and the writing go by."""

import inspect
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, get_args, get_origin

from casewright.errors import CasewrightError, Message
from casewright.wire.kinds import name_of
from casewright.wire.parts import (
    LISTS,
    MAPPINGS,
    MOMENT,
    OCTETS,
    SAID,
    TAG,
    AttributesOf,
    alternatives,
    is_object,
    is_row,
    parts_of,
)

Schema = dict[str, Any]
WHOLE: Schema = {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}
_SCALARS: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: WHOLE,
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    datetime: {"type": "string", "format": "date-time", "pattern": MOMENT.pattern},
    timedelta: {
        "type": "number",
        "description": "seconds",
        "minimum": timedelta.min // timedelta(seconds=1),
        "maximum": timedelta.max // timedelta(seconds=1),
    },
    bytes: {"type": "string", "contentEncoding": "base64", "pattern": OCTETS.pattern},
}
_GIVEN = "Given"
"""Ends the name of what may be given in part, where the same is always answered whole."""


class Schemas:
    """Schemas by name, each made when it is first referred to; `at` is where in a document they will stand."""

    def __init__(self, at: str = "#/components/schemas/") -> None:
        self.named: dict[str, Schema] = {}
        self._at = at
        self._names: dict[tuple[type, bool], str] = {}

    def given(self, kind: Any) -> Schema:
        """Return the schema of a value as callers may give it: what has a default may be left out."""
        return self._of(kind, given=True)

    def answered(self, kind: Any) -> Schema:
        """Return the schema of a value as it is answered: every field is there."""
        return self._of(kind, given=False)

    def fields(self, kind: type, *, given: bool) -> Schema:
        """Return the schema of an object itself, not a reference to it."""
        parts = parts_of(kind)
        required = [name for name, (_, needed) in parts.items() if needed or not given]
        found: Schema = {
            "type": "object",
            "properties": {
                name: self._of(one, given=given) for name, (one, _) in parts.items()
            },
            "additionalProperties": False,
        }
        if required:
            found["required"] = required
        said = description_of(kind)
        return {**found, "description": said} if said else found

    def _of(self, kind: Any, *, given: bool) -> Schema:
        origin, inner = get_origin(kind), get_args(kind)
        several = alternatives(kind)
        if len(several) > 1:
            return self._union(several, given=given)
        if origin is Literal:
            return {"type": "string", "enum": list(inner)}
        if kind in _SCALARS:
            return dict(_SCALARS[kind])
        if isinstance(kind, AttributesOf):
            return self._attributes(kind, given=given)
        if is_row(kind):
            return self._row(inner, given=given)
        if origin in LISTS:
            return {"type": "array", "items": self._of(inner[0], given=given)}
        if origin in MAPPINGS:
            return {"type": "object", "additionalProperties": self._of(inner[1], given=given)}
        return self._reference(kind, given=given) if is_object(kind) else {}

    def _union(self, several: tuple[Any, ...], *, given: bool) -> Schema:
        members = [
            self._tagged(one)
            if not given and is_object(one) and _tags(several)
            else self._of(one, given=given)
            for one in several
        ]
        return {"anyOf": members}

    def _attributes(self, kind: AttributesOf, *, given: bool) -> Schema:
        parts = parts_of(kind.kind)
        named = {name: self._of(one, given=given) for name, (one, _) in parts.items()}
        return {"type": "object", "properties": named}

    def _row(self, inner: tuple[Any, ...], *, given: bool) -> Schema:
        return {
            "type": "array",
            "prefixItems": [self._of(one, given=given) for one in inner],
            "minItems": len(inner),
            "maxItems": len(inner),
        }

    def _reference(self, kind: type, *, given: bool) -> Schema:
        name = self._names.get((kind, given)) or self._made(kind, given=given)
        return {"$ref": f"{self._at}{name}"}

    def _made(self, kind: type, *, given: bool) -> str:
        name = kind.__name__ + (_GIVEN if given else "")
        if name in self.named:
            name = f"{kind.__module__.rpartition('.')[2]}.{name}"
        self._names[kind, given] = name
        self.named[
            name
        ] = {}  # Named before it is made: a type may hold values of its own kind.
        self.named[name] = _message() if kind is Message else self.fields(kind, given=given)
        return name

    def _tagged(self, kind: type) -> Schema:
        """Return the schema of an object that says itself what it is."""
        made = _message() if kind is Message else self.fields(kind, given=False)
        made["properties"] = {TAG: {"const": name_of(kind)}, **made["properties"]}
        made["required"] = [TAG, *made.get("required", [])]
        return made


def description_of(kind: type) -> str:
    """Return what a class says of itself."""
    said = inspect.getdoc(kind) or ""
    return "" if said.startswith(f"{kind.__name__}(") else said


def sentence_of(kind: type[CasewrightError]) -> str:
    """Return the first sentence of what an error says of itself."""
    return description_of(kind).partition("\n")[0]


def _tags(several: tuple[Any, ...]) -> bool:
    return sum(one is not type(None) for one in several) > 1


def _message() -> Schema:
    return {
        "type": "object",
        "description": "A sentence: what it comes to in your language, its template in English, and what fills it.",
        "properties": {
            SAID: {"type": "string"},
            "text": {"type": "string"},
            "values": {"type": "object"},
        },
        "required": ["text", "values"],
        "additionalProperties": False,
    }
