"""The language page and the published schema say what the code says, and nothing else."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from casewright import strict_yaml
from casewright.cli.founding import make_workspace
from casewright.workflows import codes, page, schema, words
from casewright.workflows.check import check_paths
from casewright.workflows.tables import load_table

from .workflow_workspace import PARCEL, workspace

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "workflows" / "README.md"
SHIPPED = sorted((REPOSITORY / "workflows").glob("*.yaml"))


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def validator():
    published = json.loads(schema.SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    return jsonschema.Draft202012Validator(published)


def test_the_made_parts_of_the_page_are_what_the_code_makes(text):
    assert text == page.filled(text), "run: python -m casewright.workflows.page"


def test_the_page_has_every_section_and_so_every_word_and_every_code(text):
    assert page.sections(text) == page.all_sections()

    for name, construct in words.CONSTRUCTS.items():
        assert f"### {name}\n" in text
        assert [word for word in construct if f"| `{word}`" not in text] == []
    for code in (*codes.REFUSALS, *codes.WARNINGS):
        assert f"`workflow.{code}`" in text


def test_the_page_names_every_relation_and_every_variable(text):
    for word in (*words.RELATIONS, *words.LINEAGE_RELATIONS, *words.EXPRESSION_VARIABLES):
        assert f"`{word}`" in text


def test_a_word_missing_from_the_page_is_noticed(text):
    without = text.replace("| `pauses` |", "| `pases` |")

    assert without != text
    assert without != page.filled(without)


def test_the_workflow_on_the_page_passes_check_in_a_fresh_workspace_with_the_forms_beside_it(
    text, tmp_path
):
    root = make_workspace(tmp_path / "centre", admin="boss").root
    found = re.search(r"<!-- example -->\n```yaml\n(.*?)```", text, re.DOTALL)
    forms = re.findall(r"```yaml\n(# (forms/\w+\.yaml)\n.*?)```", text, re.DOTALL)
    assert found
    (root / "workflows" / "parcel.yaml").write_text(found[1], encoding="utf-8")
    for content, name in forms:
        (root / name).write_text(content, encoding="utf-8")

    problems = check_paths([root / "workflows" / "parcel.yaml"])

    assert [name for _, name in forms] == ["forms/parcel.yaml", "forms/parcel_found.yaml"]
    assert [str(one) for one in problems] == []
    assert (root / "workflows" / schema_named_by(found[1])).resolve().is_file()


def test_the_table_on_the_page_is_one(text, tmp_path):
    found = re.search(r"```yaml\n(table: departments.*?)```", text, re.DOTALL)
    assert found
    file = tmp_path / "departments.yaml"
    file.write_text(found[1], encoding="utf-8")

    assert load_table(file)[1] == []


def test_the_page_says_how_time_runs_in_both_languages(text):
    english = re.search(r"## How time runs\n(.*?)\n## ", text, re.DOTALL)
    chinese = text.partition("## 中文摘要")[2]

    assert english
    for word in (*words.RECALCULATIONS, *words.AGAIN_POLICIES, "generic", "warning", "breach"):
        assert word in english[1]
        assert word in chinese
    for word in ("taken_within", "every", "times", "before", "after", "pauses", "do", "due"):
        assert f"`{word}" in english[1]
        assert f"`{word}" in chinese


def test_the_templates_that_a_workflow_may_always_name_are_those_that_are_shipped():
    shipped = {path.stem for path in (REPOSITORY / "workflows" / "templates").glob("*.yaml")}

    assert shipped - {"bundle"} == set(words.BUILT_IN_TEMPLATES)


def test_the_published_schema_is_what_the_code_makes():
    published = schema.SCHEMA_FILE.read_text(encoding="utf-8")

    assert published == schema.schema_text(), "run: python -m casewright.workflows.schema"


def test_every_word_carries_its_help_into_the_editor(validator):
    definitions = validator.schema["$defs"]

    for name, construct in words.CONSTRUCTS.items():
        described = (
            definitions[name].get("properties") or definitions[name]["anyOf"][1]["properties"]
        )
        assert {word: one["description"] for word, one in described.items()} == {
            word: one.doc for word, one in construct.items()
        }


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_schema_accepts_each_shipped_workflow_that_names_it(path, validator):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    document = strict_yaml.load_file(path)

    assert [one.message for one in validator.iter_errors(document.data)] == []
    assert (path.parent / schema_named_by(first)).resolve() == schema.SCHEMA_FILE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reopen: {policy", "reopne: {policy"),
        ("ask: asking", "ask: {too: asking}"),
        ("{set: {note: searched}}", "{set: {note: searched}, comment: two}"),
        ("{set: {note: searched}}", "{set: {note: searched}, via: sms}"),
        ("set: urgent", "set: urgnet"),
        ("5 days: silent", "5 dais: silent"),
        ("prefix: PCL\n", ""),
        ("{en: Registered, zh: 已登记}", "{en: Registered}"),
        ("start: registered", "start: [registered]"),
        ("owner], key: c", "owner], key: cc"),
        ("{set: {note: searched}}", "{renew_owner: false}"),
        ("{set: {note: searched}}", "{renew_owner: true, as: x}"),
        ("times: 5", "times: 101"),
        ("    from: opened", "    recalculate: now\n    from: opened"),
        ("at: 80%", "at: 80%, template: [warning]"),
        ("at: 80%", "at: 80%, taken_within: soon"),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(tmp_path, validator, old, new):
    path = workspace(tmp_path, PARCEL.replace(old, new))

    data = strict_yaml.load_file(path).data

    assert not validator.is_valid(data)
    assert any(one.grave for one in check_paths([path]))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_shipped_workflow_passes_check(path):
    assert [str(one) for one in check_paths([path])] == []


def schema_named_by(text: str) -> str:
    """Return the schema that the first line of a file names, seen from its folder."""
    return text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
