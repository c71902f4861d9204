"""The one door to icalendar and recurring_ical_events: the days off that an iCalendar file lists."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from casewright import regular_file
from casewright.bilingual import Bilingual
from casewright.errors import CalendarRefused, message
from casewright.exchange.calendar_years import YearDays
from casewright.exchange.icalendar_text import events_only

MAX_BYTES = 2 * 1024 * 1024
_LONGEST_NAME = 200
_WORKED = ("ALTERNATE-WORKDAY", "（班）", "(班)", "补班", "调休上班")
"""How the calendars that are about in China mark a make-up working day."""


def icalendar_days(path: Path, first: int, last: int, *, calendar: str) -> list[YearDays]:
    """Return the days of the years `first` to `last` of which the file has any, year by year.

    Whole days only: an event with a time of day is no holiday. Raises `CalendarRefused` for a file that
    is none or passes a limit, `FileUnreadable` for none at all.
    """
    source = regular_file.read(path, limit=MAX_BYTES)
    if len(source) > MAX_BYTES:
        reason = message("the file is larger than {limit} bytes", limit=MAX_BYTES)
        raise CalendarRefused(calendar=calendar, reason=reason)
    text = events_only(source.decode("utf-8-sig", "replace"), calendar=calendar)
    holidays: dict[date, Bilingual] = {}
    make_up: set[date] = set()
    for day, event in _days(text, first, last, calendar):
        if _is_worked(event):
            make_up.add(day)
        else:
            holidays.setdefault(day, _name(event))
    return [
        YearDays(
            year=year,
            holidays={day: name for day, name in holidays.items() if day.year == year},
            make_up=tuple(sorted(day for day in make_up if day.year == year)),
        )
        for year in sorted({day.year for day in (*holidays, *make_up)})
    ]


def _days(text: str, first: int, last: int, calendar: str) -> Iterator[tuple[date, Any]]:
    begin, end = date(first, 1, 1), date(last + 1, 1, 1)
    for event in _occurrences(text, begin, end, calendar):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        start, stop = event.start, event.end
        day = max(start, begin)
        while day < min(max(stop, start + timedelta(days=1)), end):
            yield day, event
            day += timedelta(days=1)


def _occurrences(text: str, begin: date, end: date, calendar: str) -> list[Any]:
    try:
        import icalendar
        import recurring_ical_events
    except ImportError:
        template = "this needs the library icalendar: pip install 'casewright[calendars]'"
        raise CalendarRefused(calendar=calendar, reason=message(template)) from None
    try:
        read = icalendar.Calendar.from_ical(text)
        return list(recurring_ical_events.of(read).between(begin, end))
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        template = "the file is no iCalendar file that can be read ({problem})"
        reason = message(template, problem=str(error)[:200])
        raise CalendarRefused(calendar=calendar, reason=reason) from None


def _is_worked(event: Any) -> bool:
    said = f"{event.get('X-APPLE-SPECIAL-DAY', '')} {event.get('SUMMARY', '')}"
    return any(mark in said for mark in _WORKED)


def _name(event: Any) -> Bilingual:
    name = " ".join(str(event.get("SUMMARY", "")).split())
    for mark in ("（休）", "(休)"):
        name = name.replace(mark, "").strip()
    shown = "".join(one for one in name if one.isprintable())[:_LONGEST_NAME]
    return Bilingual(en=shown or "Holiday", zh=shown or "假日")
