"""Who is told by the clock: deputies, next levels, people who take or refuse a notice, and nobody at all."""

import pytest

from casewright.commands import (
    AnswerSupervision,
    EndAbsence,
    NoticeFailed,
    RemindMe,
    SavePerson,
    SuperviseTicket,
    TakeNotice,
)
from casewright.errors import (
    CasewrightError,
    ExtensionRefused,
    NotFound,
    NoticeRefused,
    TicketRefused,
)
from casewright.model import SYSTEM

from .time_desk import at

EIGHT = "handling: {from: opened, until: closed, within: 8 hours, pauses: asking}"
LADDER = """\
handling:
  - {at: 50%, tell: [handler, owner]}
  - {at: 80%, tell: [handler, owner], via: [notice, sms]}
  - {at: 100%, tell: [handler, owner], via: [notice, sms]}
  - {every: 2 hours, from: 100%, times: 2, tell: [handler, owner]}
"""
LEVELS = "levels: {roles: [role:team_leader, role:monitor]}\n"


def opened(timed, ladder=LADDER, *, until=None, more=""):
    timed.promise(EIGHT, ladder, more=more)
    key = timed.open()
    if until:
        timed.run_until(until)
    return key


# --- whoever is away ---------------------------------------------------------------------------


def test_a_notice_for_somebody_away_goes_to_the_deputy(timed):
    key = opened(timed)
    timed.away("ana", deputy="ben")

    timed.run_until("2026-03-02 13:00")

    assert timed.whom(key, "warning") == ["ben", "olga"]
    (notice,) = [one for one in timed.notices(key) if one.recipient == "ben"]
    assert notice.said["stands_for"] == "ana"


def test_without_a_deputy_who_is_there_it_goes_to_the_next_level(timed):
    key = opened(timed)
    timed.away("ben")
    timed.away("ana", deputy="ben")

    timed.run_until("2026-03-02 13:00")

    assert timed.whom(key, "warning") == ["tess", "olga"]


def test_a_deputy_who_would_be_told_anyway_is_told_once(timed):
    key = opened(timed)
    timed.away("ana", deputy="olga")

    timed.run_until("2026-03-02 15:30")

    assert timed.whom(key, "warning") == ["olga", "olga"]
    assert timed.whom(key, "warning", via="sms") == ["olga"]


def test_somebody_back_at_work_is_told_again(timed):
    key = opened(timed)
    timed.away("ana", deputy="ben")
    timed.run_until("2026-03-02 13:30")
    timed.desk.execute_as_system(EndAbsence(actor=SYSTEM, name="ana"))

    timed.run_until("2026-03-02 15:30")

    assert timed.whom(key, "warning") == ["ben", "olga", "ana", "olga"]


def test_where_everybody_is_away_the_absent_one_is_told_rather_than_nobody(timed):
    key = opened(timed)
    for person in ("tess", "ana"):
        timed.away(person)

    timed.run_until("2026-03-02 13:00")

    assert timed.whom(key, "warning") == ["ana", "olga"]


# --- taking ------------------------------------------------------------------------------------


def test_taking_silences_whoever_took_it_and_nobody_else(timed):
    key = opened(timed, until="2026-03-02 13:30")
    timed.take(key, "ana", "2026-03-02 16:30")

    timed.run_until("2026-03-02 16:00")

    assert timed.whom(key, "warning") == ["ana", "olga", "olga"]
    assert timed.whom(key, "warning", via="sms") == ["olga"]
    (event,) = [one for one in timed.history(key) if "left_in_peace" in one.facts]
    assert event.facts["left_in_peace"] == ["ana"]


def test_taking_never_silences_the_owner(timed):
    key = opened(timed, until="2026-03-02 13:30")
    timed.take(key, "olga")

    timed.run_until("2026-03-02 16:00")

    assert timed.whom(key, "warning") == ["ana", "olga", "ana", "olga"]


def test_taking_silences_nobody_at_the_due_time_or_after_it(timed):
    key = opened(timed, until="2026-03-02 13:30")
    timed.take(key, "ana")

    timed.run_until("2026-03-03 10:00")

    assert timed.whom(key, "warning") == ["ana", "olga", "olga"]
    assert timed.whom(key, "breach") == ["ana", "olga"]
    assert timed.whom(key, "after_breach") == ["ana", "olga"]


def test_what_was_taken_and_is_not_done_by_then_goes_to_the_next_level(timed):
    key = opened(timed, until="2026-03-02 13:30")
    timed.take(key, "ana", "2026-03-02 14:00")

    timed.run_until("2026-03-02 14:30")

    assert [(one.at, one.to) for one in timed.told(key) if one.reason == "next_level"] == [
        ("2026-03-02 14:00", "tess")
    ]
    assert timed.whom(key, "next_level", via="sms") == ["tess"]
    timed.run_until("2026-03-02 15:30")
    assert timed.whom(key, "warning") == ["ana", "olga", "ana", "olga"]


