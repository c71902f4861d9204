"""What could have let a deadline pass unseen, or told somebody for nothing: found by reading, kept as tests."""

from datetime import datetime

import pytest

from casewright.commands import (
    AskExtension,
    AssignTicket,
    OpenTicket,
    RemindMe,
    SavePerson,
    SetAbsence,
    SuperviseTicket,
    TakeNotice,
    WithdrawTicket,
)
from casewright.errors import CalendarRefused, CommandRefused, ExtensionRefused
from casewright.model import SYSTEM
from casewright.queries import GetLedger, VerifyAudit

from .time_desk import OFFICE, STATES, at, local

EIGHT = "handling: {from: opened, until: closed, within: 8 hours, pauses: [asking, held]}"
WARNED = "handling: [{at: 50%, tell: handler}, {at: 100%, tell: [handler, owner]}]"
BY_THE_CLOCK = STATES.replace(
    "finish: {to: closed, by: anyone}", "finish: {to: closed, by: [anyone, timer]}"
)


def few(timed, key):
    """Return what was told as (when, who, threshold)."""
    return [(one.at, one.to, one.threshold) for one in timed.told(key)]


def reopening(timed, policy):
    text = (timed.root / "workflows" / "matter.yaml").read_text()
    before = "reopen: {policy: continue, to: working}"
    assert before in text
    timed.publish(text.replace(before, f"reopen: {policy}"))


# --- timers ------------------------------------------------------------------------------------


def test_a_ladder_that_makes_its_own_promise_due_at_once_has_it_breached_at_once(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: {urgent: 4 hours, normal: 8 hours}}",
        "handling: [{at: 80%, tell: handler, do: [{raise_priority: urgent}]}, {at: 100%, tell: owner}]",
    )
    key = timed.open()

    timed.run_until("2026-03-02 18:00")

    assert timed.clock_of(key).breached_at == at("2026-03-02 15:24")
    assert timed.whom(key, "breach") == ["olga"]


def test_a_breach_that_nobody_noticed_is_told_though_the_clock_was_paused_since(timed):
    timed.promise(EIGHT, WARNED)
    key = timed.open()
    timed.clock.set(at("2026-03-03 10:00"))  # the worker was down since the day before
    timed.fire(key, "ask")

    timed.run_until("2026-03-04 10:00")
    assert few(timed, key) == [
        ("2026-03-03 10:00", "ana", "100%"),
        ("2026-03-03 10:00", "olga", "100%"),
    ]

    timed.fire(key, "answered")
    timed.run_until("2026-03-05 10:00")
    assert len(timed.told(key)) == 2


def test_no_threshold_is_missed_where_the_clock_was_set_back_between_two_commands(timed):
    timed.promise(EIGHT, WARNED)
    key = timed.open()
    for moment, handler in (("12:00", "ben"), ("11:00", "ana")):
        timed.clock.set(at(f"2026-03-02 {moment}"))
        timed.desk.execute(AssignTicket(actor="ana", ticket=key, handler=handler))

    timed.run_until("2026-03-02 18:00")

    assert [one.threshold for one in timed.told(key) if one.threshold] == [
        "50%",
        "100%",
        "100%",
        "untaken",
    ]


def test_a_deadline_after_work_has_ended_is_breached_when_it_passes_and_not_before(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 5 days, due: =fields.note}", WARNED
    )
    key = timed.open(note="2026-03-02T22:00:00+08:00")

    timed.run_until("2026-03-03 12:00")

    assert few(timed, key)[1:3] == [
        ("2026-03-02 22:00", "ana", "100%"),
        ("2026-03-02 22:00", "olga", "100%"),
    ]


def test_a_deadline_that_cannot_be_read_is_noted_and_blanks_around_one_do_not_matter(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 5 days, due: =fields.note}", WARNED
    )
    blank, useless = timed.open(note=" 2026-03-03 "), timed.open(note="soon")

    assert timed.due(blank) == "2026-03-03 18:00"
    assert "unanswered" not in timed.last(blank).facts
    assert timed.last(useless).facts["unanswered"] == ["fields.note"]


def test_timed_transitions_count_on_an_edited_calendar_too(timed):
    states = STATES.replace(
        "    waiting: customer\n", "    waiting: customer\n    after: {2 days: answered}\n"
    ).replace(
        "answered: {to: working, by: anyone}", "answered: {to: working, by: [anyone, timer]}"
    )
    timed.promise(EIGHT, WARNED, states=states)
    key = timed.open()
    timed.fire(key, "ask")
    assert local(timed.ticket(key).alarms["answered"].at) == "2026-03-03 18:00"

    holiday = {"2026-03-03": {"en": "Holiday", "zh": "假日"}}
    timed.calendar({**OFFICE, "years": {"2026": {"published": True, "holidays": holiday}}})
    timed.run_until("2026-03-04 17:59")
    assert timed.ticket(key).state == "asking"

    timed.run_until("2026-03-04 18:00")
    assert timed.ticket(key).state == "working"


# --- what a ladder does ------------------------------------------------------------------------


