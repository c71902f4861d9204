"""The JSON Schema door: whether values satisfy a form, and if not, why, in people's words.

jsonschema-rs gives the verdict, jsonschema names the faults, and the two never differ, because
what they could differ about never reaches them or is decided by the same function for both:
- Values pass a gate first: a whole number is an `int` (neither engine sees 1.0 for an integer)
  within 64 bits, a decimal is finite, a text can be stored, a list holds texts, and nothing but
  the form's fields is there.
- `pattern`, `format` and `multipleOf` are decided in `values`, as keywords of our own in both.
- All else counts or compares, with numbers that a form file may only give up to 2**53.
Neither engine can fetch anything: the schema has no references left, jsonschema has an empty
registry and jsonschema-rs is offline.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from casewright.bilingual import Bilingual
from casewright.errors import FormRefused, JsonRefused, Message, message
from casewright.forms import values as rules_for
from casewright.forms.sentences import sentences
from casewright.forms.spec import Field, Form
from casewright.nearest import hint
from casewright.strict_json import INTEGERS, check_text

if TYPE_CHECKING:
    import jsonschema_rs

Faults = tuple[tuple[str, Message], ...]


def check(
    form: Form,
    values: Mapping[str, Any],
    *,
    tables: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Raise `FormRefused` with all faults unless `values` satisfy the form.

    With `tables`, a lookup's value must be a key of its table; else lookups are not asked.
    """
    FormChecker(form).check(values, tables=tables)


class FormChecker:
    """Checks values against one form; keep it with the form, its engines are built once."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._gates = {name: _GATES[field.kind] for name, field in form.fields.items()}

    def accepts(self, values: Mapping[str, Any]) -> bool:
        """Return whether the values satisfy the form; lookups are not asked."""
        plain = dict(values)
        for name, value in plain.items():
            gate = self._gates.get(name)
            if gate is None or gate(value) is not None:
                return False
        return self._verdict.is_valid(plain)

    def faults(self, values: Mapping[str, Any]) -> Faults:
        """Return what is wrong, (field, sentence), as the form goes, unknown fields first."""
        stopped = dict(self._gate_faults(values))
        passed = {name: value for name, value in values.items() if name not in stopped}
        found = list(stopped.items())
        for error in self._reference.iter_errors(passed):
            found += [one for one in sentences(error) if one[0] not in stopped]
        order = {name: at for at, name in enumerate(self._form.fields)}
        unique = {(name, str(reason)): (name, reason) for name, reason in found}
        return tuple(sorted(unique.values(), key=lambda one: order.get(one[0], -1)))

    def check(
        self, values: Mapping[str, Any], *, tables: Mapping[str, Collection[str]] | None = None
    ) -> None:
        """Raise `FormRefused` with all faults; with `tables`, ask the lookups as well."""
        faults = () if self.accepts(values) else self.faults(values)
        faults += tuple(_lookup_faults(self._form, values, tables or {}))
        if faults:
            titles = {name: field.title for name, field in self._form.fields.items()}
            raise FormRefused(
                form=self._form.name,
                summary=_summary(faults, titles),
                faults=faults,
                form_title=self._form.title,
                titles=titles,
            )

    def _gate_faults(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Message]]:
        for name, value in values.items():
            gate = self._gates.get(name)
            if gate is None:
                near = hint(str(name), self._form.fields)
                yield str(name), message("the form has no such field{hint}", hint=near)
            elif (reason := gate(value)) is not None:
                yield name, reason

    @cached_property
    def _verdict(self) -> "jsonschema_rs.Validator":
        import jsonschema_rs  # Not before a form is checked.

        return jsonschema_rs.Draft202012Validator(
            _bare(self._form.schema),
            formats=rules_for.FORMATS,
            validate_formats=True,
            ignore_unknown_formats=False,
            keywords={"pattern": _Pattern, "multipleOf": _MultipleOf},
            offline=True,
        )

    @cached_property
    def _reference(self) -> Any:
        from casewright.forms.reference_engine import validator

        return validator(_bare(self._form.schema))


class _Pattern:
    def __init__(self, parent: dict[str, Any], value: Any, path: list[str | int]) -> None:
        self._search = rules_for.compiled(value).search

    def validate(self, instance: Any) -> None:
        if isinstance(instance, str) and self._search(instance.encode()) is None:
            raise ValueError("pattern")


class _MultipleOf:
    def __init__(self, parent: dict[str, Any], value: Any, path: list[str | int]) -> None:
        self._step = value

    def validate(self, instance: Any) -> None:
        if not rules_for.is_multiple(instance, self._step):
            raise ValueError("multipleOf")


def _bare(schema: Any) -> Any:
    """Return the schema with only the words that the engines act on."""
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {word: value for word, value in schema.items() if word not in _FOR_PEOPLE}
    return {
        word: {name: _bare(inner) for name, inner in value.items()}
        if word == "properties"
        else _bare(value)
        for word, value in kept.items()
        if not word.startswith("x-")
    }


_FOR_PEOPLE = ("title", "description", "default", "$comment", "$schema")


# --- the gate ---------------------------------------------------------------------------------


def _text_gate(value: Any) -> Message | None:
    if type(value) is not str:
        return message("a text is needed")
    if not value.isprintable():  # what is, can be stored
        try:
            check_text(value)
        except JsonRefused as refused:
            return refused.reason
    return None


def _integer_gate(value: Any) -> Message | None:
    if type(value) is not int:
        return message("a whole number is needed")
    return None if value in INTEGERS else message("the number is too large")


def _decimal_gate(value: Any) -> Message | None:
    if type(value) is int:
        return _integer_gate(value)
    if type(value) is not float:
        return message("a number is needed")
    return (
        None if abs(value) != float("inf") and value == value else message("a number is needed")
    )


def _boolean_gate(value: Any) -> Message | None:
    return None if type(value) is bool else message("yes or no is needed")


def _texts_gate(value: Any) -> Message | None:
    if type(value) is not list:
        return message("a list of texts is needed")
    return next((reason for one in value if (reason := _text_gate(one))), None)


_GATES: dict[str, Callable[[Any], Message | None]] = {
    "text": _text_gate,
    "integer": _integer_gate,
    "decimal": _decimal_gate,
    "boolean": _boolean_gate,
    "texts": _texts_gate,
}


def _lookup_faults(
    form: Form, values: Mapping[str, Any], tables: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, Message]]:
    for field in form.fields.values():
        table = tables.get(field.lookup) if field.lookup else None
        if table is not None and field.name in values:
            yield from _unknown_keys(field, values[field.name], table)


def _unknown_keys(
    field: Field, value: Any, table: Collection[str]
) -> Iterator[tuple[str, Message]]:
    for key in value if isinstance(value, list) else [value]:
        if isinstance(key, str) and key not in table:
            template = "'{key}' is not in the table {table}{hint}"
            near = hint(key, table)
            yield field.name, message(template, key=key, table=field.lookup, hint=near)


def _summary(faults: Faults, titles: Mapping[str, Bilingual]) -> Message:
    name, fault = faults[0]
    # English says the name that is typed, Chinese the title that is read.
    field = Bilingual(en=name, zh=titles[name].zh) if name in titles else name
    if len(faults) == 1:
        return message("{field}: {fault}", field=field, fault=fault)
    more = len(faults) - 1
    return message("{field}: {fault} (and {more} more)", field=field, fault=fault, more=more)
