"""The first hour with time: what a new workspace is set to, what the demonstration tells, what the doctor misses."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casewright.cli.__main__ import main
from casewright.cli.demo import DAYS_WORK, LASTS, beginning
from casewright.cli.doctor_time import calendar_checks
from casewright.cli.founding_settings import settings_text
from casewright.cli.output import width
from casewright.clock import SetClock
from casewright.commands import OpenTicket
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import GetWorkflow
from casewright.sla.calendar_file import load_calendar

from ..founding import demonstration

ROOT = Path(__file__).resolve().parents[2]
OFFICE = ROOT / "workflows" / "calendars" / "cn_office.yaml"
ORDER = {
    "subject": "No signal",
    "description": "The line is down.",
    "kind": "fault_repair",
    "department": "network_operations",
}


@pytest.fixture
def centre(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    demonstration(tmp_path / "centre")
    return tmp_path / "centre"


@pytest.fixture
def cli(centre, capsys):
    """Return a function that runs a command line in the workspace and returns its code and document."""

    def run(*words, actor="boss"):
        capsys.readouterr()
        code = main(["-C", str(centre), "--as", actor, *map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def doctor(cli):
    """Return a function that tells what the doctor finds under a name: each finding with its sentence."""

    def examine(name):
        checks = cli("doctor")[1]["checks"]
        return [(one["finding"], one["message"]) for one in checks if one["name"] == name]

    return examine


def add_settings(centre, text):
    with (centre / "casewright.toml").open("a", encoding="utf-8") as file:
        file.write(text)


# --- a new workspace -----------------------------------------------------------------------------


def test_a_new_workspace_tells_people_into_files_and_keeps_them_out_of_version_control(centre):
    config = read_config(centre, {})

    assert {name: one.driver for name, one in config.channels.items()} == {
        "sms": "file",
        "email": "file",
    }
    assert (config.channels["sms"].kind, config.channels["email"].kind) == ("sms", "email")
    assert "/notices/" in (centre / ".gitignore").read_text("utf-8").splitlines()
    assert list((centre / "workflows" / "calendars").glob("*.yaml"))
    assert list((centre / "workflows" / "templates").glob("*.yaml"))


def test_every_example_in_a_new_workspaces_settings_may_be_uncommented(tmp_path):
    blocks = settings_text("en").split("\n\n")
    examples = [block for block in blocks if "\n# [" in block]
    assert len(examples) == 9

    for number, block in enumerate(examples):
        folder = tmp_path / str(number)
        folder.mkdir()
        lines = [line.removeprefix("# ") for line in block.splitlines()[1:]]
        base = "" if "channels.sms" in block else '[channels.sms]\ndriver = "console"\n'
        (folder / "casewright.toml").write_text(base + "\n".join(lines), encoding="utf-8")

        read_config(folder, {})


def test_the_repository_is_set_as_a_new_workspace_is():
    def settings(text):
        return text.split("\n\n", 1)[1]

    own = (ROOT / "casewright.toml").read_text("utf-8")

    assert settings(own) == settings(settings_text(sign_in="trusted"))


# --- the demonstration ---------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demonstration_tells_who_hears_of_a_deadline_and_when(
    tmp_path, capsys, monkeypatch, lang
):
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "demo"

    assert main(["demo", str(folder), "--lang", lang, "--as", "visitor"]) == 0
    told = capsys.readouterr().out
    story = told.split({"en": "The board", "zh": "工单看板"}[lang])[0]

    assert max(map(width, story.splitlines()[1:])) <= 80
    at_80, at_100 = {
        "en": ("80 % of the time has passed", "The time is over"),
        "zh": ("时限已用 80%", "时限已到"),
    }[lang]
    people = {
        "en": ("Li Na", "Han Lei", "Wu Min"),
        "zh": ("李娜", "韩雷", "吴敏"),
    }[lang]
    flowing = " ".join(story.split())
    warned, breached = flowing.split(at_80)[1].split(at_100)
    assert [name in warned.split("WO-")[0] for name in people] == [True, True, False]
    assert [name in breached.split("WO-")[0] for name in people] == [True, True, True]
    sent = (folder / "notices" / "sms.jsonl").read_text("utf-8").splitlines()
    assert "+8613800000002" in {json.loads(line)["address"] for line in sent}


def test_what_the_demonstration_leaves_behind_is_in_order(tmp_path, capsys):
    folder = tmp_path / "demo"
    assert main(["demo", str(folder), "--as", "visitor", "--json"]) == 0
    late = json.loads(capsys.readouterr().out)["late_order"]
    asked = ["-C", str(folder), "--as", "han_lei", "--json"]

    assert main([*asked, "ticket", "explain", late, "--promise", "handling"]) == 0
    promise = json.loads(capsys.readouterr().out)["promises"][0]
    assert main([*asked, "notice", "list", "--state", "taken"]) == 0
    taken = json.loads(capsys.readouterr().out)["notices"]
    assert main([*asked, "notice", "list", "--state", "dead"]) == 0
    dead = json.loads(capsys.readouterr().out)["notices"]

    assert promise["state"] == "breached"
    assert promise["consumed_seconds"] == 9 * 3600 + 15 * 60
    assert {(one["ticket"], one["recipient"], one["via"]) for one in taken} >= {
        (late, "li_na", "sms")
    }
    assert dead == []


def test_the_demonstration_happens_in_a_week_of_work_that_is_over_whenever_it_is_run():
    office, problems = load_calendar(OFFICE)
    assert office is not None, problems
    first = datetime(2026, 1, 1, 3, tzinfo=UTC)

    for days in range(0, 365, 3):
        now = first + timedelta(days=days)
        begun = beginning(office, now)

        assert begun.weekday() == 0
        assert office.elapsed(begun, begun + LASTS) == DAYS_WORK * LASTS.days
        assert begun + LASTS < now


# --- the doctor ----------------------------------------------------------------------------------


def test_the_doctor_finds_the_time_of_a_new_workspace_kept(doctor):
    assert [finding for finding, _ in doctor("channels")] == ["well"]
    assert [finding for finding, _ in doctor("worker")] == ["well"]
    assert doctor("listener") == doctor("notices") == doctor("timers") == []


def test_the_doctor_misses_a_channel_that_workflows_name(centre, doctor):
    path = centre / "casewright.toml"
    path.write_text(path.read_text("utf-8").replace("[channels.sms]", "[channels.smms]"))

    ((finding, said),) = doctor("channels")

    assert finding == "warning"
    assert "sms" in said


def test_the_doctor_names_people_who_cannot_be_told(cli, doctor):
    for name in ("ana", "ben", "cleo", "dora"):
        assert cli("user", "add", name, "--role", "dispatcher")[0] == 0

    said = " ".join(said for finding, said in doctor("addresses") if finding == "warning")

    assert "5 (ana, ben, boss ...)" in said
    assert "casewright user edit ana --phone" in said


def test_the_doctor_names_a_deputy_who_has_left(cli, doctor):
    assert doctor("deputies") == []
    assert cli("user", "edit", "xu_feng", "--inactive")[0] == 0

    findings = doctor("deputies")

    assert {finding for finding, _ in findings} == {"warning"}
    assert any("huang_ying's deputy xu_feng" in said for _, said in findings)


@pytest.mark.parametrize(
    ("now", "years"),
    [
        (datetime(2026, 10, 31, tzinfo=UTC), []),
        (datetime(2026, 11, 2, tzinfo=UTC), ["2027"]),
        (datetime(2027, 1, 2, tzinfo=UTC), ["2027"]),
    ],
)
def test_from_november_on_the_doctor_asks_for_next_years_holidays(centre, now, years):
    office, _ = load_calendar(OFFICE)
    with open_desk(read_config(centre, {})) as desk:
        workflow, _ = desk.ask(GetWorkflow(actor="boss", workflow="work_order"))

    found = list(calendar_checks({"cn_office": office}, [workflow], now))

    assert [one.message.values["year"] for one in found if one.finding == "warning"] == years


def test_the_doctor_says_since_when_no_worker_has_worked(cli, centre, doctor):
    an_hour_ago = SetClock(datetime.now(UTC) - timedelta(hours=1))
    with open_desk(read_config(centre, {}), clock=an_hour_ago) as desk:
        desk.execute(OpenTicket(actor="huang_ying", workflow="work_order", fields=ORDER))

    ((before, said),) = doctor("worker")
    assert cli("worker", "--once")[0] == 0
    ((after, _),) = doctor("worker")

    assert (before, after) == ("warning", "well")
    assert "casewright worker" in said


def test_the_doctor_counts_notices_that_reached_nobody(cli, doctor):
    assert cli("user", "edit", "lin_tao", "--phone", "")[0] == 0
    words = [f"--set={name}={value}" for name, value in ORDER.items()]
    assert cli("ticket", "open", "work_order", *words, actor="huang_ying")[0] == 0
    assert cli("worker", "--once")[0] == 0

    ((finding, said),) = doctor("notices")

    assert finding == "warning"
    assert "casewright notice list --state dead" in said


def test_the_doctor_says_that_a_listener_needs_a_secret(centre, cli):
    add_settings(centre, '[worker]\nlisten = "127.0.0.1:0"\nsecret = "env:NO_SUCH_SECRET"\n')

    code, document = cli("doctor")

    assert code == 1
    assert ("listener", "problem") in {
        (one["name"], one["finding"]) for one in document["checks"]
    }


def test_the_doctor_says_which_channel_would_not_open(centre, doctor):
    add_settings(
        centre,
        '[channels.chat]\ndriver = "apprise"\nkind = "chat"\nurl = "env:NO_SUCH_CHAT"\n',
    )

    ((finding, said),) = doctor("channels")

    assert finding == "problem"
    assert "NO_SUCH_CHAT" in said


def test_the_doctor_misses_the_library_that_smpp_needs(centre, doctor, monkeypatch):
    add_settings(
        centre,
        '[channels.text]\ndriver = "smpp"\nhost = "127.0.0.1"\nsystem_id = "us"\n',
    )
    before = doctor("channels")
    monkeypatch.setitem(sys.modules, "smpplib", None)

    ((finding, said),) = doctor("channels")

    assert [one for one, _ in before] == ["well"]
    assert finding == "problem"
    assert "casewright[smpp]" in said


def test_the_doctor_says_that_receipts_have_nowhere_to_come_in_and_when_it_is_quiet(
    centre, doctor
):
    add_settings(
        centre,
        '[channels.gateway]\ndriver = "http"\nurl = "https://sms.example.com/send"\n'
        '[quiet_hours]\nfrom = "22:00"\nuntil = "08:00"\n',
    )

    assert [finding for finding, _ in doctor("listener")] == ["warning"]
    assert "22:00" in doctor("quiet_hours")[0][1]
