"""Values of every type that goes over the wire, made from what the types say of themselves, and data that is nearly right."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from casewright.bilingual import Bilingual
from casewright.durations import Duration
from casewright.errors import CasewrightError, CommandRefused, Message, Place
from casewright.wire.parts import (
    LISTS,
    MAPPINGS,
    AttributesOf,
    alternatives,
    is_object,
    is_row,
    parts_of,
)
from casewright.workflows.spec import Constant, Expression, Party

EXACT = timedelta(seconds=2**33 - 1)
"""Within so long a number of seconds has room for every microsecond; beyond, for every whole second."""
WORDS = st.sampled_from(["", "$", "said", "value", "a", "ä中", "\u200f", "text", "Message"])
TEXTS = WORDS | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5
)
WHOLE = st.integers(-(2**63), 2**63 - 1)
LENGTHS = st.timedeltas(-EXACT, EXACT) | st.integers(-(10**13), 10**13).map(
    lambda seconds: timedelta(seconds=seconds)
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
_DEEPEST = 2
_SCALARS: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: WHOLE,
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
    timedelta: LENGTHS,
    bytes: st.binary(max_size=6),
}
PLAIN = st.recursive(
    st.none() | st.booleans() | WHOLE | _SCALARS[float] | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
"""What JSON can say, and customers' fields hold."""


@cache
def of(kind: Any, *, plain: bool, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return the values of a type; where it says nothing, JSON and, unless `plain`, whatever may say itself what it is.

    The deeper, the fewer: what is in lists deep down is tried by itself, as one of `kinds_in`.
    """
    origin, inner = get_origin(kind), get_args(kind)
    several = alternatives(kind)
    if len(several) > 1:
        return st.one_of(*(of(one, plain=plain, depth=depth) for one in several))
    if origin is Literal:
        return st.sampled_from(inner)
    if kind is datetime:
        return MOMENTS
    if kind in _SCALARS:
        return _SCALARS[kind]
    if is_row(kind):
        return st.tuples(*(of(one, plain=plain, depth=depth) for one in inner))
    if origin in LISTS:
        if depth > _DEEPEST:
            return st.just(origin())
        items = of(inner[0], plain=plain, depth=depth + 1)
        return st.lists(items, max_size=2 - bool(depth)).map(origin)
    if origin in MAPPINGS:
        if depth > _DEEPEST:
            return st.just({})
        keys, values = (of(one, plain=plain, depth=depth + 1) for one in inner)
        return st.dictionaries(keys, values, max_size=2 - bool(depth))
    if isinstance(kind, AttributesOf):
        return _attributes(kind, plain=plain, depth=depth + 1)
    if is_object(kind):
        return st.deferred(lambda: _object(kind, plain=plain, depth=depth + 1))
    return PLAIN if plain else (tagging() if depth < _DEEPEST else TEXTS)


def _attributes(kind: AttributesOf, *, plain: bool, depth: int) -> st.SearchStrategy[Any]:
    named = ("closed_at", "handler", "links", "tried", "watchers")
    each = {name: of(kind.of(name), plain=plain, depth=depth) for name in named}
    return st.fixed_dictionaries({}, optional=each)


def _object(kind: type, *, plain: bool, depth: int) -> st.SearchStrategy[Any]:
    given = {
        name: of(one, plain=plain, depth=depth) for name, (one, _) in parts_of(kind).items()
    }
    return st.builds(kind, **given)


def kinds_in(kinds: Iterable[Any]) -> set[type]:
    """Return all objects that are in values of these types, however deep."""
    found: set[type] = set()
    waiting = [*kinds]
    while waiting:
        kind = waiting.pop()
        if is_object(kind) and kind not in found:
            found.add(kind)
            waiting += [one for one, _ in parts_of(kind).values()]
        elif not is_object(kind):
            waiting += [one for one in get_args(kind) if one is not Ellipsis]
    return found


def comparable(value: Any) -> Any:
    """Return what can be compared of a value: refusals are equal to themselves only, though they say the same."""
    if isinstance(value, CasewrightError):
        return type(value), comparable(value.details())
    if isinstance(value, Message):
        return Message, value.text, comparable(value.values)
    if isinstance(value, Mapping):
        return {key: comparable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [comparable(one) for one in value]
    if is_dataclass(value):
        return type(value), {
            one.name: comparable(getattr(value, one.name)) for one in fields(value)
        }
    return value


@cache
def tagging() -> st.SearchStrategy[Any]:
    """Return what may stand where no type says anything: JSON, sentences in sentences, moments, tuples, refusals."""
    leaves = st.one_of(
        PLAIN,
        MOMENTS,
        LENGTHS,
        st.binary(max_size=4),
        st.builds(Bilingual, en=TEXTS, zh=TEXTS),
        st.builds(Duration, amount=WHOLE, unit=st.sampled_from(["days", "hours"])),
        st.builds(Place, TEXTS, WHOLE, WHOLE),
        st.builds(Expression, TEXTS),
        st.builds(Constant, PLAIN),
        st.builds(Party, st.just("role"), TEXTS),
        st.frozensets(TEXTS, max_size=2),
    )
    return st.recursive(leaves, _nested, max_leaves=4)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    said = st.builds(Message, TEXTS, st.dictionaries(TEXTS, inner, max_size=2))
    return st.one_of(
        said,
        st.builds(CommandRefused, reason=said),
        st.lists(inner, max_size=2).map(tuple),
        st.lists(inner, max_size=2),
        st.dictionaries(TEXTS, inner, max_size=2),
    )


@st.composite
def nearly(draw: st.DrawFn, data: Any) -> Any:
    """Return `data` with something in it missing, added, or another: right or wrong, whoever judges it."""
    if isinstance(data, dict) and data and draw(st.integers(0, 3)):
        name = draw(st.sampled_from(sorted(data)))
        if draw(st.integers(0, 3)):
            return {**data, name: draw(nearly(data[name]))}
        return {key: one for key, one in data.items() if key != name}
    if isinstance(data, list) and data and draw(st.booleans()):
        return [draw(nearly(data[0])), *data[1:]]
    if isinstance(data, dict) and draw(st.booleans()):
        return {**data, draw(TEXTS): draw(PLAIN)}
    return draw(PLAIN | st.sampled_from(NEARLY))


NEARLY = (
    1.0,
    2**63,
    "2026-03-02T08:30:00Z",
    "2026-03-02T08:30:00",
    "2026-03-02",
    "2026-02-30T08:30:00Z",
    "2026-03-02T24:00:00Z",
    "20260302T083000Z",
    "QUJD",
    "QUJ",
    "QUI=\n",
    "running",
    {"$": "Bilingual", "en": "a", "zh": "b"},
    {"$": "mapping", "value": {}},
    [],
    {},
)
"""Values that are almost those of some type."""
