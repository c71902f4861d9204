"""What follows from a clock's spans: time consumed, when an amount is reached, what is due and to whom it is booked.

All arithmetic is on the calendar version that each span names; nothing here knows what time it is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from casewright.sla.calendar import Calendar
from casewright.timekeeping import PromiseClock, Span

Versions = Callable[[str], Calendar]
"""Gives a calendar's version by its digest."""

NOTHING = timedelta(0)


def consumed(clock: PromiseClock, versions: Versions, at: datetime) -> timedelta:
    """Return the working time the clock has run until `at`."""
    running = (piece for piece in pieces(clock, at) if not piece[0].paused)
    parts = (versions(span.calendar).elapsed(span.since, end) for span, end in running)
    return sum(parts, NOTHING)


def booked(
    clock: PromiseClock, versions: Versions, at: datetime
) -> Mapping[tuple[str, str], timedelta]:
    """Return the working time until `at` by (holder, unit), paused time with those it was waited for."""
    shares: dict[tuple[str, str], timedelta] = {}
    for span, end in pieces(clock, at):
        whose = (span.holder, span.unit)
        time = versions(span.calendar).elapsed(span.since, end)
        shares[whose] = shares.get(whose, NOTHING) + time
    return shares


def reached(clock: PromiseClock, versions: Versions, amount: timedelta) -> datetime | None:
    """Return when the clock has run for `amount`, in the past or as it runs now; None while it stands still.

    Thus a due time is `reached(clock, versions, target)`, whatever was paused before.
    """
    left, last = amount, len(clock.spans) - 1
    for index, span in enumerate(clock.spans):
        if span.paused:
            continue
        calendar = versions(span.calendar)
        if index == last and clock.ended_at is None:
            return calendar.due(span.since, left)
        end = clock.ended_at if index == last else clock.spans[index + 1].since
        assert end is not None
        run = calendar.elapsed(span.since, end)
        if run >= left:
            return calendar.due(span.since, left)
        left -= run
    return None


def due(clock: PromiseClock, versions: Versions) -> datetime | None:
    """Return when the clock is due: its target's moment or its deadline, the earlier one; None while it stands still."""
    if clock.paused:
        return None
    target = None if clock.target is None else reached(clock, versions, clock.target)
    return _earlier(target, clock.deadline)


def goal(clock: PromiseClock, versions: Versions) -> timedelta | None:
    """Return the working time until the clock is due; the one it had last while it stands still."""
    moment = due(clock, versions)
    if moment is None:
        return clock.target if clock.deadline is None else clock.goal
    if moment == clock.deadline:
        return consumed(clock, versions, moment)
    return clock.target


def settled(clock: PromiseClock, versions: Versions) -> PromiseClock:
    """Return the clock with what is derived from its spans worked out again; one that has breached or ended keeps its due."""
    if clock.breached_at is not None or not clock.open:
        return clock
    moment = due(clock, versions)
    return replace(
        clock,
        due_at=moment,
        goal=goal(clock, versions),
        original_due=clock.original_due or moment,
        provisional=moment is not None
        and versions(clock.spans[-1].calendar).provisional(moment),
    )


def breached(clock: PromiseClock, versions: Versions, now: datetime) -> PromiseClock:
    """Return the clock with its breach stamped, if it is due by `now` and still runs."""
    if not clock.open or clock.breached_at is not None or clock.paused:
        return clock
    moment = due(clock, versions)
    if moment is None or moment > now:
        return clock
    return replace(clock, breached_at=moment, due_at=moment, noticed_at=now)


def continued(clock: PromiseClock, span: Span) -> PromiseClock:
    """Return the clock going on with `span`, unless that says nothing new; one that begins at once replaces the last."""
    last = clock.spans[-1] if clock.spans else None
    if last is not None and _same(last, span):
        return clock
    kept = clock.spans[:-1] if last is not None and last.since == span.since else clock.spans
    if kept and _same(kept[-1], span):
        return replace(clock, spans=kept)
    return replace(clock, spans=(*kept, span))


def pieces(clock: PromiseClock, at: datetime) -> Iterator[tuple[Span, datetime]]:
    """Yield each span with its end, none beyond `at` or the end of the clock."""
    if not clock.spans:
        return
    stop = at if clock.ended_at is None else min(at, clock.ended_at)
    following = (*(span.since for span in clock.spans[1:]), stop)
    for span, end in zip(clock.spans, following, strict=True):
        if span.since < min(
            end, stop
        ):  # not so where the system's clock was set back meanwhile
            yield span, min(end, stop)


def _same(one: Span, other: Span) -> bool:
    """Whether a span would only repeat the one before: a pause counts anew when its state is another."""
    return (
        one.paused == other.paused
        and one.holder == other.holder
        and one.unit == other.unit
        and one.calendar == other.calendar
        and (not one.paused or one.state == other.state)
    )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
