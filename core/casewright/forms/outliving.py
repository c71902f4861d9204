"""Which of a ticket's fields outlive an erasure: what was chosen, counted or dated, and says nothing of a person."""

from collections.abc import Iterable, Mapping
from typing import Any

from casewright.forms.spec import Field, Form

_DATED = ("date", "date-time")
_COUNTED = ("integer", "decimal", "boolean")


def outlives(name: str, value: Any, forms: Iterable[Form]) -> bool:
    """Return whether the value of a field stays: every form that asks for it must say that it is nobody's own words.

    Of a field that no form asks for, such as one that an action fills, only numbers and truth values stay.
    """
    asked = [form.fields[name] for form in forms if name in form.fields]
    if asked:
        return all(map(_says_nothing_personal, asked))
    return not _has_text(value)


def _says_nothing_personal(field: Field) -> bool:
    if field.personal:
        return False
    chosen = bool(field.choices) or field.lookup is not None
    return chosen or field.kind in _COUNTED or field.format in _DATED


def _has_text(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_text, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_text, value))
    return isinstance(value, str)
