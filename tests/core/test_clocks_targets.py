"""What a promise aims at: targets by priority, days counted, deadlines from outside, extensions."""

import pytest

from casewright.commands import AskExtension, EditFields
from casewright.errors import ExtensionRefused

from .time_desk import OFFICE, at

LADDER = "handling: [{at: 80%, tell: handler}, {at: 100%, tell: [handler, owner], via: [notice, sms]}]"
EXTENDABLE = """\
handling:
  from: opened
  until: closed
  within: 8 hours
  pauses: asking
  extend: {granted_by: [owner, role:monitor], tell: [customer, team_lead]}
"""


def edit(timed, key, **fields):
    return timed.desk.execute(EditFields(actor="ana", ticket=key, fields=fields))


# --- targets -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recalculate", "due"),
    [("from_now", "2026-03-03 09:00"), ("from_start", "2026-03-02 13:00")],
)
def test_a_new_priority_counts_from_now_or_from_the_start(timed, recalculate, due):
    timed.promise(
        "handling:\n"
        "  from: opened\n"
        "  until: closed\n"
        "  within: {urgent: 4 hours, high: 6 hours, normal: 8 hours}\n"
        f"  recalculate: {recalculate}",
        LADDER,
    )
    key = timed.open()
    timed.run_until("2026-03-02 15:00")

    edit(timed, key, urgent=True)

    # 6 hours are used, more than the 4 of the new target: due now, or as if it had been 4 from the start.
    now = "2026-03-02 15:00" if recalculate == "from_now" else due
    assert timed.due(key) == now
    timed.drain()
    clock = timed.clock_of(key)
    assert clock.breached_at == at(now)
    assert timed.whom(key, "breach") == ["ana", "olga"]


def test_each_move_of_a_due_time_is_an_event_with_its_cause(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: {urgent: 4 hours, high: 6 hours, normal: 8 hours}}",
        LADDER,
    )
    key = timed.open()
    timed.run_until("2026-03-02 10:00")

    edit(timed, key, urgent=True)

    (moved,) = timed.last(key).facts["moved"]
    assert moved == {
        "promise": "handling",
        "was": at("2026-03-02 17:00").isoformat(),
        "due": at("2026-03-02 13:00").isoformat(),
        "cause": "target",
    }


def test_days_that_do_not_count_the_first_end_when_work_does(timed):
    holidays = {"2026-03-04": {"en": "Holiday", "zh": "假日"}}
    timed.calendar({**OFFICE, "years": {"2026": {"published": True, "holidays": holidays}}})
    timed.promise(
        "handling: {from: opened, until: closed, within: 2 days, count: next_day}\n"
        "plain: {from: opened, until: closed, within: 2 days}",
        "handling: [{at: 80%, tell: handler}]\nplain: [{at: 80%, tell: handler}]",
    )
    timed.run_until("2026-03-02 10:30")
    key = timed.open()

    assert timed.due(key) == "2026-03-05 18:00"
    assert timed.due(key, "plain") == "2026-03-05 10:30"


# --- deadlines that come with the case ---------------------------------------------------------

OUTSIDE = "handling: {from: opened, until: closed, within: 2 days, due: =fields.due}"


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        (None, "2026-03-04 10:00"),
        ("2026-03-03", "2026-03-03 18:00"),  # the last working moment of that day
        ("2026-03-20", "2026-03-04 10:00"),  # the earlier one wins
        ("2026-03-08", "2026-03-04 10:00"),
    ],
)
def test_of_the_target_and_a_deadline_from_outside_the_earlier_wins(timed, deadline, due):
    timed.promise(OUTSIDE, LADDER)
    timed.run_until("2026-03-02 10:00")

    key = timed.open(**({"due": deadline} if deadline else {}))

    assert timed.due(key) == due


def test_a_deadline_on_a_day_without_work_is_the_last_working_moment_before(timed):
    timed.promise(OUTSIDE.replace("2 days", "2 weeks"), LADDER)

    key = timed.open(due="2026-03-08")  # a Sunday

    assert timed.due(key) == "2026-03-06 18:00"


def test_a_deadline_that_is_learnt_later_moves_the_due_time_and_its_thresholds(timed):
    timed.promise(OUTSIDE, LADDER)
    timed.run_until("2026-03-02 10:00")
    key = timed.open()

    edit(timed, key, due="2026-03-02")

    assert timed.due(key) == "2026-03-02 18:00"
    assert timed.last(key).facts["moved"][0]["cause"] == "deadline"
    timed.run_until("2026-03-02 18:00")
    first = timed.told(key)[0]
    assert (first.at, first.threshold) == ("2026-03-02 16:24", "80%")
    assert timed.whom(key, "breach") == ["ana", "olga"]


