"""The wire: whatever can be said, asked, answered or refused comes out at the other end as it went in."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.answers import TicketPage
from casewright.commands import Command, EditFields, OpenTicket, SetPassword, new_id
from casewright.errors import Message, NotFound, WireRefused, message
from casewright.model import ONLY_SYSTEM, Receipt
from casewright.queries import ExportAudit, GetTicket, ListTickets, PrepareBackup, Query
from casewright.server.examples import COMMANDS, QUERIES, example_of
from casewright.server.openapi import body_schema
from casewright.texts import Texts
from casewright.wire.answers import answer_of
from casewright.wire.codec import read, written
from casewright.wire.kinds import every_error, name_of
from casewright.wire.parts import is_free
from casewright.wire.said import commands_by_name, data_of, queries_by_name, said
from casewright.wire.schema import Schemas
from casewright_knowledge import commands as knowledge_commands
from casewright_knowledge import queries as knowledge_queries
from casewright_routing import commands as routing_commands
from casewright_routing import queries as routing_queries

from . import wire_values
from .wire_values import comparable

assert knowledge_commands
assert knowledge_queries
assert routing_commands
assert routing_queries
SAYABLE: dict[str, type[Command] | type[Query]] = {
    name: kind
    for name, kind in {**commands_by_name(), **queries_by_name()}.items()
    if kind.__module__.startswith("casewright")
}
ASKED = {name: kind for name, kind in SAYABLE.items() if issubclass(kind, Query)}
ANSWERED = sorted(
    wire_values.kinds_in(map(answer_of, ASKED.values())), key=lambda one: one.__name__
)
ERRORS = sorted(
    (one for one in every_error() if one.__module__.startswith("casewright")),
    key=lambda one: one.__name__,
)
FEW = settings(max_examples=4)


def over_the_wire(value: Any, kind: Any, **how: Any) -> Any:
    sent = json.dumps(written(value, kind, **how), ensure_ascii=False, allow_nan=False)
    how.pop("say", None)
    return read(json.loads(sent), kind, **how)


@pytest.mark.parametrize("name", sorted(SAYABLE))
def test_every_command_and_query_comes_out_as_it_went_in(name):
    @FEW
    @given(wire_values.of(SAYABLE[name], plain=True))
    def holds(value):
        assert over_the_wire(value, type(value), plain=True) == value

    holds()


@pytest.mark.parametrize("name", sorted(ASKED))
def test_every_query_says_what_it_is_answered_with(name):
    assert not is_free(answer_of(ASKED[name]))


@pytest.mark.parametrize("kind", ANSWERED, ids=lambda one: one.__name__)
def test_whatever_is_answered_comes_out_as_it_went_in(kind):
    @FEW
    @given(wire_values.of(kind, plain=False))
    def holds(value):
        assert comparable(over_the_wire(value, kind)) == comparable(value)

    holds()


@pytest.mark.parametrize("kind", ERRORS, ids=lambda one: one.__name__)
def test_every_refusal_comes_out_as_it_went_in(kind):
    @FEW
    @given(wire_values.of(kind, plain=False))
    def holds(error):
        # A template that was made up has blanks that nothing fills: it is not rendered.
        found = over_the_wire(error, Any, say=lambda sentence: sentence.text)
        assert comparable(found) == comparable(error)

    holds()


@settings(max_examples=100)
@given(wire_values.tagging())
def test_what_no_type_describes_says_itself_what_it_is(value):
    assert comparable(over_the_wire(value, Any)) == comparable(value)


@settings(max_examples=50)
@given(st.dictionaries(wire_values.TEXTS, wire_values.PLAIN | st.just({"$": "Message"})))
def test_a_customers_field_may_be_called_anything_and_nothing_in_it_is_taken_for_ours(fields):
    command = EditFields(actor="ada", ticket="A-1", fields=fields)

    found = said(EditFields, data_of(command), actor="ada")

    assert found == command


@pytest.mark.parametrize(
    "moment",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(2024, 2, 29, 23, 59, 59, 999_999, UTC),
    ],
)
def test_the_first_and_the_last_moment_of_the_calendar_go_over_the_wire(moment):
    assert over_the_wire(moment, datetime) == moment


@pytest.mark.parametrize(
    "length",
    [timedelta.max - timedelta(microseconds=999_999), timedelta.min, wire_values.EXACT],
)
def test_the_longest_times_go_over_the_wire(length):
    assert over_the_wire(length, timedelta) == length


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "$"),
        ({}, "$"),
        ({"workflow": 7}, "workflow"),
        ({"workflow": "x", "fields": []}, "fields"),
        ({"workflow": "x", "flieds": {}}, "$"),
        ({"workflow": "x", "received_at": "yesterday"}, "received_at"),
        ({"workflow": "x", "received_at": "2026-02-30T00:00:00Z"}, "received_at"),
        ({"workflow": "x", "received_at": "0001-01-01T00:00:00+14:00"}, "received_at"),
        ({"workflow": "x", "$": "OpenTicket"}, "$"),
        ({"workflow": "x", "said": "x"}, "$"),
        ({"workflow": "x", "command_id": ""}, "command_id"),
        ({"workflow": "x", "command_id": "a b"}, "command_id"),
        ({"workflow": "x", "command_id": "x" * 129}, "command_id"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place_in_both_languages(data, place):
    with pytest.raises(WireRefused) as caught:
        said(OpenTicket, data, actor="ada")

    assert caught.value.at == place
    assert Texts("zh").error(caught.value) != Texts("en").error(caught.value)


def test_a_name_that_is_nearly_right_is_told():
    with pytest.raises(WireRefused, match="did you mean 'fields'"):
        said(OpenTicket, {"workflow": "x", "flieds": {}}, actor="ada")


def test_data_nested_deeper_than_any_answer_is_refused_and_is_no_bug():
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(WireRefused, match="nested too deep"):
        read(deep)


@settings(max_examples=150)
@given(wire_values.tagging(), st.data())
def test_a_damaged_answer_is_refused_or_read_and_never_a_bug(value, data):
    damaged = data.draw(wire_values.nearly(written(value)))
    for kind in (Any, TicketPage, Receipt, Message):
        with suppress(WireRefused):
            read(damaged, kind)


@pytest.mark.parametrize(
    "data",
    [
        {"$": "frozenset", "value": [[]]},
        {"$": "set", "value": [{}]},
        [{"$": "set", "value": [{"$": "set", "value": []}]}],
    ],
)
def test_a_set_of_what_no_set_holds_is_refused(data):
    with pytest.raises(WireRefused, match="holds no lists"):
        read(data)


@pytest.mark.parametrize("number", [1e30, -1e30, 2**63, -(2**63) - 1])
def test_a_whole_number_that_is_too_large_for_the_store_is_refused_however_it_is_written(
    number,
):
    with pytest.raises(WireRefused, match="whole number"):
        read(number, int)
    with pytest.raises(WireRefused, match="whole number"):
        read({str(int(number)): "x"}, Mapping[int, str])


def test_what_json_cannot_say_is_refused_before_it_is_sent():
    command = OpenTicket(actor="ada", workflow="x", fields={"when": datetime.now(UTC)})

    with pytest.raises(WireRefused, match="datetime is nothing that can be said in JSON"):
        data_of(command)


def test_what_fills_a_sentence_is_shown_alike_at_the_other_end():
    class Odd:
        def __str__(self) -> str:
            return "odd"

    sentence = message("{odd} at {place}", odd=Odd(), place=message("desk {number}", number=1))

    assert str(over_the_wire(sentence, Message)) == str(sentence)


# --- who may say what --------------------------------------------------------------------------


def test_what_only_the_system_says_cannot_be_said_by_anybody():
    assert not [kind for kind in SAYABLE.values() if kind.permission == ONLY_SYSTEM]


def test_no_query_that_names_a_file_of_the_server_can_be_posted():
    assert not {ExportAudit, PrepareBackup} & set(SAYABLE.values())
    named = [
        name
        for name in SAYABLE.values()
        if "file" in Schemas().fields(name, given=True)["properties"]
    ]
    assert named == []


def test_a_plugins_command_or_error_stands_for_none_of_the_cores(monkeypatch):
    made = type("OpenTicket", (Command,), {"permission": "x.y", "__module__": __name__})
    monkeypatch.setitem(globals(), "OpenTicket", made)
    stolen = type("NotFound", (NotFound,), {"__module__": "casewright_stranger"})

    assert commands_by_name()["OpenTicket"].__module__ == "casewright.commands"
    assert name_of(stolen) == "casewright_stranger.NotFound"
    assert name_of(NotFound) == "NotFound"


def test_a_command_without_an_id_is_given_the_callers_or_a_fresh_one():
    named = said(OpenTicket, {"workflow": "x"}, actor="ada", command_id="mine")
    own = said(
        OpenTicket, {"workflow": "x", "command_id": "own"}, actor="ada", command_id="mine"
    )
    fresh = [said(OpenTicket, {"workflow": "x"}, actor="ada").command_id for _ in range(2)]

    assert (named.command_id, own.command_id) == ("mine", "own")
    assert len({*fresh}) == 2
    assert len(fresh[0]) == len(new_id())


def test_a_query_has_no_id_that_a_header_could_set():
    assert said(GetTicket, {"ticket": "A-1"}, actor="ada", command_id="x").ticket == "A-1"


def test_a_secret_is_told_again_by_no_refusal():
    with pytest.raises(WireRefused) as caught:
        said(SetPassword, {"name": "ada", "verifier": ["hunter2"]}, actor="ada")

    assert "hunter2" not in str(caught.value)


# --- one truth with the description ------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SAYABLE))
def test_the_description_and_the_reading_take_and_refuse_the_same(name):
    kind = SAYABLE[name]
    described = _described(kind)

    @settings(max_examples=8)
    @given(wire_values.of(kind, plain=True), st.data())
    def holds(value, data):
        right = written(value, kind, plain=True)
        changed = data.draw(wire_values.nearly(right))
        for one in (right, changed):
            if not _is_odd(one):
                assert described.is_valid(one) == _is_read(kind, one), one

    holds()


def _described(kind: Any) -> Any:
    schemas = Schemas("#/$defs/")
    schema = body_schema(schemas, kind)
    return jsonschema_rs.Draft202012Validator(
        {**schema, "$defs": schemas.named}, validate_formats=True
    )


def _is_read(kind: Any, data: Any) -> bool:
    try:
        said(kind, data, actor="ada")
    except WireRefused:
        return False
    return True


def _is_odd(data: Any) -> bool:
    """What one of two judges never gets to see: years that an offset leads out of, numbers that no JSON of ours has."""
    text = json.dumps(data)
    return any(one in text for one in ('"0001-', '"9999-', str(2**63)))


@pytest.mark.parametrize("name", sorted({*COMMANDS, *QUERIES}))
def test_every_example_can_be_said(name):
    example = example_of(name)
    kind = SAYABLE[name]

    assert _described(kind).is_valid(example)
    said(kind, dict(example), actor="ada")


def test_every_command_and_query_that_needs_something_said_has_an_example():
    needing = {name for name, kind in SAYABLE.items() if _described_needs(kind)}

    assert needing - {*COMMANDS, *QUERIES} == set()


def _described_needs(kind: Any) -> bool:
    return bool(body_schema(Schemas(), kind).get("required"))


@pytest.mark.parametrize("kind", ANSWERED, ids=lambda one: one.__name__)
def test_whatever_is_answered_is_as_it_is_described(kind):
    schemas = Schemas("#/$defs/")
    schema = schemas.answered(kind)
    described = jsonschema_rs.Draft202012Validator({**schema, "$defs": schemas.named})

    @FEW
    @given(wire_values.of(kind, plain=False))
    def holds(value):
        data = written(value, kind, say=lambda sentence: sentence.text)
        described.validate(json.loads(json.dumps(data)))

    holds()


def test_a_description_that_says_too_much_would_be_noticed():
    schemas = Schemas("#/$defs/")
    schema = body_schema(schemas, ListTickets)
    schema["properties"]["colour"] = {"type": "string"}
    described = jsonschema_rs.Draft202012Validator({**schema, "$defs": schemas.named})

    assert described.is_valid({"colour": "red"})
    assert not _is_read(ListTickets, {"colour": "red"})
