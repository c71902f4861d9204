"""`casewright route` in a new workspace: with its starter rules and the people of the demonstration."""

import json
from pathlib import Path

import pytest

from casewright.cli.__main__ import main
from casewright.strict_yaml import load as yaml_of
from casewright_routing.routing_file import rules_of
from casewright_routing.starter import starter

from ...founding import demonstration

ROOT = Path(__file__).resolve().parents[3]
COMPLAINT = {
    "subject": "Outage",
    "description": "No internet for three days",
    "demand": "Mend it",
    "department": "network_operations",
    "category": "broadband_fault_no_connection",
    "customer_name": "Wang",
    "customer_phone": "13800000000",
}
LOAD = """\
at,handling,workflow,customer.tier
2026-03-02T09:00,30,complaint,vip
2026-03-02T09:05,30,complaint,
2026-03-02T09:06,30,work_order,
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    root = tmp_path_factory.mktemp("centre") / "w"
    return demonstration(root, language="en")


@pytest.fixture
def say(centre, capsys):
    """Says something on the command line as somebody; returns what was printed."""

    def run(actor, *words, lang="en", code=0):
        capsys.readouterr()
        assert main([*words, "-C", str(centre), "--as", actor, "--lang", lang]) == code
        printed = capsys.readouterr()
        return printed.out if code == 0 else printed.err

    return run


@pytest.fixture
def ask(say):
    def run(actor, *words):
        return json.loads(say(actor, *words, "--json"))

    return run


@pytest.fixture
def opened(ask):
    def run():
        words = [
            word for name, value in COMPLAINT.items() for word in ("--set", f"{name}={value}")
        ]
        return ask("chen_jing", "ticket", "open", "complaint", *words)["ticket"]

    return run


def test_explain_names_who_gets_the_ticket_and_why_every_other_agent_does_not(say, ask, opened):
    key = opened()

    told = ask("wu_min", "route", "explain", key)
    shown = say("wu_min", "route", "explain", key, lang="zh")

    winner = told["now"]["agent"]
    assert winner in {"zhao_lei", "qian_mei", "song_jia"}
    assert len(told["now"]["candidates"]) == 13
    assert [one["agent"] for one in told["now"]["candidates"] if not one["reason"]] == [winner]
    assert f"{key} 由工单池“投诉”派给 {winner}" in shown
    assert "没有技能“投诉处理”" in shown


def test_next_takes_the_ticket_and_explain_tells_of_it_from_then_on(say, ask, opened):
    opened()
    taken = ask("zhao_lei", "route", "next")

    shown = say("wu_min", "route", "explain", taken["ticket"])

    assert taken["queue"] == "complaints"
    assert "zhao_lei took it as the next one, out of 'Complaints'." in shown
    assert "does not wait: zhao_lei handles it" in shown


def test_next_says_why_there_is_none(say):
    refused = say("chen_jing", "route", "next", code=1)
    unknown = say("wu_min", "route", "busy", "training", "--agent", "zhao_lai", code=1)

    assert "nothing waits that you are asked for" in refused
    assert "did you mean 'zhao_lei'?" in unknown


def test_who_is_busy_is_shown_with_what(say, ask):
    say("li_na", "route", "busy", "team", "meeting")

    agents = {one["agent"]: one for one in ask("wu_min", "route", "agents")["agents"]}
    shown = say("wu_min", "route", "agents", lang="zh")

    assert (agents["li_na"]["state"], agents["li_na"]["busy"]) == ("busy", "team meeting")
    assert "示忙 (team meeting)" in shown or "示忙（team meeting）" in shown
    say("wu_min", "route", "available", "--agent", "li_na")
    agents = {one["agent"]: one for one in ask("wu_min", "route", "agents")["agents"]}
    assert agents["li_na"]["state"] == "free"


def test_queues_and_calls_are_told_in_both_languages(say, ask):
    queues = {one["queue"]: one for one in ask("wu_min", "route", "queues")["queues"]}
    assert queues["hotline"]["free"] == 7
    assert "热线" in say("wu_min", "route", "queues", lang="zh")

    words = ["C9", "--name", "Lu", "--tier", "vip", "--phone", "+8613911111111"]
    say("wu_min", "customer", "add", *words)
    call = ask("chen_jing", "route", "call", "13911111111")
    assert (call["customer"], call["vip"], call["queue"]) == ("C9", True, "hotline")
    assert call["agent"] in {"chen_jing", "zheng_kai"}
    assert ask("chen_jing", "route", "call", "-")["customer"] == ""
    say("chen_jing", "route", "choice", "13911111111", "--language", "en")
    assert ask("chen_jing", "route", "call", "13911111111")["language"] == "en"


def test_a_choice_is_refused_without_a_number_without_anything_chosen_or_in_no_language(say):
    def refused(*words):
        return say("chen_jing", "route", "choice", *words, code=1)

    assert "is no phone number" in refused("abc", "--language", "en")
    assert "a brand or a language" in refused("13911111111")
    assert "no language tag" in refused("13911111111", "--language", "klingon")


def test_agents_of_the_rules_who_are_nobody_on_the_staff_are_named(say, ask):
    say("boss", "user", "edit", "sun_wei", "--inactive")
    try:
        assert ask("wu_min", "route", "queues")["strangers"] == ["sun_wei"]
        assert "nobody active on the staff: sun_wei" in say("wu_min", "route", "agents")
    finally:
        say("boss", "user", "edit", "sun_wei", "--active")


def test_publishing_and_checking_speak_of_the_files_that_are_no_workflows(say, ask, centre):
    told = ask("boss", "workflow", "publish")
    checked = say("boss", "workflow", "publish", str(centre / "customers.yaml"), code=1)

    assert told["files"] == [
        {"name": "customers.yaml", "change": "unchanged"},
        {"name": "intake.yaml", "change": "unchanged"},
        {"name": "routing.yaml", "change": "unchanged"},
    ]
    assert "no workflow" in checked
    say("boss", "workflow", "check", str(centre / "customers.yaml"))


def test_a_load_is_simulated_by_the_workspaces_rules(say, ask, tmp_path):
    load = tmp_path / "load.csv"
    load.write_text(LOAD, encoding="utf-8")

    told = ask("wu_min", "route", "simulate", "--load", str(load))
    shown = say("wu_min", "route", "simulate", "--load", str(load))

    served = {one["queue"]: one["served"] for one in told["queues"]}
    assert served == {"complaints": 2, "service": 0, "inquiries": 0, "hotline": 0}
    assert "occupancy" in shown
    load.write_text(LOAD.replace("30,work_order", "30,work_ordr"), encoding="utf-8")
    lost = say("wu_min", "route", "simulate", "--load", str(load), code=1)
    assert "load.csv:4:1" in lost
    assert "did you mean 'work_order'?" in lost
    load.write_text("at,handling\nyesterday,5\n", encoding="utf-8")
    assert "2026-03-02T09:30" in say("wu_min", "route", "simulate", "--load", str(load), code=1)


def test_the_starter_is_the_repositorys_own_and_nothing_is_to_be_mended_in_it():
    assert starter() == (ROOT / "routing.yaml").read_text("utf-8")

    rules, problems = rules_of(yaml_of(starter(), file="routing.yaml"))

    assert problems == []
    assert rules is not None


def test_the_starter_names_people_of_the_demonstration():
    people = yaml_of((ROOT / "people.yaml").read_text("utf-8"), file="people.yaml").data
    rules, _ = rules_of(yaml_of(starter(), file="routing.yaml"))

    assert rules.members.keys() <= people["people"].keys()


def test_a_fault_in_the_rules_is_found_by_the_check_and_nothing_is_published(
    centre, capsys, monkeypatch
):
    path = centre / "routing.yaml"
    text = path.read_text("utf-8")
    fault = text.replace("skills: {complaints: 1}\n", "skills: {complants: 1}\n")
    monkeypatch.setenv("CASEWRIGHT_LANG", "en")
    try:
        path.write_text(fault, "utf-8")
        for verb in ("check", "publish"):
            assert main(["workflow", verb, "-C", str(centre), "--as", "boss"]) == 1
            printed = capsys.readouterr()
            assert "did you mean 'complaints'?" in printed.out + printed.err
    finally:
        path.write_text(text, "utf-8")
