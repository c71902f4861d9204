"""What an option of a section may be, and the check of what an administrator wrote."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, cast

from casewright.errors import ConfigRefused, Message, message
from casewright.nearest import hint
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass

Kind = Literal["text", "number", "yes_no", "table", "list"]
LONGEST_ATTEMPT = 50
"""Seconds that an attempt to send may be given at most: the worker itself waits for none longer, and would begin another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One word of a section: its kind, what stands in for it when it is left out, what it is for.

    A plugin's hook that one `turns_on` is only asked where its value is true; else it is as if the plugin did not have it.
    """

    name: str
    help: str
    kind: Kind = "text"
    default: str | float | bool | Mapping[str, object] | Sequence[str] = ""
    required: bool = False
    most: float = 0
    """The largest that a number may be; 0 where any may."""
    choices: tuple[str, ...] = ()
    turns_on: str = ""


def checked(
    written: Mapping[str, object],
    options: Iterable[Option],
    *,
    section: tuple[str, ...],
    places: TomlPlaces,
) -> dict[str, object]:
    """Return a value for each of `options`; raise `ConfigRefused` at the first that is wrong."""
    known = {option.name: option for option in options}
    for name in written:
        if name not in known:
            template = "unknown setting '{name}'{hint}"
            reason = message(template, name=name, hint=hint(name, known))
            raise ConfigRefused(place=places.of(*section, name), reason=reason)
    values = {}
    for option in known.values():
        value = written.get(option.name, option.default)
        fault = _fault(option, value) if option.name in written else _missing(option)
        if fault is not None:
            raise ConfigRefused(place=places.of(*section, option.name), reason=fault)
        values[option.name] = value
    return values


def _missing(option: Option) -> Message | None:
    return message("'{name}' is missing", name=option.name) if option.required else None


def _fault(option: Option, value: object) -> Message | None:
    if option.kind == "text":
        return _text_fault(option, value)
    if option.kind == "number":
        return _number_fault(option, value)
    if option.kind == "yes_no":
        said = isinstance(value, bool)
        return None if said else message("'{name}' must be true or false", name=option.name)
    if option.kind == "list":
        return _list_fault(option, value)
    table = isinstance(value, dict)
    return None if table else message("'{name}' must be a table", name=option.name)


def _number_fault(option: Option, value: object) -> Message | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 < cast(float, value) < math.inf:
        return message("'{name}' must be a number above 0", name=option.name)
    if option.most and cast(float, value) > option.most:
        return message("'{name}' is {most} at most", name=option.name, most=option.most)
    return None


def _list_fault(option: Option, value: object) -> Message | None:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        return message("'{name}' must be a list of texts", name=option.name)
    unknown = next((one for one in value if option.choices and one not in option.choices), None)
    if unknown is not None:
        template = "'{name}' may hold: {known}; '{written}' is none of them{hint}"
        known, near = ", ".join(option.choices), hint(unknown, option.choices)
        return message(template, name=option.name, known=known, written=unknown, hint=near)
    missing = option.required and not value
    return message("'{name}' must not be empty", name=option.name) if missing else None


def _text_fault(option: Option, value: object) -> Message | None:
    if not isinstance(value, str):
        return message("'{name}' must be a text in quotes", name=option.name)
    if option.choices and value not in option.choices:
        known = ", ".join(option.choices)
        return message("'{name}' is one of: {known}", name=option.name, known=known)
    if option.required and not value.strip():
        return message("'{name}' must not be empty", name=option.name)
    if not value.isprintable():
        return message("'{name}' must be one line of plain text", name=option.name)
    return None
