"""The command line through its front door: what it prints, where, and with which exit code."""

import json
import re
from pathlib import Path

import pytest

from casewright.cli.__main__ import main
from casewright.cli.output import clean, shorten, table, width

from ..founding import demonstration

INQUIRY = ["--set", "subject=Price of a line", "--set", "question=What does Fibre 1000 cost?"]
COMPLAINT = [
    "--set",
    "subject=Charged twice",
    "--set",
    "description=The fee was charged twice.",
    "--set",
    "demand=Refund",
]


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "centre"
    return demonstration(folder)


@pytest.fixture
def cli(centre, capsys, monkeypatch):
    """Return a function that runs a command line in the workspace and returns code, output and messages."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)

    def run(*words, actor="chen_jing"):
        capsys.readouterr()
        code = main(["-C", str(centre), "--as", actor, *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def answer(cli):
    """Return a function that runs a command line with --json and returns its document."""

    def run(*words, actor="chen_jing", code=0):
        got, out, err = cli(*words, "--json", actor=actor)
        assert (got, err) == (code, "")
        return json.loads(out)

    return run


# --- words ---------------------------------------------------------------------------------------


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0

    assert re.fullmatch(r"casewright \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tiket"], "did you mean 'ticket'"),
        (["ticket", "opne"], "did you mean 'open'"),
        (["ticket", "list", "--handlr", "x"], "did you mean '--handler'"),
        (["ticket", "show"], "TICKET is missing"),
        (["ticket", "show", "A-1", "B-2"], "'B-2' is one argument too many"),
        (["ticket", "list", "--limit"], "--limit needs a value"),
        (["ticket", "list", "--limit", "--open"], "--limit needs a value"),
        (["ticket", "list", "--limit", "1", "--limit", "2"], "--limit is given twice"),
        (["ticket", "list", "--open=yes"], "--open takes no value"),
        (["ticket", "list", "--lang", "fr"], "--lang is one of: en, zh"),
        (["board", "now"], "'now' is one argument too many"),
    ],
)
def test_a_command_line_that_means_nothing_is_refused_with_a_hint(
    words, said, capsys, monkeypatch
):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    assert main(words) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


def test_wrong_usage_is_a_document_where_one_is_wanted(capsys):
    assert main(["tiket", "--json", "--lang", "en"]) == 2

    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


def test_help_is_in_the_language_asked_for(capsys):
    assert main(["ticket", "open", "--help", "--lang", "zh"]) == 0
    chinese = capsys.readouterr().out
    assert main(["ticket", "open", "--help", "--lang", "en"]) == 0
    english = capsys.readouterr().out

    assert "用法" in chinese
    assert "Usage: casewright ticket open WORKFLOW" in english
    assert max(map(width, [*chinese.splitlines(), *english.splitlines()])) <= 96


def test_options_stand_anywhere_and_a_double_dash_ends_them(cli):
    key = opened(cli)

    code, out, _ = cli(
        "--lang", "en", "ticket", "--json", "comment", key, "--", "--not an option"
    )

    assert code == 0
    assert json.loads(out)["ticket"] == key


# --- a workspace ---------------------------------------------------------------------------------


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")

    assert main(["init", str(tmp_path), "--lang", "en"]) == 1

    assert "it is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_new_workspace_has_files_that_editors_find_the_schema_for(centre):
    first = (centre / "workflows" / "complaint.yaml").read_text("utf-8").splitlines()[0]
    schema = first.partition("$schema=")[2]

    assert (centre / "workflows" / schema).resolve().is_file()
    assert (centre / "casewright.toml").is_file()


def test_outside_of_a_workspace_one_is_told_what_to_do(tmp_path, capsys):
    assert main(["-C", str(tmp_path), "board", "--lang", "en"]) == 1

    assert "casewright init DIR" in capsys.readouterr().err


def test_the_doctor_finds_a_new_workspace_well(answer):
    found = answer("doctor", actor="boss")

    assert found["ok"]
    assert {one["name"] for one in found["checks"]} >= {
        "python",
        "sqlite",
        "database",
        "workflows",
        "people",
        "disk",
        "clock",
    }


def test_the_doctor_names_what_is_wrong(tmp_path, capsys):
    folder = tmp_path / "w"
    assert main(["init", str(folder)]) == 0
    workflow = folder / "workflows" / "inquiry.yaml"
    workflow.write_text(
        workflow.read_text("utf-8").replace("start: answering", "start: nowhere"), "utf-8"
    )
    capsys.readouterr()

    assert main(["-C", str(folder), "doctor", "--json"]) == 1

    found = {
        one["name"]: one["finding"] for one in json.loads(capsys.readouterr().out)["checks"]
    }
    assert found["workflows"] == "problem"
    assert found["people"] == "warning"


def test_a_database_that_is_missing_is_told_and_made(tmp_path, capsys):
    (tmp_path / "casewright.toml").write_text("")
    root = ["-C", str(tmp_path), "--as", "boss", "--json"]

    assert main([*root, "db", "status"]) == 1
    assert json.loads(capsys.readouterr().out)["exists"] is False
    assert main([*root, "board"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "database.missing"
    assert main([*root, "db", "migrate"]) == 0
    assert json.loads(capsys.readouterr().out)["from"] == 0
    assert main([*root, "db", "status"]) == 0


# --- tickets -------------------------------------------------------------------------------------


def opened(cli, *more):
    code, out, _ = cli("ticket", "open", "inquiry", *INQUIRY, *more, "--json")
    assert code == 0, out
    return json.loads(out)["ticket"]


def test_a_ticket_is_opened_shown_answered_and_told(cli, answer):
    key = opened(cli, "--customer", "C-1", "--channel", "call")

    shown = answer("ticket", "show", key)
    assert (shown["state"], shown["handler"], shown["customer"]) == (
        "answering",
        "chen_jing",
        "C-1",
    )
    assert "answer" in [one["name"] for one in shown["actions"] if not one["blocked"]]

    moved = answer(
        "ticket",
        "fire",
        key,
        "answer",
        "--set",
        "answer_text=30 CNY",
        "--set",
        "category=account_plan_advice",
        "--set",
        "solved=是",
    )
    assert (moved["state"], moved["version"]) == ("closed", 2)

    events = answer("ticket", "history", key)["events"]
    assert [one["kind"] for one in events] == ["TicketOpened", "TransitionFired"]


def test_what_people_read_has_titles_and_no_codes(cli):
    key = opened(cli)

    code, out, err = cli("ticket", "show", key)
    history = cli("ticket", "history", key)[1]
    chinese = cli("ticket", "show", key, "--lang", "zh")[1]

    assert (code, err) == (0, "")
    assert f"{key}  Inquiry: Being answered" in out
    assert "Chen Jing (chen_jing)" in out
    assert "Price of a line" in out
    assert "What you can do" in out
    assert "Chen Jing opened the ticket → Being answered" in history
    assert "业务咨询：答复中" in chinese
    assert "陈静（chen_jing）" in chinese
    assert "\x1b" not in out + history + chinese


def test_a_refusal_is_one_sentence_or_one_document(cli, answer):
    key = opened(cli)

    code, out, err = cli("ticket", "fire", key, "closee")
    document = answer("ticket", "fire", key, "closee", code=1)

    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert document["error"]["code"] == "not_found"
    assert document["error"]["message"] == err.strip()


def test_a_form_that_lacks_something_says_so_field_by_field(cli, answer):
    key = opened(cli)

    error = answer("ticket", "fire", key, "answer", code=1)["error"]
    said = cli("ticket", "fire", key, "answer", "--lang", "zh")[2]

    assert error["code"] == "form.refused"
    assert {field for field, _ in error["faults"]} == {"answer_text", "category", "solved"}
    assert len(said.splitlines()) == 4


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("injury=perhaps", "neither true nor false"),
        ("subjct=x", "did you mean 'subject'"),
        ("subject", "is not NAME=VALUE"),
    ],
)
def test_a_field_that_cannot_be_read_is_refused_by_name(cli, written, said):
    code, _, err = cli("ticket", "open", "complaint", "--set", written)

    assert code in (1, 2)
    assert said in err


def test_fields_are_typed_by_the_form_and_lists_are_repeated(answer, cli):
    key = answer("ticket", "open", "complaint", *COMPLAINT, "--set", "injury=yes")["ticket"]
    answer(
        "ticket",
        "fire",
        key,
        "accept",
        "--set",
        "category=billing_charge_amount_disputed",
        "--set",
        "severity=Minor",
        actor="zhao_lei",
    )
    order = [
        "--set",
        "lead_department=billing",
        "--set",
        "order_kind=billing_check",
        "--set",
        "instructions=Check the bill.",
    ]

    sent = answer(
        "ticket", "fire", key, "dispatch", *order,
        "--set", "assisting_departments=finance", "--set", "assisting_departments=marketing", actor="zhao_lei",
    )  # fmt: skip

    assert len(sent["opened"]) == 3
    fields = answer("ticket", "show", key)["fields"]
    assert fields["injury"] is True
    assert fields["severity"] == "minor"
    assert fields["assisting_departments"] == ["finance", "marketing"]


def test_fields_come_from_a_file_or_from_standard_input(answer, cli, tmp_path, monkeypatch):
    file = tmp_path / "fields.json"
    file.write_text('{"subject": "From a file", "question": "Why?"}', "utf-8")

    key = answer("ticket", "open", "inquiry", "--fields", str(file), "--set", "question=How?")[
        "ticket"
    ]
    fields = answer("ticket", "show", key)["fields"]
    twice = tmp_path / "twice.json"
    twice.write_text('{"a": 1, "a": 2}', "utf-8")
    refused = answer("ticket", "open", "inquiry", "--fields", str(twice), code=1)

    assert fields == {"subject": "From a file", "question": "How?"}
    assert refused["error"]["code"] == "json.refused"
    assert refused["error"]["place"]["line"] == 1


def test_a_repeated_command_id_does_nothing_twice(answer):
    words = ["ticket", "open", "inquiry", *INQUIRY, "--id", "once-and-only-once"]

    first, second = answer(*words), answer(*words)

    assert first["ticket"] == second["ticket"]
    assert (first["repeated"], second["repeated"]) == (False, True)


def test_a_stale_version_is_a_conflict(answer, cli):
    key = opened(cli)
    answer("ticket", "edit", key, "--set", "subject=Another price", "--expect", "1")

    error = answer(
        "ticket", "edit", key, "--set", "subject=A third price", "--expect", "1", code=1
    )["error"]

    assert (error["code"], error["expected"], error["actual"]) == ("conflict", 1, 2)


def test_a_query_is_answered_in_both_languages(answer, cli):
    key = opened(cli)

    recorded = answer("ticket", "contact", key, "query")
    said = cli("ticket", "contact", key, "query", "--lang", "zh")[1]

    assert recorded["answer"] == {"en": "In progress", "zh": "办理中"}
    assert "办理中" in said


def test_side_commands_are_kept_in_the_history(answer, cli, tmp_path):
    key, other = opened(cli), opened(cli)
    file = tmp_path / "bill.txt"
    file.write_text("a bill")

    answer("ticket", "comment", key, "Called back.")
    answer("ticket", "attach", key, str(file))
    answer("ticket", "watch", key)
    answer("ticket", "link", key, other)
    answer("ticket", "remind", key, "--at", "2999-01-01T09:00", "--text", "Call again")
    answer("ticket", "assign", key, "li_na", "--reason", "shift")

    kinds = [one["kind"] for one in answer("ticket", "history", key)["events"]]
    assert kinds == [
        "TicketOpened", "CommentAdded", "FileAttached", "WatchersChanged", "TicketLinked", "ReminderSet", "TicketAssigned",
    ]  # fmt: skip
    told = cli("ticket", "history", key)[1]
    assert "“Called back.”" in told
    assert "attached bill.txt" in told
    assert "Chen Jing gave it to Li Na" in told


def test_the_list_is_filtered_and_paged(answer, cli):
    keys = [opened(cli, "--customer", "C-paged") for _ in range(3)]

    first = answer("ticket", "list", "--customer", "C-paged", "--limit", "2")
    rest = answer(
        "ticket", "list", "--customer", "C-paged", "--limit", "2", "--after", first["after"]
    )
    none = cli("ticket", "list", "--customer", "C-nobody")
    old = answer("ticket", "list", "--customer", "C-paged", "--older", "1 hour")
    young = answer(
        "ticket",
        "list",
        "--customer",
        "C-paged",
        "--younger",
        "1 hour",
        "--open",
        "--workflow",
        "inquiry",
    )

    assert [one["key"] for one in (*first["tickets"], *rest["tickets"])] == keys[::-1]
    assert rest["after"] is None
    assert none[:2] == (0, "No ticket fits.\n")
    assert (len(old["tickets"]), len(young["tickets"])) == (0, 3)


@pytest.mark.parametrize(
    "words",
    [["--limit", "0"], ["--limit", "1001"], ["--limit", "many"], ["--open", "--closed"]],
)
def test_a_page_of_no_sense_is_wrong_usage(cli, words):
    assert cli("ticket", "list", *words)[0] == 2


def test_who_may_not_act_is_told_so(answer):
    error = answer("ticket", "open", "inquiry", *INQUIRY, actor="long_teng", code=1)["error"]
    unknown = answer("board", actor="nobody_at_all", code=1)["error"]

    assert (error["code"], error["permission"]) == ("not_allowed", "ticket.open")
    assert unknown["code"] == "not_allowed"


def test_the_board_counts_every_ticket_once(answer, cli):
    before = sum(row["tickets"] for row in answer("board")["board"])
    opened(cli)

    assert sum(row["tickets"] for row in answer("board")["board"]) == before + 1


def test_every_history_is_verified(answer, cli):
    opened(cli)

    found = answer("audit", "verify", actor="han_lei")

    assert set(found) == {
        "ok", "tickets", "events", "commands", "looks", "first_broken",
        "checkpoints", "sealed_at", "unsealed", "remarks",
    }  # fmt: skip
    assert (found["ok"], found["first_broken"]) == (True, None)
    assert found["commands"] > 0


# --- workflows, people ---------------------------------------------------------------------------


def test_a_check_lists_every_problem_with_its_place(answer, tmp_path):
    file = tmp_path / "odd.yaml"
    file.write_text("workflow: odd\ntitel: {en: Odd, zh: 怪}\n", "utf-8")

    found = answer("workflow", "check", file, code=1)["problems"]

    assert set(found[0]) >= {"code", "file", "line", "column", "message"}
    assert any("did you mean 'title'" in one["message"] and one["line"] == 2 for one in found)


def test_a_check_finds_what_is_wrong_with_a_template_as_publishing_would(answer, centre):
    odd = centre / "workflows" / "templates" / "odd.yaml"
    odd.write_text("template: odd\ntitel: {en: Odd, zh: 怪}\n", "utf-8")
    try:
        found = answer("workflow", "check", code=1)["problems"]
    finally:
        odd.unlink()

    assert {Path(one["file"]).name for one in found} == {"odd.yaml"}


def test_the_workspaces_own_workflows_and_forms_have_nothing_to_mend(answer):
    assert answer("workflow", "check") == {"problems": []}
    assert answer("form", "check") == {"problems": []}


def test_published_workflows_are_listed_and_shown(answer, cli):
    names = {one["name"] for one in answer("workflow", "list")["workflows"]}
    shown = cli("workflow", "show", "complaint")[1]

    assert names == {"complaint", "inquiry", "service_request", "work_order"}
    assert "registered: Registered" in shown
    assert "approval, step 1" in shown


def test_a_person_is_added_and_changed_without_losing_anything(answer):
    answer(
        "user",
        "add",
        "ana",
        "--role",
        "agent",
        "--team",
        "front_1",
        "--en",
        "Ana",
        actor="boss",
    )
    answer("user", "edit", "ana", "--zh", "安娜", actor="boss")

    ana = next(
        one
        for one in answer("user", "list", "--role", "agent")["users"]
        if one["name"] == "ana"
    )
    assert (ana["en"], ana["zh"], ana["roles"], ana["team"]) == (
        "Ana",
        "安娜",
        ["agent"],
        "front_1",
    )


def test_whoever_is_on_the_staff_is_not_added_again(answer):
    words = ("user", "add", "ines", "--role", "agent", "--id", "i1")
    answer(*words, actor="boss")

    error = answer("user", "add", "ines", "--role", "team_leader", actor="boss", code=1)[
        "error"
    ]

    assert "casewright user edit ines" in error["message"]
    assert answer("user", "show", "ines")["user"]["roles"] == ["agent"]
    answer(*words, actor="boss")  # the same command again is no second person


def test_an_unknown_role_is_refused_with_the_nearest(answer):
    error = answer("user", "add", "bo", "--role", "agnet", actor="boss", code=1)["error"]

    assert "did you mean 'agent'" in error["message"]


def test_customers_are_kept(answer):
    answer("customer", "add", "C-77", "--name", "Li Hong", "--tier", "vip")

    (listed,) = answer("customer", "list")["customers"]
    kept = answer("customer", "show", "C-77")["customer"]
    assert (kept["id"], kept["name"], kept["tier"]) == ("C-77", "Li Hong", "vip")
    assert (listed["id"], listed["name"], listed["tier"]) == ("C-77", "L****", "vip")


def test_a_log_becomes_a_workflow_that_accepts_it(answer, tmp_path, cli):
    log = tmp_path / "log.csv"
    log.write_text(
        "case,activity,time\n1,Open,2026-01-05 09:00\n1,Close,2026-01-06 09:00\n2,Open,2026-01-05 10:00\n2,Close,2026-01-08 10:00\n"
    )
    out = tmp_path / "learnt.yaml"

    found = answer("workflow", "discover", log, "--out", out)
    words = ["replay", log, "--workflow", out, "--map", f"{out}.map.yaml"]
    cli(*words, actor="boss")
    waiting = answer("workflow", "publications", "--waiting")["publications"]
    answer("workflow", "approve", waiting[0]["number"], actor="feng_yun")
    first, second = answer_of(cli, *words), answer_of(cli, *words)

    assert (found["cases"], found["events"]) == (2, 4)
    assert answer("workflow", "check", out) == {"problems": []}
    assert first == second
    assert set(first) >= {
        "cases",
        "events",
        "refused",
        "variants",
        "throughput_days",
        "top_variant",
    }
    assert (first["cases"], first["events"], first["refused"], first["variants"]) == (
        2,
        4,
        0,
        1,
    )
    assert first["throughput_days"]["median"] == 2.0
    assert first["top_variant"] == {"path": ["Open", "Close"], "cases": 2}


def answer_of(cli, *words):
    code, out, _ = cli(*words, "--json", actor="boss")
    assert code == 0, out
    return json.loads(out)


# --- the demonstration ---------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demonstration_tells_its_story_to_the_end(tmp_path, capsys, lang):
    folder = tmp_path / "demo"

    assert main(["demo", str(folder), "--lang", lang, "--as", "visitor"]) == 0

    printed = capsys.readouterr()
    assert printed.err == ""
    assert {"en": "The re-complaint", "zh": "再投诉"}[lang] in printed.out
    assert {"en": "are as they were written", "zh": "均与写入时一致"}[lang] in printed.out
    assert main(["-C", str(folder), "--as", "feng_yun", "board", "--json"]) == 0
    board = json.loads(capsys.readouterr().out)["board"]
    assert {row["workflow"] for row in board} == {
        "complaint",
        "inquiry",
        "service_request",
        "work_order",
    }


# --- what reaches the terminal -------------------------------------------------------------------


def test_nothing_that_could_mislead_a_terminal_is_shown(cli, answer):
    evil = "a\x1b]52;c;ZXZpbA==\x07b\u202egnp.exe\u2066\x9b31m"
    key = answer(
        "ticket", "open", "inquiry", "--set", f"subject={evil}", "--set", "question=How much?"
    )["ticket"]

    shown = "".join(
        cli(*words)[1]
        for words in (["ticket", "show", key], ["ticket", "history", key], ["ticket", "list"])
    )
    raw = cli("ticket", "show", key, "--json")[1]

    for sign in "\x1b\x07\u202e\u2066\x9b":
        assert sign not in shown
        assert sign not in raw
    assert json.loads(raw)["fields"]["subject"] == evil


def test_columns_are_as_wide_as_their_characters_are_shown():
    lines = table(["状态", "n"], [["已登记", 1], ["ok", 12], ["e\u0301", 3]])

    assert [width(line) for line in lines] == [width(lines[0])] * 4
    assert clean("a\tb\r\nc") == "a b\nc"
    assert shorten("已登记状态", 5) == "已登…"
    assert shorten("short", 5) == "short"


def test_a_bug_is_told_by_an_id_that_the_log_has_and_its_traceback_only_on_demand(
    cli, centre, monkeypatch
):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("casewright.desk.embedded.Desk.ask", broken)

    code, out, err = cli("board")
    loud = cli("board", "--debug")
    document = cli("board", "--json")

    assert (code, out) == (70, "")
    assert "Traceback" not in err
    assert "ZeroDivisionError" not in err
    assert "Traceback" in loud[2]
    told = json.loads(document[1])["error"]
    assert (document[0], told["code"]) == (70, "bug")
    log = (centre / "casewright.log").read_text("ascii").splitlines()
    first, *_, last = [json.loads(line) for line in log if "ZeroDivisionError" in line]
    assert first["id"] in err
    assert last["id"] == told["incident"]


def test_a_login_without_a_name_must_say_who_acts(centre, capsys, monkeypatch):
    monkeypatch.setattr("casewright.cli.at_the_door.os_login", lambda: "")
    monkeypatch.delenv("CASEWRIGHT_USER", raising=False)

    assert main(["-C", str(centre), "board", "--lang", "en"]) == 2

    assert "--as USER" in capsys.readouterr().err


def test_the_environment_names_who_acts_and_where(centre, capsys, monkeypatch):
    monkeypatch.setenv("CASEWRIGHT_WORKSPACE", str(centre))
    monkeypatch.setenv("CASEWRIGHT_USER", "li_na")

    assert main(["ticket", "open", "inquiry", *INQUIRY, "--json"]) == 0
    key = json.loads(capsys.readouterr().out)["ticket"]
    assert main(["ticket", "show", key, "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["opener"] == "li_na"
    assert Path.cwd() != centre
