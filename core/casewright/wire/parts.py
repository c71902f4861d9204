"""What a type consists of: the fields of a dataclass, the kinds of a union, and the texts that say moments and octets."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin

from casewright.model import Event, Ticket
from casewright.patterns import pattern

TAG = "$"
"""The key under which a value says what it is, where nothing else says it."""
SAID = "said"
"""The key under which a sentence says what it comes to."""
LISTS = (tuple, list, frozenset)
MAPPINGS = (Mapping, dict)
MOMENT = pattern(
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""How a moment is written; which days a month has is for the calendar."""
OCTETS = pattern(r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")
"""How octets are written: Base64 with its padding."""
KEY = pattern(r"^-?[0-9]{1,19}$")
"""How a whole number is written as the key of an object."""


def parts_of(kind: type) -> Mapping[str, tuple[Any, bool]]:
    """Return the type of each field of a dataclass, and whether it must be given."""
    return _parts_of(kind)


def alternatives(kind: Any) -> tuple[Any, ...]:
    """Return the kinds of a union, or the one that a type is."""
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def without_none(kind: Any) -> Any:
    """Return a type without None; a union of several others stays one."""
    several = tuple(one for one in alternatives(kind) if one is not type(None))
    return several[0] if len(several) == 1 else Union[several]  # noqa: UP007 (put together here)


def is_object(kind: Any) -> bool:
    """Return whether values of a type are objects with fields."""
    return isinstance(kind, type) and dataclasses.is_dataclass(kind)


def is_row(kind: Any) -> bool:
    """Return whether a type is a tuple of so many values, each of its own type."""
    return get_origin(kind) is tuple and get_args(kind)[-1:] != (Ellipsis,)


def is_free(kind: Any) -> bool:
    """Return whether a type says nothing of its values."""
    return kind in (Any, object)


@dataclasses.dataclass(frozen=True, slots=True)
class AttributesOf:
    """The type of an object that says some attributes of a class, each by the type that it has there."""

    kind: type

    def of(self, name: str) -> Any:
        """Return the type of an attribute; Any for one that the class has not."""
        return parts_of(self.kind).get(name, (Any, False))[0]


_ATTRIBUTES: Mapping[tuple[type, str], AttributesOf] = {
    (Event, "changes"): AttributesOf(Ticket)
}
"""Fields of which a class says only that they are mappings."""


@cache
def _parts_of(kind: Any) -> Mapping[str, tuple[Any, bool]]:
    hints = typing.get_type_hints(kind)
    return {
        one.name: (
            _ATTRIBUTES.get((kind, one.name), hints[one.name]),
            one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING,
        )
        for one in dataclasses.fields(kind)
        if one.init
    }
