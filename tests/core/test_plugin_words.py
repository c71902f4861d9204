"""Plugins' words, actions and functions in workflow files: refused with their place, noted in the bundle, known to editors."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright import strict_yaml
from casewright.access.roles import load_roles
from casewright.cli.__main__ import main
from casewright.config import FILE
from casewright.contributions import (
    NO_VOCABULARY,
    Done,
    GuardFunction,
    Kind,
    Vocabulary,
    WorkflowAction,
    WorkflowWord,
)
from casewright.document import Document, Mark
from casewright.errors import message
from casewright.testing.desk import ERRAND, FORM, PARCEL
from casewright.workflows.borrowed import Borrowed, BorrowedFunction
from casewright.workflows.bundle import bundle, unbundle
from casewright.workflows.check import check_paths, check_workflow
from casewright.workflows.load import build, read_workflow
from casewright.workflows.schema import SCHEMA_FILE, schema_text, workflow_schema
from casewright.workflows.shape import shape
from casewright.workflows.spec import Expression
from casewright.workflows.surroundings import read_surroundings

from .workflow_workspace import PARCEL as PARCEL_FILE
from .workflow_workspace import workspace

SKILLS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "level": {"type": "integer", "minimum": 1, "maximum": 5},
        "also": {"type": "array", "items": {"type": "string"}},
    },
}
COLOUR = {"enum": ["red", "green"]}
STAMP = {"type": "string", "minLength": 2}


def word(name: str, *on: Any, schema: Mapping[str, Any]) -> tuple[str, WorkflowWord]:
    return "routing", WorkflowWord(name=name, on=on, schema=schema, doc=f"What {name} says.")


def action(verb: str, schema: Mapping[str, Any]) -> tuple[str, WorkflowAction]:
    doc = f"What {verb} does."
    return "stamps", WorkflowAction(
        verb=verb, schema=schema, doc=doc, perform=lambda *given: Done()
    )


def function(
    name: str, call: Any, result: Kind, *parameters: Kind
) -> tuple[str, GuardFunction]:
    doc = f"What {name} gives."
    return name.partition("_")[0], GuardFunction(
        name=name, parameters=parameters, result=result, doc=doc, call=call
    )


WORDS = Vocabulary(
    words={
        "skills": word("skills", "workflow", "state", schema=SKILLS),
        "colour": word("colour", "transition", schema=COLOUR),
    },
    actions={"stamp": action("stamp", STAMP)},
    functions={
        "routing_queue": function("routing_queue", lambda kind: kind, "text", "text"),
        "routing_load": function("routing_load", lambda: 3, "integer"),
    },
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path, PARCEL_FILE).parents[1]


def checked(
    root: Path, text: str, words: Vocabulary = WORDS, **left_out: str
) -> list[tuple[str, int, str]]:
    """Return what is wrong with a workflow among words that plugins add: code, line, sentence."""
    around, _ = read_surroundings(root)
    around = replace(
        around,
        vocabulary=words,
        left_out={name: message(reason) for name, reason in left_out.items()},
    )
    document = strict_yaml.load(text, file="parcel.yaml")
    shaped = shape(document, around.vocabulary, around.left_out)
    workflow = build(shaped)
    found = list(shaped.problems)
    if workflow is not None:
        found += check_workflow(workflow, document, around, shaped.lost, shaped.kept)
    return [
        (one.code.removeprefix("workflow."), one.place.line, str(one.message)) for one in found
    ]


def with_words(*changes: tuple[str, str]) -> str:
    text = PARCEL_FILE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# --- files ----------------------------------------------------------------------------------------


SPOKEN = with_words(
    ("prefix: PCL\n", "prefix: PCL\nskills: {name: parcels, also: [french]}\n"),
    (
        "    title: {en: In work, zh: 办理中}\n",
        "    title: {en: In work, zh: 办理中}\n    skills: {name: search}\n",
    ),
    (
        "        title: {en: Asking, zh: 询问中}\n",
        "        title: {en: Asking, zh: 询问中}\n        skills: {name: talk, level: 3}\n",
    ),
    ("accept: {to: in_work,", "accept: {to: in_work, colour: red,"),
    (
        "- {set: {note: searched}}",
        "- {set: {note: searched}}\n          - {stamp: IN, when: \"routing_queue(fields.kind) == 'late'\"}",
    ),
    ("do: [{raise_level: 1}]", "do: [{raise_level: 1}, {stamp: LATE}]"),
)


def test_a_workflow_may_say_what_its_plugins_add_to_the_language(root):
    assert checked(root, SPOKEN) == []


def test_without_the_plugins_each_of_their_words_is_unknown(root):
    found = checked(root, SPOKEN, NO_VOCABULARY)

    told = [said for code, _, said in found if code == "unknown_word"]
    assert len(told) == 6
    assert "unknown word 'skills' in 'workflow'" in told[0]
    assert [code for code, _, _ in found if code == "guard_unknown_name"] == []
    assert [code for code, _, _ in found].count("one_verb") == 2


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("name: parcels", "nam: parcels", "wrong_shape", "'name' is missing"),
        ("name: parcels", "name: 3", "wrong_shape", "write a text"),
        ("level: 3", "level: 9", "wrong_shape", "enter 5 or less"),
        ("also: [french]", "also: [french, 4]", "wrong_shape", "write a text"),
        ("colour: red", "colour: blue", "wrong_shape", "choose one of red, green"),
        ("stamp: IN", "stamp: X", "wrong_shape", "write at least 2 characters"),
        ("stamp: IN,", "stamp: IN, via: sms,", "misplaced_word",
         "'via' does not go with 'stamp'"),
        ("stamp: IN,", "stamp: IN, comment: two,", "one_verb", "an action does one thing"),
        ("colour: red", "color: red", "unknown_word", "did you mean 'colour'?"),
        ("stamp: LATE", "stmap: LATE", "unknown_word", "did you mean 'stamp'?"),
        ("colour: red", "skills: {name: a}", "misplaced_word",
         "'skills' of the plugin 'routing' stands in the workflow, a state"),
        ("colour: red", "stamp: AB", "misplaced_word", "of the plugin 'stamps' is an action"),
    ],
)  # fmt: skip
def test_a_plugins_word_is_refused_with_its_place_like_the_languages_own(
    root, old, new, code, said
):
    assert SPOKEN.count(old) == 1

    text = SPOKEN.replace(old, new)

    found = checked(root, text)

    line = text.count("\n", 0, text.index(new)) + 1
    assert [one for one in found if one[:2] == (code, line) and said in one[2]], found


def test_what_a_plugin_that_is_left_out_may_have_meant_is_said(root):
    found = checked(root, SPOKEN, NO_VOCABULARY, routing="not installed")

    told = [said for code, _, said in found if code == "unknown_word"]
    assert all("a plugin that is left out: routing" in one for one in told)


def test_a_workspace_whose_plugin_is_not_installed_says_so_at_its_words(root):
    (root / FILE).write_text('[plugins]\nload = ["stamper"]\n', encoding="utf-8")
    path = root / "workflows" / "parcel.yaml"
    path.write_text(
        with_words(
            ("prefix: PCL\n", "prefix: PCL\nstamped: yes please\n"),
            ("\"fields.kind == 'lost'\"", "\"stamper_stamped(fields.kind) == 'lost'\""),
        ),
        encoding="utf-8",
    )
    roles = root / "roles.yaml"
    roles.write_text(
        roles.read_text("utf-8").replace("[ticket.vote]", "[ticket.vote, stamper.use]"),
        encoding="utf-8",
    )

    grave = [str(one.message) for one in check_paths([path]) if one.grave]
    mild = [str(one.message) for one in check_paths([path]) if not one.grave]

    assert len(grave) == 2
    assert "may be a word of a plugin that is left out: stamper" in grave[0]
    assert "'stamper_stamped' belongs to the plugin 'stamper', which is left out: " in grave[1]
    assert "'stamper.use' is a permission of the plugin 'stamper', which is left out" in mild


def test_roles_may_hold_the_permissions_of_plugins_and_no_others(tmp_path):
    path = tmp_path / "roles.yaml"
    path.write_text(
        "roles:\n  one:\n    title: {en: One, zh: 一}\n"
        "    permissions: [routing.edit, routing.*, routing.edti, stamper.any]\n",
        encoding="utf-8",
    )

    roles, problems = load_roles(path, also=("routing.edit",), left_out=("stamper",))
    none, unknown = load_roles(path)

    assert [(one.code, one.grave) for one in problems] == [
        ("roles.unknown_permission", True),
        ("roles.unknown_permission", False),
    ]
    assert "did you mean 'routing.edit'?" in str(problems[0].message)
    assert roles == none == {}
    assert len(unknown) == 4


# --- values ---------------------------------------------------------------------------------------


def test_words_reach_the_engine_as_they_were_written_and_cannot_be_changed():
    workflow, problems = read_workflow(strict_yaml.load(SPOKEN, file="parcel.yaml"), WORDS)

    assert workflow is not None
    assert problems == []
    assert workflow.words == {"skills": {"name": "parcels", "also": ("french",)}}
    assert workflow.states["registered"].words == {}
    assert workflow.states["registered"].transitions["accept"].words == {"colour": "red"}
    with pytest.raises(TypeError):
        workflow.words["skills"]["name"] = "mine"  # type: ignore[index]


def test_an_inner_states_words_win_over_those_of_its_outer_state():
    workflow, _ = read_workflow(strict_yaml.load(SPOKEN, file="parcel.yaml"), WORDS)

    assert workflow is not None
    assert workflow.states["in_work.searching"].words == {"skills": {"name": "search"}}
    assert workflow.states["in_work.asking"].words == {"skills": {"name": "talk", "level": 3}}


def test_an_action_of_a_plugin_has_its_verb_and_what_stands_behind_it():
    workflow, _ = read_workflow(strict_yaml.load(SPOKEN, file="parcel.yaml"), WORDS)

    assert workflow is not None
    stamped = workflow.states["in_work.searching"].on_enter[-1]
    assert (stamped.verb, stamped.argument) == ("stamp", "IN")
    assert stamped.when == Expression("routing_queue(fields.kind) == 'late'")
    assert workflow.ladder["handling"][-1].do[-1].argument == "LATE"


# --- bundles --------------------------------------------------------------------------------------


def data_of(text: str) -> dict[str, Any]:
    read: dict[str, Any] = strict_yaml.load(text, file="w.yaml").data
    return read


def test_a_bundle_notes_what_its_workflow_borrows_and_of_whom():
    forms = {"parcel": FORM, "closing": FORM}

    workflow, _ = unbundle(bundle(data_of(SPOKEN), forms, WORDS).content)

    assert workflow.borrowed == Borrowed(
        words={"colour": "routing", "skills": "routing"},
        actions={"stamp": "stamps"},
        functions={
            "routing_queue": BorrowedFunction(
                plugin="routing", parameters=("text",), result="text"
            )
        },
    )
    assert workflow.words["skills"]["name"] == "parcels"


def test_a_workflow_that_borrows_nothing_has_the_digest_it_always_had():
    made = bundle(PARCEL, {"parcel": FORM}, WORDS)

    assert made == bundle(PARCEL, {"parcel": FORM})
    assert made.digest == "a5d3f9dd5f57772c194616845e004c2d137502c158bbb771fca32972cf4a6d31"
    assert unbundle(made.content)[0].borrowed == Borrowed()


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("routing_queue(fields.kind) == 'a'", True),
        ("'a' in [routing_queue ('b')]", True),
        ("fields.kind == 'routing_queue(x)'", False),
        ("fields.routing_queue == 'a'", False),
        (r"fields.kind == r'\' || routing_queue('x') == '\''", True),
        ("my_routing_queue(1) == 2", False),
    ],
)
def test_a_function_counts_as_borrowed_where_it_is_called(source, called):
    data = json.loads(json.dumps(ERRAND))
    data["states"]["sent"]["transitions"]["answer"]["when"] = source

    workflow, _ = unbundle(bundle(data, {}, WORDS).content)

    assert bool(workflow.borrowed.functions) is called


# --- editors --------------------------------------------------------------------------------------


def test_the_schema_of_the_core_knows_no_plugins_words():
    assert schema_text() == SCHEMA_FILE.read_text("utf-8")
    assert workflow_schema(WORDS) != workflow_schema()


def test_editors_find_plugins_words_with_their_help():
    definitions = workflow_schema(WORDS)["$defs"]

    assert definitions["Workflow"]["properties"]["skills"]["description"] == "What skills says."
    assert "skills" in definitions["InnerState"]["properties"]
    assert "colour" in definitions["Transition"]["anyOf"][1]["properties"]
    assert "skills" not in definitions["Transition"]["anyOf"][1]["properties"]
    assert definitions["Action"]["properties"]["stamp"]["minLength"] == 2


def test_the_schema_with_plugins_words_accepts_a_workflow_that_says_them():
    schema = workflow_schema(WORDS)
    jsonschema.Draft202012Validator.check_schema(schema)

    assert jsonschema.Draft202012Validator(schema).is_valid(data_of(SPOKEN))


def test_the_command_line_prints_the_schema_and_writes_it_where_workflow_files_look_for_it(
    root, capsys, monkeypatch
):
    monkeypatch.setenv("CASEWRIGHT_LANG", "en")
    (root / FILE).write_text('[plugins]\nload = ["stamper"]\n', encoding="utf-8")
    at = ["--workspace", str(root)]

    assert main(["workflow", "schema", *at]) == 0
    printed, note = capsys.readouterr()
    assert main(["workflow", "schema", "--write", "--json", *at]) == 0
    written = root / "schemas" / "workflow.schema.json"

    assert printed == written.read_text("utf-8") == schema_text()
    assert "left out, whose words are not in it: stamper" in note
    assert json.loads(capsys.readouterr().out)["file"] == str(written)


def test_without_a_workspace_the_command_line_prints_the_languages_own_schema(tmp_path, capsys):
    assert main(["workflow", "schema", "--workspace", str(tmp_path)]) == 0

    assert capsys.readouterr().out == schema_text()
    assert main(["workflow", "schema", "--write", "--workspace", str(tmp_path)]) == 1


SAID = st.sampled_from(
    [
        {"name": "a"}, {"name": "a", "level": 1}, {"name": "a", "level": 0}, {"nme": "a"},
        {"name": 1}, {"name": "a", "also": ["b"]}, {"name": "a", "also": [1]}, "red", "green",
        "blue", "x", "", None, 3, [], ["red"],
    ]
)  # fmt: skip
PLACES = (
    (),
    ("states", "sent"),
    ("states", "sent", "transitions", "answer"),
    ("states", "sent", "on_enter", 0),
    ("states", "busy"),
    ("states", "busy", "states", "inside"),
    ("states", "busy", "states", "inside", "transitions", "out"),
    ("states", "busy", "states", "inside", "transitions", "out", "do", 0),
)


def a_workflow() -> dict[str, Any]:
    both = {"en": "x", "zh": "x"}
    data: dict[str, Any] = json.loads(json.dumps(ERRAND))
    data["states"]["sent"]["on_enter"] = [{"stamp": "AB"}]
    data["states"]["sent"]["transitions"]["work"] = {"to": "busy", "by": "anyone"}
    out = {"to": "closed", "by": "anyone", "do": [{"comment": "gone"}]}
    inside = {"title": both, "transitions": {"out": out}}
    data["states"]["busy"] = {"title": both, "start": "inside", "states": {"inside": inside}}
    return data


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PLACES),
            st.sampled_from(["skills", "colour", "stamp", "skill"]),
            SAID,
        ),
        max_size=3,
    )
)
def test_the_schema_accepts_just_what_the_loader_accepts(said):
    data = a_workflow()
    for path, name, told in said:
        part: Any = data
        for step in path:
            part = part[step]
        part[name] = told

    _, problems = read_workflow(Document(data=data, file="w.yaml", marks=Mark(1, 1)), WORDS)
    accepted = jsonschema.Draft202012Validator(workflow_schema(WORDS)).is_valid(data)

    assert accepted is (not [one for one in problems if one.grave]), [
        str(one) for one in problems
    ]
