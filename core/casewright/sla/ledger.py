"""A stretch of time told as a ledger: each interval, whether it counts, and why."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from casewright.bilingual import Bilingual
from casewright.clock import from_microseconds, to_microseconds
from casewright.sla.local_time import moment_of
from casewright.sla.rules import Rules
from casewright.sla.windows import Table
from casewright.swift_dataclass import dataclass

Why = Literal["working", "make_up", "break", "closed", "holiday", "weekend"]
"""`working` and `make_up` count; `break` is between two windows of a day, `closed` before and after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """An interval of which all counts or nothing does; `name` is the holiday's."""

    start: datetime
    end: datetime
    counted: bool
    why: Why
    name: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Tells the intervals of one calendar from its table."""

    table: Table
    rules: Rules
    zone: ZoneInfo

    def spans(self, start: datetime, end: datetime) -> Iterator[DaySpan]:
        """Yield the intervals of [start, end) in order, neighbours of one kind as one."""
        last: DaySpan | None = None
        for span in self._pieces(to_microseconds(start), to_microseconds(end)):
            if last and not span.counted and (last.why, last.name) == (span.why, span.name):
                last = replace(last, end=span.end)
                continue
            if last:
                yield last
            last = span
        if last:
            yield last

    def _pieces(self, at: int, end: int) -> Iterator[DaySpan]:
        table, index = self.table, bisect_right(self.table.ends, at)
        while at < end:
            if index < len(table.starts) and table.starts[index] <= at:
                stop = min(table.ends[index], end)
                yield self._working(at, stop, table.days[index])
                index += 1
            else:
                stop = min(table.starts[index], end) if index < len(table.starts) else end
                yield from self._idle(at, stop, index)
            at = stop

    def _working(self, start: int, end: int, day: int) -> DaySpan:
        made_up = self.rules.kind(date.fromordinal(day)) == "make_up"
        return _span(start, end, "make_up" if made_up else "working", counted=True)

    def _idle(self, at: int, end: int, index: int) -> Iterator[DaySpan]:
        """Yield what lies between two windows, by local days."""
        days = self.table.days
        if 0 < index < len(days) and days[index - 1] == days[index]:
            yield _span(at, end, "break")
            return
        while at < end:
            day = from_microseconds(at).astimezone(self.zone).date()
            midnight = self._midnight_after(day)
            stop = min(midnight, end) if midnight > at else end
            kind = self.rules.kind(day)
            why: Why = "closed" if kind in ("working", "make_up") else kind
            yield _span(
                at, stop, why, name=self.rules.holiday(day) if why == "holiday" else None
            )
            at = stop

    def _midnight_after(self, day: date) -> int:
        midnight = datetime.combine(day, time()) + timedelta(days=1)
        return to_microseconds(moment_of(midnight, self.zone))


def _span(
    start: int, end: int, why: Why, *, counted: bool = False, name: Bilingual | None = None
) -> DaySpan:
    return DaySpan(
        start=from_microseconds(start),
        end=from_microseconds(end),
        counted=counted,
        why=why,
        name=name,
    )