def test_what_was_taken_and_done_in_time_reaches_nobody_else(timed):
    key = opened(timed, until="2026-03-02 13:30")
    timed.take(key, "ana", "2026-03-02 15:00")
    timed.run_until("2026-03-02 14:45")
    timed.fire(key, "finish")

    timed.run_until("2026-03-06 18:00")

    assert timed.whom(key, "next_level") == []
    assert timed.whom(key, "breach") == []


def test_nobody_promises_to_be_done_after_it_is_due(timed):
    key = opened(timed, until="2026-03-02 13:30")

    with pytest.raises(NoticeRefused, match="ask for an extension"):
        timed.take(key, "ana", "2026-03-02 17:01")
    with pytest.raises(NoticeRefused, match="in the past"):
        timed.take(key, "ana", "2026-03-02 13:30")

    assert timed.clock_of(key).taken == {}


def test_only_whom_a_notice_went_to_may_take_or_refuse_it_and_once(timed):
    key = opened(timed, until="2026-03-02 13:30")
    number = timed.notice_to(key, "ana")

    with pytest.raises(NoticeRefused, match="sent to somebody else"):
        timed.desk.execute(TakeNotice(actor="ben", ticket=key, notice=number))
    with pytest.raises(NotFound):
        timed.desk.execute(TakeNotice(actor="ana", ticket=key, notice=number + 1000))
    timed.take(key, "ana")
    with pytest.raises(NoticeRefused, match="taken already"):
        timed.take(key, "ana")
    with pytest.raises(NoticeRefused, match="taken already"):
        timed.refuse(key, "ana")


def test_refusing_needs_a_reason_and_tells_the_next_level_at_once(timed):
    key = opened(timed, until="2026-03-02 13:30")
    with pytest.raises(NoticeRefused, match="a reason must be given"):
        timed.refuse(key, "ana", reason=" ")

    timed.refuse(key, "ana", reason="not our department")

    assert timed.whom(key, "notice_refused") == timed.whom(key, "notice_refused", via="sms")
    assert timed.whom(key, "notice_refused") == ["tess"]
    assert timed.last(key).private["reason"] == "not our department"
    states = {one.recipient: one.state for one in timed.notices(key) if one.reason == "warning"}
    assert states["ana"] == "refused"


def test_nobody_took_a_notice_by_the_due_time_so_the_next_level_hears_of_it(timed):
    key = opened(timed)
    timed.run_until("2026-03-02 17:00")

    assert timed.whom(key, "next_level") == ["tess"]


def test_somebody_took_a_notice_so_the_next_level_is_left_alone_until_it_is_late(timed):
    key = opened(timed, until="2026-03-02 13:30")
    timed.take(key, "olga", "2026-03-02 16:59")
    timed.fire(key, "finish")
    timed.run_until("2026-03-03 18:00")

    assert timed.whom(key, "next_level") == []


def test_a_notice_that_must_be_taken_within_a_time_goes_up_when_nobody_does(timed):
    ladder = (
        "handling: [{at: 50%, tell: handler, taken_within: 1 hour}, {at: 100%, tell: owner}]"
    )
    key = opened(timed, ladder)
    taken = timed.open()
    timed.run_until("2026-03-02 13:30")
    timed.take(taken, "ana", "2026-03-02 16:00")

    timed.run_until("2026-03-02 15:00")

    assert [(one.at, one.to) for one in timed.told(key) if one.reason == "next_level"] == [
        ("2026-03-02 14:00", "tess")
    ]
    assert timed.whom(taken, "next_level") == []


def test_with_levels_the_next_level_is_the_next_role(timed):
    key = opened(timed, more=LEVELS)
    timed.run_until("2026-03-02 17:00")

    assert timed.whom(key, "next_level") == ["mona"]


# --- nobody to tell ----------------------------------------------------------------------------


def test_an_escalation_with_nobody_to_tell_goes_to_whoever_answers_for_the_workflow(timed):
    key = opened(timed, "handling: [{at: 50%, tell: role:monitor}, {at: 100%, tell: owner}]")
    timed.desk.execute_as_system(SavePerson(actor=SYSTEM, name="mona", active=False))

    timed.run_until("2026-03-02 13:00")

    assert timed.whom(key, "nobody_to_tell") == ["paul"]
    assert timed.last(key).facts["reached_process_owner"] == ["50%"]


def test_an_escalation_that_reaches_nobody_at_all_says_so_in_the_history(timed):
    key = opened(timed, "handling: [{at: 50%, tell: role:monitor}, {at: 100%, tell: owner}]")
    for name in ("mona", "paul"):
        timed.desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, active=False))

    timed.run_until("2026-03-02 13:00")

    assert timed.last(key).facts["reached_nobody"] == ["50%"]


def test_a_notice_that_reached_nobody_is_told_to_the_owner_and_that_one_to_nobody(timed):
    key = opened(timed, until="2026-03-02 15:30")
    (sms,) = [one for one in timed.notices(key) if (one.recipient, one.via) == ("ana", "sms")]

    command = NoticeFailed(actor=SYSTEM, ticket=key, notice=sms.id)
    timed.desk.execute_as_system(command)

    assert timed.whom(key, "undeliverable") == ["olga", "tess"]
    for number in [one.id for one in timed.notices(key) if one.reason == "undeliverable"]:
        timed.desk.execute_as_system(NoticeFailed(actor=SYSTEM, ticket=key, notice=number))
    assert timed.whom(key, "undeliverable") == ["olga", "tess"]


