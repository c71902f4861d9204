"""Two JSON Schema engines, one verdict: over our subset of the language, for any form and any values."""

from fractions import Fraction

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.forms import reference_engine, vocabulary
from casewright.forms.check import FormChecker
from casewright.forms.load import read_form

TEXTS = [
    "", "a", "ab", "abc", "a\n", "字", "字字", "é", "e\u0301", "😀", "1", " ", "A", "\u00a0", "\r",
    "\u2028", "\u212a", "\u0663",
]  # fmt: skip
EXPRESSIONS = [
    "^a", "a$", "^.$", "^..$", r"^\d+$", r"^\w+$", r"\bab\b", r"\s", "[^a]", "^(a|b)*$",
    "(?i)^AB$", "(?i)k", r"\p{Han}", "", "a{2,3}", r"^[\x{4e00}-\x{9fff}]+$", r"^\S*$", "(?s)^.$",
    "(?m)^$", "^[[:alpha:]]+$",
]  # fmt: skip
FORMATTED = [
    "2026-01-31", "2026-02-30", "2026-01-31T00:00:00Z", "2026-01-31 00:00:00Z", "a@b.org", "a@b",
    "Ana <a@b.org>", "https://a.b", "urn:x", "file:///x",
]  # fmt: skip
AMOUNTS = [
    0,
    1,
    -3,
    0.1,
    0.07,
    0.35,
    1.1,
    1.5,
    2.5e-7,
    1e22,
    -0.0,
    0.3,
    2**53,
    2**53 + 1,
    2**62,
]
WORDS = st.sampled_from(TEXTS)
PATTERNS = st.sampled_from(EXPRESSIONS)
NUMBERS = (
    st.integers(-5, 5)
    | st.sampled_from(AMOUNTS)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(2**63), 2**63 - 1)
)
BOUNDS = st.integers(-5, 5) | st.sampled_from([0.1, 0.3, -0.5, 2.0, 2**53, -(2**53)])
EXACT_STEPS = [1, 2, 3, 0.01, 0.1, 0.3, 2.5, 1e-9]
STEPS = st.sampled_from(EXACT_STEPS)
WRITTEN = st.sampled_from(FORMATTED)


def constraints(draw, chosen: dict) -> dict:
    words = draw(st.lists(st.sampled_from(sorted(chosen)), max_size=2, unique=True))
    return {word: draw(chosen[word]) for word in words}


@st.composite
def fields(draw):
    kind = draw(st.sampled_from(["string", "integer", "number", "boolean", "array"]))
    text = {
        "minLength": st.integers(0, 3), "maxLength": st.integers(3, 4), "pattern": PATTERNS,
        "format": st.sampled_from(vocabulary.FORMATS),
    }  # fmt: skip
    if kind == "string":
        return {"type": kind, **constraints(draw, text)}
    if kind in ("integer", "number"):
        numeric = dict.fromkeys(("exclusiveMinimum", "maximum"), BOUNDS) | {"multipleOf": STEPS}
        return {"type": kind, **constraints(draw, numeric)}
    if kind == "boolean":
        return {"type": kind, **constraints(draw, {"const": st.booleans()})}
    lists = {"minItems": st.integers(0, 2), "uniqueItems": st.booleans()}
    items = {"type": "string", **constraints(draw, text)}
    return {
        "type": kind,
        "maxItems": draw(st.integers(2, 3)),
        "items": items,
        **constraints(draw, lists),
    }


LISTS = st.lists(WORDS, max_size=4)
SUITED = {
    "string": WORDS | st.text(max_size=4),
    "integer": st.integers(-5, 5) | NUMBERS,
    "number": NUMBERS | st.sampled_from([0.1, 0.3, 0.35, 0.07, 1.1]),
    "boolean": st.booleans(),
    "array": LISTS,
}
ANYTHING = WORDS | WRITTEN | NUMBERS | st.booleans() | st.none() | LISTS | st.text(max_size=4)
CONDITION = {
    "if": {"properties": {"c": {"const": "x"}}, "required": ["c"]},
    "then": {"required": ["a"]},
    "else": {"properties": {"c": {"maxLength": 2}}},
}


def with_fields(properties: dict, **more):
    titled = {
        name: {"x-title": {"en": name, "zh": name}, **one} for name, one in properties.items()
    }
    form, problems = read_form(
        {"x-title": {"en": "F", "zh": "表"}, "properties": titled, **more}, name="f"
    )
    assert form is not None, [str(problem) for problem in problems]
    return form


