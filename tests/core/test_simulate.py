"""`casewright simulate`: days of a contact centre through the front door, the same for the same seed, whole and verified."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.errors import SimulationRefused
from casewright.model import SYSTEM
from casewright.queries import ListQueue, VerifyAudit
from casewright.simulating.catalogue import SUBJECTS
from casewright.simulating.habits import HABITS, Habits
from casewright.simulating.running import simulate
from casewright.texts import Texts

from .simulated import START, digest, histories, play, play_elsewhere, said, span

CORE = Path(__file__).resolve().parents[2] / "core"
SERVES = (
    "import sys; from pathlib import Path; from casewright.ownership import owned\n"
    "with owned(Path(sys.argv[1]), 'unix:/nowhere'):\n"
    "    print('ready', flush=True); sys.stdin.read()\n"
)
GATEWAY = '\n[channels.gateway]\ndriver = "http"\nurl = "https://sms.example.com/send"\n'
WEBHOOK = """
[webhooks]
hosts = ["crm.example.com"]
[webhooks.crm]
url = "https://crm.example.com/events"
secret = "secret://crm"
events = ["opened"]
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A workspace that was simulated in, and what was said of it."""
    root = tmp_path_factory.mktemp("simulated") / "centre"
    return root, play(root)


def asked(*more, agents="2", days="1", seed="1"):
    words = ("--agents", agents, "--days", days, "--seed", seed)
    return said("--json", "--as", "boss", "simulate", *words, *more)


def refused(*more, **numbers):
    code, out, _ = asked(*more, **numbers)
    told = json.loads(out)
    assert code != 0
    return told


def test_tickets_of_all_workflows_are_worked_through_the_front_door(played):
    _, told = played

    assert {*told["tickets"]} == {"complaint", "inquiry", "service_request", "work_order"}
    assert sum(told["tickets"].values()) > 60
    assert told["calls"] > told["abandoned"] > 0
    assert told["by_kind"]["OpenTicket"] + told["abandoned"] <= told["calls"]
    closed = sum(row["tickets"] for row in told["board"] if row["state"] == "closed")
    assert closed > 30
    assert 0.5 < told["on_time"] <= 1
    assert told["commands"] == sum(told["by_kind"].values())


def test_nothing_is_refused_that_was_not_meant_to_be(played):
    _, told = played

    assert told["refused"]["first"] == []
    assert told["refused"]["unplanned"] == 0
    assert told["timers_failed"] == 0


def test_histories_verify_and_the_doctor_finds_nothing_new(played):
    root, _ = played

    with open_desk(read_config(root)) as desk:
        assert desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok
    _, out, _ = said("-C", str(root), "--as", "boss", "--json", "doctor")
    checks = json.loads(out)["checks"]
    assert {one["name"] for one in checks if one["finding"] == "problem"} <= {"sign_in"}


def test_nobody_is_told_and_no_file_is_written(played):
    root, told = played

    assert told["notices"]["sms"] > 0
    assert list((root / "notices").iterdir()) == []


def test_the_same_seed_makes_the_same_histories_and_another_one_others(played, tmp_path):
    root, told = played

    again = play_elsewhere(tmp_path / "again")
    other = play(tmp_path / "other", days=1, seed=8)
    first, same = histories(root), histories(tmp_path / "again")
    assert digest(first) == digest(same)
    assert {**told, "workspace": "", "seconds": 0} == {**again, "workspace": "", "seconds": 0}
    assert other["calls"] != told["calls"]
    assert digest(histories(tmp_path / "other")) != digest(first)


def test_interrupted_it_leaves_a_whole_workspace(tmp_path):
    root = tmp_path / "cut"
    assert said("init", str(root), "--demo", "--admin", "boss")[0] == 0
    config, told = read_config(root), []

    def progress(done, whole):
        told.append(done / whole)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(config, span(days=1), by="boss", progress=progress)
    assert 0 < told[0] < 1
    with open_desk(config) as desk:
        assert desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok
        assert desk.ask_as_system(ListQueue(actor=SYSTEM, open=None)).rows

    # It is a workspace with tickets now: one has to say that it is meant, and not go back in time.
    words = ("-C", str(root), "--start", START)
    assert "--into" in refused(*words)["error"]["message"]
    assert refused(*words, "--into", str(root))["error"]["code"] == "simulation.refused"


def test_a_workspace_that_is_named_may_have_tickets(played):
    root, told = played

    code, out, _ = asked("--into", str(root), "--start", "2026-03-06")
    assert code == 0
    after = json.loads(out)
    assert sum(after["tickets"].values()) > sum(told["tickets"].values())


@pytest.mark.parametrize(
    ("numbers", "more"),
    [
        ({"agents": "0"}, ()),
        ({"agents": "5001"}, ()),
        ({"days": "0"}, ()),
        ({"days": "367"}, ()),
        ({"days": "9" * 30}, ()),
        ({}, ("--start", "2199-01-01")),
    ],
)
def test_what_cannot_be_simulated_is_refused_before_anything_is_made(tmp_path, numbers, more):
    told = refused("--into", str(tmp_path / "new"), *more, **numbers)

    assert told["error"]["code"] == "simulation.refused"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("numbers", "more"),
    [({"agents": "many"}, ()), ({"seed": "x"}, ()), ({}, ("--start", "Monday"))],
)
def test_what_is_no_number_or_day_is_not_understood(tmp_path, numbers, more):
    told = refused("--into", str(tmp_path / "new"), *more, **numbers)

    assert told["error"]["code"] == "usage"
    assert not (tmp_path / "new").exists()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    root = tmp_path_factory.mktemp("plain") / "centre"
    assert said("init", str(root), "--demo", "--admin", "boss")[0] == 0
    return root


@pytest.mark.parametrize("settings", [GATEWAY, WEBHOOK])
def test_a_workspace_that_would_tell_others_is_refused(plain, settings):
    file = plain / "casewright.toml"
    before = file.read_text("utf-8")
    file.write_text(before + settings, "utf-8")
    try:
        told = refused("-C", str(plain))
    finally:
        file.write_text(before, "utf-8")
    assert told["error"]["code"] == "simulation.refused"
    assert "--into" in told["error"]["message"]


def test_only_whoever_may_edit_the_staff_may_simulate(plain):
    with pytest.raises(Exception, match=r"people\.edit"):
        simulate(read_config(plain), span(days=1), by="li_na")
    with open_desk(read_config(plain)) as desk:
        assert not desk.ask_as_system(ListQueue(actor=SYSTEM, open=None)).rows


def test_a_workspace_that_is_served_is_refused(plain):
    database = str(read_config(plain).database)
    serving = subprocess.Popen(
        [sys.executable, "-c", SERVES, database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(CORE)},
    )
    try:
        assert serving.stdout.readline() == b"ready\n"
        assert refused("-C", str(plain))["error"]["code"] == "workspace.owned"
    finally:
        serving.stdin.close()
        serving.wait(timeout=20)


def test_a_workspace_without_the_shipped_staff_is_refused(tmp_path):
    root = tmp_path / "bare"
    assert said("init", str(root), "--admin", "boss", "--sign-in", "trusted")[0] == 0

    with pytest.raises(SimulationRefused, match="senior_agent"):
        simulate(read_config(root), span(days=1), by="boss")


def test_it_is_told_in_both_languages(plain):
    for lang in ("en", "zh"):
        code, out, _ = said("--lang", lang, "-C", str(plain), "simulate", "--help")
        texts = Texts(lang)
        assert code == 0
        assert texts.text("for how many days") in out
    code, out, _ = said(
        "--lang", "zh", "-C", str(plain), "--as", "boss", "simulate",
        "--agents", "1", "--days", "1", "--seed", "1", "--start", START,
    )  # fmt: skip
    assert code == 0
    assert Texts("zh").text("Look around:") in out
    assert "casewright tui --as han_lei" in out


def test_what_customers_call_about_is_in_both_languages():
    for subjects in SUBJECTS.values():
        assert all(one.words.en.isascii() and not one.words.zh.isascii() for one in subjects)


HARD = Habits(
    kinds={"inquiry": 0.3, "service_request": 0.3, "complaint": 0.4},
    inquiries=dict.fromkeys(HABITS.inquiries, 1.0),
    calls_an_agent=14, sick=0.1, documents_missing=0.4, documents_supplied=0.5, not_possible=0.1, service_declined=0.1,
    service_solved=0.6, complaint_declined=0.1, complaint_returned=0.2, against_a_person=0.2, from_a_regulator=0.2,
    injury_or_media=0.1, asks_customer=0.5, customer_supplies=0.5, remedy_denied=0.3, remedy_rejected=0.5, unreachable=0.2,
    complaint_solved=0.6, comes_back=0.6, comes_back_after=timedelta(days=1), order_returned=0.3, order_suspended=0.3,
    order_extended=0.3, order_reported=0.3, order_reworked=0.3, order_forgotten=0.2, chases=0.2, withdraws=0.03,
)  # fmt: skip
"""What goes wrong now and then goes wrong all the time."""


@pytest.mark.soak
def test_nothing_is_refused_in_weeks_in_which_everything_goes_wrong(tmp_path):
    root = tmp_path / "hard"
    assert said("init", str(root), "--demo", "--admin", "boss")[0] == 0
    config = read_config(root)

    outcome = simulate(config, span(agents=4, days=18, seed=5), by="boss", habits=HARD)
    assert [str(one.sentence) for one in outcome.tally.refusals] == []
    assert len(outcome.tally.planned) == 2
    states = {(row.workflow, row.state) for row in outcome.board}
    assert {("complaint", "withdrawn"), ("service_request", "lapsed")} <= states
    with open_desk(config) as desk:
        assert desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok


@pytest.mark.soak
def test_a_hundred_agents_work_for_a_month(tmp_path):
    root = tmp_path / "month"
    told = play(root, agents=100, days=30)

    assert told["refused"]["first"] == []
    assert told["timers_failed"] == 0
    assert told["abandoned"] / told["calls"] < 0.15
    with open_desk(read_config(root)) as desk:
        assert desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok
    print(f"{told['commands']} commands, {told['commands'] / told['seconds']:.0f} a second")
