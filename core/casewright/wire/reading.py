"""From plain JSON data to values of the product, by the types that are asked for; what is wrong is told with its place."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

from casewright.errors import Message, WireRefused, message
from casewright.nearest import hint
from casewright.wire.kinds import kind_named
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
from casewright.wire.scalars import SCALAR_KEYS, SCALARS, Reader, length, moment, octets, text
from casewright.wire.scalars import refused as refused

_SHOWN = 60
"""So many characters of a name are told again."""


def read(data: Any, kind: Any = Any, *, at: str = "", plain: bool = False) -> Any:
    """Return the value of the type `kind` that JSON data says; WireRefused with where in it, below `at`, something is wrong.

    `plain`, as commands and queries are, it may say no value that tags itself.
    """
    try:
        return _reader(kind, plain)(data, at)
    except RecursionError:
        raise refused(at, message("it is nested too deep")) from None


@cache
def _reader(kind: Any, plain: bool) -> Reader:
    origin, inner = get_origin(kind), get_args(kind)
    several = [one for one in alternatives(kind) if one is not type(None)]
    if len(several) > 1 or (several and several[0] is not kind):
        return _union_reader(several, plain, empty=type(None) in alternatives(kind))
    if origin is Literal:
        return _choice_reader(inner)
    if kind in SCALARS:
        return SCALARS[kind]
    if isinstance(kind, AttributesOf):
        return _attributes_reader(kind, plain)
    if is_row(kind):
        return _row_reader([_reader(one, plain) for one in inner])
    if origin in LISTS:
        return _list_reader(_reader(inner[0], plain), origin)
    if origin in MAPPINGS:
        return _mapping_reader(SCALAR_KEYS.get(inner[0], text), _reader(inner[1], plain))
    if is_object(kind):
        return _object_reader(kind, plain)
    return _as_it_is if plain else _tagged


def _union_reader(several: list[Any], plain: bool, *, empty: bool) -> Reader:
    read_one = (
        _reader(several[0], plain) if len(several) == 1 else _several_reader(several, plain)
    )
    if not empty:
        return read_one
    return lambda data, at: None if data is None else read_one(data, at)


def _several_reader(several: list[Any], plain: bool) -> Reader:
    """Read one of several kinds: as it tags itself, or the first kind whose data it is."""
    kinds = tuple(one for one in several if isinstance(one, type))

    def read_several(data: Any, at: str) -> Any:
        if not plain:
            value = _tagged(data, at)
            if len(kinds) < len(several) or isinstance(value, kinds):
                return value
        for one in several:
            try:
                return _reader(one, True)(data, at)
            except WireRefused as found:
                last = found
        raise last

    return read_several


def _attributes_reader(kind: AttributesOf, plain: bool) -> Reader:
    def read_attributes(data: Any, at: str) -> Any:
        if not isinstance(data, dict):
            raise refused(at, message("it is an object"))
        return {
            name: _reader(kind.of(name), plain)(one, f"{at}.{name}" if at else name)
            for name, one in data.items()
        }

    return read_attributes


def _choice_reader(choices: tuple[Any, ...]) -> Reader:
    def read_choice(data: Any, at: str) -> Any:
        if isinstance(data, str) and data in choices:
            return data
        known = [str(one) for one in choices]
        raise refused(at, message("it is one of: {known}", known=known))

    return read_choice


def _row_reader(each: list[Reader]) -> Reader:
    def read_row(data: Any, at: str) -> Any:
        if not isinstance(data, list) or len(data) != len(each):
            raise refused(at, message("it is a list of {count}", count=len(each)))
        return tuple(
            one(item, f"{at}[{number}]")
            for number, (one, item) in enumerate(zip(each, data, strict=True))
        )

    return read_row


def _list_reader(item: Reader, made: Callable[[Any], Any]) -> Reader:
    def read_list(data: Any, at: str) -> Any:
        if not isinstance(data, list):
            raise refused(at, message("it is a list"))
        members = [item(one, f"{at}[{number}]") for number, one in enumerate(data)]
        try:
            return made(members)
        except TypeError:
            raise refused(at, message("a set holds no lists and no objects")) from None

    return read_list


def _mapping_reader(key: Reader, item: Reader) -> Reader:
    def read_mapping(data: Any, at: str) -> Any:
        if not isinstance(data, dict):
            raise refused(at, message("it is an object"))
        return {
            key(name, _below(at, name)): item(one, _below(at, name))
            for name, one in data.items()
        }

    return read_mapping


def _object_reader(kind: type, plain: bool) -> Reader:
    def read_object(data: Any, at: str) -> Any:
        if not isinstance(data, dict):
            raise refused(at, message("it is an object"))
        parts = parts_of(kind)
        for name in data:
            if name not in parts and not (kind is Message and name == SAID):
                template = "nothing here is called '{name}'{hint}"
                near = hint(name, parts)
                raise refused(at, message(template, name=name[:_SHOWN], hint=near))
        missing = [name for name, (_, needed) in parts.items() if needed and name not in data]
        if missing:
            raise refused(at, message("'{name}' is missing", name=missing[0]))
        given = {
            name: _reader(parts[name][0], plain)(one, _below(at, name))
            for name, one in data.items()
            if name in parts
        }
        return kind(**given)

    return read_object


def _tagged(data: Any, at: str) -> Any:
    """Return what data says of which no type says anything, but that it may say itself."""
    if isinstance(data, list):
        return [_tagged(one, f"{at}[{number}]") for number, one in enumerate(data)]
    if not isinstance(data, dict):
        return data
    if TAG not in data:
        return {key: _tagged(one, _below(at, key)) for key, one in data.items()}
    tag, inside = data[TAG], data.get("value")
    name = tag if isinstance(tag, str) else ""
    if name in _TAGGED_READERS:
        return _TAGGED_READERS[name](inside, at)
    found = kind_named(name)
    if found is None:
        template = "nothing is known of what calls itself '{name}'"
        raise refused(at, message(template, name=str(tag)[:_SHOWN]))
    rest = {key: one for key, one in data.items() if key != TAG}
    return _object_reader(found, False)(rest, at)


def _as_it_is(data: Any, at: str) -> Any:
    return data


def _below(at: str, name: str) -> str:
    short = name[:_SHOWN]
    return f"{at}.{short}" if at else short


_TAGGED_READERS: Mapping[str, Reader] = {
    "mapping": _mapping_reader(text, _tagged),
    "tuple": _list_reader(_tagged, tuple),
    "set": _list_reader(_tagged, set),
    "frozenset": _list_reader(_tagged, frozenset),
    "datetime": moment,
    "timedelta": length,
    "bytes": octets,
}
