"""Pacing and quiet hours: never more than the limit, never in the night, never too late, never for ever."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.delivery.pacing import earliest
from casewright.delivery.quiet_hours import may_go, quiet_until
from casewright.settings.delivering import Limit, QuietHours

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(start=time(22), until=time(8))
SMS = (
    Limit(count=1, within=timedelta(minutes=1)),
    Limit(count=5, within=timedelta(minutes=15)),
    Limit(count=11, within=timedelta(hours=1)),
    Limit(count=21, within=timedelta(hours=3)),
)


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


# --- pacing --------------------------------------------------------------------------------------


def test_without_limits_or_earlier_sends_it_goes_now():
    assert earliest((), [NOON] * 9, NOON) == NOON
    assert earliest(SMS, [], NOON) == NOON


def test_a_storm_of_sms_to_one_person_goes_out_no_faster_than_the_limits():
    sent: list[datetime] = []
    for _ in range(22):
        sent.append(earliest(SMS, sent, NOON))

    after = [(moment - NOON) / timedelta(minutes=1) for moment in sent]

    assert after[:6] == [0, 1, 2, 3, 4, 15]
    assert after[10:12] == [30, 60]
    assert after[20:22] == [79, 180]


def test_a_send_that_is_settled_for_later_is_kept_clear_of():
    assert earliest(SMS, [minutes(0.5)], NOON) == minutes(1.5)


LIMITS = st.lists(
    st.builds(
        Limit,
        count=st.integers(1, 5),
        within=st.integers(1, 600).map(lambda count: timedelta(seconds=count)),
    ),
    max_size=4,
)
MOMENTS = st.integers(-2_000, 2_000).map(lambda count: NOON + timedelta(seconds=count))


def most_within(sent: list[datetime], within: timedelta) -> int:
    """The most sends that any span of this length holds, by looking at the span that begins with each."""
    return max(
        (sum(first <= other < first + within for other in sent) for first in sent), default=0
    )


@given(limits=LIMITS, asked=st.lists(MOMENTS, max_size=25))
def test_no_span_of_time_ever_holds_more_than_its_limit(limits, asked):
    sent: list[datetime] = []
    for now in asked:
        sent.append(earliest(limits, sent, now))

    assert all(most_within(sent, limit.within) <= limit.count for limit in limits)


@given(limits=LIMITS, others=st.lists(MOMENTS, max_size=12), now=MOMENTS)
def test_it_goes_at_the_first_second_that_the_limits_leave(limits, others, now):
    found = earliest(limits, others, now)
    longest = max((limit.within for limit in limits), default=timedelta(0))

    assert now <= found <= max([now, *others]) + longest
    step = timedelta(seconds=1)
    earlier = [now + step * count for count in range(int((found - now) / step))]
    assert not blocked(limits, others, found)
    assert all(blocked(limits, others, moment) for moment in earlier)


def blocked(limits: list[Limit], others: list[datetime], moment: datetime) -> bool:
    """Whether one more at `moment` is the one too many of some span that holds it, span by span."""
    for limit in limits:
        for first in {*others, moment}:
            span = [one for one in [*others, moment] if first <= one < first + limit.within]
            if first <= moment < first + limit.within and len(span) > limit.count:
                return True
    return False


# --- quiet hours ---------------------------------------------------------------------------------


def weekdays(moment: datetime) -> datetime:
    """Monday to Friday, 09:00 to 18:00 in Shanghai: the moment itself, or the next start of work."""
    at = moment.astimezone(SHANGHAI)
    while at.weekday() >= 5 or at.hour >= 18:
        at = (at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    if at.hour < 9:
        at = at.replace(hour=9, minute=0, second=0, microsecond=0)
    return at.astimezone(UTC)


def always(moment: datetime) -> datetime:
    return moment


def go(
    now: datetime, *, due: datetime | None = None, quiet=NIGHT, working=weekdays
) -> datetime:
    return may_go(now, quiet=quiet, zone=SHANGHAI, next_working=working, due=due)


@pytest.mark.parametrize(
    ("now", "due", "goes"),
    [
        ("2026-03-02 10:00", None, "2026-03-02 10:00"),
        ("2026-03-02 23:00", None, "2026-03-03 09:00"),
        ("2026-03-03 03:00", None, "2026-03-03 09:00"),
        ("2026-03-06 19:00", None, "2026-03-09 09:00"),
        ("2026-03-02 23:00", "2026-03-03 12:00", "2026-03-03 09:00"),
        ("2026-03-02 23:00", "2026-03-03 08:59", "2026-03-02 23:00"),
        ("2026-03-02 23:00", "2026-03-03 09:00", "2026-03-02 23:00"),
        ("2026-03-02 23:00", "2026-03-02 20:00", "2026-03-02 23:00"),
    ],
)
def test_a_notice_waits_for_work_to_begin_unless_its_deadline_does_not(now, due, goes):
    assert go(local(now), due=local(due) if due else None) == local(goes)


def test_round_the_clock_only_the_quiet_hours_hold_a_notice():
    assert go(local("2026-03-02 21:59"), working=always) == local("2026-03-02 21:59")
    assert go(local("2026-03-02 22:00"), working=always) == local("2026-03-03 08:00")
    assert go(local("2026-03-03 08:00"), working=always) == local("2026-03-03 08:00")
    assert go(local("2026-03-03 03:00"), quiet=None, working=always) == local(
        "2026-03-03 03:00"
    )


def test_quiet_hours_of_the_day_end_on_the_same_day():
    nap = QuietHours(start=time(12), until=time(13, 30))

    assert quiet_until(local("2026-03-02 12:00"), nap, SHANGHAI) == local("2026-03-02 13:30")
    assert quiet_until(local("2026-03-02 13:30"), nap, SHANGHAI) == local("2026-03-02 13:30")


def test_where_all_working_time_is_quiet_a_notice_goes_now_rather_than_never():
    def nights(moment: datetime) -> datetime:
        at = moment.astimezone(SHANGHAI)
        return moment if at.hour >= 22 or at.hour < 6 else at.replace(hour=22).astimezone(UTC)

    assert go(local("2026-03-02 23:00"), working=nights) == local("2026-03-02 23:00")


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
    start=st.times(),
    until=st.times(),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    due=st.none() | st.integers(-100, 10_000),
)
def test_it_goes_in_time_and_neither_in_the_night_nor_before_it_is_ready(
    now, start, until, zone, due
):
    ready = now.replace(tzinfo=UTC)
    deadline = None if due is None else ready + timedelta(minutes=due)
    quiet = QuietHours(start=start.replace(tzinfo=None), until=until.replace(tzinfo=None))

    goes = may_go(ready, quiet=quiet, zone=ZoneInfo(zone), next_working=always, due=deadline)

    assert ready <= goes <= ready + timedelta(hours=26)
    if goes != ready:
        assert quiet_until(goes, quiet, ZoneInfo(zone)) == goes
        assert deadline is None or goes < deadline
