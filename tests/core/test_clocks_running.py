"""How the clocks of promises run, stand still and end: what other systems got wrong, named after the behaviour."""

from datetime import datetime

import pytest

from casewright.commands import (
    AddComment,
    EditFields,
    MergeTickets,
    OpenTicket,
    RecordContact,
    WithdrawTicket,
)
from casewright.errors import NothingChanges

from .time_desk import OFFICE, STATES, at

HANDLING = "handling: {from: opened, until: closed, within: 8 hours, pauses: [asking, held]}"
BY_PRIORITY = "handling: {from: opened, until: closed, within: {urgent: 4 hours, high: 6 hours, normal: 8 hours}, pauses: asking}"
LADDER = """\
handling:
  - {at: 50%, tell: handler}
  - {at: 80%, tell: [handler, owner], via: [notice, sms]}
  - {at: 100%, tell: [handler, owner, team_lead], via: [notice, sms]}
  - {at: 1 hour after, tell: role:monitor}
"""


def edit(timed, key, **fields):
    return timed.desk.execute(EditFields(actor="ana", ticket=key, fields=fields))


# --- pausing -----------------------------------------------------------------------------------


def test_paused_then_a_new_priority_keeps_the_pause(timed):
    timed.promise(BY_PRIORITY, LADDER)
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "ask")
    timed.run_until("2026-03-03 11:00")

    edit(timed, key, urgent=True)
    timed.fire(key, "answered")

    # 2 of 4 hours were used when it was paused, so 2 are left.
    assert timed.due(key) == "2026-03-03 13:00"
    assert timed.clock_of(key).target.total_seconds() == 4 * 3600


def test_paused_and_running_again_keeps_the_time_used_before(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    assert timed.due(key) == "2026-03-02 17:00"

    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "ask")
    timed.run_until("2026-03-02 14:30")
    timed.fire(key, "answered")

    assert timed.due(key) == "2026-03-03 11:30"


def test_nothing_is_breached_while_paused(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 3 hours, pauses: asking}", LADDER
    )
    key = timed.open()
    timed.run_until("2026-03-02 10:00")
    timed.fire(key, "ask")

    timed.run_until("2026-03-02 14:00")  # its due time was 12:00
    edit(timed, key, note="saved meanwhile")

    clock = timed.clock_of(key)
    assert (clock.state, clock.due_at, clock.breached_at) == ("paused", None, None)
    assert timed.whom(key, "breach") == []


def test_what_is_overdue_stops_growing_while_paused(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 2 hours, pauses: asking}", LADDER
    )
    key = timed.open()
    timed.run_until("2026-03-02 12:00")  # an hour overdue
    timed.fire(key, "ask")
    timed.run_until("2026-03-05 12:00")

    clock = timed.clock_of(key)
    assert clock.state == "breached"
    assert timed.consumed(key) == 3 * 3600
    # 1 hour after was reached at 12:00; the daily ones come only when it runs again.
    timed.fire(key, "answered")
    timed.run_until("2026-03-05 12:30")
    assert timed.consumed(key) == 3.5 * 3600


def test_paused_and_closed_directly_keeps_the_time_it_was_held(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "ask")
    timed.run_until("2026-03-03 11:00")

    timed.fire(key, "end")

    clock = timed.clock_of(key)
    assert clock.state == "met"
    assert timed.consumed(key) == 2 * 3600
    assert timed.booked(key) == {"handler:ana": 2 * 3600, "customer": 9 * 3600}


