"""Rehearsals through the command line: the shipped workflows are in order, and what is not is found, with its place."""

import json
import re
import shutil
from pathlib import Path

import pytest

from casewright.cli.__main__ import main
from casewright.cli.output import width
from casewright.cli.workflow_rehearsing import BUILT_IN as OFFERED
from casewright.commands import SavePerson
from casewright.config import read_config
from casewright.desk import open_desk, publish
from casewright.rehearse import watching
from casewright.rehearse.built_in import BUILT_IN
from casewright.rehearse.words import DOINGS, EXPECTATIONS, SCENARIO, STEP

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("inquiry", "service_request", "complaint", "work_order")
SCENARIOS = ROOT / "workflows" / "scenarios"
MONDAY = ["--from", "2026-03-02T09:00"]

ERRAND = """\
workflow: errand
language: 1
title: {en: Errand, zh: 差事}
prefix: ERR
owner: role:leader
calendar: office
start: waiting
states:
  waiting:
    title: {en: Waiting, zh: 待办}
    transitions:
      finish: {to: done, by: [handler, role:leader], title: {en: Finish, zh: 完成}}
  done: {final: true, title: {en: Done, zh: 已完成}}
promises:
  handling: {title: {en: Handling, zh: 办理}, from: opened, until: finish, within: 2 days}
ladder:
  handling:
    - {at: 80%, tell: owner, via: [notice, sms]}
    - {at: 100%, tell: [owner, role:agent], via: notice}
"""
OFFICE = """\
calendar: office
title: {en: Office, zh: 办公}
zone: Asia/Shanghai
week: {mon-fri: 09:00-18:00}
"""
ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.open, ticket.read, ticket.remind]}
  leader: {title: {en: Leader, zh: 班长}, permissions: [ticket.*]}
  ghost: {title: {en: Ghost, zh: 空缺}, permissions: [ticket.read]}
"""
PEOPLE = """\
people:
  ana: {title: {en: Ana, zh: 安娜}, roles: [agent], phone: '+8613900000001'}
  bea: {title: {en: Bea, zh: 贝娅}, roles: [leader], phone: '+8613900000002', deputy: cai}
  cai: {title: {en: Cai, zh: 蔡}, roles: [agent], phone: '+8613900000003'}
