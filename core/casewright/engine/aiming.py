"""A clock and what it aims at: a new target or deadline, the thresholds it arms again, and what is told of it."""

from dataclasses import replace
from datetime import timedelta

from casewright.durations import Duration
from casewright.engine import ladder
from casewright.engine.draft import Draft, Work
from casewright.engine.promises import steps_of
from casewright.engine.targets import aim
from casewright.sla import fold
from casewright.sla.calendar import Calendar
from casewright.timekeeping import PromiseClock
from casewright.workflows.spec import Promise

DEPENDED_ON = frozenset(
    {"state", "handler", "owner", "priority", "level", "times", "children_open"}
    | {"children_count", "children_since_entry"}
)
_PRIORITY = frozenset({"priority"})
"""Attributes of a ticket that spans, targets and conditions may depend on, beside its fields."""


def aimed(
    work: Work, draft: Draft, promise: Promise, clock: PromiseClock, calendar: Calendar
) -> PromiseClock:
    """Return the clock with the target and deadline it has now; moved later, the thresholds that lie ahead are armed again."""
    wanted = aim(work, draft, promise, clock, calendar)
    versions, now = work.situation.calendars.version, work.now
    unchanged = wanted.target == clock.target and wanted.deadline == clock.deadline
    if unchanged:
        return clock if wanted.asked == clock.asked else replace(clock, asked=wanted.asked)
    target, spent = wanted.target, fold.consumed(clock, versions, now)
    if target is not None and clock.target is not None and promise.recalculate == "from_now":
        target = max(target, spent)
    old = clock.goal
    clock = replace(clock, target=target, asked=wanted.asked, deadline=wanted.deadline)
    return rearmed(work, draft, fold.settled(clock, versions), old)


def rearmed(
    work: Work, draft: Draft, clock: PromiseClock, old: timedelta | None
) -> PromiseClock:
    """Return a clock whose goal was `old` before; moved later, the thresholds that lie ahead again are armed again."""
    if old is None or clock.goal is None or clock.goal <= old:
        return clock
    versions = work.situation.calendars.version
    spent = fold.consumed(clock, versions, work.now)
    found = ladder.rungs(clock, steps_of(draft, clock.promise), versions)
    behind = {one.name for one in found if one.point <= spent}
    return replace(clock, fired=tuple(name for name in clock.fired if name in behind))


def next_looked_at(work: Work, draft: Draft, clock: PromiseClock) -> PromiseClock:
    """Return the clock with its next moment worked out from its ladder."""
    versions = work.situation.calendars.version
    found = ladder.rungs(clock, steps_of(draft, clock.promise), versions)
    return replace(clock, next_at=ladder.next_moment(found, clock, versions))


def record(draft: Draft, before: PromiseClock, clock: PromiseClock) -> None:
    """Note a due time that moved, with its cause; a pause that moves it is told by the spans."""
    cause = _cause(before, clock)
    if not before.spans or cause is None or before.due_at == clock.due_at:
        return
    moved = {
        "promise": clock.promise,
        "was": before.due_at.isoformat() if before.due_at else None,
        "due": clock.due_at.isoformat() if clock.due_at else None,
        "cause": cause,
    }
    draft.facts.setdefault("moved", []).append(moved)


def changed(draft: Draft, names: frozenset[str] = DEPENDED_ON) -> bool:
    """Return whether the command changed one of these attributes, or a field."""
    return draft.before is None or draft.refilled or not names.isdisjoint(draft.changes)


def may_aim_anew(
    draft: Draft, promise: Promise, before: PromiseClock, clock: PromiseClock
) -> bool:
    """Return whether the target or deadline of a clock, which was `before`, may be another now."""
    if not before.spans:
        return True
    return _by_its_rules(draft, promise) or _other_days(promise, before, clock)


def _by_its_rules(draft: Draft, promise: Promise) -> bool:
    """Whether the target or deadline may be another now: what its rules ask for has changed."""
    if any(one.priority is not None for one in promise.targets):
        return (promise.due is not None and draft.refilled) or changed(draft, _PRIORITY)
    constant = promise.due is None and all(
        one.when is None and isinstance(one.within, Duration) for one in promise.targets
    )
    return not constant and changed(draft)


def _other_days(promise: Promise, before: PromiseClock, clock: PromiseClock) -> bool:
    """Whether the last working moment of a day, which a deadline may be, is another on another calendar."""
    return promise.due is not None and before.spans[-1].calendar != clock.spans[-1].calendar


def _cause(before: PromiseClock, clock: PromiseClock) -> str | None:
    if before.spans and before.spans[-1].calendar != clock.spans[-1].calendar:
        return "calendar"
    if before.deadline != clock.deadline:
        return "deadline"
    return "target" if before.target != clock.target else None
