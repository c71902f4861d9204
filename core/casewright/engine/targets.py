"""What a promise aims at: its target turned into working time, and the deadline that came with the case."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from casewright import durations
from casewright.durations import Duration
from casewright.engine import parties, supervising
from casewright.engine.draft import Draft, Work
from casewright.errors import DurationRefused
from casewright.sla.calendar import Calendar
from casewright.swift_dataclass import dataclass
from casewright.timekeeping import PromiseClock
from casewright.workflows.guard import GuardFailed
from casewright.workflows.spec import Constant, Expression, Promise, Target, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A target in working time and as it was written, and a deadline from outside; either may be missing."""

    target: timedelta | None
    asked: str
    deadline: datetime | None


def aim(
    work: Work, draft: Draft, promise: Promise, clock: PromiseClock, calendar: Calendar
) -> Aim:
    """Return what the promise aims at now; what is unchanged since the clock last was asked stays as it is.

    A granted extension is part of the clock: only the author's own words or the case can change it.
    """
    if promise.name == supervising.NAME and clock.deadline is not None:
        return Aim(target=None, asked="", deadline=clock.deadline)
    duration = _duration(work, draft, promise)
    asked = "" if duration is None else str(duration)
    if duration is None or (clock.target is not None and asked == clock.asked):
        target = clock.target if duration is not None else None
    else:
        target = _length(promise, calendar, clock.started_at, duration)
    return Aim(
        target=target, asked=asked, deadline=_deadline(work, draft, promise, clock, calendar)
    )


def _length(
    promise: Promise, calendar: Calendar, start: datetime, duration: Duration
) -> timedelta:
    """Return the working time of a target, fixed where the clock began so that percentages hold."""
    if promise.count_next_day and duration.unit in ("days", "weeks"):
        week = sum(1 for hours in calendar.rules.week if hours)
        days = duration.amount * (week if duration.unit == "weeks" else 1)
        return calendar.elapsed(start, calendar.close_of_business(start, days))
    return calendar.working(start, duration)


def _duration(work: Work, draft: Draft, promise: Promise) -> Duration | None:
    target = next((one for one in promise.targets if _counts(work, draft, one)), None)
    if target is None:
        return None
    if isinstance(target.within, Duration):
        return target.within
    text = _worked_out(work, draft, target.within)
    try:
        return durations.parse(text) if text is not None else None
    except DurationRefused:
        parties.note_unanswered(draft, target.within)
        return None


def _counts(work: Work, draft: Draft, target: Target) -> bool:
    if target.priority is not None:
        return target.priority == draft.ticket.priority
    return parties.holds(target.when, draft, work.situation)


def _deadline(
    work: Work, draft: Draft, promise: Promise, clock: PromiseClock, calendar: Calendar
) -> datetime | None:
    if promise.due is None:
        return clock.deadline
    text = _worked_out(work, draft, promise.due)
    moment = _moment(str(text).strip(), calendar) if text else None
    if text and moment is None and isinstance(promise.due, Expression):
        parties.note_unanswered(draft, promise.due)
    return moment


def _moment(text: str, calendar: Calendar) -> datetime | None:
    """Return the moment that a field says; a date means the last working moment of that day, in the calendar's zone."""
    try:
        if len(text) == len("2026-01-31"):
            return calendar.end_of_day(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    local = (
        moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(calendar.zone))
    )
    return local.astimezone(UTC)


def _worked_out(work: Work, draft: Draft, value: Value) -> object:
    if isinstance(value, Constant):
        return value.value
    try:
        return draft.compiled.guards.value(value, parties.scope(draft, work.situation))
    except GuardFailed:
        parties.note_unanswered(draft, value)
        return None
