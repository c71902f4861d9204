"""Hostile texts through every command, notice, log and export: nothing is executed, nothing gets out raw, nothing breaks."""

import csv
import json
import re
from collections.abc import Sequence
from datetime import UTC
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from openpyxl import load_workbook

from casewright.cli import output
from casewright.cli.grammar import Option, Verb
from casewright.cli.nouns import NOUNS, noun
from casewright.config import read_config
from casewright.delivery.channel import Delivered, Outgoing
from casewright.delivery.console import ConsoleChannel
from casewright.delivery.file_channel import FileChannel
from casewright.delivery.template_files import load_templates
from casewright.delivery.wording import Facts, Reader, worded
from casewright.desk import open_desk
from casewright.exchange import sheets
from casewright.exchange.sheet_cells import unquoted
from casewright.logs import Log

from .texts import ALL, HOSTILE, ONE_OF_EACH
from .watch import DANGEROUS, Seen, run

COMPUTED = re.compile('[\\s"]*[=+@|%\uff1d\uff0b\uff0d\uff20-]')
ONE_IN_THREE = tuple(text for texts in HOSTILE.values() for text in texts[::3])
"""In every check; all of them have their turn in the soak."""
SLOW = {
    "init", "demo", "doctor", "replay", "backup", "restore", "export", "import", "plugin", "audit", "simulate",
}  # fmt: skip
SLOW_VERBS = {
    ("workflow", "rehearse"), ("workflow", "publish"), ("workflow", "check"), ("workflow", "schema"),
}  # fmt: skip
"""What takes long is tried with one text of each class."""
MANNERS = (("--lang", "en"), ("--lang", "zh"), ("--json",))
ALWAYS = {"worker": ("--once",)}
"""What a verb would never end without."""
KNOWN = {
    "workflow": "inquiry",
    "ticket": "INQ-2026-000001",
    "name": "chen_jing",
    "user": "chen_jing",
    "number": "1",
    "notice": "1",
    "customer": "C-1",
    "into": "C-2",
    "from": "chen_jing",
    "to": "chen_jing",
    "reason": "so it is",
    "purpose": "a complaint",
    "agents": "0",
    "days": "1",
    "seed": "1",
}
"""What is given for what a verb cannot do without, when another option holds the text."""
ROLES = (
    "administrator",
    "centre_manager",
    "complaint_manager",
    "privacy_officer",
    "auditor",
    "agent",
)


@pytest.fixture(scope="session")
def centre(tmp_path_factory):
    """A workspace with one ticket and one customer, in which the boss may do everything."""
    root = tmp_path_factory.mktemp("hostile") / "centre"
    assert run(root.parent, "init", str(root), "--demo", "--admin", "boss").code == 0
    settings = root / "casewright.toml"
    quick = settings.read_text("utf-8").replace('load = ["routing"]', "load = []")
    settings.write_text(f'synchronous = "NORMAL"\n{quick}', "utf-8")
    roles = [word for role in ROLES for word in ("--role", role)]
    done = [
        run(root, "user", "edit", "boss", *roles),
        run(root, "customer", "add", "C-1", "--name", "Wang Wei", "--phone", "+8613900000001"),
        run(root, "customer", "add", "C-2", "--name", "Li Na"),
        run(
            root,
            "ticket",
            "open",
            "inquiry",
            *fields("a subject", "a question"),
            "--customer",
            "C-1",
        ),
    ]
    assert [one for one in done if one.code] == []
    # Somebody who has the database open keeps the others from tidying it up after each command.
    with open_desk(read_config(root)):
        yield root


