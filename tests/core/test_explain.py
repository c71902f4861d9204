"""The account of a clock: whatever happened to it, its intervals sum exactly to what is consumed and to what was promised."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.errors import NotFound
from casewright.queries import GetClocks, GetLedger
from casewright.sla import explain, fold
from casewright.sla.calendar import ALWAYS, calendar_from_data, digest_of
from casewright.sla.standing import standing
from casewright.timekeeping import PromiseClock, Span

from .time_desk import OFFICE as OFFICE_DATA
from .time_desk import local

NOTHING = timedelta()
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
TITLE = ALWAYS.title


def calendar(name, zone, **more):
    data = {"calendar": name, "title": {"en": name, "zh": name}, "zone": zone, **more}
    return calendar_from_data(name, data, digest=digest_of(data))


OFFICE = calendar("office", "Asia/Shanghai", week={"mon-fri": "09:00-18:00"})
LUNCH = calendar(
    "lunch",
    "Europe/Berlin",
    week={"mon-fri": ["08:30-12:00", "13:00-17:15"], "sat": "09:00-11:00"},
)
NIGHT = calendar("night", "America/New_York", week={"sun-thu": "22:00-06:00"})
CALENDARS = {one.digest: one for one in (ALWAYS, OFFICE, LUNCH, NIGHT)}
versions = CALENDARS.__getitem__

gaps = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=9))
holders = st.sampled_from(["handler:ana", "handler:ben", "customer", "department:billing"])


@st.composite
def clocks(draw):
    """A clock with any past: spans that ran or stood still, held by anybody, on any calendar, ended or not."""
    at, spans = BEGIN + draw(st.timedeltas(NOTHING, timedelta(days=200))), []
    start = at
    for _ in range(draw(st.integers(1, 6))):
        spans.append(
            Span(
                since=at,
                paused=draw(st.booleans()),
                holder=draw(holders),
                calendar=draw(st.sampled_from(sorted(CALENDARS))),
            )
        )
        at += draw(gaps)
    clock = PromiseClock(
        promise="handling",
        started_at=start,
        target=draw(st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=6))),
        deadline=draw(st.none() | st.builds(lambda by: start + by, gaps)),
        spans=tuple(spans),
    )
    clock = fold.breached(fold.settled(clock, versions), versions, at)
    if draw(st.booleans()):
        clock = PromiseClock(**{**fields(clock), "ended_at": at, "end": "met"})
    return clock


def fields(clock):
    return {name: getattr(clock, name) for name in PromiseClock.__dataclass_fields__}


moments = st.timedeltas(NOTHING, timedelta(days=300)).map(lambda by: BEGIN + by)


def counted(intervals):
    return sum((one.length for one in intervals if one.counted), NOTHING)


@given(clocks(), moments)
def test_the_intervals_sum_exactly_to_what_is_consumed(clock, at):
    found = explain.intervals(clock, versions, at)

    assert counted(found) == fold.consumed(clock, versions, at)
    assert (found[-1].total if found else NOTHING) == counted(found)


@given(clocks(), moments)
def test_the_intervals_leave_no_gap_from_the_beginning_on(clock, at):
    found = explain.intervals(clock, versions, at)

    for before, after in pairwise(found):
        assert before.end == after.start
    if found:
        assert found[0].start == clock.started_at
        assert found[-1].end == (at if clock.ended_at is None else min(at, clock.ended_at))
    else:
        assert at <= clock.started_at


@given(clocks(), moments)
def test_the_intervals_until_it_is_due_sum_exactly_to_what_was_promised(clock, at):
    shown = explain.as_of(clock, versions, at)
    if shown.due_at is None or shown.goal is None:
        return

    whole = (
        *explain.intervals(shown, versions, at),
        *explain.ahead(shown, versions, at),
    )

    until_due = [one for one in whole if one.end <= shown.due_at]
    reached = not whole or whole[-1].end >= shown.due_at
    if reached and at >= shown.started_at:
        assert counted(until_due) == shown.goal


@given(clocks(), moments)
def test_every_second_is_booked_to_whoever_held_the_ticket(clock, at):
    shares = explain.shares(explain.intervals(clock, versions, at))

    booked = {whose: time for whose, time in fold.booked(clock, versions, at).items() if time}
    assert {(one.holder, one.unit): one.counted + one.waited for one in shares} == booked
    assert sum((one.counted for one in shares), NOTHING) == fold.consumed(clock, versions, at)


@given(clocks(), moments)
def test_what_remains_and_what_is_consumed_is_what_was_promised(clock, at):
    one = standing(clock, versions, at, title=TITLE, zone="Asia/Shanghai")

    if one.remaining is not None:
        assert one.consumed + one.remaining == one.clock.goal
    if one.clock.state == "breached" and one.clock.end == "":
        assert one.clock.breached_at is not None
        assert one.clock.breached_at <= at


def span(day, hour, **more):
    since = datetime(2026, 3, day, hour, tzinfo=UTC)
    return Span(since=since, calendar=OFFICE.digest, **more)


def running(*spans, hours=9):
    clock = PromiseClock(
        promise="handling",
        started_at=spans[0].since,
        target=timedelta(hours=hours),
        spans=spans,
    )
    return fold.settled(clock, versions)


def test_a_night_and_a_weekend_are_told_apart():
    clock = running(span(6, 8), hours=4)

    found = explain.intervals(clock, versions, datetime(2026, 3, 9, 3, tzinfo=UTC))

    assert [(one.why, one.length.total_seconds() / 3600) for one in found] == [
        ("working", 2),
        ("closed", 6),
        ("weekend", 48),
        ("closed", 9),
        ("working", 2),
    ]


def test_a_pause_is_one_interval_booked_to_whom_it_was_waited_for():
    clock = running(
        span(2, 1, holder="handler:ana"),
        span(2, 3, paused=True, holder="customer", state="asking", by="ana"),
        span(4, 3, holder="handler:ana"),
    )

    found = explain.intervals(clock, versions, datetime(2026, 3, 4, 5, tzinfo=UTC))

    pause = next(one for one in found if one.why == "paused")
    assert (pause.counted, pause.state, pause.by) == (False, "asking", "ana")
    assert pause.booked == timedelta(hours=18)
    assert [(one.holder, one.counted, one.waited) for one in explain.shares(found)] == [
        ("handler:ana", timedelta(hours=4), NOTHING),
        ("customer", NOTHING, timedelta(hours=18)),
    ]


def test_a_clock_day_and_night_is_one_interval_over_midnight():
    since = datetime(2026, 3, 2, 20, tzinfo=UTC)
    spans = (Span(since=since, calendar=ALWAYS.digest),)
    clock = PromiseClock(promise="x", started_at=since, target=timedelta(days=3), spans=spans)

    found = explain.intervals(clock, versions, since + timedelta(days=2))

    assert [one.length for one in found] == [timedelta(days=2)]


def test_the_ledger_is_parted_where_the_clock_was_due():
    clock = running(span(2, 1), hours=4)
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    shown = explain.as_of(clock, versions, now)
    found = explain.intervals(shown, versions, now)

    assert shown.state == "breached"
    assert [one.length.total_seconds() / 3600 for one in found] == [4, 4]


@pytest.mark.parametrize("hour", [0, 1])
def test_before_it_began_nothing_has_passed(hour):
    clock = running(span(2, 1))

    assert explain.intervals(clock, versions, datetime(2026, 3, 2, hour, tzinfo=UTC)) == ()


# --- through the desk --------------------------------------------------------------------------

HANDLING = "handling: {from: opened, until: closed, within: 8 hours, pauses: [asking, held], extend: {granted_by: owner}}"


def account(timed, key, **which):
    (found,) = timed.desk.ask(GetLedger(actor="rita", ticket=key, promise="handling", **which))
    return found


def hours(intervals):
    return counted(intervals) / timedelta(hours=1)


def test_closed_time_is_an_interval_of_nobodys_in_the_account_of_a_reopened_ticket(timed):
    timed.promise(HANDLING)
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "finish")
    timed.run_until("2026-03-03 11:00")
    timed.reopen(key)
    timed.run_until("2026-03-03 12:00")

    found = account(timed, key)

    assert [one.why for one in found.intervals] == ["working", "ended", "working"]
    assert hours(found.intervals) == 3
    assert (found.standing.consumed, found.standing.remaining) == (
        timedelta(hours=3),
        timedelta(hours=5),
    )


def test_the_reason_typed_with_a_transition_is_told_with_the_pause(timed):
    timed.promise(HANDLING)
    key = timed.open()
    timed.run_until("2026-03-02 11:00")
    timed.fire(key, "hold", reason="the part is on its way")
    timed.run_until("2026-03-02 15:00")

    found = account(timed, key)

    pause = found.intervals[-1]
    assert (pause.why, pause.holder, pause.by) == ("paused", "partner", "ana")
    assert found.said[pause.since].reason == "the part is on its way"
    assert found.ahead == ()


def test_another_version_of_the_calendar_counts_from_its_day_on_and_the_sums_stay_exact(timed):
    timed.promise(HANDLING)
    key = timed.open()
    timed.run_until("2026-03-02 12:00")
    timed.calendar({**OFFICE_DATA, "week": {"mon-fri": "09:00-13:00"}})
    timed.drain()
    timed.run_until("2026-03-03 12:00")

    found = account(timed, key)

    assert len({one.calendar for one in found.intervals}) == 2
    assert hours(found.intervals) == 3 + 1 + 3
    assert hours((*found.intervals, *found.ahead)) == 8
    assert [move.cause for move in found.moves] == ["calendar"]


def test_a_granted_extension_stands_in_the_account_with_both_due_times(timed):
    timed.promise(HANDLING)
    key = timed.open()
    timed.ask_for_more(key)
    timed.decide(key, "olga")

    (move,) = account(timed, key).moves

    assert (local(move.was), local(move.due)) == ("2026-03-02 17:00", "2026-03-03 17:00")
    assert (move.cause, move.by) == ("extension", "olga")


def test_the_account_of_a_ticket_that_one_may_not_see_is_not_found(timed):
    timed.promise(HANDLING, more="exclude: '=fields.subject'\n")
    key = timed.open(subject="ben")

    for query in (GetLedger(actor="ben", ticket=key), GetClocks(actor="ben", ticket=key)):
        with pytest.raises(NotFound):
            timed.desk.ask(query)


def test_the_clocks_of_a_ticket_are_told_soonest_first(timed):
    timed.promise(
        "late: {from: opened, until: closed, within: 8 hours}\nsoon: {from: opened, until: closed, within: 1 hour}"
    )
    key = timed.open()

    time = timed.desk.ask(GetClocks(actor="rita", ticket=key))

    assert [one.clock.promise for one in time.clocks] == ["soon", "late"]
    assert time.zone == "Asia/Shanghai"
