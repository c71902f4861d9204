"""Plugins' functions in expressions: typed when checked, given what stands in the fields, and never lost when they fail."""

import json
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.bilingual import Bilingual
from casewright.contributions import NO_VOCABULARY, GuardFunction, Kind, Vocabulary
from casewright.desk.compiling import compiled
from casewright.errors import PluginFailed, PluginMissing, message
from casewright.forms.spec import Field
from casewright.testing.desk import FORM, PARCEL
from casewright.workflows.bundle import bundle, unbundle
from casewright.workflows.guard import GuardFailed, Guards
from casewright.workflows.spec import Expression


def function(
    name: str, call: Any, result: Kind, *parameters: Kind
) -> tuple[str, GuardFunction]:
    doc = f"What {name} gives."
    return name.partition("_")[0], GuardFunction(
        name=name, parameters=parameters, result=result, doc=doc, call=call
    )


KINDS: tuple[Kind, ...] = ("text", "integer", "decimal", "boolean", "texts")
FIELDS = {
    kind: Field(name=kind, title=Bilingual(en=kind, zh=kind), kind=kind) for kind in KINDS
}
ECHOES = {
    f"echo_{kind}": function(f"echo_{kind}", lambda given: given, kind, kind) for kind in KINDS
}


def guards(functions: Mapping[str, tuple[str, GuardFunction]]) -> Guards:
    return Guards(fields=FIELDS, transitions=(), tables={}, functions=functions)


def value(found: Guards, source: str, **fields: Any) -> Any:
    return found.value(Expression(source), {"fields": fields, "times": {}})


ECHOING = guards(ECHOES)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.none() | TEXT,
    "integer": st.none() | st.integers(-(2**63), 2**63 - 1),
    "decimal": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "texts": st.lists(TEXT),
}


@settings(deadline=None)
@given(st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_a_function_is_given_any_value_as_it_stands_in_the_field_and_gives_it_back(one):
    kind, given_ = one

    found = value(ECHOING, f"echo_{kind}(fields.{kind})", **{kind: given_})

    assert found == given_
    assert type(found) is type(given_)


@pytest.mark.parametrize("kind", ["text", "integer", "decimal", "boolean"])
def test_a_field_that_is_not_filled_in_reaches_a_function_as_nothing(kind):
    asked: list[Any] = []

    def is_nothing(given: Any) -> bool:
        asked.append(given)
        return given is None

    found = guards({"p_nothing": function("p_nothing", is_nothing, "boolean", kind)})

    assert value(found, "p_nothing(null)") is True
    if kind != "boolean":
        assert value(found, f"p_nothing(fields.{kind})") is True
    assert set(asked) == {None}


def test_a_function_that_gives_nothing_gives_what_an_unset_field_is():
    found = guards(
        {
            "p_none": function("p_none", lambda: None, "text"),
            "p_list": function("p_list", lambda: None, "texts"),
        }
    )

    assert value(found, "p_none()") is None
    assert value(found, "p_none() == null") is True
    assert value(found, "p_none() == fields.text") is True
    assert value(found, "p_list()") == []


def test_a_whole_number_is_a_decimal_to_a_function_and_an_unset_entry_is_in_no_list():
    found = guards(
        {
            "p_sum": function(
                "p_sum", lambda a, b: (a or 0.0) + b, "decimal", "decimal", "decimal"
            ),
            "p_join": function("p_join", ",".join, "text", "texts"),
        }
    )

    assert value(found, "p_sum(fields.integer, 2)", integer=1) == 3.0
    assert value(found, "p_sum(fields.integer, 2.5) > 2") is True
    assert value(found, "p_join(['a', fields.text])") == "a"


def test_what_a_function_raises_is_no_answer_whatever_else_is_asked():
    def fails(given: Any) -> str:
        raise PluginFailed(plugin="p", hook="p_fails", reason=message("out of order"))

    def breaks(given: Any) -> str:
        raise ValueError("no such thing")

    found = guards(
        {
            "p_fails": function("p_fails", fails, "text", "text"),
            "p_breaks": function("p_breaks", breaks, "text", "text"),
        }
    )

    for _ in range(2):
        with pytest.raises(PluginFailed, match="out of order"):
            value(found, "p_fails(fields.text) == 'a' || true")
        with pytest.raises(PluginFailed, match=r"'p_breaks'.*ValueError \(no such thing\)"):
            found.holds(Expression("p_breaks('x') != 'a' || true"), {"fields": {}, "times": {}})
    assert value(found, "true || p_fails('x') == 'a'") is True


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("text", 3),
        ("text", "\ud800"),
        ("text", "a\0b"),
        ("integer", 2.0),
        ("integer", True),
        ("integer", 2**63),
        ("decimal", float("nan")),
        ("decimal", "1"),
        ("boolean", 1),
        ("texts", "abc"),
        ("texts", [1]),
    ],
)
def test_a_function_that_gives_something_else_than_it_says_has_failed(kind, wrong):
    found = guards({"p_lies": function("p_lies", lambda: wrong, kind)})

    with pytest.raises(PluginFailed, match=f"where {kind} belongs"):
        value(found, "[p_lies()].size() == 1 || true")