def test_of_transitions_missed_together_the_first_is_taken_and_the_next_not_refused(timed):
    timed.promise(
        EIGHT,
        "handling:\n"
        "  - {at: 100%, tell: owner, do: [{fire: finish}]}\n"
        "  - {at: 1 hour after, tell: owner, do: [{fire: finish}, {assign: user:ben}]}",
        states=BY_THE_CLOCK,
    )
    key = timed.open()

    timed.jump_to("2026-03-04 09:00")

    assert (timed.ticket(key).state, timed.ticket(key).handler) == ("closed", "ana")
    assert timed.whom(key, "ladder_refused") == []


def test_a_ticket_that_a_ladder_cannot_open_silences_no_ladder(timed):
    errand = (timed.root / "workflows" / "errand.yaml").read_text()
    nobody = errand.replace("owner: [user:olga, user:ben]", 'owner: "=fields.other"')
    timed.write("workflows/errand.yaml", nobody)
    timed.promise(EIGHT, "handling: [{at: 50%, tell: handler, do: [{open: errand, as: part}]}]")
    key = timed.open()

    timed.run_until("2026-03-02 14:00")

    assert timed.whom(key, "warning") == ["ana"]
    assert timed.whom(key, "ladder_refused") == ["ana", "olga"]
    assert timed.last(key).facts["not_done"] == "nobody_left"


def test_what_could_not_be_done_reaches_the_process_owner_where_nobody_else_is_there(timed):
    states = BY_THE_CLOCK.replace("by: [anyone, timer]}", "by: [anyone, timer], form: answer}")
    timed.promise(
        EIGHT, "handling: [{at: 100%, tell: role:monitor, do: [{fire: finish}]}]", states=states
    )
    key = timed.open()
    for name in ("ana", "olga"):
        gone = SavePerson(actor=SYSTEM, name=name, active=False)
        timed.desk.execute_as_system(gone)

    timed.run_until("2026-03-02 18:00")

    assert timed.whom(key, "ladder_refused") == ["paul"]


def test_a_target_that_depends_on_the_children_follows_them(timed):
    states = STATES.replace(
        "note: {by: anyone}", "note: {by: anyone, do: [{open: errand, as: part}]}"
    )
    timed.promise(
        "handling:\n"
        "  from: opened\n"
        "  until: closed\n"
        "  within: [{within: 4 hours, when: 'children.open > 0'}, {within: 8 hours}]",
        WARNED,
        states=states,
    )
    key = timed.open()

    (child,) = timed.fire(key, "note").opened
    assert timed.due(key) == "2026-03-02 13:00"
    timed.fire(child, "finish", by="ben")
    assert timed.due(key) == "2026-03-02 17:00"


# --- who took it -------------------------------------------------------------------------------


def test_a_notice_taken_until_it_is_due_is_taken_until_it_is_due_after_a_pause(timed):
    timed.promise(EIGHT, WARNED)
    key = timed.open()
    timed.run_until("2026-03-02 13:30")
    timed.take(key, "ana")
    timed.fire(key, "ask")
    timed.run_until("2026-03-04 10:00")

    timed.fire(key, "answered")
    timed.drain()

    assert timed.whom(key, "next_level") == []
    assert timed.clock_of(key).taken == {"ana": at("2026-03-04 13:30")}
    assert timed.due(key) == "2026-03-04 13:30"


def test_what_was_promised_by_a_time_waits_as_long_as_the_clock_stood_still(timed):
    timed.promise(EIGHT, WARNED)
    key = timed.open()
    timed.run_until("2026-03-02 13:30")
    timed.take(key, "ana", until="2026-03-02 15:00")
    timed.fire(key, "ask")
    timed.run_until("2026-03-02 16:00")
    timed.fire(key, "answered")

    timed.run_until("2026-03-02 17:29")
    assert timed.whom(key, "next_level") == []
    timed.run_until("2026-03-02 17:30")
    assert timed.whom(key, "next_level") == ["tess"]


def test_a_notice_taken_until_it_is_due_follows_an_extension(timed):
    promise = EIGHT.replace("}", ", extend: {granted_by: [owner, role:monitor]}}")
    timed.promise(promise, WARNED)
    key = timed.open()
    timed.run_until("2026-03-02 13:30")
    timed.take(key, "ana")
    timed.ask_for_more(key)
    timed.decide(key, "olga")

    timed.run_until("2026-03-02 18:00")

    assert timed.whom(key, "next_level") == []
    assert timed.clock_of(key).taken == {"ana": at("2026-03-03 17:00")}


def test_a_deputy_who_took_a_notice_is_left_in_peace(timed):
    timed.promise(
        EIGHT,
        "handling: [{at: 50%, tell: handler}, {at: 80%, tell: handler}, {at: 100%, tell: owner}]",
    )
    key = timed.open()
    timed.desk.execute_as_system(SetAbsence(actor=SYSTEM, name="ana", deputy="ben"))
    timed.run_until("2026-03-02 13:30")
    timed.take(key, "ben")

    timed.run_until("2026-03-02 16:00")

    assert few(timed, key) == [("2026-03-02 13:00", "ben", "50%")]


