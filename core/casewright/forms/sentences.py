"""From what a JSON Schema engine found to sentences that say what to enter."""

from collections.abc import Callable, Iterator
from typing import Any

from casewright.errors import Message, message

_SHOWN = 12
"""So many choices are named in a sentence; the form shows all of them."""


def sentences(error: Any) -> Iterator[tuple[str, Message]]:
    """Return (field, sentence) for an error of jsonschema; one per field that is missing."""
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield name, message("this is required")
        return
    field = str(error.path[0]) if error.path else ""
    yield field, _SENTENCES[error.validator](error.validator_value, error.instance)


def _one_of(known: list[str], value: Any) -> Message:
    shown = ", ".join(known[:_SHOWN])
    if len(known) > _SHOWN:
        return message(
            "choose one of {choices} and {more} more", choices=shown, more=len(known) - _SHOWN
        )
    return message("choose one of {choices}", choices=shown)


def _exactly(wanted: Any, value: Any) -> Message:
    if wanted is True:
        return message("this must be answered with yes")
    if wanted is False:
        return message("this must be answered with no")
    return message("this must be {value}", value=wanted)


def _format(name: str, value: Any) -> Message:
    return _FORMATS[name]


def _limit(template: str) -> Callable[[Any, Any], Message]:
    return lambda limit, value: message(template, limit=limit)


_FORMATS = {
    "date": message("write a day as in 2026-01-31"),
    "date-time": message("write a moment with its offset, as in 2026-01-31T09:30:00+08:00"),
    "email": message("write an e-mail address, as in name@example.org"),
    "uri": message("write a web address, as in https://example.org/page"),
}

_SENTENCES: dict[str, Callable[[Any, Any], Message]] = {
    "enum": _one_of,
    "const": _exactly,
    "format": _format,
    "minLength": lambda limit, value: message(
        "write at least {limit} characters ({length} so far)", limit=limit, length=len(value)
    ),
    "maxLength": lambda limit, value: message(
        "write at most {limit} characters ({length} so far)", limit=limit, length=len(value)
    ),
    "pattern": lambda pattern, value: message(
        "this is not written as expected ({pattern})", pattern=pattern
    ),
    "minimum": _limit("enter {limit} or more"),
    "maximum": _limit("enter {limit} or less"),
    "exclusiveMinimum": _limit("enter more than {limit}"),
    "exclusiveMaximum": _limit("enter less than {limit}"),
    "multipleOf": _limit("enter a multiple of {limit}"),
    "minItems": _limit("choose at least {limit}"),
    "maxItems": _limit("choose at most {limit}"),
    "uniqueItems": lambda limit, value: message("an entry appears twice"),
}