def test_a_deadline_from_outside_does_not_wait_for_a_pause_to_end(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 2 days, due: =fields.due, pauses: asking}",
        LADDER,
    )
    timed.run_until("2026-03-02 10:00")
    key = timed.open(due="2026-03-03")
    timed.fire(key, "ask")
    timed.run_until("2026-03-05 10:00")
    assert timed.clock_of(key).state == "paused"

    timed.fire(key, "answered")
    timed.drain()

    assert timed.clock_of(key).breached_at == at("2026-03-03 18:00")


def test_a_moment_as_deadline_is_taken_to_the_second(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 2 days, due: =fields.note}", LADDER
    )

    key = timed.open(note="2026-03-02T15:30:05+08:00")
    other = timed.open(note="2026-03-02T15:30:05")
    useless = timed.open(note="soon")

    assert timed.due(key) == timed.due(other) == "2026-03-02 15:30:05"
    assert timed.due(useless) == "2026-03-03 18:00"


# --- extensions --------------------------------------------------------------------------------


def test_an_extension_keeps_both_due_times_and_is_told(timed):
    timed.promise(EXTENDABLE, LADDER)
    timed.run_until("2026-03-02 10:00")
    key = timed.open()
    assert timed.due(key) == "2026-03-02 18:00"

    timed.ask_for_more(key, "1 day")
    assert timed.whom(key, "extension_asked") == ["olga"]
    assert timed.due(key) == "2026-03-02 18:00"
    timed.run_until("2026-03-02 11:00")
    timed.decide(key, "olga")

    clock = timed.clock_of(key)
    assert (timed.due(key), clock.original_due) == ("2026-03-03 18:00", at("2026-03-02 18:00"))
    (granted,) = clock.extensions
    assert (granted.asked_by, granted.granted_by) == ("ana", "olga")
    assert (granted.was_due, granted.due) == (at("2026-03-02 18:00"), at("2026-03-03 18:00"))
    assert set(timed.whom(key, "extension_decided")) == {"customer", "tess", "ana"}
    assert timed.last(key).facts["moved"][0]["cause"] == "extension"
    assert timed.history(key)[granted.sequence - 1].private["reason"] == "the part is late"


def test_the_owner_grants_the_first_the_monitor_the_second_and_nobody_a_third(timed):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()

    timed.ask_for_more(key)
    with pytest.raises(ExtensionRefused, match="only the owner"):
        timed.decide(key, "mona")
    timed.decide(key, "olga")
    timed.ask_for_more(key)
    with pytest.raises(ExtensionRefused, match="only Monitor"):
        timed.decide(key, "olga")
    timed.decide(key, "mona")

    assert [one.granted_by for one in timed.clock_of(key).extensions] == ["olga", "mona"]
    with pytest.raises(ExtensionRefused, match="which is the limit"):
        timed.ask_for_more(key)


def test_nobody_grants_their_own_request(timed):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()
    timed.ask_for_more(key, actor="olga")

    with pytest.raises(ExtensionRefused, match="nobody grants their own request"):
        timed.decide(key, "olga")

    assert timed.clock_of(key).extensions == ()


def test_what_is_overdue_is_extended_no_more(timed):
    timed.promise(EXTENDABLE, LADDER)
    key, asked = timed.open(), timed.open()
    timed.run_until("2026-03-02 16:00")
    timed.ask_for_more(asked)
    timed.run_until("2026-03-02 17:00")

    with pytest.raises(ExtensionRefused, match="overdue already"):
        timed.ask_for_more(key)
    with pytest.raises(ExtensionRefused, match="overdue already"):
        timed.decide(asked, "olga")

    assert timed.clock_of(asked).state == "breached"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reason": " "}, "a reason must be given"),
        ({"by": ""}, "either by how much"),
        ({"by": "1 day", "until": at("2026-03-09 18:00")}, "either by how much"),
        ({"by": "soon"}, "soon|write a whole number"),
        ({"by": "", "until": at("2026-03-02 16:00")}, "not later than the due time"),
        ({"promise": "handlin"}, "did you mean 'handling'"),
    ],
)
def test_a_request_for_more_time_that_cannot_be_meant_is_refused(timed, said, why):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()
    before = timed.history(key)

    with pytest.raises(ExtensionRefused, match=why):
        timed.ask_for_more(key, **{"by": "1 day", **said})

    assert timed.history(key) == before


