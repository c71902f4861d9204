"""From an error of jsonschema on any value to sentences that say what to write; `sentences` does it for the fields of a form."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from casewright.errors import Message, message
from casewright.nearest import hint

Path = tuple[str | int, ...]
_LONGEST = 200
"""So many characters of a value, or of what the library says, are shown."""


def told(error: Any) -> Iterator[tuple[Path, Message]]:
    """Yield what an error means, and where below the value: one for each word that is missing or unknown."""
    at: Path = tuple(error.absolute_path)
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield at, message("'{word}' is missing", word=name)
    elif error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        patterns = error.schema.get("patternProperties", {})
        for name in error.instance:
            if name not in known and not any(re.search(one, name) for one in patterns):
                near = hint(str(name), known)
                reason = message("unknown word '{word}'{hint}", word=name, hint=near)
                yield (*at, name), reason
    elif sentence := _SENTENCES.get(error.validator):
        yield at, sentence(error.validator_value)
    elif error.context:
        yield from _nearest(error)
    else:
        detail = error.message[:_LONGEST]
        yield at, message("this does not fit: {detail}", detail=detail)


def _nearest(error: Any) -> Iterator[tuple[Path, Message]]:
    """Yield what is wrong with the one of several shapes that the value comes closest to."""
    from jsonschema.exceptions import best_match

    kinds = [one.validator_value for one in error.context if one.validator == "type"]
    if len(kinds) == len(error.context) and all(not one.path for one in error.context):
        yield tuple(error.absolute_path), _kinds(kinds)
        return
    found = best_match([error])
    if found is error or found is None:
        reason = message("this does not fit: {detail}", detail=error.message[:_LONGEST])
        yield tuple(error.absolute_path), reason
    else:
        yield from told(found)


def _kinds(wanted: Any) -> Message:
    listed = [wanted] if isinstance(wanted, str) else wanted
    kinds = [kind for one in listed for kind in ([one] if isinstance(one, str) else one)]
    first, *others = dict.fromkeys(kinds)
    found = _KINDS[first]
    for one in others:
        found = message("{one}, or {other}", one=found, other=_KINDS[one])
    return message("write {shapes}", shapes=found)


def _choices(known: Any) -> Message:
    shown = ", ".join(map(str, known))[:_LONGEST]
    return message("choose one of {choices}", choices=shown)


def _limit(template: str) -> Callable[[Any], Message]:
    return lambda limit: message(template, limit=limit)


_KINDS = {
    "string": message("a text"),
    "integer": message("a whole number"),
    "number": message("a number"),
    "boolean": message("true or false"),
    "array": message("a list"),
    "object": message("a mapping of words"),
    "null": message("nothing"),
}
_SENTENCES: dict[str, Callable[[Any], Message]] = {
    "type": _kinds,
    "enum": _choices,
    "const": lambda value: message("this must be {value}", value=str(value)[:_LONGEST]),
    "minLength": _limit("write at least {limit} characters"),
    "maxLength": _limit("write at most {limit} characters"),
    "pattern": lambda pattern: message(
        "this is not written as expected ({pattern})", pattern=pattern
    ),
    "minimum": _limit("enter {limit} or more"),
    "maximum": _limit("enter {limit} or less"),
    "exclusiveMinimum": _limit("enter more than {limit}"),
    "exclusiveMaximum": _limit("enter less than {limit}"),
    "multipleOf": _limit("enter a multiple of {limit}"),
    "minItems": _limit("choose at least {limit}"),
    "maxItems": _limit("choose at most {limit}"),
    "uniqueItems": lambda wanted: message("an entry appears twice"),
}
