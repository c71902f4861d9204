"""Values that plugins' words and actions are given, held to a JSON Schema of the plugin's: the schema itself, then the values.

A schema is local: `$ref` and whatever else would fetch something is refused.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from casewright.errors import Message, message

Path = tuple[str | int, ...]
_REFERENCES = ("$ref", "$dynamicRef", "$id", "$schema", "$anchor", "$dynamicAnchor")
_DEEPEST = 16


def schema_fault(schema: object) -> Message | None:
    """Return why `schema` is no JSON Schema that can be held to, or None."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if not isinstance(schema, Mapping):
        return message("its schema is no mapping")
    plain = thawed(schema)
    for word in _words(plain):
        if word in _REFERENCES:
            return message("its schema has '{word}'; write it out instead", word=word)
    try:
        Draft202012Validator.check_schema(plain)
    except SchemaError as error:
        return message("its schema does not hold: {detail}", detail=error.message[:200])
    except (RecursionError, re.error) as error:
        return message("its schema does not hold: {detail}", detail=str(error)[:200])
    return None


def value_faults(schema: Mapping[str, Any], value: Any) -> list[tuple[Path, Message]]:
    """Return where `value` does not fit `schema` and why, in order; `schema` was checked before."""
    from jsonschema import Draft202012Validator
    from referencing import Registry

    from casewright.forms import schema_sentences

    validator = Draft202012Validator(thawed(schema), registry=Registry())
    found = sorted(validator.iter_errors(thawed(value)), key=lambda one: [*map(str, one.path)])
    told = [one for error in found for one in schema_sentences.told(error)]
    return list({(at, str(reason)): (at, reason) for at, reason in told}.values())


def thawed(value: Any) -> Any:
    """Return plain data as the library wants it: dicts and lists."""
    if isinstance(value, Mapping):
        return {name: thawed(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [thawed(one) for one in value]
    return value


def _words(schema: Any, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        yield "$ref"
    elif isinstance(schema, dict):
        for word, inner in schema.items():
            yield str(word)
            yield from _words(inner, depth + 1)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _words(inner, depth + 1)
