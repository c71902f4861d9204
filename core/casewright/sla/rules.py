"""What a calendar says: the hours of a plain week, and of each year its holidays and make-up working days."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any, Literal

from casewright import bilingual
from casewright.bilingual import Bilingual
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

DAY = 24 * 60
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

DayKind = Literal["working", "make_up", "holiday", "weekend"]
"""`weekend` is every day on which the plain week does not work."""

_RANGE = pattern(r"([0-9]{2}):([0-9]{2}) ?- ?([0-9]{2}):([0-9]{2})")
_SPAN = pattern(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: to ([0-9]{4}-[0-9]{2}-[0-9]{2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """A range of a working day in minutes after midnight; it may end on the next day (up to 48 hours)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The days of a year that differ from the plain week; they count once it is published."""

    published: bool
    holidays: Mapping[date, Bilingual] = field(default_factory=dict)
    make_up: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The plain week, Monday first, and the years by number.

    A year that is missing or not published is as the plain week has it. A make-up day has the hours
    of the first day of the week that has any.
    """

    week: tuple[tuple[Hours, ...], ...]
    years: Mapping[int, Year] = field(default_factory=dict)

    def hours(self, day: date) -> tuple[Hours, ...]:
        """Return the hours that begin on `day`, in order."""
        kind = self.kind(day)
        if kind == "make_up":
            return next(hours for hours in self.week if hours)
        return self.week[day.weekday()] if kind == "working" else ()

    def kind(self, day: date) -> DayKind:
        """Return what sort of day it is."""
        year = self.years.get(day.year)
        if year and year.published:
            if day in year.make_up:
                return "make_up"
            if day in year.holidays:
                return "holiday"
        return "working" if self.week[day.weekday()] else "weekend"

    def holiday(self, day: date) -> Bilingual | None:
        """Return the name of the holiday that `day` is, or None."""
        year = self.years.get(day.year)
        return year.holidays.get(day) if year and year.published else None

    def published(self, year: int) -> bool:
        """Return whether the year's days are known; a calendar without years has none to publish."""
        known = self.years.get(year)
        return not self.years or (known is not None and known.published)


def rules_from_data(data: Mapping[str, Any]) -> Rules:
    """Return the rules of a calendar's data that was checked before."""
    week: list[tuple[Hours, ...]] = [()] * 7
    for days, hours in data["week"].items():
        for day in read_days(days) or ():
            week[day] = tuple(sorted(filter(None, map(read_hours, ranges(hours)))))
    years = {int(year): _year(one) for year, one in (data.get("years") or {}).items()}
    return Rules(week=tuple(week), years=years)


def ranges(written: object) -> list[str]:
    """Return the ranges of a day, written as a list or after each other with commas."""
    found = written if isinstance(written, list) else str(written).split(",")
    return [one.strip() if isinstance(one, str) else str(one) for one in found]


def read_hours(text: str) -> Hours | None:
    """Return the range `09:00-18:00`; one that ends before it starts ends on the next day. None if it is none."""
    found = _RANGE.fullmatch(text)
    if not found:
        return None
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if max(start_minute, end_minute) > 59 or start >= DAY or end > DAY or start == end:
        return None
    return Hours(start, end if end > start else end + DAY)


def read_days(text: str) -> tuple[int, ...] | None:
    """Return the weekdays of `mon` or `mon-fri`, 0 for Monday; None if it says none."""
    first, dash, last = text.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        return None
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return tuple(day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1))


def read_dates(text: str) -> tuple[date, date] | None:
    """Return the first and last day of `2026-01-01` or `2026-01-01 to 2026-01-03`; None if it says none."""
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    try:
        first = date.fromisoformat(found[1])
        last = date.fromisoformat(found[2] or found[1])
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _year(data: Mapping[str, Any]) -> Year:
    holidays: dict[date, Bilingual] = {}
    for written, name in (data.get("holidays") or {}).items():
        first, last = read_dates(written) or (date.max, date.min)
        for day in range(first.toordinal(), last.toordinal() + 1):
            holidays[date.fromordinal(day)] = bilingual.from_data(name)
    return Year(
        published=data["published"],
        holidays=holidays,
        make_up=frozenset(map(date.fromisoformat, data.get("make_up") or ())),
    )
