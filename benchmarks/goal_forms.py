"""Goal 11: a form's check against jsonschema, with the same verdicts."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
from goal import Bench, Row
from interleaved import Variant, measure

from casewright.forms.check import FormChecker
from casewright.forms.load import read_form
from casewright.forms.spec import Form

CHECKS = 200


def rows(bench: Bench) -> Iterator[Row]:
    """Yield the row of goal 11."""
    form = _form()
    checker = FormChecker(form)
    reference = jsonschema.Draft202012Validator(
        form.schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    good, bad = _values(), {**_values(), "amount": -1, "site": "?"}
    for values in (good, bad):
        assert checker.accepts(values) == reference.is_valid(values), "two verdicts"

    def ours(times: int) -> None:
        for _ in range(times * CHECKS):
            checker.accepts(good)

    def theirs(times: int) -> None:
        for _ in range(times * CHECKS):
            reference.is_valid(good)

    variants = (Variant(name="ours", run=ours), Variant(name="jsonschema", run=theirs))
    found = measure(variants, rounds=bench.scale.rounds, operations=1)
    yield Row(
        goal="11",
        what="a form of 12 fields checked, against jsonschema 4.26",
        ratio=found.slowness("ours", base="jsonschema"),
        bound=0.05,
        at_least=False,
        how="both built beforehand; that their verdicts agree is tests/core/test_form_engines.py",
    )


def _form() -> Form:
    title = {"en": "Field", "zh": "字段"}
    properties = {name: {**rule, "x-title": title} for name, rule in _RULES.items()}
    source = {
        "x-title": title,
        "type": "object",
        "required": ["subject"],
        "properties": properties,
    }
    form, problems = read_form(source, name="twelve")
    assert form is not None, problems
    return form


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


_RULES: Mapping[str, dict[str, Any]] = {
    "subject": {**_text(80), "minLength": 2},
    "site": {"type": "string", "pattern": "^[0-9A-Z-]{3,12}$"},
    "amount": {"type": "number", "minimum": 0},
    "urgent": {"type": "boolean"},
    "note": _text(400),
    "count": {"type": "integer", "minimum": 0, "maximum": 99},
    "day": {"type": "string", "format": "date"},
    "mail": {"type": "string", "format": "email"},
    "first": _text(40),
    "last": _text(40),
    "street": _text(80),
    "town": _text(40),
}


def _values() -> dict[str, Any]:
    return {
        "subject": "No signal 无信号", "site": "HQ-3-100", "amount": 12.5, "urgent": True,
        "note": "measured twice", "count": 3, "day": "2026-03-02", "mail": "a@b.org",
        "first": "Ana", "last": "Li", "street": "Long Road 3", "town": "Hangzhou",
    }  # fmt: skip
