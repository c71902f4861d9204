"""Data classes that are made in two thirds of the time, for the modules that have them by the dozen.

The library writes and compiles six functions for each class that is frozen, which is an eighth of the time until the
terminal shows its first row. How something is compared, hashed and written needs none of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass as _dataclass
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any


def _made(cls: type | None = None, /, **asked: Any) -> Any:
    """Do what the library's decorator does, and answer to the same words."""
    if cls is None:
        return lambda one: _made(one, **asked)
    by_value = asked.get("frozen", False) and asked.get("eq", True) and not asked.get("order")
    written = asked.get("repr", True)
    given = cls.__dict__
    asked = {**asked, "repr": False, **({"eq": False} if by_value else {})}
    made: Any = _dataclass(cls, **asked)
    if written and "__repr__" not in given:
        made.__repr__ = _repr([one.name for one in fields(made) if one.repr])
    if by_value:
        compared = [one for one in fields(made) if one.compare]
        assert all(one.hash is None for one in compared), "what is compared is hashed"
        values = _values([one.name for one in compared])
        if "__eq__" not in given:
            made.__eq__ = _eq(values)
        if "__hash__" not in given:
            made.__hash__ = lambda one: hash(values(one))
    return made


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda one: ()
    got = attrgetter(*names)
    return got if len(names) > 1 else lambda one: (got(one),)


def _eq(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, Any], Any]:
    def equal(one: Any, other: Any) -> Any:
        if other.__class__ is not one.__class__:
            return NotImplemented
        return values(one) == values(other)

    return equal


def _repr(names: list[str]) -> Callable[[Any], str]:
    def written(one: Any) -> str:
        said = ", ".join(f"{name}={getattr(one, name)!r}" for name in names)
        return f"{one.__class__.__qualname__}({said})"

    return written


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    dataclass = _made
