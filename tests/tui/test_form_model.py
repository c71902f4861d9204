"""A form while it is filled in: what typed texts mean, which fields are asked for, and a verdict that is the desk's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.bilingual import Bilingual
from casewright.forms.check import FormChecker
from casewright.forms.spec import Field, Form
from casewright_tui.pure.entries import Entry, Now, kept, restored
from casewright_tui.pure.form_model import FormModel

NOW = Now(at=datetime(2026, 3, 4, 3, 30, tzinfo=UTC), zone=ZoneInfo("Asia/Shanghai"))
WORDS = ("a", "b", "c")


def form(
    properties: dict[str, dict[str, Any]],
    required: tuple[str, ...] = (),
    rules: tuple[dict[str, Any], ...] = (),
) -> Form:
    kinds = {
        "string": "text",
        "integer": "integer",
        "number": "decimal",
        "boolean": "boolean",
        "array": "texts",
    }
    fields = {
        name: Field(
            name=name,
            title=Bilingual(en=name, zh=name),
            kind=kinds[one["type"]],  # type: ignore[arg-type]
            required=name in required,
            choices=tuple(one.get("enum", one.get("items", {}).get("enum", ()))),
            format=one.get("format"),
        )
        for name, one in properties.items()
    }
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **({"allOf": list(rules)} if rules else {}),
    }
    return Form(name="f", title=Bilingual(en="F", zh="F"), schema=schema, fields=fields)


REGULATOR = form(
    {"sent": {"type": "boolean"}, "reference": {"type": "string"}, "due": {"type": "string", "format": "date"}},
    rules=(
        {
            "if": {"properties": {"sent": {"const": True}}, "required": ["sent"]},
            "then": {"required": ["reference", "due"]},
        },
    ),
)  # fmt: skip


def test_a_field_that_no_answer_calls_for_is_folded_away_and_what_was_typed_into_it_is_not_submitted():
    model = FormModel(REGULATOR)
    entries: dict[str, Entry] = {"sent": True, "reference": "R-7", "due": "+3d"}

    called_for = model.filled(entries, NOW)
    no_longer = model.filled({**entries, "sent": False}, NOW)

    assert called_for.values == {"sent": True, "reference": "R-7", "due": "2026-03-07"}
    assert called_for.asked.required == {"reference", "due"}
    assert no_longer.values == {"sent": False}
    assert no_longer.asked.folded == ("reference", "due")
    assert (
        model.filled({**entries, "sent": False}, NOW, unfolded=True).values["reference"]
        == "R-7"
    )


def test_the_first_fault_in_the_forms_order_is_the_one_that_is_gone_to():
    filled = FormModel(REGULATOR).filled({"sent": True, "due": "soon"}, NOW)

    assert filled.first_fault == "reference"
    assert str(filled.faults["due"]).startswith("enter a day")


def test_conditions_that_turn_each_other_off_hide_nothing():
    never = {"if": {"required": ["x"]}, "then": {"properties": {}}, "else": {"required": ["x"]}}
    model = FormModel(form({"x": {"type": "string"}}, rules=(never,)))

    assert model.filled({"x": "1"}, NOW).asked.fields == ("x",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("\uff11\uff12", 12), ("1,200", 1200), (" 7 ", 7), ("-3", -3), ("1.5", None), ("x", None)],
)
def test_whole_numbers_are_taken_as_people_type_them(typed, meant):
    filled = FormModel(form({"n": {"type": "integer"}})).filled({"n": typed}, NOW)

    assert filled.values.get("n") == meant
    assert bool(filled.faults) == (meant is None)


@pytest.mark.parametrize("typed", ["a,b", "a\uff0cb", "a、b\uff1b", " a ; b"])
def test_a_list_is_typed_with_any_comma(typed):
    filled = FormModel(form({"l": {"type": "array", "items": {"type": "string"}}})).filled(
        {"l": typed}, NOW
    )
    assert filled.values == {"l": ["a", "b"]}


def test_a_draft_gives_back_what_was_typed_even_where_it_means_nothing_yet():
    entries: dict[str, Entry] = {"a": "fri 1", "b": True, "c": ("x", "y"), "d": "", "e": None}
    assert restored(kept(entries)) == {"a": "fri 1", "b": True, "c": ("x", "y")}


# --- any form, any answers -----------------------------------------------------------------------

_PROPERTY = st.one_of(
    st.fixed_dictionaries({"type": st.just("string")}, optional={"minLength": st.integers(0, 3), "maxLength": st.integers(3, 5)}),
    st.just({"type": "string", "enum": list(WORDS)}),
    st.just({"type": "string", "format": "date"}),
    st.just({"type": "string", "format": "date-time"}),
    st.just({"type": "string", "format": "email"}),
    st.fixed_dictionaries({"type": st.just("integer")}, optional={"minimum": st.integers(-5, 5)}),
    st.fixed_dictionaries({"type": st.just("number")}, optional={"maximum": st.integers(-5, 5)}),
    st.just({"type": "boolean"}),
    st.just({"type": "array", "items": {"type": "string", "enum": list(WORDS)}, "minItems": 1}),
    st.just({"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": True}),
)  # fmt: skip
_NAMES = ("a", "b", "c", "d")


@st.composite
def _rules(draw: st.DrawFn) -> dict[str, Any]:
    asked, then = draw(st.sampled_from(_NAMES)), draw(st.sampled_from(_NAMES))
    condition = draw(
        st.sampled_from([{"required": [asked]}, {"properties": {}, "required": [asked]}])
    )
    rule: dict[str, Any] = {"if": condition, "then": {"required": [then]}}
    if draw(st.booleans()):
        rule["else"] = {"required": [draw(st.sampled_from(_NAMES))]}
    return rule


@st.composite
def _forms(draw: st.DrawFn) -> Form:
    properties = {name: draw(_PROPERTY) for name in _NAMES}
    required = tuple(draw(st.sets(st.sampled_from(_NAMES), max_size=2)))
    return form(properties, required, tuple(draw(st.lists(_rules(), max_size=3))))


_TYPED = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "a", "b", "\uff17", "1.5", "-2", "+3d", "周五 10点", "fri", "a@b.cn", "a,b", "a\uff0ca", "1e9", "yes", "no"]),
    st.text(max_size=6),
)  # fmt: skip


@st.composite
def _entry(draw: st.DrawFn, model: FormModel, name: str) -> Entry:
    way = model.ways[name]
    if way == "tick":
        return draw(st.sampled_from([None, True, False]))
    if way == "several":
        return tuple(draw(st.lists(st.sampled_from(WORDS), max_size=3, unique=True)))
    if way == "one":
        known = [one.value for one in model.choices(name)]
        return draw(st.sampled_from([None, *known]))
    return draw(_TYPED)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_a_form_lets_pass_the_desk_takes_and_what_is_folded_away_is_never_submitted(data):
    model = FormModel(data.draw(_forms()))
    entries = {name: data.draw(_entry(model, name)) for name in _NAMES}

    filled = model.filled(entries, NOW)

    judge = FormChecker(model.form)
    assert set(filled.values) <= set(filled.asked.fields)
    if not filled.faults:
        assert judge.accepts(filled.values)
    else:
        assert filled.first_fault in filled.asked.fields
        unread = {name for name in filled.faults if name not in filled.values}
        assert unread or not judge.accepts(filled.values)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_value_put_into_a_field_comes_out_as_it_was(data):
    model = FormModel(data.draw(_forms()))
    entries = {name: data.draw(_entry(model, name)) for name in _NAMES}
    first = model.filled(entries, NOW, unfolded=True)

    again = model.filled(model.entries_of(first.values, NOW), NOW, unfolded=True)

    assert {name: again.values.get(name) for name in first.values} == first.values


# --- a long form ---------------------------------------------------------------------------------


def test_a_long_form_is_judged_no_more_often_than_a_short_one(monkeypatch):
    judged = list[int]()
    accepts = FormChecker.accepts

    def counted(checker: FormChecker, values: dict[str, Any]) -> bool:
        judged.append(len(values))
        return accepts(checker, values)

    monkeypatch.setattr(FormChecker, "accepts", counted)

    def verdicts(count: int) -> int:
        model = FormModel(form(dict(enumerated(count)), ("f0", "f1")))
        judged.clear()
        filled = model.filled({f"f{one}": _LONG[one % 4][1] for one in range(count)}, NOW)
        assert len(filled.values) == count == max(judged)
        return len(judged)

    assert verdicts(80) == verdicts(20)


def enumerated(count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield so many fields of four kinds."""
    for one in range(count):
        yield f"f{one}", _LONG[one % 4][0]


_LONG: tuple[tuple[dict[str, Any], Entry], ...] = (
    ({"type": "string", "minLength": 1}, "text"),
    ({"type": "integer", "minimum": 0}, "7"),
    ({"type": "boolean"}, True),
    ({"type": "string", "format": "date"}, "2026-03-02"),
)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [("+1h", ""), ("-1d", "this is past; write a moment that is still to come"), ("", "")],
)
def test_a_moment_that_must_be_still_to_come_is_judged_at_its_field(typed, fault):
    asked = form({"end": {"type": "string", "format": "date-time"}})

    judged = FormModel(asked, ahead=("end",)).filled({"end": typed}, NOW)

    assert str(judged.faults.get("end", "")) == fault
    assert judged.first_fault == ("end" if fault else None)
