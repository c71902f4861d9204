"""What is due: a rung of a ladder, a timed transition, a follow-up, or clocks to be worked out again."""

from collections.abc import Mapping
from datetime import datetime

from casewright.commands import TimerFired
from casewright.engine import actions, alarms, moving, ringing, telling, timing
from casewright.engine.draft import Draft, Work
from casewright.engine.telling import Wording
from casewright.errors import CasewrightError, NothingChanges, message
from casewright.model import Ticket
from casewright.timekeeping import (
    AFTER,
    CALENDAR,
    FOLLOW_UP,
    PROMISE,
    Alarm,
    PromiseClock,
    timers_of,
)


def fire(work: Work, command: TimerFired) -> None:
    """Do what the timer stands for; NothingChanges when the ticket no longer waits for it.

    A refusal when something to be done at its moment cannot be: `fire_refused` then does the rest.
    """
    _fire(work, command, refusal=None)


def fire_refused(work: Work, command: TimerFired, refusal: CasewrightError) -> None:
    """Do what the timer stands for without what was refused; that it was is recorded and told."""
    _fire(work, command, refusal=refusal)


def _fire(work: Work, command: TimerFired, *, refusal: CasewrightError | None) -> None:
    draft = work.draft(command.ticket, "TimerFired")
    ticket = draft.ticket
    if command.name == CALENDAR:
        _recalculate(work, draft)
        return
    if _waiting(ticket).get(command.name) != command.due_at or command.due_at > work.now:
        raise NothingChanges(
            ticket=ticket.key,
            reason=message("it no longer waits for '{name}'", name=command.name),
        )
    draft.facts.update(timer=command.name, due=command.due_at.isoformat())
    if command.name.startswith(AFTER):
        _take(work, draft, command.name.removeprefix(AFTER), refusal)
    elif command.name.startswith(FOLLOW_UP):
        _follow_up(work, draft, int(command.name.removeprefix(FOLLOW_UP)))
    else:
        ringing.ring(work, draft, ticket.clocks[command.name.removeprefix(PROMISE)], refusal)


def _waiting(ticket: Ticket) -> Mapping[str, datetime]:
    return timers_of(ticket.clocks, ticket.alarms, ticket.follow_ups)


def _recalculate(work: Work, draft: Draft) -> None:
    """Work the clocks out on the calendars as they are now; one that comes to the same leaves no trace."""
    before, waiting = draft.ticket.clocks, draft.ticket.alarms
    draft.kind = "ClocksRecalculated"
    timing.keep(work)
    alarms.move(work, draft)
    moved = any(_moved(before[name], one) for name, one in draft.ticket.clocks.items())
    if not moved and draft.ticket.alarms == waiting:
        raise NothingChanges(
            ticket=draft.ticket.key, reason=message("its clocks come to the same")
        )


def _moved(before: PromiseClock, after: PromiseClock) -> bool:
    """Whether it makes a difference: to what is due, or, where nothing is, to the time waited or overdue."""
    if (after.paused or after.breached_at is not None) and before.spans != after.spans:
        return True
    seen = (before.due_at, before.next_at, before.provisional, before.breached_at)
    return seen != (after.due_at, after.next_at, after.provisional, after.breached_at)


def _take(work: Work, draft: Draft, transition: str, refusal: CasewrightError | None) -> None:
    """Take a timed transition; where it may not be taken that is told once, and tried again every working day."""
    alarm = draft.ticket.alarms[transition]
    others = {name: one for name, one in draft.ticket.alarms.items() if name != transition}
    if refusal is None:
        draft.kind = "TransitionFired"
        draft.change(alarms=others)
        _must_have_rights(draft, transition)
        moving.take_by_itself(work, draft, transition)
        return
    calendar = work.situation.calendars.calendar(draft.compiled.workflow.calendar)
    again = calendar.due(work.now, calendar.working(work.now, alarms.DAILY))
    draft.change(alarms={**others, transition: Alarm(at=again, refused=True)})
    draft.facts.update(transition=transition, refused=refusal.code)
    if not alarm.refused:
        ringing.tell_refused(work, draft, "timed_transition_refused")


def _must_have_rights(draft: Draft, transition: str) -> None:
    lacking = draft.compiled.beyond_rights(ringing.FIRE)
    if lacking:
        template = "who wrote the workflow did not have the permission '{permission}'"
        reason = message(template, permission=lacking)
        raise actions.refused_in(draft, draft.ticket.state, transition, reason)


def _follow_up(work: Work, draft: Draft, number: int) -> None:
    due = next(one for one in draft.ticket.follow_ups if one.number == number)
    left = tuple(one for one in draft.ticket.follow_ups if one is not due)
    draft.change(follow_ups=left)
    draft.facts["follow_up"] = due.sequence
    wording = Wording(reason="follow_up", due=due.at)
    telling.tell_people(work, draft, (due.person,), via=("notice",), wording=wording)
