"""The windows of working time as tables of UTC microseconds, built year by year when first asked for."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from casewright.clock import to_microseconds
from casewright.sla.local_time import moment_of
from casewright.sla.rules import Rules
from casewright.swift_dataclass import dataclass

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""No calendar is asked beyond these years; it keeps every search finite."""

_EPOCH = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1) // _MICROSECOND
_DAY = timedelta(days=1) // _MICROSECOND

Window = tuple[int, int, int]
"""Start and end in microseconds since 1970, and the ordinal of the local day on which it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All windows of the years `first` to `last`, in order, none overlapping.

    `counted[i]` is the working time before window i; one more at the end is the whole.
    `workdays` are the ordinals of the local days on which windows begin, each once.
    """

    first: int
    last: int
    starts: Sequence[int]
    ends: Sequence[int]
    days: Sequence[int]
    counted: Sequence[int]
    workdays: Sequence[int]

    def before(self, moment: int) -> int:
        """Return the working microseconds from the beginning of the table until `moment`."""
        at = bisect_right(self.starts, moment) - 1
        if at < 0:
            return 0
        return self.counted[at] + min(moment, self.ends[at]) - self.starts[at]

    def open_at(self, moment: int) -> int | None:
        """Return the index of the window in which `moment` lies, or None."""
        at = bisect_right(self.starts, moment) - 1
        return at if at >= 0 and moment < self.ends[at] else None


class Windows:
    """Hands out tables; a table is never changed, a longer one takes its place."""

    def __init__(self, rules: Rules, zone: ZoneInfo) -> None:
        self._rules, self._zone = rules, zone
        self._years: dict[int, list[Window]] = {}
        self._table: Table | None = None

    def over(self, first: int, last: int) -> Table:
        """Return a table of at least the local years `first` to `last`."""
        table = self._table
        if table and table.first <= first and last <= table.last:
            return table
        if table:
            first, last = min(first, table.first), max(last, table.last)
        self._table = table = self._build(first, last)
        return table

    def _build(self, first: int, last: int) -> Table:
        windows: list[Window] = []
        for year in range(first, last + 1):
            if year not in self._years:
                self._years[year] = list(self._windows(year))
            windows += self._years[year]
        starts, ends, days = zip(*windows, strict=True) if windows else ((), (), ())
        lengths = (end - start for start, end in zip(starts, ends, strict=True))
        return Table(
            first=first,
            last=last,
            starts=starts,
            ends=ends,
            days=days,
            counted=tuple(accumulate(lengths, initial=0)),
            workdays=tuple(dict.fromkeys(days)),
        )

    def _windows(self, year: int) -> Iterator[Window]:
        """Yield the windows that begin in a local year, what overlaps the one before cut off."""
        new_year = date(year, 1, 1).toordinal()
        eve = new_year - 1
        free_from = max((end for _, end, _ in self._day(eve)), default=self._at(eve, 0))
        for day in range(new_year, date(year + 1, 1, 1).toordinal()):
            for start, end, _ in self._day(day):
                start = max(start, free_from)
                if end > start:
                    yield start, end, day
                    free_from = end

    def _day(self, ordinal: int) -> Iterator[Window]:
        hours = self._rules.hours(date.fromordinal(ordinal))
        midnight = self._steady_midnight(ordinal) if hours else None
        for one in hours:
            if midnight is None:
                yield self._at(ordinal, one.start), self._at(ordinal, one.end), ordinal
            else:
                yield midnight + one.start * _MINUTE, midnight + one.end * _MINUTE, ordinal

    def _at(self, ordinal: int, minutes: int) -> int:
        """Return the moment at which the clocks show so many minutes after a local midnight."""
        local = datetime.fromordinal(ordinal) + timedelta(minutes=minutes)
        return to_microseconds(moment_of(local, self._zone))

    def _steady_midnight(self, ordinal: int) -> int | None:
        """Return the moment at which a day begins, None where the clocks are changed on it or on the next two.

        No zone has ever changed its clocks twice within two days: they are looked at on every second one.
        """
        ahead, second, fourth = (
            self._zone.utcoffset(datetime.fromordinal(ordinal + days)) for days in (0, 2, 4)
        )
        if ahead is None or not ahead == second == fourth:
            return None
        return (ordinal - _EPOCH) * _DAY - ahead // _MICROSECOND
