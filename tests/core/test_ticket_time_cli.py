"""What people see of a ticket's time on the command line: its promises, why they are due, more time asked and granted."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from casewright.cli.__main__ import main
from casewright.cli.output import width
from casewright.clock import SetClock, SystemClock

from ..founding import demonstration

SHANGHAI = timezone(timedelta(hours=8))
ORDER = [
    "--set",
    "subject=Line down",
    "--set",
    "description=The line is down since Monday.",
    "--set",
    "kind=investigation",
    "--set",
    "department=network_operations",
]
SUSPENSION = [
    "--set",
    "suspend_code=site_access",
    "--set",
    "suspended_until=2026-10-09",
    "--set",
    "suspend_note=The building is locked",
]


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("time") / "centre"
    return demonstration(folder)


@pytest.fixture
def clock(monkeypatch):
    """The machine's clock, standing on the Thursday before the Mid-Autumn Festival."""
    standing = SetClock(at("2026-09-24 09:00"))
    monkeypatch.setattr(SystemClock, "now", lambda self: standing.now())
    return standing


@pytest.fixture
def cli(founded, clock, capsys, monkeypatch):
    """Return a function that runs a command line as somebody and returns what it prints."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)

    def run(actor, *words, code=0):
        capsys.readouterr()
        assert main(["-C", str(founded), "--as", actor, *words]) == code
        printed = capsys.readouterr()
        return printed.out if code == 0 else printed.err

    return run


@pytest.fixture
def answer(cli):
    def run(actor, *words):
        return json.loads(cli(actor, *words, "--json"))

    return run


@pytest.fixture
def order(answer):
    """A work order that its department has at nine o'clock."""
    return answer("zhu_yan", "ticket", "open", "work_order", *ORDER)["ticket"]


@pytest.fixture
def signed(order, cli, clock):
    """The same, signed for at half past eleven."""
    clock.set(at("2026-09-24 11:30"))
    cli("lin_tao", "ticket", "fire", order, "sign")
    return order


@pytest.fixture
def suspended(signed, cli, clock):
    """The same, put aside over the holidays from 15:00 on."""
    clock.set(at("2026-09-24 15:00"))
    cli("lin_tao", "ticket", "fire", signed, "suspend", *SUSPENSION)
    cli("zhu_yan", "ticket", "vote", signed, "--grant")
    return signed


def plain(shown: str) -> str:
    """What is shown, however its lines are broken."""
    return re.sub(r"\s+", " ", shown)


# --- the sheet ---------------------------------------------------------------------------------


def test_a_ticket_shows_its_promises_in_the_zone_of_its_site(cli, order):
    shown = plain(cli("zhu_yan", "ticket", "show", order))

    assert "Receipt: running, due 2026-09-24 13:00: 4 h left, 0 % of 4 h" in shown
    assert "Handling: running, due 2026-09-28 18:00: 18 h left" in shown
    assert "with Network operations" in shown


def test_a_ticket_shows_what_happens_by_itself_and_ones_own_follow_ups(cli, order):
    reminder = ["--at", "2026-09-24T15:00+08:00", "--text", "call them"]
    cli("zhu_yan", "ticket", "remind", order, *reminder)

    shown = cli("zhu_yan", "ticket", "show", order)
    others = cli("guo_rui", "ticket", "show", order)

    assert "2026-09-24 18:00: Automatic receipt, by itself" in shown
    assert "2026-09-24 15:00: your follow-up: “call them”" in shown
    assert "call them" not in others


def test_a_promise_that_was_kept_says_how_long_it_took(cli, signed):
    shown = plain(cli("zhu_yan", "ticket", "show", signed))

    assert "Receipt: kept on 2026-09-24 11:30, after 2 h 30 min of 4 h" in shown


def test_a_paused_promise_says_what_is_left_and_who_is_waited_for(cli, suspended):
    shown = plain(cli("zhu_yan", "ticket", "show", suspended))

    assert "Handling: paused: 12 h of 18 h left waits for the customer" in shown


def test_a_breach_says_whose_time_it_was(cli, signed, clock):
    clock.set(at("2026-09-29 10:00"))

    shown = plain(cli("zhu_yan", "ticket", "show", signed))

    assert "overdue since 2026-09-28 18:00, by 1 h (promised within 18 h)" in shown
    assert (
        "whose time until it was due: Lin Tao 15 h 30 min, Network operations 2 h 30 min"
        in shown
    )


