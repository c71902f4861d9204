"""The pages are held to the code: what is generated is current, and the README's commands do what they say."""

import ast
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

import casewright
from casewright import __version__
from casewright.cli.__main__ import main
from casewright.cli.nouns import NOUNS, noun
from casewright.cli.reference import pages, refusals
from casewright.cli.reference_hooks import PARTS, doc_parts, hook_functions
from casewright.config import SETTINGS
from casewright.plugins.implementing import HOOKS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_current(name):
    assert (ROOT / "docs" / name).read_text("utf-8") == pages()[name], "run `make docs`"


def test_every_error_command_and_setting_has_its_place_in_the_docs():
    made = pages()

    assert [
        kind.code for kind in refusals() if f"## `{kind.code}`" not in made["errors.md"]
    ] == []
    assert [one.name for one in SETTINGS if f"## `{one.name}`" not in made["settings.md"]] == []
    for name in NOUNS:
        for verb in noun(name).verbs:
            assert f"### `casewright {name} {verb.name}".rstrip() in made["commands.md"]


def test_every_hook_says_when_it_is_called_what_it_returns_and_what_it_keeps():
    wanted = {"", *PARTS}

    assert {name: doc_parts(one).keys() for name, one in hook_functions().items()} == {
        name: wanted for name in HOOKS
    }
    assert [name for name in HOOKS if f"### `{name}`" not in pages()["hooks.md"]] == []


def test_every_public_name_is_in_the_docs_and_says_what_it_is_for():
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", pages()["hooks.md"], re.MULTILINE)

    assert sorted(name for name, _ in rows) == sorted({*dir(casewright)} - {"__version__"})
    assert [name for name, doc in rows if not doc.strip()] == []


def test_what_plugins_are_typed_against_is_what_they_are_given():
    tree = ast.parse((ROOT / "core/casewright/__init__.py").read_text("utf-8"))
    typed = next(one for one in tree.body if isinstance(one, ast.If)).body
    imported = {
        (one.module, name.name): name.asname
        for one in typed
        if isinstance(one, ast.ImportFrom)
        for name in one.names
    }
    renamed = {one.value.id: one.targets[0].id for one in typed if isinstance(one, ast.Assign)}

    assert {
        (home, name): renamed.get(known, known) for (home, name), known in imported.items()
    } == {
        (f"casewright.{home}", casewright._ALIASES.get(name, name)): name
        for home, names in casewright._HOMES.items()
        for name in names
    }


def test_every_error_has_a_code_of_its_own():
    codes = [kind.code for kind in refusals()]

    assert sorted(set(codes)) == codes


def test_a_nouns_line_of_help_is_the_one_that_it_has_itself():
    assert [name for name, (_, help) in NOUNS.items() if noun(name).help != help] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_readme_opens_with_its_two_commands(page):
    first = re.search(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)

    assert first
    assert first[1].split("\n")[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_readmes_commands_work(page, tmp_path, monkeypatch, capsys):
    """In one process: that commands work in processes of their own is known from those of the first hour."""
    monkeypatch.setenv("CASEWRIGHT_USER", "boss")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    for words, folder in commands_of(page, tmp_path):
        monkeypatch.chdir(folder)
        said = words[1] + "\n" if words[0] == "echo" else ""
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(said.encode()), "utf-8"))
        assert main(words[words.index("casewright") + 1 :]) == 0, (words, capsys.readouterr())


def commands_of(page: str, home: Path) -> Iterator[tuple[list[str], Path]]:
    """Yield the commands of a page, and the folder in which each is given."""
    lines = [
        line
        for line in shell_lines(page)
        if line.startswith(("casewright ", "cd ", "echo ")) and "LOG" not in line
    ]
    assert len(lines) >= 12
    for line in lines:
        words = shlex.split(line.replace("-2026-", f"-{datetime.now(UTC).year}-"))
        if words[0] == "cd":
            home = home / words[1]
        else:
            yield words, home


def test_every_link_of_a_page_leads_to_a_file():
    pages_of_ours = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "workflows").glob("*.md"),
    ]
    broken = [
        f"{page.name}: {link}"
        for page in pages_of_ours
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
        if not (page.parent / link).exists()
    ]

    assert broken == []


def test_the_version_is_the_one_in_the_changelog():
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert newest
    assert newest[1] == __version__


def shell_lines(page: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]
