"""Every defence is needed: with any one taken away, something of the hostile corpus gets through."""

import importlib.util
import sys
from pathlib import Path

import pytest

from casewright import strict_json, yaml_defences
from casewright.forms import load

JUDGE = Path(__file__).resolve().parent / "judge.py"

TABLES = {
    "workflows": [
        yaml_defences.SOURCE_DEFENCES,
        yaml_defences.TEXT_DEFENCES,
        yaml_defences.EVENT_DEFENCES,
        yaml_defences.SCALAR_DEFENCES,
        yaml_defences.KEY_DEFENCES,
    ],
    "json": [
        strict_json.SOURCE_DEFENCES,
        strict_json.TEXT_DEFENCES,
        strict_json.PAIR_DEFENCES,
        strict_json.NUMBER_DEFENCES,
        strict_json.STRING_DEFENCES,
    ],
    "forms": [load.DEFENCES],
}
ONLY_WARNS = {"conditions on nothing"}
ALL = [
    pytest.param(kind, table, name, id=f"{kind}: {name}")
    for kind, tables in TABLES.items()
    for table in tables
    for name in table
    if name not in ONLY_WARNS
]


@pytest.fixture(scope="module")
def judging():
    spec = importlib.util.spec_from_file_location("hostile_judge", JUDGE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    path = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = path
    return module


def taken(judging, kind):
    """Return the texts of a kind that were not refused, one by one."""
    ours = (case for case in judging.cases() if case.kind == kind)
    return (case.name for case in ours if not judging.judge(case).refused)


@pytest.mark.parametrize("kind", TABLES)
def test_with_all_defences_nothing_gets_through(judging, kind):
    assert list(taken(judging, kind)) == []


@pytest.mark.parametrize(("kind", "table", "name"), ALL)
def test_without_one_defence_something_gets_through(judging, monkeypatch, kind, table, name):
    monkeypatch.setitem(table, name, lambda *_: iter(()))

    assert next(taken(judging, kind), None) is not None
