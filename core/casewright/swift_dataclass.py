"""Data classes that are made in a tenth of the time: the desk has hundreds of them, and a command line begins anew each time.

The library writes and compiles six functions for each class that is frozen, which took half of the time until `casewright ticket
list` answered. Here how something is compared, hashed, written and kept from change is shared by all of them, and `__init__` is
compiled when the first instance is made. Everything else (fields, slots, `replace`, patterns) is the library's.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from dataclasses import dataclass as _dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any


class _Frozen:
    """The mark of a frozen class: true, but while a class that derives from it is made here.

    The library gives no frozen class a base that is not, nor the other way round; and what it makes frozen it
    gives two functions of its own.
    """

    def __bool__(self) -> bool:
        return not getattr(_making, "now", False)

    def __repr__(self) -> str:
        return "True"


_making = threading.local()
_FROZEN: Any = _Frozen()


def _made(cls: type | None = None, /, **asked: Any) -> Any:
    """Do what the library's decorator does, and answer to the same words."""
    if cls is None:
        return lambda one: _made(one, **asked)
    if _is_the_librarys(cls, asked):
        return _dataclass(cls, **asked)
    given = set(cls.__dict__)
    frozen, compared = asked.pop("frozen", False), asked.pop("eq", True)
    made = _without_functions(cls, asked)
    held = fields(made)
    if "__repr__" not in given and asked.get("repr", True):
        made.__repr__ = _repr([one.name for one in held if one.repr])
    if "__init__" not in given and asked.get("init", True):
        made.__init__ = _init(made, frozen)
    if compared:
        _compared(made, held, frozen, given)
    if frozen:
        _keep_from_change(made, slots=asked.get("slots", False))
    return made


def _is_the_librarys(cls: type, asked: Mapping[str, Any]) -> bool:
    """Return whether something is asked that is not known here, or a base is of the library's making."""
    bases = (getattr(base, "__dataclass_params__", None) for base in cls.__mro__[1:])
    return any(asked.get(name) for name in ("order", "unsafe_hash", "weakref_slot")) or any(
        base is not None and base.frozen is True for base in bases
    )


def _without_functions(cls: type, asked: Mapping[str, Any]) -> Any:
    _making.now = True
    try:
        return _dataclass(cls, **{**asked, "repr": False, "init": False, "eq": False})
    finally:
        _making.now = False


def _compared(made: Any, held: tuple[Field[Any], ...], frozen: bool, given: set[str]) -> None:
    compared = [one for one in held if one.compare]
    assert all(one.hash is None for one in compared), "what is compared is hashed"
    values = _values([one.name for one in compared])
    if "__eq__" not in given:
        made.__eq__ = _eq(values)
    if "__hash__" not in given:
        made.__hash__ = (lambda one: hash(values(one))) if frozen else None


def _keep_from_change(made: Any, *, slots: bool) -> None:
    made.__dataclass_params__.frozen = _FROZEN
    made.__setattr__ = _no_change
    made.__delattr__ = _no_removal
    if slots:
        made.__getstate__ = _state
        made.__setstate__ = _restore


def _no_change(one: Any, name: str, value: Any) -> None:
    if _is_kept(one, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(one, name, value)


def _no_removal(one: Any, name: str) -> None:
    if _is_kept(one, name):
        raise FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(one, name)


def _is_kept(one: Any, name: str) -> bool:
    cls = one.__class__
    return "__dataclass_params__" in cls.__dict__ or name in cls.__dataclass_fields__


def _state(one: Any) -> list[Any]:
    return [getattr(one, each.name) for each in fields(one)]


def _restore(one: Any, state: list[Any]) -> None:
    for each, value in zip(fields(one), state, strict=True):
        object.__setattr__(one, each.name, value)


def _init(made: Any, frozen: bool) -> Callable[..., None]:
    """Return an `__init__` that compiles the real one, puts it in its own place and does its work."""

    def __init__(self: Any, /, *given: Any, **named: Any) -> None:
        compiled = _compiled(made, frozen)
        made.__init__ = compiled
        compiled(self, *given, **named)

    __init__.__qualname__ = f"{made.__qualname__}.__init__"
    return __init__


def _compiled(made: Any, frozen: bool) -> Any:
    held: list[Field[Any]] = list(made.__dataclass_fields__.values())
    assert all(one._field_type.name in ("_FIELD", "_FIELD_CLASSVAR") for one in held), made  # type: ignore[attr-defined]
    held = list(fields(made))
    known: dict[str, Any] = {"_set": object.__setattr__, "_made": _NOT_GIVEN}
    body = [_assigned(one, known, frozen) for one in held if one.init or _has_default(one)]
    if hasattr(made, "__post_init__"):
        body.append("self.__post_init__()")
    placed = [_parameter(one, known) for one in held if one.init and not one.kw_only]
    named = [_parameter(one, known) for one in held if one.init and one.kw_only]
    parameters = ", ".join(["self", *placed, *(["*", *named] if named else [])])
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), known)
    compiled = known["__init__"]
    compiled.__qualname__ = f"{made.__qualname__}.__init__"
    return compiled


_NOT_GIVEN = object()


def _has_default(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


def _parameter(one: Field[Any], known: dict[str, Any]) -> str:
    if one.default is not MISSING:
        known[f"_default_{one.name}"] = one.default
        return f"{one.name}=_default_{one.name}"
    return f"{one.name}=_made" if one.default_factory is not MISSING else one.name


def _assigned(one: Field[Any], known: dict[str, Any], frozen: bool) -> str:
    value = one.name
    if one.default_factory is not MISSING:
        known[f"_factory_{one.name}"] = one.default_factory
        new = f"_factory_{one.name}()"
        value = f"{new} if {one.name} is _made else {one.name}" if one.init else new
    elif not one.init:
        known[f"_default_{one.name}"] = one.default
        value = f"_default_{one.name}"
    return f"_set(self, {one.name!r}, {value})" if frozen else f"self.{one.name} = {value}"


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
