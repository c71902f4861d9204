"""Working calendars: the worked cases, days and weeks, clocks that change, and what others got wrong."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casewright.durations import parse
from casewright.errors import CalendarRefused
from casewright.sla.calendar import ALWAYS, calendar_from_data, content_of, digest_of
from casewright.sla.calendar_file import load_calendar
from casewright.sla.local_time import moment_of, read_moment

CALENDARS = Path(__file__).resolve().parents[2] / "workflows" / "calendars"
TITLE = {"en": "Test", "zh": "测试"}


def made(zone="Asia/Shanghai", years=None, **week):
    """A calendar of a plain week: `made(mon_fri="09:00-18:00")`."""
    days = {name.replace("_", "-"): hours for name, hours in week.items()}
    data = {"calendar": "test", "title": TITLE, "zone": zone, "week": days}
    return calendar_from_data("test", data | ({"years": years} if years else {}), digest="")


def shipped(name):
    calendar, problems = load_calendar(CALENDARS / f"{name}.yaml")
    assert problems == []
    return calendar


def at(calendar, written):
    return read_moment(written, ZoneInfo(calendar.zone))


def due(calendar, start, within):
    """When `within` has passed, as the calendar's clocks show it."""
    begun = at(calendar, start)
    end = calendar.due(begun, calendar.working(begun, parse(within)))
    return end.astimezone(ZoneInfo(calendar.zone)).strftime("%Y-%m-%d %H:%M")


def hours(calendar, start, end):
    return calendar.elapsed(at(calendar, start), at(calendar, end)) / timedelta(hours=1)


@pytest.fixture(scope="module")
def office():
    return shipped("cn_office")


# --- the worked cases ----------------------------------------------------------------------------


def test_1_the_golden_week_does_not_count(office):
    assert due(office, "2025-09-30T17:00", "8 hours") == "2025-10-09 16:00"


def test_2_a_make_up_sunday_counts(office):
    assert due(office, "2025-09-27T10:00", "8 hours") == "2025-09-28 17:00"


def test_3_friday_evening_goes_on_at_a_make_up_saturday(office):
    assert due(office, "2026-02-13T17:30", "1 hour") == "2026-02-14 09:30"


def test_4_the_spring_festival_is_skipped_to_the_minute(office):
    assert due(office, "2026-02-14T17:00", "2 hours") == "2026-02-24 10:00"


def test_5_elapsed_over_new_year_counts_the_make_up_sunday(office):
    assert hours(office, "2026-01-02T09:00", "2026-01-05T12:00") == 12


def test_6_a_lunch_break_does_not_count():
    lunch = shipped("cn_office_lunch")

    assert due(lunch, "2025-06-03T11:45", "1 hour") == "2025-06-03 14:15"


def test_7_what_is_due_at_closing_time_is_due_the_same_day(office):
    assert due(office, "2025-06-03T17:00", "1 hour") == "2025-06-03 18:00"
    assert due(office, "2025-06-03T18:00", "1 hour") == "2025-06-04 10:00"


def test_8_a_night_shift_is_as_long_as_the_clocks_make_it():
    night = made("America/New_York", mon_sun="22:00-06:00")

    assert hours(night, "2025-03-08T20:00", "2025-03-09T12:00") == 7
    assert hours(night, "2025-11-01T20:00", "2025-11-02T12:00") == 9


def test_9_day_and_night_goes_on_when_the_clocks_change():
    always = made("America/New_York", mon_sun="00:00-24:00")

    forward = always.due(at(always, "2025-03-09T01:00"), timedelta(hours=2))
    back = always.due(at(always, "2025-11-02T00:30"), timedelta(hours=2))

    zone = ZoneInfo("America/New_York")
    assert forward.astimezone(zone).isoformat() == "2025-03-09T04:00:00-04:00"
    assert back.astimezone(zone).isoformat() == "2025-11-02T01:30:00-05:00"