@pytest.fixture
def here(centre, monkeypatch, tmp_path):
    """The workspace, with an empty folder as the one we are in, so that paths which texts make lead there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in (
        "CASEWRIGHT_LANG",
        "CASEWRIGHT_USER",
        "CASEWRIGHT_WORKSPACE",
        "CASEWRIGHT_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    return centre


def test_there_are_sixty_texts_and_six_of_each_class():
    assert len(set(ALL)) == len(ALL) >= 60
    assert set(HOSTILE) == {
        "markup", "escape", "clipboard", "bidi", "nul", "surrogates", "formulas", "log forging",
    }  # fmt: skip
    assert min(map(len, HOSTILE.values())) >= 6


# --- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NOUNS)
def test_texts_of_every_class_go_through_every_command(here, name):
    faults = [
        fault for seen in _everything(here, name, ONE_IN_THREE) for fault in seen.faults()
    ]

    assert faults == []


@pytest.mark.soak
@pytest.mark.parametrize("name", NOUNS)
def test_every_text_goes_through_every_command(here, name):
    faults = [fault for seen in _everything(here, name, ALL) for fault in seen.faults()]

    assert faults == []


@pytest.mark.parametrize("text", ALL)
def test_words_that_are_no_command_are_refused_with_a_clean_sentence(here, text):
    seen = [
        run(here, text),
        run(here, "ticket", text),
        run(here, "ticket", "list", f"--{text}"),
        run(here, "ticket", "list", "--lang", text),
        run(here, "board", "--json", text),
        run(here, "board", actor=text),
        run(here, "board", "--workspace", text),
    ]

    assert [fault for one in seen for fault in one.faults()] == []
    assert [one.code for one in seen if not one.code] == []


def test_the_search_finds_what_gets_out_raw_when_nothing_is_cleaned(here, monkeypatch):
    monkeypatch.setattr(output, "clean", lambda shown: shown)

    faults = [
        fault
        for text in HOSTILE["escape"]
        for fault in run(here, "ticket", "show", text).faults()
    ]

    assert len(faults) >= len(HOSTILE["escape"])


def _everything(root: Path, name: str, texts: Sequence[str]) -> "list[Seen]":
    found = []
    for verb in noun(name).verbs:
        slow = name in SLOW or (name, verb.name) in SLOW_VERBS
        options = [one for one in verb.options if not one.flag]
        for number, text in zip(count(), ONE_OF_EACH if slow else texts):
            if number and (not options or name == "demo"):
                break
            option = options[number % len(options)] if options else None
            found.append(
                run(
                    root,
                    *MANNERS[number % 3],
                    name,
                    *_words(verb, option, text),
                    *ALWAYS.get(name, ()),
                )
            )
    return found


def _words(verb: Verb, chosen: Option | None, text: str) -> list[str]:
    """Return the words of a verb with the text in one of its options, and what it needs in the others."""
    words, arguments = [verb.name] if verb.name else [], []
    for option in verb.options:
        if option is not chosen and not option.needed:
            continue
        value = (
            text
            if option is chosen
            else option.choices[0]
            if option.choices
            else KNOWN.get(option.key, "x")
        )
        if option is chosen and option.key == "set":
            value = f"subject={text}"
        if option.positional:
            arguments.append(value)
        else:
            words.append(f"{option.name}={value}")
    return [*words, "--", *arguments] if arguments else words


# --- what was taken in, and comes out again --------------------------------------------------------


@pytest.fixture(scope="session")
def taken_in(centre):
    """For each text that was taken in as a ticket's subject, the ticket; refused ones said why."""
    kept = {}
    for text in ALL:
        seen = run(
            centre,
            "ticket",
            "open",
            "inquiry",
            *fields(text, text),
            "--customer",
            "C-1",
            "--json",
        )
        assert seen.faults() == []
        if seen.code == 0:
            kept[text] = json.loads(seen.out)["ticket"]
    return kept


def test_what_can_be_written_at_all_is_taken_in_and_what_cannot_is_refused(taken_in):
    assert set(HOSTILE["formulas"]) | set(HOSTILE["markup"]) <= set(taken_in)
    assert not set(HOSTILE["nul"]) & set(taken_in)
    assert not set(HOSTILE["surrogates"]) & set(taken_in)


def test_what_was_taken_in_is_shown_without_doing_anything(here, taken_in):
    seen = [run(here, *manner, "ticket", "list", "--limit", "1000") for manner in MANNERS]
    for (text, key), turn in zip(taken_in.items(), count()):
        first, second, third = (MANNERS[(turn + one) % 3] for one in range(3))
        seen += [
            run(here, "ticket", "comment", "--", key, text),
            run(here, *first, "ticket", "show", key),
            run(here, *second, "ticket", "history", key),
            run(here, *third, "ticket", "actions", key),
        ]

    assert [fault for one in seen for fault in one.faults()] == []


def test_customers_colleagues_and_announcements_may_be_called_anything(here):
    seen = []
    for number, text in enumerate(ALL):
        key = f"H-{number}"
        seen += [
            run(here, "customer", "add", key, f"--name={text}", f"--tag={text}"),
            run(here, "customer", "show", key),
            run(here, "customer", "find", "--", text),
            run(here, "user", "add", f"h{number}", "--role=agent", f"--en={text}", f"--zh={text}"),
            run(here, "announcement", "publish", "--to=everyone", f"--title-en={text}", f"--title-zh={text}",
                f"--text-en={text}", f"--text-zh={text}"),
        ]  # fmt: skip
    seen += [
        run(here, noun, "list", *manner)
        for noun in ("customer", "user", "announcement")
        for manner in ((), ("--json",), ("--lang", "zh"))
    ]

    assert [fault for one in seen for fault in one.faults()] == []