"""
SETTINGS = '[channels.sms]\ndriver = "file"\npath = "sent.jsonl"\n'


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def rehearse(capsys):
    """Return a function that rehearses a file and returns the exit code and what was printed."""

    def run(file, *words):
        capsys.readouterr()
        code = main(["workflow", "rehearse", str(file), *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def rehearsed(rehearse):
    """Return a function that rehearses a file and returns the exit code and the document."""

    def run(file, *words):
        code, out, err = rehearse(file, *words, "--json")
        assert err == "", err
        return code, json.loads(out)

    return run


@pytest.fixture
def errand(workspace):
    """Return a function that makes a small workspace and returns its workflow file; texts are replaced in it."""

    def make(*, people=PEOPLE, **replaced):
        (workspace / "workflows" / "calendars").mkdir(parents=True, exist_ok=True)
        files = {
            "workflows/errand.yaml": ERRAND,
            "workflows/calendars/office.yaml": OFFICE,
            "roles.yaml": ROLES,
            "people.yaml": people,
            "casewright.toml": SETTINGS,
        }
        for name, content in files.items():
            for was, now in replaced.get("replace", {}).items():
                content = content.replace(was, now)
            (workspace / name).write_text(content, encoding="utf-8")
        return workspace / "workflows" / "errand.yaml"

    return make


@pytest.fixture
def scenario(workspace):
    """Return a function that writes a scenario of these lines and returns its file."""

    def write(*lines, head=("scenario: test", "title: {en: Test, zh: 测试}")):
        path = workspace / "scenario.yaml"
        path.write_text("\n".join((*head, *lines)), encoding="utf-8")
        return path

    return write


def notices(document, **fitting):
    return [
        row
        for row in document["rows"]
        if row["kind"] == "notice" and fitting.items() <= row.items()
    ]


def findings(document):
    return {(one["code"], Path(one["file"]).name, one["line"]) for one in document["findings"]}


def line_of(file, text):
    lines = file.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


# --- what is shipped --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("built_in", OFFERED)
def test_a_shipped_workflow_has_nothing_to_mend_in_any_built_in_scenario(
    rehearsed, name, built_in
):
    file = ROOT / "workflows" / f"{name}.yaml"

    code, document = rehearsed(file, "--built-in", built_in, *MONDAY)

    assert (code, document["passed"], document["still"]) == (0, True, True)
    assert document["promises"]
    assert not any(one["grave"] for one in document["findings"])


def test_the_built_in_scenarios_that_are_offered_are_those_that_there_are():
    assert tuple(BUILT_IN) == OFFERED


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.yaml")), ids=lambda file: file.stem)
def test_what_a_shipped_scenario_expects_comes_true(rehearsed, file):
    workflow = next(one for one in SHIPPED if file.stem.startswith(one))

    code, document = rehearsed(ROOT / "workflows" / f"{workflow}.yaml", "--scenario", file)

    assert (code, document["findings"]) == (0, [])


def test_a_work_order_is_told_of_in_time(rehearsed):
    scenario = SCENARIOS / "work_order_in_time.yaml"
    _, document = rehearsed(ROOT / "workflows/work_order.yaml", "--scenario", scenario)

    warned = notices(document, promise="handling", threshold="80%")
    due = notices(document, promise="handling", threshold="100%", reason="breach")

    assert {(one["recipient"], one["via"]) for one in warned} == {
        (person, via) for person in ("zheng_kai", "han_lei") for via in ("notice", "sms")
    }
    assert {one["arrived_at"] for one in warned} == {"2026-03-04T12:36:00+08:00"}
    assert {one["state"] for one in (*warned, *due)} == {"delivered"}
    assert {("sun_wei", "sms"), ("sun_wei", "notice")} < {
        (one["recipient"], one["via"]) for one in due
    }
    handling = next(one for one in document["promises"] if one["promise"] == "handling")
    assert (handling["state"], handling["due_at"]) == (
        "breached",
        "2026-03-04T18:00:00+08:00",
    )


def test_whoever_takes_a_warning_is_nagged_no_more_and_the_owner_still_is(rehearsed):
    told = {}
    for name in ("in_time", "taken"):
        scenario = SCENARIOS / f"work_order_{name}.yaml"
        _, document = rehearsed(ROOT / "workflows/work_order.yaml", "--scenario", scenario)
        later = notices(document, promise="handling", threshold="4 hours before", via="sms")
        told[name] = sorted(one["recipient"] for one in later)

    assert told == {"in_time": ["han_lei", "zheng_kai"], "taken": ["han_lei"]}


def test_the_built_in_handler_who_takes_a_warning_hears_of_it_no_more_until_it_is_due(
    rehearsed,
):
    file, told = ROOT / "workflows/work_order.yaml", {}
    for name in ("neglect", "taken"):
        _, document = rehearsed(file, "--built-in", name, *MONDAY)
        told[name] = [
            one["threshold"]
            for one in notices(document, recipient="wu_min", reason="warning", via="sms")
        ]

    assert told == {"neglect": ["4 hours before", "80%"], "taken": []}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_rehearsal_fits_the_terminal_in_both_languages(rehearse, lang):
    file = ROOT / "workflows" / "complaint.yaml"

    code, out, err = rehearse(file, *MONDAY, "--lang", lang)

    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if width(line) > 80] == []
    assert ("Nothing to mend" in out) == (lang == "en")
    assert ("无须修改" in out) == (lang == "zh")


def test_the_page_of_the_language_names_every_word_of_a_scenario():
    page = (ROOT / "workflows" / "README.md").read_text("utf-8")
    section = page.split("## Rehearse")[1].split("\n## ")[0]
    tables = (SCENARIO, STEP, DOINGS, *DOINGS.values(), *EXPECTATIONS.values())

    words = {word for table in tables for word in table}

    assert sorted(word for word in words if not re.search(rf"\b{word}\b", section)) == []


def test_the_example_on_the_page_comes_true(rehearsed, tmp_path):
    page = (ROOT / "workflows" / "README.md").read_text("utf-8")
    example = tmp_path / "example.yaml"
    example.write_text(re.search(r"```yaml\n(scenario: .*?)```", page, re.DOTALL)[1], "utf-8")

    code, document = rehearsed(ROOT / "workflows/work_order.yaml", "--scenario", example)

    assert (code, document["findings"]) == (0, [])


# --- what is to be mended ---------------------------------------------------------------------------


def test_a_small_workspace_in_order_passes_and_nobody_outside_is_told(errand, rehearsed):
    file = errand()

    code, document = rehearsed(file, *MONDAY)

    assert (code, document["findings"]) == (0, [])
    assert [(one["recipient"], one["via"]) for one in notices(document, threshold="80%")] == [
        ("bea", "notice"),
        ("bea", "sms"),
    ]
    left = {path.name for path in file.parents[1].rglob("*") if path.is_file()}
    assert left == {
        "errand.yaml",
        "office.yaml",
        "roles.yaml",
        "people.yaml",
        "casewright.toml",
    }


def test_a_step_to_a_role_that_nobody_holds_reaches_nobody(errand, rehearse, rehearsed):
    file = errand(replace={"{at: 80%, tell: owner": "{at: 80%, tell: role:ghost"})

    code, document = rehearsed(file, *MONDAY)
    said = rehearse(file, *MONDAY)[1]

    line = line_of(file, "role:ghost")
    assert code == 1
    assert ("rehearsal.reaches_nobody", "errand.yaml", line) in findings(document)
    assert f"errand.yaml:{line}:" in said
    assert "ghost" in said


def test_the_same_is_found_in_a_shipped_workflow(tmp_path, rehearsed):
    for name in ("workflows", "forms", "tables"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "people.yaml", tmp_path)
    roles = (ROOT / "roles.yaml").read_text("utf-8")
    ghost = "  ghost:\n    title: {en: Ghost, zh: 空缺}\n    permissions: [ticket.read]\n"
    (tmp_path / "roles.yaml").write_text(roles + ghost, encoding="utf-8")
    file = tmp_path / "workflows" / "work_order.yaml"
    step = "- {at: 80%, tell: [handler, owner], via: [notice, sms]}"
    file.write_text(
        file.read_text("utf-8").replace(step, step.replace("[handler, owner]", "role:ghost")),
        encoding="utf-8",
    )

    code, document = rehearsed(file, *MONDAY)

    place = ("rehearsal.reaches_nobody", "work_order.yaml", line_of(file, "role:ghost"))
    assert code == 1
    assert place in findings(document)


def test_an_escalation_of_which_nobody_hears_is_found_where_it_stands(errand, rehearsed):
    file = errand(replace={"{at: 80%, tell: owner": "{at: 80%, tell: handler"})

    code, document = rehearsed(file, *MONDAY)

    place = ("rehearsal.reaches_nobody", "errand.yaml", line_of(file, "tell: handler"))
    assert code == 1
    assert place in findings(document)


def test_where_the_process_owner_hears_of_it_instead_that_is_a_warning(errand, rehearsed):
    file = errand(
        replace={
            "{at: 80%, tell: owner": "{at: 80%, tell: handler",
            "owner: role:leader\n": "owner: role:leader\nprocess_owner: role:leader\n",
        }
    )

    code, document = rehearsed(file, *MONDAY)

    assert code == 0
    assert [(one["code"], one["grave"]) for one in document["findings"]] == [
        ("rehearsal.reaches_process_owner", False)
    ]


def test_somebody_who_has_no_address_cannot_be_told(errand, rehearsed):
    file = errand(people=PEOPLE.replace(", phone: '+8613900000002'", ""))

    code, document = rehearsed(file, *MONDAY)

    assert code == 1
    found = document["findings"][0]
    assert found["code"] == "rehearsal.not_delivered"
    assert found["line"] == line_of(file, "at: 80%")
    assert "bea" in found["message"]
    assert "no phone number is known" in found["message"]


def test_somebody_told_twice_is_found(errand, rehearsed, monkeypatch):
    file, told = errand(), watching.notices_told
    monkeypatch.setattr(watching, "notices_told", lambda play: [*told(play), *told(play)])

    code, document = rehearsed(file, *MONDAY)

    place = ("rehearsal.told_twice", "errand.yaml", line_of(file, "at: 80%"))
    assert code == 1
    assert place in findings(document)


def test_a_channel_that_nobody_has_made_is_warned_of(errand, rehearsed):
    file = errand(replace={SETTINGS: ""})

    code, document = rehearsed(file, *MONDAY)

    assert code == 0
    assert [one["code"] for one in document["findings"]] == ["rehearsal.channel_not_made"]


def test_a_promise_that_nobody_was_warned_of_is_warned_of(errand, rehearsed):
    file = errand(replace={"    - {at: 80%, tell: owner, via: [notice, sms]}\n": ""})

    code, document = rehearsed(file, *MONDAY)

    assert code == 0
    assert [one["code"] for one in document["findings"]] == ["rehearsal.unwarned"]


def test_a_walk_that_nobody_may_go_on_with_says_where_it_ended(errand, rehearsed):
    file = errand(
        replace={
            "by: [handler, role:leader]": "by: role:ghost",
            "zh: 空缺}, permissions: [ticket.read]": "zh: 空缺}, permissions: [ticket.*]",
        }
    )

    code, document = rehearsed(file, "--built-in", "walk", *MONDAY)

    place = ("rehearsal.stuck", "errand.yaml", line_of(file, "  waiting:"))
    assert code == 1
    assert place in findings(document)


def test_a_workflow_with_problems_is_not_rehearsed(errand, rehearse):
    file = errand(replace={"start: waiting": "start: wating"})

    code, out, err = rehearse(file, *MONDAY)

    assert (code, out) == (1, "")
    assert f"errand.yaml:{line_of(file, 'start:')}" in err
    assert "did you mean 'waiting'?" in err


def test_a_rehearsal_ends_where_it_is_told_to_and_says_so(errand, rehearsed, rehearse):
    file = errand()

    code, document = rehearsed(file, *MONDAY, "--until", "1 day")

    assert code == 0
    assert (document["still"], document["promises"][0]["state"]) == (False, "running")
    assert "--until" in rehearse(file, *MONDAY, "--until", "1 day")[1]


def test_without_a_start_it_begins_in_working_time(errand, rehearsed):
    _, document = rehearsed(errand())

    assert "T09:00" <= document["start"][10:16] < "T18:00"


# --- scenarios of one's own -------------------------------------------------------------------------

STEPS = "steps:"
OPEN = "  - {do: open, as: ana, at: 2026-03-02T09:00}"


def test_an_absent_owner_is_told_through_the_deputy(errand, scenario, rehearsed):
    file = scenario(
        "start: 2026-03-02T09:00",
        STEPS,
        OPEN,
        "  - {do: absent, as: bea, until: 2026-03-06T09:00}",
        "expect:",
        "  - {told: cai, via: sms, at: 80%, in_time: true}",
        "  - {not_told: bea, at: 80%}",
    )

    code, document = rehearsed(errand(), "--scenario", file)

    assert (code, document["findings"]) == (0, [])
    assert {one["stands_for"] for one in notices(document, threshold="80%")} == {"bea"}


def test_times_are_said_as_people_say_them(errand, scenario, rehearsed):
    file = scenario(
        "start: 2026-03-06T16:00",
        STEPS,
        "  - {do: open, as: ana}",
        "  - {after: 3 hours, do: comment, as: bea, text: three hours of work later}",
        '  - {at: "11:30", do: comment, as: bea, text: on the same day}',
        '  - {at: "08:00", do: comment, as: bea, text: when it is eight again}',
        "  - {at: 09:15 tomorrow, do: comment, as: bea, text: on the next day}",
        "  - {at: 09:30 next working day, do: fire, as: bea, transition: finish}",
        "expect:",
        "  - {promise: handling, is: breached}",
        "  - {state: done}",
    )

    code, document = rehearsed(errand(), "--scenario", file)

    assert code == 0, document["findings"]
    moments = [one["at"][:16] for one in document["rows"] if one.get("actor") in ("ana", "bea")]
    assert moments == [
        "2026-03-06T16:00",
        "2026-03-09T10:00",
        "2026-03-09T11:30",
        "2026-03-10T08:00",
        "2026-03-11T09:15",
        "2026-03-12T09:30",
    ]


def test_a_notice_is_taken_by_message_and_another_refused(errand, scenario, rehearsed):
    file = scenario(
        "start: 2026-03-02T09:00",
        STEPS,
        "  - {do: open, as: ana}",
        '  - {at: 2026-03-03T15:10, do: reply, as: bea, text: "1 {notice} 17:00"}',
        '  - {at: "15:20", do: take, as: bea, refused: true}',
        '  - {at: "18:05", do: refuse, as: bea, via: notice, reason: Not mine}',
    )

    code, document = rehearsed(errand(), "--scenario", file)

    assert (code, [one for one in document["findings"] if one["grave"]]) == (0, [])
    answers = [one["event"] for one in document["rows"] if "Notice" in one.get("event", "")]
    assert answers == ["NoticeTaken", "NoticeRefused"]
    refused = [one for one in document["rows"] if one["kind"] == "refusal"]
    assert [(one["actor"], one["expected"]) for one in refused] == [("bea", True)]


def test_what_does_not_come_true_is_found_where_it_is_expected(errand, scenario, rehearsed):
    file = scenario(
        STEPS,
        OPEN,
        "  - {after: 1 hour, do: fire, as: ana, transition: finish}",
        "  - {do: comment, as: bea, text: fine, refused: true}",
        "expect:",
        "  - {told: cai, via: sms}",
        "  - {not_told: bea, at: 80%}",
        "  - {promise: handling, is: met}",
        "  - {promise: check, is: met}",
        "  - {state: done}",
        "  - {state: done, ticket: search}",
    )

    code, document = rehearsed(errand(), "--scenario", file, *MONDAY)

    assert code == 1
    assert findings(document) == {
        ("rehearsal.refused_step", "scenario.yaml", 5),
        ("rehearsal.refused_step", "scenario.yaml", 6),
        *(("rehearsal.expected", "scenario.yaml", line) for line in range(8, 14)),
    }


def test_everything_wrong_with_a_scenario_is_said_at_once_with_its_place(
    errand, scenario, rehearse
):
    file = scenario(
        "strat: 2026-03-02T09:00",
        "customer: {nam: x}",
        STEPS,
        "  - {do: opne, as: ana}",
        "  - {do: fire, transition: finish, at: quarter past, after: 1 houre}",
        "  - {do: contact, as: ana, kind: chas}",
        "expect:",
        "  - {tld: ana}",
        "  - {promise: handling, is: mett}",
        head=("scenario: test", "title: {en: Test}"),
    )

    code, out, err = rehearse(errand(), "--scenario", file)

    assert (code, out) == (1, "")
    places = [line.split("scenario.yaml:")[1] for line in err.splitlines()[1:]]
    lines = [int(one.split(":")[0]) for one in places]
    assert lines == sorted(lines)
    assert set(lines) == {2, 3, 4, 6, 7, 8, 10, 11}
    for hint in ("'start'", "'name'", "'open'", "'chase'", "'told'", "'met'", "'hour'"):
        assert f"did you mean {hint}?" in err
    assert "'as' is missing" in err


def test_a_step_that_lies_before_the_one_before_it_is_refused(errand, scenario, rehearse):
    file = scenario(STEPS, OPEN, "  - {at: 2026-03-01T09:00, do: comment, as: bea, text: x}")

    code, _, err = rehearse(errand(), "--scenario", file, *MONDAY)

    assert code == 1
    assert "scenario.yaml:5:5" in err
    assert "2026-03-02 09:00" in err


def test_a_person_whom_nobody_knows_is_named_with_the_nearest(errand, scenario, rehearse):
    file = scenario(STEPS, "  - {do: open, as: anna}")

    code, _, err = rehearse(errand(), "--scenario", file)

    assert code == 1
    assert "scenario.yaml:4:5" in err
    assert "did you mean 'ana'?" in err


def test_the_staff_of_the_workspace_is_that_of_its_database_where_no_file_says_it(
    errand, rehearsed
):
    file = errand()
    root = file.parents[1]
    (root / "people.yaml").unlink()
    with open_desk(read_config(root, {}), create=True) as desk:
        publish(desk, root, [file], actor="system")
        for name, role in (("dora", "agent"), ("emil", "leader")):
            phone = f"+86139000000{len(name + role)}"
            person = SavePerson(actor="system", name=name, roles=(role,), phone=phone)
            desk.execute_as_system(person)

    code, document = rehearsed(file, *MONDAY)

    assert code == 0, document["findings"]
    assert {one["recipient"] for one in notices(document, threshold="80%")} == {"emil"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--from", "soon"], 2, "2026-02-13T17:30"),
        (["--until", "soon"], 1, "30 minutes"),
        (["--built-in", "negelct"], 2, "neglect"),
        (["--scenario", "nowhere.yaml"], 1, "nowhere.yaml"),
        (["--scenario", "x.yaml", "--built-in", "walk"], 2, "exclude each other"),
    ],
)
def test_a_slip_on_the_command_line_is_said(errand, rehearse, words, code, said):
    found, out, err = rehearse(errand(), *words)

    assert (found, out) == (code, "")
    assert said in err
