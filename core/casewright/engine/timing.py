"""The clocks of a ticket after a command: begun, paused, met, worked out again.

Called once for every ticket that a command touched, when all else is decided.
"""

from collections.abc import Iterator
from dataclasses import replace

from casewright.bilingual import Bilingual
from casewright.engine import aiming, promising, runs, supervising, telling
from casewright.engine.draft import Draft, Work
from casewright.engine.promises import promises_of
from casewright.engine.situation import Situation
from casewright.engine.undoing import undone
from casewright.sla import fold
from casewright.timekeeping import PromiseClock, Span
from casewright.workflows.spec import Promise, State

Clocks = dict[str, PromiseClock]

_ABOUT_TIME = frozenset(
    {"TimerFired", "ClocksRecalculated", "ExtensionDecided", "ExtensionAsked", "NoticeTaken"}
)
"""Events that touch clocks themselves."""


def keep(work: Work) -> None:
    """Bring the clocks of every ticket drafted up to what has happened to it."""
    for draft in work.drafts:
        if _knows_of_time(draft) and _concerned(work, draft):
            _keep(work, draft)


def _knows_of_time(draft: Draft) -> bool:
    ticket, promises = draft.ticket, draft.compiled.workflow.promises
    if promises or ticket.clocks or ticket.follow_ups:
        return True
    return supervising.ORDERED in draft.happened


def _concerned(work: Work, draft: Draft) -> bool:
    """Whether a clock may have to be looked at: something happened, what it depends on changed, or it is due."""
    if draft.happened or draft.kind in _ABOUT_TIME:
        return True
    clocks = draft.ticket.clocks.values()
    return aiming.changed(draft) or any(
        clock.next_at is not None and clock.next_at <= work.now for clock in clocks
    )


def _keep(work: Work, draft: Draft) -> None:
    before = dict(draft.ticket.clocks)
    promises = promises_of(draft)
    versions = work.situation.calendars.version
    clocks = {name: fold.breached(one, versions, work.now) for name, one in before.items()}
    if runs.begun_anew(draft):
        clocks = {name: runs.put_behind(one) for name, one in clocks.items()}
    for kind, name in _happenings(draft):
        for promise in promises.values():
            _happen(work, draft, promise, clocks, (kind, name))
    state = draft.compiled.workflow.states[draft.ticket.state]
    for name, clock in clocks.items():
        if clock.open and name in promises:
            clocks[name] = (
                runs.ended(clock, work.now)
                if state.final
                else _going_on(work, draft, promises[name], state, clock)
            )
    changed = {name: one for name, one in clocks.items() if before.get(name) != one}
    if changed:
        draft.change(clocks={**before, **changed})
    for name, clock in changed.items():
        if clock.end and not (name in before and before[name].end):
            work.silence(draft.ticket.key, clock)
    if state.final and draft.ticket.follow_ups:
        draft.change(follow_ups=())


def _happenings(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield what happened; what happens on the way (a promise met) is appended meanwhile."""
    index = 0
    while index < len(draft.happened):
        yield draft.happened[index]
        index += 1


def _happen(
    work: Work, draft: Draft, promise: Promise, clocks: Clocks, happening: tuple[str, str]
) -> None:
    kind, name = happening
    clock = clocks.get(promise.name)
    if clock is not None and clock.open and name in promise.until:
        if not clock.spans and clock.started_at < work.now:  # a late entry
            clock = _caught_up(work, draft, promise, clock)
        clocks[promise.name] = runs.ended(clock, work.now, met=True)
        draft.happen("promise", promise.name)
    elif name == promise.begins:
        clocks[promise.name] = runs.begin(work, draft, promise, clock)
    elif clock is not None and kind == "state" and undone(draft, promise, clock, name):
        clocks[promise.name] = runs.come_back(work, draft, promise, clock)


def _caught_up(work: Work, draft: Draft, promise: Promise, clock: PromiseClock) -> PromiseClock:
    """Return a clock that is met in the command that begins it, but began earlier: it may be overdue."""
    state = draft.compiled.workflow.states[draft.ticket.state]
    clock = _going_on(work, draft, promise, state, clock)
    return fold.breached(clock, work.situation.calendars.version, work.now)


def _going_on(
    work: Work, draft: Draft, promise: Promise, state: State, clock: PromiseClock
) -> PromiseClock:
    calendars, before = work.situation.calendars, clock
    calendar = calendars.calendar(promise.calendar)
    clock = fold.continued(clock, _span(work, draft, promise, state, clock, calendar.digest))
    if clock.breached_at is None and aiming.may_aim_anew(draft, promise, before, clock):
        clock = aiming.aimed(work, draft, promise, clock, calendar)
    if not before.spans and clock.target is None and clock.deadline is None:
        _tell_that_it_has_no_target(work, draft, promise)
    if clock is not before or draft.kind in _ABOUT_TIME:
        clock = promising.moved(
            before, fold.settled(clock, calendars.version), calendars.version
        )
        aiming.record(draft, before, clock)
        clock = aiming.next_looked_at(work, draft, clock)
    if state.name not in clock.ran_in:
        clock = replace(clock, ran_in=(*clock.ran_in, state.name))
    return clock


def _tell_that_it_has_no_target(work: Work, draft: Draft, promise: Promise) -> None:
    """A promise whose time cannot be worked out would pass unseen: whoever answers for the workflow is told."""
    title = promise.title
    said = Bilingual(
        en=f"The time for '{title.en}' cannot be worked out, so nothing warns of it.",
        zh=f"“{title.zh}”的时限无法确定，到期前不会有提醒。",
    )
    who = draft.compiled.workflow.process_owner
    telling.tell(work, draft, who, reason="no_target", message=said)


def _span(
    work: Work, draft: Draft, promise: Promise, state: State, clock: PromiseClock, calendar: str
) -> Span:
    holder, unit = held_by(draft, state, work.situation)
    since = clock.started_at if not clock.spans else work.now
    return Span(
        since=since,
        paused=state.name in promise.pauses,
        holder=holder,
        unit=unit,
        calendar=calendar,
        state=state.name,
        by=work.situation.actor.name,
    )


def held_by(draft: Draft, state: State, situation: Situation) -> tuple[str, str]:
    """Return who holds the ticket, and the department or team that its time is booked to."""
    ticket = draft.ticket
    person = situation.people.get(ticket.handler or ticket.owner)
    unit = (person.department or person.team) if person is not None else ""
    if state.waiting:
        return state.waiting, "" if state.waiting == "customer" else unit
    if ticket.handler is not None:
        return f"handler:{ticket.handler}", unit
    if person is not None and person.department:
        return f"department:{person.department}", unit
    return (f"team:{unit}", unit) if unit else ("system", "")
