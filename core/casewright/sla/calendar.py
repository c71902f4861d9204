"""A working calendar: how much working time lies between two moments, and when so much of it has passed.

All counting is done on windows in UTC, so that a day on which the clocks change is as long as it is.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from casewright import bilingual, compact_json
from casewright.bilingual import Bilingual
from casewright.clock import from_microseconds, to_microseconds
from casewright.durations import Duration
from casewright.errors import CalendarRefused, message
from casewright.sla.ledger import DaySpan, Ledger
from casewright.sla.local_time import moment_of
from casewright.sla.rules import Rules, rules_from_data
from casewright.sla.windows import FIRST_YEAR, LAST_YEAR, Table, Windows
from casewright.swift_dataclass import dataclass

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """One immutable version of a calendar. Moments are aware; those returned are in UTC.

    Every method raises `CalendarRefused` for a moment outside the years 1900 to 2200.
    """

    name: str
    digest: str
    title: Bilingual = field(compare=False)
    zone: str = field(compare=False)
    rules: Rules = field(compare=False, repr=False)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time in [start, end), exactly; nothing when the end comes first."""
        begun, ended = to_microseconds(start), to_microseconds(end)
        if ended <= begun:
            return timedelta()
        table = self._table(start, end)
        return timedelta(microseconds=table.before(ended) - table.before(begun))

    def due(self, start: datetime, within: timedelta) -> datetime:
        """Return the earliest moment at which `within` of working time has passed since `start`."""
        if within <= timedelta():
            return start.astimezone(UTC)
        table, begun = self._table(start), to_microseconds(start)
        while (wanted := table.before(begun) + within // _MICROSECOND) > table.counted[-1]:
            table = self._later(table)
        at = bisect_left(table.counted, wanted) - 1
        return from_microseconds(table.starts[at] + wanted - table.counted[at])

    def before(self, end: datetime, within: timedelta) -> datetime:
        """Return the latest moment from which `within` of working time passes until `end`."""
        if within <= timedelta():
            return end.astimezone(UTC)
        table, ended = self._table(end), to_microseconds(end)
        while (wanted := table.before(ended) - within // _MICROSECOND) < 0:
            table = self._earlier(table)
        at = bisect_right(table.counted, wanted) - 1
        return from_microseconds(table.starts[at] + wanted - table.counted[at])

    def working(self, start: datetime, duration: Duration) -> timedelta:
        """Return how much working time `duration` is when it begins at `start`; never nothing.

        Seconds, minutes and hours are what they say. A day lasts until the same local time of the
        next working day, as far as that day's windows go; it begins when work next does. A week is
        as many of those days as the plain week works.
        """
        if duration.unit not in ("days", "weeks"):
            return duration.wall
        days = duration.amount
        if duration.unit == "weeks":
            days *= sum(1 for hours in self.rules.week if hours)
        begun = self.next_working(start)
        table, at = self._window(begun)
        into_day = self._local(begun) - _midnight(table.days[at])
        day, last = self._workday(begun, table.days[at], days)
        there = moment_of(_midnight(day) + into_day, self._zone)
        return self.elapsed(begun, min(there, last))

    def close_of_business(self, start: datetime, days: int) -> datetime:
        """Return when work ends on the `days`-th working day after the local day of `start`."""
        return self._workday(start, self._local(start).toordinal(), days)[1]

    def end_of_day(self, day: date) -> datetime:
        """Return the last working moment on or before the end of the local `day`."""
        midnight = moment_of(_midnight(day.toordinal() + 1), self._zone)
        table, end = self._table(midnight), to_microseconds(midnight)
        while (at := bisect_left(table.starts, end) - 1) < 0:
            table = self._earlier(table)
        return from_microseconds(min(table.ends[at], end))

    def next_working(self, moment: datetime) -> datetime:
        """Return `moment` itself when it is working time, else the start of the next window."""
        table, asked = self._table(moment), to_microseconds(moment)
        while (at := bisect_right(table.ends, asked)) == len(table.ends):
            table = self._later(table)
        return from_microseconds(max(asked, table.starts[at]))

    def provisional(self, moment: datetime) -> bool:
        """Return whether `moment` lies in a local year whose days are not published yet."""
        return not self.rules.published(self._local(moment).year)

    def spans(self, start: datetime, end: datetime) -> Iterator[DaySpan]:
        """Yield [start, end) as intervals in order, each with whether it counts and why."""
        ledger = Ledger(table=self._table(start, end), rules=self.rules, zone=self._zone)
        yield from ledger.spans(start, end)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _windows(self) -> Windows:
        return Windows(self.rules, self._zone)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(tzinfo=None)

    def _table(self, *moments: datetime) -> Table:
        """Return a table that holds the moments whatever the zone, and the windows open at them."""
        years = [moment.astimezone(UTC).year for moment in moments]
        return self._over(min(years) - 1, max(years) + 1)

    def _over(self, first: int, last: int) -> Table:
        if first < FIRST_YEAR or last > LAST_YEAR:
            template = "it counts only between the years {first} and {last}"
            reason = message(template, first=FIRST_YEAR + 1, last=LAST_YEAR - 1)
            raise CalendarRefused(calendar=self.name, reason=reason)
        return self._windows.over(first, last)

    def _later(self, table: Table) -> Table:
        """Return a table twice as long, so that few steps reach however far."""
        last = min(2 * table.last - table.first + 1, LAST_YEAR)
        return self._over(table.first, max(last, table.last + 1))

    def _earlier(self, table: Table) -> Table:
        first = max(2 * table.first - table.last - 1, FIRST_YEAR)
        return self._over(min(first, table.first - 1), table.last)

    def _window(self, moment: datetime) -> tuple[Table, int]:
        """Return the table and the index of the window in which a working `moment` lies."""
        table = self._table(moment)
        return table, bisect_right(table.starts, to_microseconds(moment)) - 1

    def _workday(self, near: datetime, day: int, count: int) -> tuple[int, datetime]:
        """Return the `count`-th working day after the ordinal `day`, and when its work ends."""
        table = self._table(near)
        while (at := bisect_right(table.workdays, day) + count - 1) >= len(table.workdays):
            table = self._later(table)
        found = table.workdays[at]
        return found, from_microseconds(table.ends[bisect_right(table.days, found) - 1])


def calendar_from_data(name: str, data: Mapping[str, Any], *, digest: str) -> Calendar:
    """Return the calendar of data that was checked before."""
    return Calendar(
        name=name,
        digest=digest,
        title=bilingual.from_data(data["title"]),
        zone=data["zone"],
        rules=rules_from_data(data),
    )


def content_of(data: Mapping[str, Any]) -> bytes:
    """Return a calendar's data as the bytes that are stored and hashed; their SHA-256 is its digest."""
    return compact_json.canonical(data)


def digest_of(data: Mapping[str, Any]) -> str:
    """Return the digest that names a version, in hexadecimal."""
    return hashlib.sha256(content_of(data)).hexdigest()


def _midnight(day: int) -> datetime:
    return datetime.combine(date.fromordinal(day), time())


ALWAYS_DATA: Mapping[str, Any] = {
    "calendar": "always",
    "title": {"en": "Always, day and night", "zh": "全天候（7×24 小时）"},
    "zone": "UTC",
    "week": {"mon-sun": "00:00-24:00"},
}
ALWAYS = calendar_from_data("always", ALWAYS_DATA, digest=digest_of(ALWAYS_DATA))
"""Every minute counts and nothing is provisional; workflows that name no calendar count on it."""