def test_the_document_has_moments_with_their_offset_and_lengths_in_seconds(answer, suspended):
    clocks = answer("zhu_yan", "ticket", "show", suspended)["clocks"]

    handling = clocks["handling"]
    assert (handling["state"], handling["due_at"]) == ("paused", None)
    assert handling["original_due"] == "2026-09-28T18:00:00+08:00"
    assert handling["consumed_seconds"] == 6 * 3600
    assert handling["remaining_seconds"] == 12 * 3600
    assert handling["holder"] == "customer"
    assert clocks["suspension"]["due_at"] == "2026-10-09T18:00:00+08:00"


def test_what_is_due_in_a_year_without_published_holidays_is_provisional(cli, clock, answer):
    clock.set(at("2026-12-31 09:00"))
    key = answer("zhu_yan", "ticket", "open", "work_order", *ORDER)["ticket"]

    shown = plain(cli("zhu_yan", "ticket", "show", key))

    assert "provisional: the holidays of 2027 are not published yet" in shown


def test_the_list_says_how_far_off_the_next_due_time_is(cli, order, clock):
    clock.set(at("2026-09-24 11:00"))
    assert "in 2 h" in _row(cli("zhu_yan", "ticket", "list"), order)

    clock.set(at("2026-09-24 16:00"))
    assert "3 h late" in _row(cli("zhu_yan", "ticket", "list"), order)


def _row(shown, key):
    return next(line for line in shown.splitlines() if line.startswith(key))


# --- the ledger --------------------------------------------------------------------------------


def test_the_ledger_sums_to_what_was_promised(answer, suspended, cli, clock):
    clock.set(at("2026-10-09 09:30"))
    cli("lin_tao", "ticket", "fire", suspended, "resume")
    clock.set(at("2026-10-16 17:00"))

    (account,) = answer("lin_tao", "ticket", "explain", suspended, "--promise", "handling")[
        "promises"
    ]

    parts = account["intervals"]
    counted = sum(one["seconds"] for one in parts if one["counted"])
    until_due = sum(
        one["seconds"] for one in parts if one["counted"] and one["to"] <= account["due_at"]
    )
    assert counted == account["consumed_seconds"] == parts[-1]["total_seconds"]
    assert until_due == account["goal_seconds"] == 18 * 3600
    booked = sum(one["counted_seconds"] for one in account["booked"])
    assert booked == account["consumed_seconds"]


def test_the_ledger_names_holidays_make_up_days_and_the_reason_of_a_pause(
    cli, suspended, clock
):
    clock.set(at("2026-10-09 09:30"))
    cli("lin_tao", "ticket", "fire", suspended, "resume")

    shown = plain(cli("lin_tao", "ticket", "explain", suspended))

    assert "Waited for the customer, in 'Suspended' since Zhu Yan brought it there" in shown
    assert "Reason: No access to the site" in shown
    assert "holiday: National Day" in shown
    assert "make-up working day" in shown
    assert "6 h + 12 h still to come = 18 h, the time promised" in shown
    assert "the customer" in shown


def test_many_intervals_are_told_a_line_a_day_unless_every_one_is_asked_for(cli, signed, clock):
    clock.set(at("2026-10-30 12:00"))

    short = cli("lin_tao", "ticket", "explain", signed, "--promise", "handling").splitlines()
    whole = cli("lin_tao", "ticket", "explain", signed, "--promise", "handling", "--every")

    assert len(short) < len(whole.splitlines())
    assert short[-2:] == whole.splitlines()[-2:]


def test_the_ledger_as_of_an_earlier_moment(answer, signed, clock):
    clock.set(at("2026-10-30 12:00"))

    words = ["ticket", "explain", signed, "--promise", "handling"]
    (account,) = answer("lin_tao", *words, "--at", "2026-09-24T10:00+08:00")["promises"]

    assert (account["state"], account["consumed_seconds"]) == ("running", 3600)


def test_an_earlier_run_of_a_promise_is_kept_and_explained(answer, signed, cli):
    cli("guo_rui", "ticket", "supervise", signed, "--reason", "late")
    cli("lin_tao", "ticket", "answer-supervision", signed, "It is under way.")
    cli("guo_rui", "ticket", "supervise", signed, "--reason", "later still")

    words = ["ticket", "explain", signed, "--promise", "supervision"]
    (now,) = answer("lin_tao", *words)["promises"]
    (before,) = answer("lin_tao", *words, "--run", "1")["promises"]

    assert (now["run"], now["state"], [one["run"] for one in now["runs"]]) == (
        2,
        "running",
        [1],
    )
    assert (before["run"], before["state"]) == (1, "met")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--promise", "handlng"], "did you mean 'handling'"),
        (["--promise", "handling", "--run", "7"], "There is no run of the promise '7'"),
        (["--promise", "handling", "--run", "x"], "'x' is not a whole number"),
        (["--run", "1"], "--run needs --promise"),
        (["--at", "soon"], "'soon' is not a time such as 2026-02-13T09:30"),
    ],
)
def test_a_ledger_that_is_none_is_refused_with_a_hint(cli, signed, words, said):
    for code in (1, 2):
        try:
            assert said in cli("lin_tao", "ticket", "explain", signed, *words, code=code)
            return
        except AssertionError:
            if code == 2:
                raise


