"""The arithmetic of calendars against an oracle that asks every single minute whether it counts."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.clock import from_microseconds
from casewright.sla.calendar import calendar_from_data
from casewright.sla.local_time import moment_of
from casewright.sla.windows import Windows

TITLE = {"en": "Test", "zh": "测试"}
MINUTE = timedelta(minutes=1)
ZONES = (
    "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago",
    "Asia/Kathmandu", "UTC",
)  # fmt: skip
WEEKS = (
    {"mon-fri": "09:00-18:00"},
    {"mon-fri": "09:00-12:00, 13:30-18:00", "sat": "09:00-12:00"},
    {"mon-sun": "22:00-06:00"},
    {"fri-mon": "06:00-10:00, 16:00-22:30", "wed": "22:00-04:45"},
    {"mon-sun": "00:00-24:00"},
    {"tue": "08:15-09:00"},
)
YEARS = {
    "2025": {
        "published": True,
        "holidays": {"2025-10-01 to 2025-10-08": TITLE, "2025-03-10": TITLE},
    },
    "2026": {"published": False},
}
MAKE_UP = {"2025-09-28": 6, "2025-10-11": 5, "2025-03-08": 5, "2025-11-01": 5}
"""Days that are made up for, with the weekday that they fall on."""
BUSY = ("2025-03-07", "2025-03-28", "2025-04-04", "2025-09-05", "2025-09-26", "2025-10-03", "2025-10-24",
        "2025-10-31", "2024-12-30", "2025-12-29")  # fmt: skip
"""Where clocks change in one of the zones, and where holidays, make-up days and years begin."""


@cache
def made(week, zone, special):
    """A calendar, made once, so that its tables are built once."""
    data = {"calendar": "test", "title": TITLE, "zone": zone, "week": WEEKS[week]}
    if special:
        plain = calendar_from_data("test", data, digest="").rules.week
        made_up = [day for day, weekday in MAKE_UP.items() if not plain[weekday]]
        data["years"] = YEARS | {"2025": YEARS["2025"] | {"make_up": made_up}}
    return calendar_from_data("test", data, digest="")


def calendars():
    return st.builds(
        made, st.integers(0, len(WEEKS) - 1), st.sampled_from(ZONES), st.booleans()
    )


near = st.builds(
    lambda day, minutes: (
        datetime.combine(date.fromisoformat(day), time(), UTC) + minutes * MINUTE
    ),
    st.sampled_from(BUSY),
    st.integers(0, 4 * 24 * 60),
)
moments = st.datetimes(datetime(2023, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
lengths = st.timedeltas(timedelta(microseconds=1), timedelta(days=8))


def counts(calendar, moment):
    """Whether the minute that begins at `moment` lies within the hours of the day, or of the day before."""
    local = moment.astimezone(ZoneInfo(calendar.zone)).replace(tzinfo=None)
    midnight = datetime.combine(local.date(), time())
    into_day = (local - midnight) // MINUTE
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    return any(one.start <= into_day < one.end for one in calendar.rules.hours(today)) or any(
        one.start <= into_day + 1440 < one.end for one in calendar.rules.hours(yesterday)
    )


def slowly(calendar, start, minutes):
    """The minutes that count, one after the other."""
    counted = (counts(calendar, start + at * MINUTE) for at in range(minutes))
    return sum(counted) * MINUTE


@settings(max_examples=150, deadline=None)
@given(calendars(), near, st.integers(0, 3 * 24 * 60))
def test_elapsed_is_what_counting_minute_by_minute_gives(calendar, start, minutes):
    expected = slowly(calendar, start, minutes)

    assert calendar.elapsed(start, start + minutes * MINUTE) == expected


@settings(max_examples=100, deadline=None)
@given(calendars(), near, st.integers(1, 12 * 60))
def test_due_is_the_first_minute_at_which_so_many_have_been_counted(calendar, start, wanted):
    at, counted = start, 0
    while counted < wanted and at < start + timedelta(days=40):
        counted += counts(calendar, at)
        at += MINUTE

    if counted == wanted:
        assert calendar.due(start, wanted * MINUTE) == at


@settings(max_examples=300, deadline=None)
@given(calendars(), moments, lengths)
def test_due_and_elapsed_undo_each_other(calendar, start, within):
    end = calendar.due(start, within)

    assert calendar.elapsed(start, end) == within
    assert calendar.elapsed(start, end - timedelta(microseconds=1)) < within


@settings(max_examples=300, deadline=None)
@given(calendars(), moments, lengths)
def test_before_and_elapsed_undo_each_other(calendar, end, within):
    start = calendar.before(end, within)

    assert calendar.elapsed(start, end) == within
    assert calendar.elapsed(start + timedelta(microseconds=1), end) < within


@settings(max_examples=300, deadline=None)
@given(calendars(), st.lists(moments, min_size=3, max_size=3))
def test_elapsed_adds_up(calendar, moments):
    first, second, third = sorted(moments)

    together = calendar.elapsed(first, second) + calendar.elapsed(second, third)

    assert together == calendar.elapsed(first, third)


@settings(max_examples=300, deadline=None)
@given(calendars(), moments, moments, lengths, lengths)
def test_more_time_or_a_later_start_is_never_due_earlier(calendar, one, other, short, long):
    (earlier, later), (short, long) = sorted((one, other)), sorted((short, long))

    assert calendar.due(earlier, short) <= calendar.due(earlier, long)
    assert calendar.due(earlier, short) <= calendar.due(later, short)


@settings(max_examples=100, deadline=None)
@given(calendars(), near, st.timedeltas(timedelta(), timedelta(days=30)))
def test_the_ledger_is_without_gaps_and_sums_to_what_elapsed(calendar, start, length):
    spans = list(calendar.spans(start, start + length))

    assert [one.start for one in spans] == [start, *(one.end for one in spans)][: len(spans)]
    assert (spans[-1].end if spans else start) == start + length
    counted = sum((one.end - one.start for one in spans if one.counted), timedelta())
    assert counted == calendar.elapsed(start, start + length)


@settings(max_examples=200, deadline=None)
@given(calendars(), moments, st.integers(1, 60))
def test_the_next_working_moment_counts_and_days_are_never_nothing(calendar, start, days):
    opened = calendar.next_working(start)

    assert calendar.elapsed(start, opened) == timedelta()
    assert calendar.elapsed(opened, opened + timedelta(microseconds=1)) > timedelta()
    assert calendar.close_of_business(start, days) > start


SOONER_OR_LATER = (
    "Pacific/Apia", "Pacific/Kwajalein", "America/Toronto", "America/Santiago", "Africa/Cairo", "Asia/Tehran",
    "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Casablanca", "Asia/Shanghai", "America/Havana",
)  # fmt: skip
"""Zones that left out a day, changed their clocks at, before or after midnight, by half an hour or two, or for Ramadan."""
NIGHT = timedelta(hours=22), timedelta(hours=30)
WHOLE = timedelta(), timedelta(hours=24)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SOONER_OR_LATER),
    st.integers(1902, 2198),
    st.sampled_from(["22:00-06:00", "00:00-24:00"]),
)
def test_windows_begin_and_end_when_the_clocks_of_the_zone_say_so(name, year, hours):
    data = {"calendar": "test", "title": TITLE, "zone": name, "week": {"mon-sun": hours}}
    table = Windows(calendar_from_data("test", data, digest="").rules, ZoneInfo(name)).over(
        year, year
    )
    begins, ends = NIGHT if hours.startswith("22") else WHOLE
    free_from, expected = datetime.min.replace(tzinfo=UTC), []
    for day in range(date(year, 1, 1).toordinal() - 1, date(year + 1, 1, 1).toordinal()):
        midnight = datetime.fromordinal(day)
        start, end = (moment_of(midnight + one, ZoneInfo(name)) for one in (begins, ends))
        start = max(start, free_from)
        if end > start:
            expected.append((start, end))
            free_from = end

    found = [
        (from_microseconds(start), from_microseconds(end))
        for start, end in zip(table.starts, table.ends, strict=True)
    ]
    assert found == expected[1:]
