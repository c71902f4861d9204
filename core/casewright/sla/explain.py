"""Why a clock is due when it is: every interval since it began, counted or not and why, whose it was, and the sums."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from casewright.bilingual import Bilingual
from casewright.sla import fold
from casewright.sla.calendar import Calendar
from casewright.sla.fold import NOTHING, Versions
from casewright.sla.ledger import DaySpan
from casewright.swift_dataclass import dataclass
from casewright.timekeeping import PromiseClock, Span

Cause = Literal[
    "working", "make_up", "break", "closed", "holiday", "weekend", "paused", "ended"
]
"""`paused` is a state in which the clock stands still, `ended` the time between an end and a reopening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of a clock's time of which all counts or nothing does.

    `booked` is the working time in it, which is that of its holder even while the clock stands
    still; `total` is what has counted when it ends. `state`, `by` and `since` are those of the
    clock's span: the ticket came into that state then. `name` is the holiday's.
    """

    start: datetime
    end: datetime
    counted: bool
    why: Cause
    booked: timedelta
    total: timedelta
    holder: str
    unit: str
    state: str
    by: str
    since: datetime
    calendar: str
    name: Bilingual | None = None

    @property
    def length(self) -> timedelta:
        """How long it is by the wall clock; all of it is counted if any is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What is booked to a holder: working time that counted, and working time waited for them."""

    holder: str
    unit: str
    counted: timedelta
    waited: timedelta


def as_of(clock: PromiseClock, versions: Versions, at: datetime) -> PromiseClock:
    """Return the clock as it stood at `at`, a breach that nobody noticed yet stamped; its target is the one it has now."""
    later = clock.ended_at is not None and clock.ended_at > at
    known = tuple(one for one in clock.spans if one.since <= at) or clock.spans[:1]
    early = clock.breached_at is not None and clock.breached_at > at
    if later or early or known != clock.spans:
        clock = replace(clock, spans=known)
        clock = replace(clock, ended_at=None, end="") if later else clock
        clock = replace(clock, breached_at=None, noticed_at=None) if early else clock
        clock = fold.settled(clock, versions) if clock.spans else clock
    return fold.breached(clock, versions, at) if clock.spans else clock


def intervals(clock: PromiseClock, versions: Versions, at: datetime) -> tuple[Interval, ...]:
    """Return what the clock's time until `at` was, in order and without a gap, parted where it was due.

    Those that count sum exactly to `fold.consumed`, and until `due_at` to `goal`.
    """
    found: list[Interval] = []
    total = NOTHING
    for span, start, end in _parted(clock, at):
        for interval in _of_span(span, versions(span.calendar), start, end, total):
            total = interval.total
            found.append(interval)
    return tuple(found)


def ahead(clock: PromiseClock, versions: Versions, at: datetime) -> tuple[Interval, ...]:
    """Return what lies between `at` and the due time as the clock runs now; nothing while it stands still or when that has passed."""
    due = clock.due_at
    if due is None or due <= at or clock.paused or not clock.open:
        return ()
    total = fold.consumed(clock, versions, at)
    span = clock.spans[-1]
    start = max(at, span.since)
    return tuple(_of_span(span, versions(span.calendar), start, due, total))


def shares(found: Iterable[Interval]) -> tuple[Share, ...]:
    """Return what the intervals come to for each holder, who held the most first."""
    sums: dict[tuple[str, str], Share] = {}
    for one in found:
        whose = (one.holder, one.unit)
        known = sums.get(whose) or Share(
            holder=one.holder, unit=one.unit, counted=NOTHING, waited=NOTHING
        )
        if one.counted:
            sums[whose] = replace(known, counted=known.counted + one.booked)
        else:
            sums[whose] = replace(known, waited=known.waited + one.booked)
    held = (one for one in sums.values() if one.counted or one.waited)
    return tuple(sorted(held, key=lambda one: (one.counted, one.waited), reverse=True))


def _parted(clock: PromiseClock, at: datetime) -> Iterator[tuple[Span, datetime, datetime]]:
    """Yield each span with its beginning and end, in two where the clock was due within it."""
    for span, end in fold.pieces(clock, at):
        start = span.since
        if clock.due_at is not None and start < clock.due_at < end:
            yield span, start, clock.due_at
            start = clock.due_at
        yield span, start, end


def _of_span(
    span: Span, calendar: Calendar, start: datetime, end: datetime, total: timedelta
) -> Iterator[Interval]:
    if span.paused:
        why: Cause = "ended" if span.holder == "closed" else "paused"
        booked = calendar.elapsed(start, end)
        yield _interval(span, start, end, why, booked=booked, total=total)
        return
    for day in _joined(calendar.spans(start, end)):
        length = day.end - day.start if day.counted else NOTHING
        total += length
        yield replace(
            _interval(span, day.start, day.end, day.why, booked=length, total=total),
            counted=day.counted,
            name=day.name,
        )


def _interval(
    span: Span,
    start: datetime,
    end: datetime,
    why: Cause,
    *,
    booked: timedelta,
    total: timedelta,
) -> Interval:
    return Interval(
        start=start,
        end=end,
        counted=False,
        why=why,
        booked=booked,
        total=total,
        holder=span.holder,
        unit=span.unit,
        state=span.state,
        by=span.by,
        since=span.since,
        calendar=span.calendar,
    )


def _joined(days: Iterable[DaySpan]) -> Iterator[DaySpan]:
    """Yield working time that goes on over midnight as one interval."""
    last: DaySpan | None = None
    for day in days:
        if last is not None and last.counted and last.why == day.why:
            last = replace(last, end=day.end)
            continue
        if last is not None:
            yield last
        last = day
    if last is not None:
        yield last