# --- more time ---------------------------------------------------------------------------------


def test_an_extension_is_asked_granted_and_both_due_times_are_shown(cli, signed):
    asked = plain(
        cli("lin_tao", "ticket", "extend", signed, "--by", "2 days", "--reason", "dug up")
    )
    assert "Lin Tao asks for more time: 2 working days; because: dug up" in asked

    granted = plain(cli("gao_jian", "ticket", "grant-extension", signed))

    assert "due 2026-09-30 18:00" in granted
    assert "extended 1 time, last by Gao Jian; due 2026-09-28 18:00 at first" in granted


def test_an_extension_until_a_local_time_of_the_site(answer, signed, cli):
    until = ["--until", "2026-09-30T12:00", "--reason", "x"]
    cli("lin_tao", "ticket", "extend", signed, "--promise", "handling", *until)

    done = answer("gao_jian", "ticket", "grant-extension", signed)

    assert done["clocks"]["handling"]["due_at"] == "2026-09-30T12:00:00+08:00"


def test_an_extension_is_denied_with_a_reason_and_nothing_moves(cli, answer, signed):
    cli("lin_tao", "ticket", "extend", signed, "--by", "1 day", "--reason", "x")
    refused = cli("gao_jian", "ticket", "deny-extension", signed, code=1)
    assert "a refusal needs a reason" in refused

    done = answer("gao_jian", "ticket", "deny-extension", signed, "--reason", "no")

    handling = done["clocks"]["handling"]
    assert (handling["due_at"], handling["request"]) == ("2026-09-28T18:00:00+08:00", None)


def test_an_extension_that_nobody_asked_for_cannot_be_granted(cli, signed):
    said = cli("gao_jian", "ticket", "grant-extension", signed, code=1)

    assert "no extension was asked for" in said


# --- the history -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "en",
            [
                "Lin Tao asked for more time: Handling, 2 working days",
                "Gao Jian granted more time: Handling",
                "Handling: due time moved from 2026-09-28 18:00 to 2026-09-30 18:00",
                "Receipt: kept",
                "80 % of the time has passed",
                "Handling: overdue",
                "whose time: Network operations 2 h 30 min, Lin Tao 33 h 30 min",
                "Guo Rui issued a supervision order",
                "Lin Tao answered the supervision order",
            ],
        ),
        (
            "zh",
            [
                "林涛申请延期：办理，2 个工作日",
                "高健批准延期：办理",
                "办理：到期时间由 2026-09-28 18:00 变为 2026-09-30 18:00（延期）",
                "签收：按时完成",
                "时限已过 80%",
                "办理：已超时",
                "林涛答复督办",
            ],
        ),
    ],
)
def test_the_history_tells_what_time_did(cli, signed, clock, lang, sentences):
    cli("lin_tao", "ticket", "extend", signed, "--by", "2 days", "--reason", "x")
    cli("gao_jian", "ticket", "grant-extension", signed)
    cli("guo_rui", "ticket", "supervise", signed, "--reason", "late")
    cli("lin_tao", "ticket", "answer-supervision", signed, "It is under way.")
    for moment in ("2026-09-30 11:00", "2026-10-08 09:00"):
        clock.set(at(moment))
        cli("boss", "worker", "--once")

    shown = cli("lin_tao", "ticket", "history", signed, "--lang", lang)

    for sentence in sentences:
        assert sentence in shown
    assert "TimerFired" not in shown


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("verb", ["show", "explain"])
def test_what_is_shown_fits_the_terminal(cli, suspended, clock, lang, verb):
    clock.set(at("2026-10-12 10:00"))
    cli("lin_tao", "ticket", "fire", suspended, "resume")
    cli("lin_tao", "ticket", "extend", suspended, "--by", "3 days", "--reason", "long " * 30)

    shown = cli("lin_tao", "ticket", verb, suspended, "--lang", lang)

    assert max(width(line) for line in shown.splitlines()) <= 80