# --- follow-ups --------------------------------------------------------------------------------


def test_a_follow_up_comes_once_to_whoever_asked_at_the_time_agreed(timed):
    key = opened(timed)
    command = RemindMe(actor="ben", ticket=key, at=at("2026-03-04 10:00"), text="call Mr Wang")
    timed.desk.execute(command)

    timed.run_until("2026-03-04 09:59")
    assert timed.whom(key, "follow_up") == []
    timed.run_until("2026-03-06 18:00")

    assert [(one.at, one.to) for one in timed.told(key) if one.reason == "follow_up"] == [
        ("2026-03-04 10:00", "ben")
    ]
    assert timed.ticket(key).follow_ups == ()


def test_several_follow_ups_come_in_order_and_none_after_the_ticket_has_ended(timed):
    key = opened(timed)
    for hour in (15, 11, 13):
        moment = at(f"2026-03-02 {hour}:00")
        timed.desk.execute(RemindMe(actor="ben", ticket=key, at=moment, text="call"))
    timed.run_until("2026-03-02 14:00")
    timed.fire(key, "finish")
    timed.run_until("2026-03-03 14:00")

    times = [one.at for one in timed.told(key) if one.reason == "follow_up"]
    assert times == ["2026-03-02 11:00", "2026-03-02 13:00"]


def test_a_follow_up_lies_ahead(timed):
    key = opened(timed)

    with pytest.raises(CasewrightError, match="in the past"):
        timed.desk.execute(RemindMe(actor="ben", ticket=key, at=at("2026-03-02 09:00")))


# --- supervision orders ------------------------------------------------------------------------


def supervise(timed, key, due=None):
    moment = at(due) if due else None
    command = SuperviseTicket(actor="mona", ticket=key, reason="overdue", answer_due=moment)
    return timed.desk.execute(command)


def test_a_supervision_order_has_a_clock_and_a_ladder_of_its_own(timed):
    key = opened(timed, "handling: [{at: 1000%, tell: owner}]")
    supervise(timed, key, "2026-03-02 14:00")
    assert timed.whom(key, "supervised") == ["ana", "olga"]
    assert timed.due(key, "supervision") == "2026-03-02 14:00"

    timed.run_until("2026-03-03 18:00")

    told = [one for one in timed.told(key) if one.reason != "supervised"]
    assert [(one.at, one.to, one.threshold) for one in told if one.reason != "next_level"] == [
        ("2026-03-02 13:00", "ana", "80%"),
        ("2026-03-02 13:00", "olga", "80%"),
        ("2026-03-02 14:00", "ana", "100%"),
        ("2026-03-02 14:00", "olga", "100%"),
        ("2026-03-02 14:00", "mona", "100%"),
        ("2026-03-03 14:00", "ana", "every 1 day #1"),
        ("2026-03-03 14:00", "olga", "every 1 day #1"),
        ("2026-03-03 14:00", "mona", "every 1 day #1"),
    ]
    assert timed.clock_of(key).state == "breached"


def test_an_answer_meets_a_supervision_order_and_the_monitor_hears_of_it(timed):
    key = opened(timed)
    supervise(timed, key)
    assert timed.due(key, "supervision") == "2026-03-02 18:00"  # one day if nothing is said
    timed.run_until("2026-03-02 12:00")

    timed.desk.execute(AnswerSupervision(actor="ana", ticket=key, text="done by Friday"))

    assert timed.clock_of(key, "supervision").state == "met"
    assert timed.whom(key, "supervision_answered") == ["mona"]
    with pytest.raises(TicketRefused, match="no supervision order is open"):
        timed.desk.execute(AnswerSupervision(actor="ana", ticket=key, text="again"))


def test_a_second_supervision_order_is_a_run_of_its_own(timed):
    key = opened(timed)
    supervise(timed, key)
    timed.desk.execute(AnswerSupervision(actor="ana", ticket=key, text="done"))
    timed.run_until("2026-03-03 10:00")

    supervise(timed, key, "2026-03-04 10:00")

    clock = timed.clock_of(key, "supervision")
    assert (clock.run, clock.state, timed.due(key, "supervision")) == (
        2,
        "running",
        "2026-03-04 10:00",
    )


def test_a_bystander_neither_asks_for_more_time_nor_answers_a_supervision_order(timed):
    timed.promise(
        "handling: {from: opened, until: closed, within: 8 hours, extend: {granted_by: owner}}",
        "handling: [{at: 100%, tell: [handler, owner]}]",
    )
    key = timed.open()
    timed.desk.execute(SuperviseTicket(actor="mona", ticket=key, reason="late"))
    before = timed.history(key)

    with pytest.raises(ExtensionRefused, match="only the handler, the owner, the team leader"):
        timed.ask_for_more(key, actor="cleo")
    with pytest.raises(TicketRefused, match="only the handler, the owner, the team leader"):
        timed.desk.execute(AnswerSupervision(actor="cleo", ticket=key, text="on it"))

    assert timed.history(key) == before
