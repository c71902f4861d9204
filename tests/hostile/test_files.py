"""Every hostile file is refused with a place and a reason, by a process that survives and opens no socket."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from casewright import strict_yaml
from casewright.forms.check import FormChecker
from casewright.forms.load import read_form

HERE = Path(__file__).resolve().parent
HARMLESS = sorted((HERE / "patterns_that_hang_others").glob("*.yaml"))

REASONS = {
    "workflows": {
        "aliases": "a", "anchors": "anchors", "merge_keys": "merge keys", "tags": "tags",
        "duplicate_keys": "appears twice", "ambiguous_words": "is ambiguous", "nesting": "nested deeper",
        "characters": "invisible character", "escaped_characters": "invisible character",
        "documents": "one document", "directives": "directives", "encoding": "not UTF-8",
        "keys": "must be text", "collections_as_keys": "not a mapping or a list",
        "numbers": "out of range", "size": "larger than", "event count": "parts",
        "scalar size": "longer than",
    },
    "forms": {
        "references": "", "cycles": "refers to itself", "patterns": "pattern",
        "lists_without_end": "", "unknown_words": "is not used here", "dialects": "$schema",
        "open_forms": "", "names": "cannot name a field", "types": "", "choices": "",
        "meaningless_constraints": "says nothing", "numbers": "", "ranges": "is above",
        "constants": "", "labels": "", "titles": "", "lookups": "", "widgets": "widget",
        "formats": "unknown format", "required": "", "conditions": "", "shapes": "", "defaults": "",
        "counts": "more than",
    },
    "json": {
        "nesting": "nested deeper", "constants": "is not a number", "duplicate_keys": "appears twice",
        "surrogates": "half a character", "NUL": "NUL", "whole_numbers": "64 bits",
        "decimal_numbers": "out of range", "encoding": "not UTF-8", "not_json": "not valid JSON",
        "size": "larger than",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def verdicts():
    ran = subprocess.run(
        [sys.executable, str(HERE / "judge.py")], capture_output=True, text=True, timeout=240
    )
    assert ran.returncode == 0, ran.stderr[-2_000:]
    return json.loads(ran.stdout)


def test_there_are_enough_hostile_files_of_every_kind(verdicts):
    groups: dict[tuple[str, str], int] = {}
    for one in verdicts:
        groups[one["kind"], one["group"]] = groups.get((one["kind"], one["group"]), 0) + 1

    assert {kind: set(known) for kind, known in REASONS.items()} == {
        kind: {group for of, group in groups if of == kind} for kind in REASONS
    }
    assert {group: count for group, count in groups.items() if count < 5} == {}
    assert len(verdicts) >= 200


@pytest.mark.parametrize(
    ("kind", "group"), [(kind, group) for kind, groups in REASONS.items() for group in groups]
)
def test_each_is_refused_with_a_place_and_a_reason(verdicts, kind, group):
    ours = [one for one in verdicts if (one["kind"], one["group"]) == (kind, group)]

    assert [one for one in ours if not one["refused"]] == []
    assert [one for one in ours if not one["place"].startswith(one["name"])] == []
    assert [one for one in ours if REASONS[kind][group] not in one["reason"]] == []
    whole_file = {"size"}
    assert [one for one in ours if ":" not in one["place"] and group not in whole_file] == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", HARMLESS, ids=lambda path: path.stem)
def test_a_pattern_that_hangs_others_is_answered(path):
    form, problems = read_form(strict_yaml.load_file(path), name="f")
    checker = FormChecker(form)
    values = {"a": "a" * 50_000 + "!"}

    assert problems == []
    assert not checker.accepts(values)
    assert [name for name, _ in checker.faults(values)] == ["a"]


def test_there_are_such_patterns():
    assert len(HARMLESS) >= 5