# --- notices -------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["assigned", "warning", "supervised", "a_reason_of_nobodys"])
@pytest.mark.parametrize(("kind", "language"), [("sms", "en"), ("email", "zh"), ("chat", "en")])
def test_no_notice_hands_a_text_on_raw_whatever_it_is_about(reason, kind, language, tmp_path):
    templates, printed = load_templates(None)[0], StringIO()
    file, console = FileChannel(tmp_path / "told.jsonl"), ConsoleChannel("sms", printed)

    for text in ALL:
        said = worded(
            templates,
            [facts(reason, text)],
            Reader(name=text, language=language, zone=UTC),
            kind,
        )
        outgoing = Outgoing(key="1", address=text, subject=said.subject, text=said.text)
        assert "\n" not in said.subject
        assert isinstance(file.send(outgoing), Delivered)
        assert isinstance(console.send(outgoing), Delivered)

    written = (tmp_path / "told.jsonl").read_text("utf-8")
    assert DANGEROUS.findall(written) == []
    assert [json.loads(line)["address"] for line in written.splitlines()] == list(ALL)
    assert DANGEROUS.findall(printed.getvalue()) == []


def test_what_a_colleague_is_told_of_a_hostile_ticket_is_shown_without_doing_anything(
    here, taken_in
):
    seen = [run(here, "ticket", "assign", key, "chen_jing") for key in taken_in.values()]
    seen += [
        run(here, "worker", "--once"),
        run(here, "notice", "list", "--limit", "1000"),
        run(here, "notice", "list", "--mine", "--json", actor="chen_jing"),
        *(
            run(here, "notice", "show", str(number), actor="chen_jing")
            for number in range(1, 60)
        ),
    ]

    assert [fault for one in seen for fault in one.faults()] == []


def facts(reason: str, text: str) -> Facts:
    return Facts(
        number=1, reason=reason, key="INQ-2026-000001", title=text, state=text, priority=text, workflow=text,
        occasion=text, message=text, promise=text, threshold=text, stands_for=text,
    )  # fmt: skip


# --- logs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ALL)
def test_every_text_is_one_line_of_a_log_that_says_only_what_it_should(tmp_path, text):
    log = Log(tmp_path / "casewright.log")

    log.write("reply", channel=text, said=[text, {text: text}])
    log.incident(ValueError(text))

    written = log.path.read_bytes()
    lines = [json.loads(line) for line in written.splitlines()]
    assert [one["event"] for one in lines] == ["reply", "incident"]
    assert {one["level"] for one in lines} == {"info", "error"}
    assert written.isascii()
    assert not set(written) - {10} & set(range(32))


# --- exports -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_every_text_is_exported_as_text_and_reads_back_as_it_was(here, tmp_path, name):
    sheets.export_rows(tmp_path / name, ["text", "again"], [[text, text] for text in ALL])

    cells = read(tmp_path / name)
    assert [unquoted(row[0]) for row in cells[1:]] == list(ALL)
    assert formulas_in(cells) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_lists_export_is_text_that_no_spreadsheet_takes_for_a_formula(
    here, taken_in, tmp_path, kind
):
    for words in (
        ("ticket", "list", "--workflow", "inquiry"),
        ("customer", "list"),
        ("notice", "list"),
    ):
        file = tmp_path / f"{words[0]}.{kind}"
        seen = run(here, *words, "--export", str(file))

        assert (seen.code, seen.faults()) == (0, [])
        assert formulas_in(read(file)) == []
    cells = {unquoted(cell) for row in read(tmp_path / f"ticket.{kind}") for cell in row}
    assert set(taken_in) <= cells


def test_a_formula_is_found_when_nothing_is_quoted(here, tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "quoted", lambda text: text)
    clean = [text for text in HOSTILE["formulas"] if not DANGEROUS.search(text)]

    sheets.export_rows(tmp_path / "list.csv", ["text"], [[text] for text in clean])

    assert (
        len(formulas_in(read(tmp_path / "list.csv"))) == len(clean) - 1
    )  # one has a quote already


def formulas_in(cells: list[list[str]]) -> list[str]:
    """Return the cells that a spreadsheet could compute, however it divides them, or in which something could hide."""
    return [
        cell
        for row in cells
        for cell in row
        if DANGEROUS.search(cell) or any(map(COMPUTED.match, re.split("[;\t\n]", cell)))
    ]


def read(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    rows = load_workbook(path).active.iter_rows()
    found = [list(row) for row in rows]
    assert {cell.data_type for row in found for cell in row if cell.value is not None} == {"s"}
    assert [cell for row in found for cell in row if cell.hyperlink] == []
    return [[cell.value or "" for cell in row] for row in found]


def fields(subject: str, question: str) -> list[str]:
    return [f"--set=subject={subject}", f"--set=question={question}"]
