"""The second JSON Schema engine: it takes its time and names every error."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from casewright.forms import values


def validator(schema: dict[str, Any]) -> Any:
    """Return a validator that fetches nothing and leaves to `values` what `check` says."""
    return _ENGINE(schema, registry=Registry(), format_checker=_FORMATS)


def _pattern(
    engine: Any, pattern: str, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not values.matches(pattern, instance):
        yield ValidationError("pattern")


def _multiple_of(
    engine: Any, step: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if not values.is_multiple(instance, step):
        yield ValidationError("multipleOf")


def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    decide: Any
    for name, decide in values.FORMATS.items():
        checker.checks(name)(decide)
    return checker


_FORMATS = _formats()
_ENGINE: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern, "multipleOf": _multiple_of}
)
