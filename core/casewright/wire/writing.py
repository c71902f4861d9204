"""From values of the product to plain JSON data, by the types that they declare."""

import base64
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import PurePath
from typing import Any, Literal, get_args, get_origin

from casewright.errors import CasewrightError, Message, WireRefused, message
from casewright.wire.kinds import is_known, name_of
from casewright.wire.parts import (
    LISTS,
    MAPPINGS,
    SAID,
    TAG,
    AttributesOf,
    alternatives,
    is_object,
    is_row,
    parts_of,
)

Say = Callable[[Message], str]
_Writer = Callable[[Any, Say | None], Any]
SECOND = timedelta(seconds=1)


def written(value: Any, kind: Any = Any, *, say: Say | None = None, plain: bool = False) -> Any:
    """Return `value`, which is of the type `kind`, as JSON data; sentences are rendered by `say` too, if there is one.

    `plain`, as commands and queries are, it holds JSON wherever its type says nothing, and no value tags itself.
    WireRefused for what cannot be said.
    """
    return _writer(kind, plain)(value, say)


@cache
def _writer(kind: Any, plain: bool) -> _Writer:
    origin, inner = get_origin(kind), get_args(kind)
    several = [one for one in alternatives(kind) if one is not type(None)]
    if len(several) > 1:
        return _free(plain)
    if several and several[0] is not kind:
        return _optional_writer(_writer(several[0], plain))
    if origin is Literal or kind in (str, int, bool, float, type(None)):
        return _as_it_is
    if kind in _SCALARS:
        return _SCALARS[kind]
    if isinstance(kind, AttributesOf):
        return _attributes_writer(kind, plain)
    if is_row(kind):
        return _row_writer([_writer(one, plain) for one in inner])
    if origin in LISTS:
        return _list_writer(_writer(inner[0], plain), in_order=origin is frozenset)
    if origin in MAPPINGS:
        return _mapping_writer(_key(inner[0]), _writer(inner[1], plain))
    if is_object(kind):
        return _message_writer if kind is Message else _object_writer(kind, plain)
    return _free(plain)


def _free(plain: bool) -> _Writer:
    return _plain_writer if plain else _tagging_writer


def _optional_writer(write: _Writer) -> _Writer:
    return lambda value, say: None if value is None else write(value, say)


def _row_writer(each: list[_Writer]) -> _Writer:
    return lambda value, say: [write(one, say) for write, one in zip(each, value, strict=True)]


def _list_writer(write: _Writer, *, in_order: bool) -> _Writer:
    if in_order:
        return lambda value, say: sorted(write(one, say) for one in value)
    return lambda value, say: [write(one, say) for one in value]


def _mapping_writer(key: Callable[[Any], str], write: _Writer) -> _Writer:
    return lambda value, say: {key(name): write(one, say) for name, one in value.items()}


def _attributes_writer(kind: AttributesOf, plain: bool) -> _Writer:
    return lambda value, say: {
        name: _writer(kind.of(name), plain)(one, say) for name, one in value.items()
    }


def _key(kind: Any) -> Callable[[Any], str]:
    return (lambda value: str(_moment(value, None))) if kind is datetime else str


def _object_writer(kind: type, plain: bool) -> _Writer:
    # Looked up when it is used, so that a type may hold values of its own kind.
    def write(value: Any, say: Say | None) -> Any:
        return {
            name: _writer(declared, plain)(getattr(value, name), say)
            for name, (declared, _) in parts_of(kind).items()
        }

    return write


def _message_writer(value: Message, say: Say | None) -> Any:
    data: dict[str, Any] = {} if say is None else {SAID: say(value)}
    data["text"] = value.text
    data["values"] = {name: _filling(one, say) for name, one in value.values.items()}
    return data


def _filling(value: Any, say: Say | None) -> Any:
    """Return what fills a sentence; of what is nothing for the wire it says what the sentence would show."""
    try:
        return _tagging_writer(value, say)
    except WireRefused:
        return str(value)


def _plain_writer(value: Any, say: Say | None) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, Mapping):
        return {_name(key, value): _plain_writer(one, say) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_writer(one, say) for one in value]
    raise _unsayable(value)


def _tagging_writer(value: Any, say: Say | None) -> Any:
    """Return a value of which no type says anything: what is not plain says itself what it is."""
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        data = {_name(key, value): _tagging_writer(one, say) for key, one in value.items()}
        return _tagged("mapping", data) if TAG in data else data
    if isinstance(value, list):
        return [_tagging_writer(one, say) for one in value]
    kind = type(value)
    if kind in _GATHERED:
        members = value if kind is tuple else sorted(value, key=str)
        return _tagged(kind.__name__, [_tagging_writer(one, say) for one in members])
    if kind in _SCALARS:
        return _tagged(kind.__name__, _SCALARS[kind](value, say))
    if kind is Message:
        return {TAG: name_of(kind), **_message_writer(value, say)}
    if is_known(kind):
        return {TAG: name_of(kind), **_object_writer(kind, False)(value, say)}
    return _plain_writer(value, say)


def _tagged(name: str, value: Any) -> Any:
    return {TAG: name, "value": value}


def _name(key: Any, mapping: Any) -> str:
    if isinstance(key, str):
        return key
    raise _unsayable(mapping)


def _unsayable(value: Any) -> CasewrightError:
    template = "{kind} is nothing that can be said in JSON"
    return WireRefused(at="$", reason=message(template, kind=type(value).__name__))


def _as_it_is(value: Any, say: Say | None) -> Any:
    return value


def _moment(value: datetime, say: Say | None) -> Any:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _seconds(value: timedelta, say: Say | None) -> Any:
    whole, rest = divmod(value, SECOND)
    return value.total_seconds() if rest else whole


def _base64(value: bytes, say: Say | None) -> Any:
    return base64.b64encode(value).decode("ascii")


_GATHERED = (tuple, set, frozenset)
_SCALARS: Mapping[type, _Writer] = {datetime: _moment, timedelta: _seconds, bytes: _base64}