def test_an_owner_who_asks_for_more_time_is_answered_by_the_next_who_grants(timed):
    promise = EIGHT.replace("}", ", extend: {granted_by: [owner, role:monitor]}}")
    timed.promise(promise, WARNED)
    key = timed.open()

    timed.ask_for_more(key, actor="olga")

    assert timed.whom(key, "extension_asked") == ["mona"]
    timed.decide(key, "mona")
    assert timed.due(key) == "2026-03-03 17:00"


def test_more_time_than_any_calendar_has_is_refused_when_it_is_asked_for(timed):
    promise = EIGHT.replace("}", ", extend: {granted_by: [owner, role:monitor]}}")
    timed.promise(promise, WARNED)
    key = timed.open()

    with pytest.raises(CalendarRefused):
        timed.ask_for_more(key, by="", until=at("9000-01-01 09:00"))

    with pytest.raises(ExtensionRefused):
        timed.decide(key, "olga")


# --- beginning and coming back -----------------------------------------------------------------


def test_a_late_entry_that_is_met_on_entry_may_be_overdue(timed):
    timed.promise(
        "handling: {from: opened, until: working, within: 4 hours}",
        "handling: [{at: 100%, tell: owner}]",
    )
    timed.run_until("2026-03-04 09:00")

    command = OpenTicket(
        actor="ana", workflow="matter", fields={}, received_at=at("2026-03-02 09:00")
    )
    key = timed.desk.execute(command).ticket

    clock = timed.clock_of(key)
    assert (clock.end, clock.state) == ("met", "breached")
    assert clock.breached_at == at("2026-03-02 13:00")
    assert timed.desk.ask(VerifyAudit(actor="ana")).ok


@pytest.mark.parametrize("way", ["closed", "withdrawn"])
def test_a_ticket_reopened_where_it_never_was_has_its_deadline_back(timed, way):
    timed.promise(EIGHT.replace("until: closed", "until: [closed, pass]"), WARNED)
    reopening(timed, "{policy: continue, to: checking}")
    key = timed.open()
    timed.run_until("2026-03-02 10:00")
    if way == "closed":
        timed.fire(key, "finish")
    else:
        command = WithdrawTicket(actor="ana", ticket=key, reason="asked", identity_checked=True)
        timed.desk.execute(command)
    timed.run_until("2026-03-03 10:00")

    timed.reopen(key)

    assert (timed.clock_of(key).state, timed.due(key)) == ("running", "2026-03-03 17:00")


def test_a_promise_whose_part_is_over_does_not_come_back_with_the_ticket(timed):
    timed.promise(
        EIGHT + "\nverify: {from: checking, until: [rework, pass], within: 1 hour}",
        WARNED + "\nverify: [{at: 100%, tell: owner}]",
    )
    key = timed.open()
    timed.fire(key, "check")
    timed.run_until("2026-03-02 09:30")
    timed.fire(key, "pass")

    timed.reopen(key)

    assert timed.clock_of(key, "verify").end == "met"
    assert timed.clock_of(key).state == "running"


def test_a_cancelled_promise_begins_again_though_a_met_one_would_stay_met(timed):
    timed.promise(
        "handling: {from: working, until: checking, within: 8 hours, again: stay met}", WARNED
    )
    key = timed.open()
    timed.fire(key, "finish")
    assert timed.clock_of(key).end == "cancelled"

    timed.reopen(key)

    assert timed.clock_of(key).state == "running"


def test_a_ticket_that_begins_anew_begins_every_promise_anew(timed):
    timed.promise(
        "handling: {from: checking, until: closed, within: 8 hours}",
        "handling: [{at: 100%, tell: owner}]",
    )
    reopening(timed, "restart")
    key = timed.open()
    timed.fire(key, "check")
    timed.run_until("2026-03-02 12:00")
    timed.fire(key, "rework")
    timed.fire(key, "finish")
    timed.run_until("2026-03-02 14:00")

    timed.reopen(key)
    assert timed.clock_of(key).end == "met"
    timed.fire(key, "check")

    clock = timed.clock_of(key)
    assert (clock.run, clock.state, timed.due(key)) == (2, "running", "2026-03-03 13:00")


# --- what is said ------------------------------------------------------------------------------


def test_a_moment_without_a_zone_is_refused_wherever_one_is_said(timed):
    timed.promise(EIGHT, WARNED)
    key = timed.open()
    timed.run_until("2026-03-02 13:00")
    naive = datetime(2026, 3, 3, 9)
    number = timed.notice_to(key, "ana")
    before = timed.history(key)

    for command in (
        OpenTicket(actor="ana", workflow="matter", fields={}, received_at=naive),
        RemindMe(actor="ana", ticket=key, at=naive),
        SuperviseTicket(actor="mona", ticket=key, reason="late", answer_due=naive),
        AskExtension(actor="ana", ticket=key, promise="handling", reason="x", until=naive),
        TakeNotice(actor="ana", ticket=key, notice=number, until=naive),
    ):
        with pytest.raises(CommandRefused):
            timed.desk.execute(command)
    with pytest.raises(CommandRefused):
        timed.desk.ask(GetLedger(actor="ana", ticket=key, at=naive))

    assert timed.history(key) == before