def test_10_a_night_shift_belongs_to_the_day_it_begins_on(office):
    years = {"2025": {"published": True, "holidays": {"2025-10-01 to 2025-10-08": TITLE}}}
    night = made(years=years, mon_sun="22:00-06:00")

    assert hours(night, "2025-09-30T12:00", "2025-10-01T12:00") == 8
    assert hours(night, "2025-10-08T12:00", "2025-10-09T12:00") == 0


def test_11_elapsed_over_the_spring_festival_counts_the_make_up_sunday(office):
    assert hours(office, "2024-02-09T09:00", "2024-02-19T18:00") == 27


# --- what ships ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "days", "make_up"), [(2024, 251, 8), (2025, 248, 5), (2026, 248, 6)]
)
@pytest.mark.parametrize("name", ["cn_office", "cn_office_lunch"])
def test_the_years_of_china_have_as_many_working_days_as_were_announced(
    name, year, days, make_up
):
    rules = shipped(name).rules
    all_days = [date.fromordinal(one) for one in
                range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]  # fmt: skip

    assert sum(1 for day in all_days if rules.hours(day)) == days
    assert sum(1 for day in all_days if rules.kind(day) == "make_up") == make_up


def test_the_years_of_china_are_those_of_the_library_day_by_day():
    library = pytest.importorskip("chinese_calendar")
    rules = shipped("cn_office").rules

    for ordinal in range(date(2024, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert bool(rules.hours(day)) == library.is_workday(day), day


def test_a_year_that_is_not_published_is_a_plain_one_and_provisional(office):
    assert due(office, "2026-12-31T17:00", "2 hours") == "2027-01-01 10:00"
    assert office.provisional(at(office, "2027-01-01T10:00"))
    assert office.provisional(at(office, "2031-01-01T10:00"))
    assert not office.provisional(at(office, "2026-12-31T23:59"))


def test_a_calendar_without_years_is_never_provisional():
    assert not shipped("weekdays").provisional(datetime(2031, 1, 1, tzinfo=UTC))
    assert not ALWAYS.provisional(datetime(2031, 1, 1, tzinfo=UTC))


def test_always_counts_every_minute_and_has_a_digest_that_does_not_change():
    start = datetime(2026, 2, 13, 17, 30, tzinfo=UTC)

    assert ALWAYS.due(start, ALWAYS.working(start, parse("1 day"))) == start + timedelta(days=1)
    assert ALWAYS.working(start, parse("2 weeks")) == timedelta(days=14)
    assert ALWAYS.digest == "3cdf389e05aadccb42c6cfaacaefe5a9a8ccc0f8df2991ed62327c25f71ad31b"


def test_the_digest_does_not_depend_on_the_order_of_words():
    one = {"calendar": "a", "zone": "UTC", "week": {"mon": "09:00-10:00", "tue": "09:00-11:00"}}
    other = {
        "week": {"tue": "09:00-11:00", "mon": "09:00-10:00"},
        "zone": "UTC",
        "calendar": "a",
    }

    assert content_of(one) == content_of(other)
    assert digest_of(one) == digest_of(other)


# --- days and weeks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "within", "end"),
    [
        ("2026-03-06T16:00", "1 working day", "2026-03-09 16:00"),
        ("2026-03-06T16:00", "2 days", "2026-03-10 16:00"),
        ("2026-03-06T20:00", "1 day", "2026-03-09 18:00"),
        ("2026-03-07T10:00", "1 day", "2026-03-09 18:00"),
        ("2026-03-06T16:00", "1 week", "2026-03-13 16:00"),
        ("2026-09-30T17:00", "1 day", "2026-10-08 17:00"),
        ("2026-09-30T17:00", "1 week", "2026-10-13 17:00"),
    ],
)
def test_a_day_lasts_until_the_same_time_of_the_next_working_day(office, start, within, end):
    assert due(office, start, within) == end


def test_a_day_ends_with_the_hours_of_a_shorter_day():
    calendar = made(mon_fri="09:00-18:00", sat="09:00-12:00")

    assert due(calendar, "2026-03-06T16:00", "1 day") == "2026-03-07 12:00"


def test_a_day_of_a_night_shift_is_the_next_night_at_the_same_time():
    night = made(mon_fri="22:00-06:00")

    assert due(night, "2026-03-07T03:00", "1 day") == "2026-03-10 03:00"


def test_daylight_saving_does_not_move_a_working_day():
    calendar = made("Europe/Amsterdam", mon_fri="09:00-18:00")

    assert due(calendar, "2026-03-27T16:00", "1 working day") == "2026-03-30 16:00"
    assert due(calendar, "2026-10-23T16:00", "1 working day") == "2026-10-26 16:00"


def test_leaving_weekends_out_never_makes_anything_due_earlier(office):
    everyday = made(mon_sun="09:00-18:00")
    start = at(office, "2025-12-29T11:00")

    for minutes in range(1, 20_000, 37):
        within = timedelta(minutes=minutes)
        assert office.due(start, within) >= everyday.due(start, within)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-06T08:00", 1, "2026-03-09 18:00"),
        ("2026-03-06T20:00", 1, "2026-03-09 18:00"),
        ("2026-03-07T10:00", 1, "2026-03-09 18:00"),
        ("2026-09-29T10:00", 3, "2026-10-09 18:00"),
        ("2026-02-13T10:00", 1, "2026-02-14 18:00"),
    ],
)
def test_a_formal_deadline_leaves_out_the_first_day_and_ends_at_close_of_business(
    office, start, days, end
):
    found = office.close_of_business(at(office, start), days).astimezone(ZoneInfo(office.zone))

    assert found.strftime("%Y-%m-%d %H:%M") == end


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 3, 6), "2026-03-06 18:00"),
        (date(2026, 3, 8), "2026-03-06 18:00"),
        (date(2026, 10, 5), "2026-09-30 18:00"),
        (date(2026, 2, 14), "2026-02-14 18:00"),
    ],
)
def test_the_end_of_a_day_is_the_last_working_moment_until_then(office, day, end):
    found = office.end_of_day(day).astimezone(ZoneInfo(office.zone))

    assert found.strftime("%Y-%m-%d %H:%M") == end


