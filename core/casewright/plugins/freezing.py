"""Values as a plugin is handed them: copies that it can read and cannot change, made of what it reads only.

Most plugins read little of what they are handed, and a ticket has forty attributes: each is copied when it is first read.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

from casewright.model import EMPTY, Event, Person, Ticket

Value = TypeVar("Value")
_FLAT = frozenset((str, int, float, bool, type(None), datetime, date, Decimal))
"""Kinds of value that have nothing inside that could be changed."""


def frozen(value: Any) -> Any:
    """Return plain data as tuples and read-only mappings, all the way down."""
    kind = type(value)
    if kind in _FLAT:
        return value
    if isinstance(value, Mapping):
        if not value:
            return EMPTY
        if _FLAT.issuperset(map(type, value.values())):
            return MappingProxyType(dict(value))
        return MappingProxyType({name: frozen(one) for name, one in value.items()})
    if kind is list or kind is tuple:
        return tuple(map(frozen, value))
    return value


def _copies_of(kind: type[Value]) -> type[Value]:
    """Return the class of copies of `kind`, a frozen dataclass with slots, whose attributes are copied when they are read."""
    setters = {one.name: getattr(kind, one.name).__set__ for one in fields(kind)}  # type: ignore[arg-type]

    class Copy(kind):  # type: ignore[misc, valid-type]
        """Is taken for what it is a copy of, also when the two are compared."""

        __slots__ = ("_original",)
        __class__ = property(lambda copy: kind)

        def __getattr__(self, name: str) -> Any:
            if name not in setters:
                raise AttributeError(name)
            value = frozen(getattr(self._original, name))
            setters[name](self, value)
            return value

    return Copy


_COPIES: dict[type, tuple[type, Any]] = {}
for _kind in (Ticket, Event, Person):
    _made = _copies_of(_kind)
    _COPIES[_kind] = (_made, _made._original.__set__)  # type: ignore[attr-defined]


def copied(value: Value) -> Value:
    """Return a copy of a ticket, an event or a person that cannot be changed; what is not read yet is as it is then."""
    kind, put = _COPIES[type(value)]
    made: Value = object.__new__(kind)
    put(made, value)
    return made


def settle(copy: Ticket) -> None:
    """Copy what was not read yet: whoever keeps the copy may still read it when the original has changed."""
    for one in fields(Ticket):
        getattr(copy, one.name)
