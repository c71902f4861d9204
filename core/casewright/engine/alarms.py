"""The timed transitions of a state: when the clock takes each."""

from datetime import datetime

from casewright.durations import Duration
from casewright.engine.draft import Draft, Work
from casewright.timekeeping import Alarm
from casewright.workflows.spec import State

DAILY = Duration(amount=1, unit="days")
"""When a timed transition that was refused is tried again."""


def start(work: Work, draft: Draft, state: State) -> None:
    """Let the timed transitions of the state just entered wait for their moment, and those of the last one no more."""
    if not state.after and not draft.ticket.alarms:
        return
    draft.change(alarms=_alarms(work, draft, state, work.now))


def move(work: Work, draft: Draft) -> None:
    """Let the timed transitions that wait count on the calendar as it is now; refused ones are tried when they would be."""
    state, known = draft.compiled.workflow.states[draft.ticket.state], draft.ticket.alarms
    if not known:
        return
    anew = _alarms(work, draft, state, draft.ticket.entered_at)
    draft.change(
        alarms={name: one if one.refused else anew[name] for name, one in known.items()}
    )


def _alarms(work: Work, draft: Draft, state: State, since: datetime) -> dict[str, Alarm]:
    calendar = work.situation.calendars.calendar(draft.compiled.workflow.calendar)
    return {
        one.transition: Alarm(at=calendar.due(since, calendar.working(since, one.after)))
        for one in state.after
    }
