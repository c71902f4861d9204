"""What a newcomer stumbles over: files written over, widths, languages, and what is said when something is missing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casewright.cli.__main__ import main
from casewright.cli.output import table, width, wrap
from casewright.texts import Texts

from ..founding import demonstration

CORE = Path(__file__).resolve().parents[2] / "core"
INQUIRY = ["--set", "subject=Price", "--set", "question=What does it cost?"]
WIDE = [
    ["--help"],
    ["ticket", "--help"],
    ["ticket", "open", "--help"],
    ["user", "list"],
    ["workflow", "list"],
    ["ticket", "list"],
    ["form", "show", "complaint"],
]


@pytest.fixture
def centre(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    demonstration(tmp_path / "centre")
    return tmp_path / "centre"


@pytest.fixture
def cli(centre, capsys):
    """Return a function that runs a command line in the workspace and returns code, output and messages."""

    def run(*words, actor="chen_jing"):
        capsys.readouterr()
        code = main(["-C", str(centre), "--as", actor, *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def answer(cli):
    def run(*words, actor="chen_jing"):
        code, out, err = cli(*words, "--json", actor=actor)
        assert (code, err) == (0, ""), out
        return json.loads(out)

    return run


def opened(answer, *more):
    return answer("ticket", "open", "inquiry", *INQUIRY, *more)["ticket"]


# --- files -----------------------------------------------------------------------------------------


def test_discovery_writes_over_nothing_unless_it_is_told_to(cli, tmp_path):
    log, out = tmp_path / "log.csv", tmp_path / "learnt.yaml"
    log.write_text("case,activity,time\n1,Open,2026-01-05\n1,Close,2026-01-06\n")
    words = ["workflow", "discover", log, "--out", out]

    out.write_text("mine")
    refused = cli(*words)
    kept = out.read_text()
    out.rename(f"{out}.map.yaml")
    refused_for_the_map = cli(*words)
    forced = cli(*words, "--force")
    nowhere = cli("workflow", "discover", log, "--out", tmp_path / "no" / "x.yaml")

    assert (refused[0], kept) == (1, "mine")
    assert "exists already" in refused[2]
    assert refused_for_the_map[0] == 1
    assert (forced[0], out.read_text() != "mine") == (0, True)
    assert (nowhere[0], (tmp_path / "no").exists()) == (1, False)
    assert "does not exist" in nowhere[2]


def test_a_customer_keeps_what_is_not_given(answer):
    answer("customer", "add", "C-1", "--name", "Li Hong", "--tier", "vip", "--language", "zh")
    answer("customer", "add", "C-1", "--tier", "")

    kept = answer("customer", "show", "C-1")["customer"]
    assert (kept["id"], kept["name"], kept["tier"], kept["language"]) == (
        "C-1",
        "Li Hong",
        "",
        "zh",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("words", [["--help"], ["board"], ["board", "--json"], ["x", "--json"]])
def test_a_full_device_is_no_bug(centre, words):
    environment = {**os.environ, "PYTHONPATH": str(CORE)}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "casewright.cli", "-C", centre, "--as", "boss", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            timeout=60,
        )

    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1


# --- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", [False, True])
def test_help_is_in_the_language_of_the_workspace_if_it_says_so(centre, cli, broken):
    (centre / "casewright.toml").write_text("?" if broken else 'language = "zh"\n')

    code, out, _ = cli("ticket", "open", "--help")

    assert code == 0
    assert ("用法" in out) is not broken


@pytest.mark.parametrize(
    "words", [["ticket", "contact", "A-1", "shout"], ["ticket", "list", "--older", "yesterday"]]
)
def test_words_of_no_sense_are_wrong_usage(cli, words):
    code, _, said = cli(*words)

    assert code == 2
    assert "Not understood" in said


def test_a_version_is_named_by_the_digest_that_is_listed(cli, answer):
    listed = answer("workflow", "list")["workflows"]
    inquiry = next(one["digest"] for one in listed if one["name"] == "inquiry")
    alien = next(one["digest"] for one in listed if one["name"] == "complaint")

    assert answer("workflow", "show", "inquiry", "--digest", inquiry[:12])["digest"] == inquiry
    assert cli("workflow", "show", "inquiry", "--digest", alien[:12])[0] == 1
    assert cli("workflow", "show", "inquiry", "--digest", "ffffffffffff")[0] == 1


def test_a_beginning_that_several_versions_share_is_refused(centre, cli):
    path = centre / "workflows" / "inquiry.yaml"
    path.write_text(path.read_text("utf-8").replace("prefix: INQ", "prefix: ASK"), "utf-8")
    assert cli("workflow", "publish", actor="boss")[0] == 0
    assert cli("workflow", "approve", "2", actor="feng_yun")[0] == 0

    code, _, said = cli("workflow", "show", "inquiry", "--digest", "")

    assert code == 1
    assert "begin so" in said


def test_one_fault_of_a_form_is_told_once(cli):
    code, _, said = cli("ticket", "open", "inquiry", "--set", "subject=x")

    assert code == 1
    assert said.count("question") == 1


def test_a_form_is_shown_with_what_it_asks_for(cli, answer):
    fields = {one["name"]: one for one in answer("form", "show", "inquiry")["fields"]}
    code, out, _ = cli("form", "show", "inquiry", "--lang", "zh")
    unknown = cli("form", "show", "inqiry")

    assert fields["subject"]["required"]
    assert fields["category"]["table"] == "categories"
    assert [one["value"] for one in fields["reply_by"]["choices"]] == ["phone", "sms", "email"]
    assert (code, "必填" in out) == (0, True)
    assert (unknown[0], "'inquiry'" in unknown[2]) == (1, True)


def test_an_action_says_in_json_what_its_form_asks_for(answer):
    actions = answer("ticket", "actions", opened(answer))["actions"]
    asking = [one for one in actions if one["asks_for"]]

    assert asking
    assert set(asking[0]["asks_for"][0]) == {"name", "title", "kind", "choices", "table"}


def test_files_watchers_and_links_are_told(answer, cli, tmp_path):
    key, other = opened(answer), opened(answer)
    (tmp_path / "letter.txt").write_text("dear")
    answer("ticket", "attach", key, tmp_path / "letter.txt")
    answer("ticket", "watch", key)
    answer("ticket", "link", key, other)

    _, sheet, _ = cli("ticket", "show", key)
    _, story, _ = cli("ticket", "history", key)

    assert answer("ticket", "show", key)["files"] == ["letter.txt"]
    assert "letter.txt" in sheet
    assert f"linked it with {other} (related)" in story
    assert "watched by: Chen Jing" in story
    assert "(events: 4)" in story


def test_the_staff_is_listed_with_the_titles_of_its_roles(cli):
    assert "座席" in cli("user", "list", "--lang", "zh")[1]


# --- widths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("words", WIDE)
def test_nothing_is_wider_than_the_terminal(answer, cli, monkeypatch, words, lang):
    opened(answer)
    monkeypatch.setenv("COLUMNS", "80")

    code, out, _ = cli(*words, "--lang", lang)

    assert code == 0
    assert max(map(width, out.splitlines())) <= 80


def test_long_words_are_wrapped_on_a_sheet_and_whole_in_a_pipe(answer, cli, monkeypatch):
    long = "again and " * 18
    words = ("--set", "subject=Price", "--set", f"question={long}")
    key = answer("ticket", "open", "inquiry", *words)["ticket"]
    _, whole, _ = cli("ticket", "show", key)
    monkeypatch.setenv("COLUMNS", "80")
    _, wrapped, _ = cli("ticket", "show", key)

    assert long.strip() in whole
    assert max(map(width, wrapped.splitlines())) <= 80
    assert wrapped.count("again") == whole.count("again")


def test_a_table_keeps_its_first_column_and_leaves_out_empty_ones(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")

    lines = table(["key", "note", "none"], [["K-2026-000000000001", "long " * 9, ""]])
    monkeypatch.delenv("COLUMNS")
    piped = table(["key", "note"], [["K", "long " * 9]])

    assert lines[1] == "K-2026-000000000001  long lon…"
    assert lines[0].split() == ["key", "note"]
    assert piped[1].count("long") == 9


def test_lines_break_between_words_and_chinese_characters():
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("一二三四五", 4) == ["一二", "三四", "五"]


def test_chinese_has_no_blanks_around_chinese_names():
    texts = Texts("zh")

    assert texts.say("only {who} may do this", who="班长") == "只有班长可以执行"
    assert texts.say("only {who} may do this", who="li_na") == "只有 li_na 可以执行"
    assert texts.say("{key}  {title} (events: {count})", key="甲", title="乙", count=3) == (
        "甲  乙（3 条流转记录）"
    )


# --- the doctor and the database --------------------------------------------------------------------


def checks_of(cli):
    code, out, _ = cli("doctor", "--json", actor="boss")
    return code, {(one["name"], one["finding"]) for one in json.loads(out)["checks"]}


def test_the_doctor_misses_the_folder_of_files_that_were_attached(
    answer, cli, centre, tmp_path
):
    key = opened(answer)
    before = checks_of(cli)
    (tmp_path / "letter.txt").write_text("dear")
    answer("ticket", "attach", key, tmp_path / "letter.txt")
    shutil.rmtree(centre / "attachments")

    after = checks_of(cli)

    assert (before[0], after[0]) == (0, 1)
    assert ("attachments", "problem") in after[1] - before[1]


def test_the_doctor_misses_whoever_may_change_the_staff(cli, centre):
    path = centre / "roles.yaml"
    path.write_text(path.read_text("utf-8").replace("people.edit", "customer.edit"), "utf-8")
    roles = path.read_text("utf-8")
    path.write_text(
        roles.replace('"*"', "customer.edit").replace("'*'", "customer.edit"), "utf-8"
    )

    assert ("people", "problem") in checks_of(cli)[1]


def test_the_doctor_misses_published_workflows(tmp_path, cli, centre):
    (centre / "casewright.db").unlink()
    shutil.rmtree(centre / "workflows")
    (centre / "workflows").mkdir()
    assert cli("db", "migrate", actor="boss")[0] == 0

    assert ("published", "problem") in checks_of(cli)[1]


def test_the_database_says_numbers_as_numbers(answer):
    pragmas = answer("db", "status", actor="boss")["pragmas"]

    assert (pragmas["synchronous"], pragmas["foreign_keys"]) == ("FULL", 1)
