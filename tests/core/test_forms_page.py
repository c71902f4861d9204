"""The page about forms, tables, roles and people says what the code says, and its examples pass."""

import re
from pathlib import Path

import pytest

from casewright.access.roles import PERMISSIONS, SCOPES, load_roles
from casewright.cli.founding import add_people, make_workspace
from casewright.desk import open_desk
from casewright.exchange import log_map
from casewright.forms import vocabulary
from casewright.forms.check import FormChecker
from casewright.forms.load import load_form
from casewright.model import SYSTEM
from casewright.queries import ListPeople
from casewright.workflows import table_csv, table_rows
from casewright.workflows.tables import load_table

PAGE = Path(__file__).resolve().parents[2] / "forms" / "README.md"
NOTES = frozenset(vocabulary.NOTES)


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture
def example(text, tmp_path):
    def written(name: str) -> Path:
        pattern = rf"<!-- example: {re.escape(name)} -->\n```\w+\n(.*?)```"
        found = re.search(pattern, text, re.DOTALL)
        assert found, f"no example of {name}"
        path = tmp_path / Path(name).name
        path.write_text(found[1], encoding="utf-8")
        return path

    return written


def test_the_page_explains_every_word_of_a_form_and_no_other(text):
    constraints = frozenset(vocabulary.CONSTRAINTS)

    assert words_of(text, "form") == vocabulary.KEYWORDS["form"]
    assert words_of(text, "field") | constraints == vocabulary.KEYWORDS["field"]
    assert words_of(text, "items") == vocabulary.KEYWORDS["items"]
    assert words_of(text, "constraint") == constraints
    assert {"if", "then", "else"} | NOTES >= vocabulary.KEYWORDS["choice"]


def test_the_page_says_of_every_constraint_which_types_it_is_for(text):
    said = {word: tuple(cells[1].split(", ")) for word, cells in rows(text, "constraint")}

    assert said == vocabulary.CONSTRAINTS


def test_the_page_says_of_every_type_how_it_can_be_shown(text):
    said = {
        word: set(re.findall(r"`([\w-]+)`", cells[2])) for word, cells in rows(text, "type")
    }

    assert said == {
        one: {widget for widget, types in vocabulary.WIDGETS.items() if one in types}
        for one in vocabulary.TYPES
    }


def test_the_page_names_every_format_and_every_limit(text):
    limits = [getattr(vocabulary, name) for name in dir(vocabulary) if name.startswith("MAX_")]

    assert [one for one in vocabulary.FORMATS if f"`{one}`" not in text] == []
    assert [one for one in limits if not re.search(rf"\b{one}\b", text)] == []


def test_the_page_explains_every_permission_and_no_other(text):
    assert words_of(text, "permission") == set(PERMISSIONS)
    assert words_of(text, "scope") == set(SCOPES)


def test_the_page_explains_every_word_of_a_table_and_of_a_map(text):
    assert words_of(text, "table") == {*table_rows.WORDS, *table_rows.ROW_WORDS}
    assert words_of(text, "map") == {*log_map._WORDS, *log_map._COLUMNS}
    assert all(f"`{one}`" in text for one in table_csv.FIRST_COLUMNS)


def test_a_word_missing_from_the_page_is_noticed(text):
    without = text.replace("| `x-lookup` |", "| `x-lokup` |")

    assert words_of(without, "field") != words_of(text, "field")


@pytest.mark.parametrize("name", ["forms/refund.yaml", "forms/tags.yaml"])
def test_a_form_on_the_page_passes(example, name):
    form, problems = load_form(example(name))

    assert form
    assert problems == []


def test_the_condition_on_the_page_asks_for_the_account_only_where_it_is_needed(example):
    form, _ = load_form(example("forms/refund.yaml"))
    checker = FormChecker(form)

    assert checker.accepts({"amount": 12.5, "way": "bill"})
    assert not checker.accepts({"amount": 12.5, "way": "account"})


def test_the_table_on_the_page_is_the_same_in_yaml_and_in_csv(example):
    tables = [load_table(example(f"tables/depots.{suffix}")) for suffix in ("yaml", "csv")]

    assert [problems for _, problems in tables] == [[], []]
    assert tables[0][0].rows == tables[1][0].rows
    assert tables[0][0].parents == tables[1][0].parents


def test_the_roles_on_the_page_pass(example):
    roles, problems = load_roles(example("roles.yaml"))

    assert set(roles) == {"agent", "team_leader", "clerk"}
    assert problems == []


def test_the_people_on_the_page_join_the_staff_with_every_word_of_the_page(
    example, text, tmp_path
):
    config = make_workspace(tmp_path / "centre", admin="boss")

    with open_desk(config) as desk:
        add_people(desk, example("people.yaml"))
        (ana,) = [
            one for one in desk.ask_as_system(ListPeople(actor=SYSTEM)) if one.name == "ana"
        ]

    assert (ana.zh, ana.roles, ana.team) == ("安娜", {"agent"}, "front_1")
    assert words_of(text, "people") == {
        *("title", "roles", "team", "department"),
        *("phone", "email", "chat", "language", "deputy", "queues", "calendar"),
    }


def test_the_map_on_the_page_can_be_read(example):
    found = log_map.read_map(example("ours.yaml.map.yaml"))

    assert found.columns.agent == "Resource"
    assert found.transitions["Closed"] == "to_closed"


@pytest.mark.parametrize("link", ["../workflows/README.md"])
def test_a_link_of_the_page_leads_somewhere_in_a_fresh_workspace_too(text, tmp_path, link):
    root = make_workspace(tmp_path / "centre", admin="boss").root

    assert set(re.findall(r"\]\(([^)#:]+)\)", text)) == {link}
    assert (root / "forms" / link).is_file()


def rows(text: str, name: str) -> list[tuple[str, list[str]]]:
    """Return each word of the table that ends with the mark `name`, with the cells of its row."""
    before = text[: text.index(f"<!-- end: {name} -->")]
    table = before[before.rindex("\n\n") :].strip().splitlines()[2:]
    found = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]
    return [(word, cells) for cells in found for word in re.findall(r"`([^`]+)`", cells[0])]


def words_of(text: str, name: str) -> set[str]:
    return {word for word, _ in rows(text, name)}