def test_resuming_sends_none_of_the_warnings_that_passed(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    timed.run_until("2026-03-02 16:00")
    before = timed.told(key)
    assert [one.threshold for one in before] == ["50%", "80%", "80%"]

    for day in ("03", "04", "05"):
        timed.fire(key, "ask")
        timed.run_until(f"2026-03-{day} 10:00")
        timed.fire(key, "answered")

    assert timed.told(key) == before
    assert timed.due(key) == "2026-03-05 11:00"


# --- several promises --------------------------------------------------------------------------

TWO = """\
first_response: {from: opened, until: contacted, within: 2 hours}
handling: {from: opened, until: closed, within: 8 hours, pauses: asking}
"""
TWO_LADDERS = """\
first_response: [{at: 50%, tell: handler}, {at: 100%, tell: [handler, owner]}]
handling: [{at: 100%, tell: [handler, owner]}]
"""


def test_a_reply_and_a_pause_in_one_command_meet_the_first_response(timed):
    timed.promise(
        "first_response: {from: opened, until: ask, within: 2 hours, pauses: asking}\n"
        + HANDLING,
        TWO_LADDERS,
    )
    key = timed.open()
    timed.run_until("2026-03-02 10:00")

    timed.fire(key, "ask")

    assert timed.clock_of(key, "first_response").state == "met"
    assert timed.consumed(key, "first_response") == 3600
    assert timed.clock_of(key).state == "paused"


def test_a_later_promise_does_not_hide_an_unanswered_first_response(timed):
    timed.promise(TWO, TWO_LADDERS)
    key = timed.open()
    timed.run_until("2026-03-02 10:30")
    edit(timed, key, urgent=True)
    timed.fire(key, "ask")
    timed.run_until("2026-03-02 11:00")

    assert timed.clock_of(key, "first_response").state == "breached"
    assert timed.whom(key, "breach") == ["ana", "olga"]
    assert timed.clock_of(key).state == "paused"


def test_reaching_the_customer_meets_a_response_and_an_attempt_in_vain_does_not(timed):
    timed.promise(TWO, TWO_LADDERS)
    key = timed.open()

    timed.desk.execute(RecordContact(actor="ana", ticket=key, kind="attempt"))
    assert timed.clock_of(key, "first_response").state == "running"
    timed.desk.execute(RecordContact(actor="ana", ticket=key, kind="attempt", reached=True))

    assert timed.clock_of(key, "first_response").state == "met"


def test_an_internal_note_touches_no_clock(timed):
    timed.promise(TWO, TWO_LADDERS)
    key = timed.open()
    timed.run_until("2026-03-02 09:30")
    before = timed.clocks(key)

    timed.desk.execute(AddComment(actor="ana", ticket=key, text="internal"))
    timed.desk.execute(RecordContact(actor="ana", ticket=key, kind="query"))

    assert timed.clocks(key) == before
    assert all("clocks" not in event.changes for event in timed.history(key)[1:])


def test_a_promise_that_begins_where_another_is_met_starts_at_that_moment(timed):
    timed.promise(
        "handling: {from: opened, until: checking, within: 8 hours}\n"
        "verify: {from: handling, until: closed, within: 1 hour}",
        "handling: [{at: 100%, tell: handler}]\nverify: [{at: 100%, tell: owner}]",
    )
    key = timed.open()
    timed.run_until("2026-03-02 10:00")

    timed.fire(key, "check")

    assert timed.clock_of(key).state == "met"
    assert timed.due(key, "verify") == "2026-03-02 11:00"


# --- timers that nobody waits for any more -----------------------------------------------------


def test_the_timer_of_a_due_time_that_was_replaced_does_nothing(timed):
    timed.promise(BY_PRIORITY, LADDER)
    key = timed.open()
    old = timed.clock_of(key).next_at
    timed.run_until("2026-03-02 10:00")
    edit(timed, key, urgent=True)
    timed.run_until("2026-03-02 15:00")
    before = timed.history(key)

    with pytest.raises(NothingChanges):
        timed.fire_stale(key, "promise:handling", old)

    assert timed.history(key) == before


def test_a_timer_that_was_swept_says_nothing_of_a_promise_met_meanwhile(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    timed.clock.set(at("2026-03-02 13:00"))
    working = timed.desk.working()
    assert working.sweep() == 1

    timed.fire(key, "finish")
    fired = working.fire()

    assert (len(fired.lags), fired.stale, fired.troubles) == (0, 1, ())
    assert timed.told(key) == []
    assert working.fire().stale == 0


def test_a_timer_fires_once_though_it_is_said_twice(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    due = timed.clock_of(key).next_at
    timed.clock.set(due)

    timed.fire_stale(key, "promise:handling", due)
    with pytest.raises(NothingChanges):
        timed.fire_stale(key, "promise:handling", due)

    assert [one.threshold for one in timed.told(key)] == ["50%"]


def test_a_timer_that_comes_too_early_does_nothing(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    due = timed.clock_of(key).next_at

    with pytest.raises(NothingChanges):
        timed.fire_stale(key, "promise:handling", due)

    assert timed.told(key) == []


@pytest.mark.parametrize("way", ["merged", "withdrawn", "closed"])
def test_a_ticket_that_has_ended_escalates_no_more(timed, way):
    timed.promise(HANDLING, LADDER)
    key, other = timed.open(), timed.open()
    timed.run_until("2026-03-02 10:00")

    if way == "merged":
        timed.desk.execute(MergeTickets(actor="ana", ticket=key, into=other, reason="same"))
    elif way == "withdrawn":
        command = WithdrawTicket(actor="ana", ticket=key, reason="asked", identity_checked=True)
        timed.desk.execute(command)
    else:
        timed.fire(key, "finish")
    timed.run_until("2026-03-06 18:00")

    assert [one.reason for one in timed.told(key)] in ([], ["watched"])
    assert timed.clock_of(key).state == "met"
    assert timed.whom(other, "breach") == ["ana", "olga", "tess"]


# --- calendars ---------------------------------------------------------------------------------


def test_an_edited_calendar_moves_open_clocks_each_with_its_event(timed):
    timed.promise(HANDLING, LADDER)
    keys = [timed.open(), timed.open()]
    closed = timed.open()
    timed.fire(closed, "finish")
    timed.run_until("2026-03-02 10:00")

    timed.calendar({**OFFICE, "week": {"mon-fri": "09:00-12:00"}})
    timed.drain()

    for key in keys:
        # 1 hour on the old one; of 3 a day on the new one 2, 3 and 2.
        assert timed.due(key) == "2026-03-04 11:00"
        (event,) = timed.events(key, "ClocksRecalculated")
        (moved,) = event.facts["moved"]
        assert moved["cause"] == "calendar"
        assert (moved["was"], moved["due"]) == (
            "2026-03-02T09:00:00+00:00",
            "2026-03-04T03:00:00+00:00",
        )
    assert timed.events(closed, "ClocksRecalculated") == []


def test_a_calendar_published_unchanged_touches_no_ticket(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    before = timed.history(key)

    timed.calendar(OFFICE)
    timed.publish((timed.root / "workflows" / "matter.yaml").read_text())
    timed.drain()

    assert timed.history(key) == before


def test_a_calendar_edit_that_comes_to_the_same_leaves_no_trace(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    before = timed.history(key)

    timed.calendar({**OFFICE, "title": {"en": "Other", "zh": "其他"}})
    timed.drain()

    assert timed.history(key) == before


def test_time_counted_on_an_old_calendar_stays_counted(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    timed.run_until("2026-03-02 13:00")

    timed.calendar({**OFFICE, "week": {"mon-fri": "14:00-18:00"}})
    timed.drain()

    assert timed.consumed(key) == 4 * 3600
    assert timed.due(key) == "2026-03-02 18:00"


def test_a_due_time_in_an_unpublished_year_is_provisional_until_it_arrives(timed):
    plain = {**OFFICE, "years": {"2026": {"published": True}, "2027": {"published": False}}}
    timed.calendar(plain)
    timed.promise("handling: {from: opened, until: closed, within: 2 working days}", LADDER)
    timed.run_until("2026-12-31 10:00")
    key = timed.open()
    assert (timed.due(key), timed.clock_of(key).provisional) == ("2027-01-04 10:00", True)

    holiday = {
        "published": True,
        "holidays": {"2027-01-01 to 2027-01-04": {"en": "New Year", "zh": "元旦"}},
    }
    timed.calendar({**OFFICE, "years": {"2026": {"published": True}, "2027": holiday}})
    timed.drain()

    assert (timed.due(key), timed.clock_of(key).provisional) == ("2027-01-06 10:00", False)


def test_leaving_weekends_out_never_makes_a_deadline_earlier(timed):
    timed.calendar({**OFFICE, "calendar": "whole_week", "week": {"mon-sun": "09:00-18:00"}})
    timed.promise(
        "plain: {from: opened, until: closed, within: 3 days, calendar: whole_week}\n"
        "handling: {from: opened, until: closed, within: 3 days}",
        "plain: [{at: 80%, tell: owner}]\nhandling: [{at: 80%, tell: owner}]",
    )
    timed.run_until("2026-03-06 16:00")  # a Friday
    key = timed.open()

    assert timed.due(key, "plain") == "2026-03-09 16:00"
    assert timed.due(key) == "2026-03-11 16:00"


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-03-27T16:00+01:00", "2026-03-30T16:00+02:00"),  # clocks go forward on Sunday
        ("2026-10-23T16:00+02:00", "2026-10-26T16:00+01:00"),  # and back
    ],
)
def test_friday_afternoon_and_a_working_day_is_monday_at_the_same_time(timed, opened, due):
    timed.calendar({**OFFICE, "calendar": "berlin", "zone": "Europe/Berlin"})
    timed.promise(
        "handling: {from: opened, until: closed, within: 1 working day, calendar: berlin}",
        LADDER,
    )
    timed.run_until(datetime.fromisoformat(opened))
    key = timed.open()

    assert timed.clock_of(key).due_at == datetime.fromisoformat(due)


# --- coming back -------------------------------------------------------------------------------


def test_closed_time_does_not_count_against_a_reopened_ticket(timed):
    timed.promise(HANDLING, LADDER)
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "finish")
    timed.run_until("2026-03-09 11:00")

    timed.reopen(key)

    assert timed.due(key) == "2026-03-09 17:00"
    assert timed.consumed(key) == 2 * 3600
    assert timed.booked(key) == {"handler:ana": 2 * 3600, "closed": 5 * 9 * 3600}
    assert timed.clock_of(key).run == 1


@pytest.mark.parametrize(
    ("again", "state", "run", "due"),
    [
        ("continue", "running", 1, "2026-03-03 16:00"),
        ("restart", "running", 2, "2026-03-03 18:00"),
        ("stay met", "met", 1, "2026-03-02 17:00"),
    ],
)
def test_what_an_undone_end_means_is_the_workflows_word(timed, again, state, run, due):
    timed.promise(
        f"handling: {{from: opened, until: checking, within: 8 hours, again: {again}}}", LADDER
    )
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "check")
    timed.run_until("2026-03-03 10:00")

    timed.fire(key, "rework")

    clock = timed.clock_of(key)
    assert (clock.state, clock.run, timed.due(key)) == (state, run, due)


@pytest.mark.parametrize(
    ("policy", "run", "due"),
    [("continue", 1, "2026-03-03 16:00"), ("restart", 2, "2026-03-03 18:00")],
)
def test_reopening_goes_on_or_begins_anew_as_the_workflow_says(timed, policy, run, due):
    timed.promise(HANDLING, LADDER)
    text = (timed.root / "workflows" / "matter.yaml").read_text()
    timed.publish(text.replace("reopen: {policy: continue, to: working}", f"reopen: {policy}"))
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "finish")
    timed.run_until("2026-03-03 10:00")

    timed.reopen(key)

    assert (timed.clock_of(key).run, timed.due(key)) == (run, due)


def test_a_new_round_of_a_closed_matter_starts_clocks_of_its_own(timed):
    timed.promise(HANDLING, LADDER)
    text = (timed.root / "workflows" / "matter.yaml").read_text()
    timed.publish(text.replace("reopen: {policy: continue, to: working}", "reopen: new ticket"))
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "finish")
    before = timed.clock_of(key)
    timed.run_until("2026-03-03 10:00")

    (second,) = timed.reopen(key).opened

    assert timed.due(second) == "2026-03-03 18:00"
    assert timed.clock_of(key) == before


# --- beginnings --------------------------------------------------------------------------------


def test_a_ticket_opened_by_an_action_starts_its_clocks(timed):
    states = STATES.replace(
        "note: {by: anyone}", "note: {by: anyone, do: [{open: matter, as: part}]}"
    )
    timed.promise(HANDLING, LADDER, states=states)
    key = timed.open()
    timed.run_until("2026-03-02 10:00")

    (child,) = timed.fire(key, "note").opened
    timed.run_until("2026-03-02 18:00")

    assert timed.clock_of(child).started_at == at("2026-03-02 10:00")
    assert timed.whom(child, "breach") == ["ana", "olga", "tess"]


def test_a_late_entry_counts_from_the_true_time_of_receipt(timed):
    timed.promise(HANDLING, LADDER)
    timed.run_until("2026-03-02 16:00")

    command = OpenTicket(
        actor="ana", workflow="matter", fields={}, received_at=at("2026-03-02 09:00")
    )
    key = timed.desk.execute(command).ticket
    timed.drain()

    assert timed.due(key) == "2026-03-02 17:00"
    assert timed.whom(key, "warning") == ["ana", "olga"]  # 50% and 80% missed: told as one


def test_a_ticket_entered_after_its_due_time_is_breached_at_that_time(timed):
    timed.promise(HANDLING, LADDER)
    timed.run_until("2026-03-04 10:00")

    command = OpenTicket(
        actor="ana", workflow="matter", fields={}, received_at=at("2026-03-02 09:00")
    )
    key = timed.desk.execute(command).ticket
    timed.drain()

    clock = timed.clock_of(key)
    assert (clock.breached_at, clock.noticed_at) == (
        at("2026-03-02 17:00"),
        at("2026-03-04 10:00"),
    )
