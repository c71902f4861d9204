"""By when somebody who took a notice will be done: it waits while the clock stands still, and follows the due time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from casewright.sla.fold import Versions
from casewright.timekeeping import PromiseClock, Span

Move = Callable[[datetime], datetime]


def moved(before: PromiseClock, clock: PromiseClock, versions: Versions) -> PromiseClock:
    """Return `clock`, which was `before`, with what was promised about its notices where it is now."""
    if not clock.taken and not clock.awaited:
        return clock
    if before.paused and not clock.paused:
        wait = _waited(before, clock, versions)
        return replace(clock, taken=_all(clock.taken, wait), awaited=_all(clock.awaited, wait))
    if before.due_at is None or clock.due_at is None or before.due_at == clock.due_at:
        return clock
    return replace(clock, taken=_all(clock.taken, _followed(before.due_at, clock.due_at)))


def _waited(before: PromiseClock, clock: PromiseClock, versions: Versions) -> Move:
    """Whoever had two hours of work left when the clock was stopped has two hours now."""
    stopped, running = _since(before.spans), clock.spans[-1]
    calendar = versions(running.calendar)
    return lambda until: calendar.due(running.since, calendar.elapsed(stopped, until))


def _followed(was: datetime, due: datetime) -> Move:
    """Whoever took it until it was due has taken it until it is due; nobody is done later than that."""
    return lambda until: due if until == was else min(until, due)


def _since(spans: tuple[Span, ...]) -> datetime:
    """Return when a clock that stands still was stopped."""
    running = (index for index, span in enumerate(spans) if not span.paused)
    return spans[max(running, default=-1) + 1].since


def _all(promised: Mapping[str, datetime], move: Move) -> dict[str, datetime]:
    return {name: move(until) for name, until in promised.items()}
