"""Shifts: hours of work by weekday, whether one is on, and when that changes."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from casewright import hint, message
from casewright_routing.reading import Path, Reading
from casewright_routing.rules import Hours, Shift

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
"""Minutes of a day by the clock on the wall."""
_RANGE = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])")


def on_shift(shifts: Iterable[Shift], moment: datetime, zone: str) -> bool:
    """Return whether one of the shifts is on at `moment`, by the wall clock of `zone`."""
    local = moment.astimezone(ZoneInfo(zone))
    minutes = local.hour * 60 + local.minute
    today, yesterday = local.weekday(), (local.weekday() - 1) % 7
    return any(
        any(start <= minutes < end for start, end in shift.week[today])
        or any(start <= minutes + DAY < end for start, end in shift.week[yesterday])
        for shift in shifts
    )


def changes(
    shifts: Iterable[Shift], start: datetime, end: datetime, zone: str
) -> Iterator[datetime]:
    """Yield the moments after `start` and up to `end` at which one of the shifts begins or ends, ordered, each once."""
    place = ZoneInfo(zone)
    first = start.astimezone(place).date() - timedelta(days=1)
    days = (end.astimezone(place).date() - first).days + 1
    found: set[datetime] = set()
    for shift in shifts:
        for number in range(days):
            day = first + timedelta(days=number)
            midnight = datetime.combine(day, time())
            for hours in shift.week[day.weekday()]:
                walls = (midnight + timedelta(minutes=one) for one in hours)
                found.update(
                    wall.replace(tzinfo=place).astimezone(start.tzinfo) for wall in walls
                )
    yield from sorted(one for one in found if start < one <= end)


def read_shift(reading: Reading, path: Path, name: str, data: Any) -> Shift:
    """Return a shift written as `{title: .., hours: {mon-fri: 09:00-12:00, 13:00-18:00}}`."""
    needed = ("title", "hours")
    found = reading.words(path, data, needed, required=needed)
    week: list[tuple[Hours, ...]] = [()] * 7
    place = (*path, "hours")
    for days, written in reading.mapping(place, found.get("hours", {})).items():
        hours = _read_day(reading, (*place, days), written)
        for day in _read_days(reading, (*place, days), days):
            week[day] = hours
    title = reading.title((*path, "title"), found.get("title"))
    return Shift(name=name, title=title, week=tuple(week))


def _read_days(reading: Reading, path: Path, written: Any) -> tuple[int, ...]:
    first, dash, last = str(written).partition("-")
    if first in DAYS and (not dash or last in DAYS):
        begin, end = DAYS.index(first), DAYS.index(last or first)
        return tuple(day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1))
    template = "'{days}' is no day of the week{hint}: write mon, tue, wed, thu, fri, sat or sun, or two of them: mon-fri"
    reason = message(template, days=str(written)[:40], hint=hint(str(written), DAYS))
    reading.problem("unknown_day", path, reason, key=True)
    return ()


def _read_day(reading: Reading, path: Path, written: Any) -> tuple[Hours, ...]:
    parts = written if isinstance(written, list) else str(written).split(",")
    hours = sorted(
        filter(None, (_read_hours(reading, path, str(one).strip()) for one in parts))
    )
    if any(later[0] < earlier[1] for earlier, later in pairwise(hours)):
        reading.problem("hours_overlap", path, message("the hours overlap"))
    return tuple(hours)


def _read_hours(reading: Reading, path: Path, written: str) -> Hours | None:
    if found := _RANGE.fullmatch(written):
        hour, minute, last_hour, last_minute = map(int, found.groups())
        start, end = hour * 60 + minute, last_hour * 60 + last_minute
        if start < DAY and end <= DAY and start != end:
            return start, end if end > start else end + DAY
    template = "'{hours}' are no hours: write 09:00-18:00, several with commas between them"
    reading.problem("bad_hours", path, message(template, hours=written[:40]))
    return None