def test_a_second_request_waits_for_the_answer_to_the_first(timed):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()
    timed.ask_for_more(key)

    with pytest.raises(ExtensionRefused, match="ana has asked already"):
        timed.ask_for_more(key, actor="olga")


def test_a_denied_request_changes_no_due_time_and_needs_a_reason(timed):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()
    timed.ask_for_more(key)

    with pytest.raises(ExtensionRefused, match="a refusal needs a reason"):
        timed.decide(key, "olga", grant=False)
    timed.decide(key, "olga", grant=False, reason="it was known")

    clock = timed.clock_of(key)
    assert (timed.due(key), clock.request, clock.extensions) == ("2026-03-02 17:00", None, ())
    assert timed.whom(key, "extension_decided") == ["ana"]
    timed.ask_for_more(key)


def test_after_an_extension_the_warnings_that_lie_ahead_again_come_again(timed):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()
    timed.run_until("2026-03-02 16:00")
    assert timed.whom(key, "warning") == ["ana"]
    timed.ask_for_more(key, "1 day")
    timed.decide(key, "olga")

    timed.run_until("2026-03-03 17:00")

    assert [one.at for one in timed.told(key) if one.reason == "warning"] == [
        "2026-03-02 15:24",
        "2026-03-03 13:36",
    ]
    assert [one.at for one in timed.told(key) if one.reason == "breach"] == [
        "2026-03-03 17:00"
    ] * 2


def test_an_extension_until_a_moment_ends_at_that_moment(timed):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()

    timed.ask_for_more(key, "", until=at("2026-03-04 12:00"))
    timed.decide(key, "olga")

    assert timed.due(key) == "2026-03-04 12:00"


def test_a_promise_that_no_extension_was_foreseen_for_has_none(timed):
    timed.promise("handling: {from: opened, until: closed, within: 8 hours}", LADDER)
    key = timed.open()

    with pytest.raises(ExtensionRefused, match="grants no extension"):
        timed.desk.execute(
            AskExtension(actor="ana", ticket=key, promise="handling", by="1 day", reason="x")
        )


def test_an_extended_target_survives_a_pause_and_an_edit(timed):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()
    timed.ask_for_more(key, "4 hours")
    timed.decide(key, "olga")
    assert timed.due(key) == "2026-03-03 12:00"

    timed.run_until("2026-03-02 12:00")
    timed.fire(key, "ask")
    timed.run_until("2026-03-02 14:00")
    edit(timed, key, note="n", urgent=True)
    timed.fire(key, "answered")

    assert timed.due(key) == "2026-03-03 14:00"


# --- nothing passes unseen ---------------------------------------------------------------------


def test_an_outside_deadline_that_passes_in_a_pause_is_told_once_and_breaks_nothing(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 2 days, due: =fields.due, pauses: asking}",
        LADDER,
    )
    key = timed.open(due="2026-03-03")
    timed.fire(key, "ask")

    timed.run_until("2026-03-05 09:00")

    told = [one for one in timed.told(key, via="sms") if one.reason == "deadline_passed"]
    assert [(one.at, one.to) for one in told] == [
        ("2026-03-03 18:00", "ana"),
        ("2026-03-03 18:00", "olga"),
    ]
    assert timed.clock_of(key).state == "paused"
    timed.fire(key, "answered")
    timed.drain()
    assert timed.clock_of(key).state == "breached"


def test_a_promise_whose_time_cannot_be_worked_out_is_told_to_whoever_answers_for_the_workflow(
    timed,
):
    timed.promise("handling: {from: opened, until: closed, within: =fields.note}", LADDER)

    key = timed.open()

    assert timed.clock_of(key).due_at is None
    assert timed.whom(key, "no_target") == ["paul"]
    edit(timed, key, note="4 hours")
    assert timed.due(key) == "2026-03-02 13:00"


def test_what_was_not_sent_when_its_clock_ended_is_not_sent_any_more(timed):
    timed.promise(EXTENDABLE, LADDER)
    key = timed.open()
    timed.run_until("2026-03-02 17:30")
    assert {one.state for one in timed.notices(key) if one.via == "sms"} == {"queued"}

    timed.fire(key, "finish")

    assert {one.state for one in timed.notices(key) if one.via == "sms"} == {"cancelled"}