def test_the_end_of_a_day_cuts_a_night_shift_at_midnight():
    night = made(mon_fri="22:00-06:00")

    assert night.end_of_day(date(2026, 3, 6)) == at(night, "2026-03-07T00:00")
    assert night.end_of_day(date(2026, 3, 8)) == at(night, "2026-03-07T06:00")


def test_the_next_working_moment_is_now_or_the_next_opening(office):
    assert office.next_working(at(office, "2026-03-06T10:00")) == at(office, "2026-03-06T10:00")
    assert office.next_working(at(office, "2026-03-06T18:00")) == at(office, "2026-03-09T09:00")
    assert office.next_working(at(office, "2026-09-30T23:00")) == at(office, "2026-10-08T09:00")


# --- exactness ---------------------------------------------------------------------------------------


def test_time_is_counted_to_the_microsecond(office):
    start = at(office, "2026-03-06T17:59:59.999999")
    end = at(office, "2026-03-09T09:00:00.000001")

    assert office.elapsed(start, end) == timedelta(microseconds=2)
    assert office.due(start, timedelta(microseconds=2)) == end
    assert office.before(end, timedelta(microseconds=2)) == start


def test_nothing_has_passed_when_the_end_comes_first(office):
    start, end = at(office, "2026-03-06T10:00"), at(office, "2026-03-06T09:00")

    assert office.elapsed(start, end) == timedelta()
    assert office.due(start, timedelta()) == start
    assert office.before(start, timedelta()) == start


