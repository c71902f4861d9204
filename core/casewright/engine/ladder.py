"""The rungs of a promise's ladder: each a point of consumed working time, with what is due there."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from casewright.durations import Duration
from casewright.sla import fold
from casewright.sla.calendar import Calendar
from casewright.sla.fold import NOTHING, Versions
from casewright.swift_dataclass import dataclass
from casewright.timekeeping import PromiseClock
from casewright.workflows.spec import LadderStep, Threshold

WHOLE = 100
"""Per cent: the point at which the promise is due."""


DUE = "due"
"""Stands among a clock's fired thresholds when its breach has been dealt with."""


DEADLINE = "deadline"
"""Stands there when the deadline from outside has passed in a pause, and that was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One firing of a step: `name` is its threshold, unique in the ladder; `point` the working time consumed then."""

    name: str
    point: timedelta
    step: LadderStep

    def before_due(self, goal: timedelta) -> bool:
        """Return whether it warns of a breach that can still be prevented."""
        return self.point < goal


def rungs(clock: PromiseClock, steps: Iterable[LadderStep], versions: Versions) -> list[Rung]:
    """Return the rungs by point; none while it is not known how long the promise is.

    A rung that would lie before the beginning (4 hours before the end of 30 minutes) is none.
    """
    goal = clock.goal
    if goal is None or not clock.spans:
        return []
    calendar = versions(clock.spans[0].calendar)
    found: list[Rung] = []
    for step in steps:
        for name, point in _points(step, goal, calendar, clock.started_at):
            found.append(Rung(name=_unused(name, found), point=point, step=step))
    return sorted(found, key=lambda rung: rung.point)


def passed(found: Iterable[Rung], clock: PromiseClock, consumed: timedelta) -> list[Rung]:
    """Return the rungs that the clock has reached and that have not fired."""
    return [one for one in _waiting(found, clock) if one.point <= consumed]


def next_moment(
    found: Iterable[Rung], clock: PromiseClock, versions: Versions
) -> datetime | None:
    """Return when the clock has something to do next: a rung, its breach, or a taken notice not done in time.

    While it stands still there is only a breach from before, which nobody has noticed yet, or the
    deadline that came with the case: it breaks no promise, and must not pass unseen.
    """
    if not clock.open:
        return None
    if clock.paused:
        unnoticed = clock.breached_at is not None and DUE not in clock.fired
        return clock.breached_at if unnoticed else _outside_deadline(clock)
    first = min((one.point for one in _waiting(found, clock)), default=None)
    moments = [
        fold.reached(clock, versions, first) if first is not None else None,
        clock.due_at if DUE not in clock.fired else None,
        *clock.taken.values(),
        *clock.awaited.values(),
    ]
    return min((one for one in moments if one is not None), default=None)


def deadline_passed(clock: PromiseClock, now: datetime) -> bool:
    """Return whether the deadline from outside passes while the clock stands still, and nobody has been told."""
    moment = _outside_deadline(clock) if clock.paused else None
    return moment is not None and moment <= now


def _outside_deadline(clock: PromiseClock) -> datetime | None:
    known = clock.breached_at is not None or DEADLINE in clock.fired
    return None if known else clock.deadline


def _waiting(found: Iterable[Rung], clock: PromiseClock) -> list[Rung]:
    """Return the rungs that have not fired; a deadline may lie after the last working minute before it."""
    overdue, goal = clock.breached_at is not None, clock.goal
    return [
        one
        for one in found
        if one.name not in clock.fired and (overdue or goal is None or one.before_due(goal))
    ]


def _points(
    step: LadderStep, goal: timedelta, calendar: Calendar, start: datetime
) -> Iterator[tuple[str, timedelta]]:
    base = _base(step.at, goal, calendar, start)
    if base is None:
        return
    if step.every is None:
        yield spoken(step.at), base
        return
    pace = calendar.working(start, step.every)
    for time in range(1, step.times + 1):
        yield f"every {step.every} #{time}", base + pace * time


def _base(
    at: Threshold, goal: timedelta, calendar: Calendar, start: datetime
) -> timedelta | None:
    if at.percent is not None:
        return goal * at.percent // WHOLE if at.percent != WHOLE else goal
    length = _length(at.offset, calendar, start)
    if not at.before:
        return goal + length
    return goal - length if goal > length else None


def _length(offset: Duration | None, calendar: Calendar, start: datetime) -> timedelta:
    return NOTHING if offset is None else calendar.working(start, offset)


def spoken(at: Threshold) -> str:
    """Return a threshold as an author writes it."""
    if at.percent is not None:
        return f"{at.percent}%"
    return f"{at.offset} {'before' if at.before else 'after'}"


def _unused(name: str, found: list[Rung]) -> str:
    known = {one.name for one in found}
    names = (name if count == 1 else f"{name} ({count})" for count in range(1, len(known) + 2))
    return next(one for one in names if one not in known)