def test_an_answer_of_a_plugin_is_never_kept():
    queue = ["a", "b"]
    found = guards({"p_next": function("p_next", lambda: queue.pop(0), "text")})
    asked = Expression("p_next() == 'a'")

    assert found.holds(asked, {"fields": {}, "times": {}}) is True
    assert found.holds(asked, {"fields": {}, "times": {}}) is False


def test_an_expression_beside_plugins_functions_still_cannot_compare_nothing():
    with pytest.raises(GuardFailed):
        value(ECHOING, "echo_integer(fields.integer) > 3")


@pytest.mark.parametrize(
    ("source", "column", "said"),
    [
        ("echo_text(3)", 1, "'echo_text' takes (a text), not (a whole number)"),
        ("true && echo_text() == 'a'", 9, "'echo_text' takes 1 value(s): a text"),
        ("echo_decimal('a')", 1, "'echo_decimal' takes (a number), not (a text)"),
        ("echo_txt('a')", None, "unknown name 'echo_txt'; did you mean 'echo_text'?"),
        ("echo_text('a') > 2", None, "a text does not go with a whole number ('>')"),
        ("echo_text(fields.texx)", None, "unknown 'fields.texx'; did you mean 'fields.text'?"),
    ],
)
def test_a_function_is_typed_when_the_workflow_is_checked(source, column, said):
    fault = ECHOING.fault(Expression(source), "value")

    assert fault is not None
    assert str(fault.message) == said
    assert column is None or fault.column == column


def test_a_functions_result_must_fit_where_it_stands():
    fault = ECHOING.fault(Expression("echo_text('a')"), "condition")

    assert fault is not None
    assert str(fault.message) == "must be true or false, but is a text"
    assert ECHOING.fault(Expression("echo_boolean(true)"), "condition") is None


# --- plugins that are gone ------------------------------------------------------------------------


WORDS = Vocabulary(
    functions={"routing_queue": function("routing_queue", lambda kind: kind, "text", "text")}
)


def borrowing(source: str) -> bytes:
    data = json.loads(json.dumps(PARCEL))
    data["states"]["registered"]["transitions"]["find"]["when"] = source
    return bundle(data, {"parcel": FORM}, WORDS).content


def asked(content: bytes, words: Vocabulary, source: str, **fields: Any) -> Any:
    plugins: Any = SimpleNamespace(vocabulary=words, why_not=lambda name: message("it is away"))
    made = compiled(*unbundle(content), {}, lambda: plugins, frozenset())
    return value(made.guards, source, **fields)


CONDITION = "routing_queue(fields.subject) == 'late'"


def test_a_published_version_calls_the_functions_that_it_borrows():
    assert asked(borrowing(CONDITION), WORDS, CONDITION, subject="late") is True


def test_a_function_of_a_plugin_that_is_gone_is_missed_and_named():
    with pytest.raises(PluginMissing) as missing:
        asked(borrowing(CONDITION), NO_VOCABULARY, CONDITION, subject="late")

    assert missing.value.plugin == "routing"
    assert "needed for the function 'routing_queue': it is away" in str(missing.value)


def test_a_function_that_is_another_now_is_missed_too():
    other = function("routing_queue", lambda kind, level: kind, "text", "text", "integer")
    words = replace(WORDS, functions={"routing_queue": other})

    with pytest.raises(PluginMissing, match="than when the workflow was published"):
        asked(borrowing(CONDITION), words, CONDITION, subject="late")


def test_plugins_are_not_opened_for_a_version_that_calls_none_of_their_functions():
    def unopened() -> Any:
        raise AssertionError("nobody asked for plugins")

    content = bundle(PARCEL, {"parcel": FORM}).content

    assert compiled(*unbundle(content), {}, unopened, frozenset()).workflow.name == "parcel"