def test_moments_of_one_zone_are_not_subtracted_in_wall_time():
    zone = ZoneInfo("America/New_York")
    always = made("America/New_York", mon_sun="00:00-24:00")
    first = datetime(2025, 11, 2, 1, 30, tzinfo=zone, fold=0)
    second = datetime(2025, 11, 2, 1, 30, tzinfo=zone, fold=1)

    assert always.elapsed(first, second) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "local", "moment"),
    [
        ("America/New_York", "2025-03-09T02:30", "2025-03-09T07:00:00+00:00"),
        ("America/New_York", "2025-11-02T01:30", "2025-11-02T05:30:00+00:00"),
        ("Australia/Lord_Howe", "2025-10-05T02:15", "2025-10-04T15:30:00+00:00"),
        ("Asia/Shanghai", "1988-07-01T12:00", "1988-07-01T03:00:00+00:00"),
        ("Asia/Urumqi", "2026-07-01T12:00", "2026-07-01T06:00:00+00:00"),
    ],
)
def test_a_local_time_that_is_skipped_or_repeated_means_one_moment(zone, local, moment):
    found = moment_of(datetime.fromisoformat(local), ZoneInfo(zone))

    assert found.isoformat() == moment


def test_a_window_that_the_clocks_skip_a_part_of_is_shorter_and_never_overlaps():
    calendar = made("Europe/Berlin", mon_sun="01:00-02:30, 02:45-04:00")

    assert hours(calendar, "2026-03-29T00:00", "2026-03-29T12:00") == 2


@pytest.mark.parametrize("year", [1800, 2300])
def test_a_calendar_does_not_count_in_other_centuries(office, year):
    with pytest.raises(CalendarRefused, match="only between the years 1901 and 2199"):
        office.due(datetime(year, 1, 1, tzinfo=UTC), timedelta(hours=1))


def test_what_would_never_be_due_is_refused_and_does_not_loop():
    rare = made(mon="09:00-09:01")

    with pytest.raises(CalendarRefused, match="only between"):
        rare.due(datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=3653))


# --- the ledger --------------------------------------------------------------------------------------


def test_the_ledger_says_what_counted_and_why_not(office):
    lunch = shipped("cn_office_lunch")
    start, end = at(lunch, "2026-02-13T11:00"), at(lunch, "2026-02-24T10:00")

    spans = list(lunch.spans(start, end))

    assert [(one.why, str(one.name or "")) for one in spans] == [
        ("working", ""),
        ("break", ""),
        ("working", ""),
        ("closed", ""),
        ("make_up", ""),
        ("break", ""),
        ("make_up", ""),
        ("closed", ""),
        ("holiday", "Spring Festival"),
        ("closed", ""),
        ("working", ""),
    ]
    assert spans[0].start == start
    assert spans[-1].end == end
    assert all(one.end == after.start for one, after in pairwise(spans))
    counted = sum((one.end - one.start for one in spans if one.counted), timedelta())
    assert counted == lunch.elapsed(start, end)


# --- what it costs -----------------------------------------------------------------------------------


class Counted(Sequence):
    """A sequence that counts how often one looks into it."""

    def __init__(self, values):
        self.values, self.looks = values, 0

    def __len__(self):
        return len(self.values)

    def __getitem__(self, at):
        self.looks += 1
        return self.values[at]


def test_ten_years_cost_a_few_look_ups_and_no_loop_over_days(office, monkeypatch):
    start, end = at(office, "2016-01-04T10:00"), at(office, "2025-12-31T10:00")
    within = office.elapsed(start, end)
    table = office._windows.over(2015, 2026)
    columns = {name: Counted(getattr(table, name)) for name in ("starts", "ends", "counted")}
    monkeypatch.setattr(office._windows, "_table", replace(table, **columns))
    monkeypatch.setattr(office._windows, "_build", None)

    assert office.elapsed(start, end) == within
    assert office.due(start, within) == end
    assert office.before(end, within) == start

    looks = sum(one.looks for one in columns.values())
    assert looks < 12 * len(table.starts).bit_length()
    assert bisect_right(table.starts, 0) == 0