def suited(schema: dict):
    """Return values that reach the constraints of a field, and now and then others."""
    if "format" in schema:
        return WRITTEN
    if "format" in schema.get("items", {}):
        return st.lists(WRITTEN, max_size=2)
    return SUITED[schema["type"]] | ANYTHING if "pattern" not in schema else WORDS


def compare_fields(data) -> None:
    """Draw a field and values for it, and ask both engines."""
    schema = data.draw(fields())
    checker = FormChecker(with_fields({"a": schema}))
    for _ in range(10):
        values = {"a": data.draw(suited(schema))}
        assert checker.accepts(values) == (checker.faults(values) == ())


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_both_engines_give_the_same_verdict_on_every_field_and_value(data):
    compare_fields(data)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_both_engines_give_the_same_verdict_on_forms_with_conditions(data):
    first, second = data.draw(fields()), data.draw(fields())
    chosen = {
        "type": "string", "enum": ["x", "yyy"],
        "x-labels": {one: {"en": one, "zh": one} for one in ("x", "yyy")},
    }  # fmt: skip
    checker = FormChecker(
        with_fields({"a": first, "b": second, "c": chosen}, allOf=[CONDITION])
    )
    asked = {"a": suited(first), "b": suited(second), "c": st.sampled_from(["x", "yyy", "z"])}
    for _ in range(5):
        values = data.draw(st.fixed_dictionaries({}, optional={**asked, "d": st.just(1)}))
        assert checker.accepts(values) == (checker.faults(values) == ())


GRID = [
    ("string", "pattern", EXPRESSIONS, TEXTS),
    ("string", "format", vocabulary.FORMATS, FORMATTED),
    ("number", "multipleOf", EXACT_STEPS, AMOUNTS),
    ("number", "maximum", [0, 0.1, 0.35, -3, 2.5e-7, 2**53], AMOUNTS),
    ("number", "exclusiveMinimum", AMOUNTS[:7], AMOUNTS),
    (
        "integer",
        "minimum",
        [0, 1.5, 2**53, -(2**53)],
        [*AMOUNTS, 2**63 - 1, -(2**63), 1.0, True],
    ),
    ("string", "minLength", [0, 1, 2], TEXTS),
    ("string", "maxLength", [0, 1, 2], TEXTS),
    ("boolean", "const", [True, False], [True, False, 1, 0, "true"]),
    ("integer", "const", [0, 1], [True, False, 1, 0, 1.0]),
]


def disagreements() -> list[tuple[str, object, object]]:
    """Ask both engines about each constraint with each value that could tell them apart."""
    found = []
    for kind, word, limits, values in GRID:
        for limit in limits:
            checker = FormChecker(with_fields({"a": {"type": kind, word: limit}}))
            for value in values:
                if checker.accepts({"a": value}) != (checker.faults({"a": value}) == ()):
                    found.append((word, limit, value))
    return found


def test_both_engines_agree_where_they_are_known_to_have_ideas_of_their_own():
    assert disagreements() == []


@pytest.mark.parametrize(
    ("dropped", "words"), [("keywords", {"pattern"}), ("formats", {"format"})]
)
def test_the_comparison_notices_an_engine_that_goes_its_own_way(monkeypatch, dropped, words):
    real = jsonschema_rs.Draft202012Validator
    monkeypatch.setattr(
        jsonschema_rs,
        "Draft202012Validator",
        lambda schema, **options: real(
            schema, **{name: value for name, value in options.items() if name != dropped}
        ),
    )

    assert {word for word, _, _ in disagreements()} == words


def test_the_comparison_notices_a_reference_that_divides_binary_fractions(monkeypatch):
    plain = jsonschema.validators.extend(
        jsonschema.Draft202012Validator, {"pattern": reference_engine._pattern}
    )
    monkeypatch.setattr(reference_engine, "_ENGINE", plain)

    assert {word for word, _, _ in disagreements()} == {"multipleOf"}


@settings(max_examples=300, deadline=None)
@given(NUMBERS, STEPS)
def test_a_step_is_counted_as_people_count(number, step):
    form = with_fields({"a": {"type": "number", "multipleOf": step}})

    exact = (Fraction(repr(number)) / Fraction(repr(step))).denominator == 1
    assert FormChecker(form).accepts({"a": number}) == exact
