"""Entering a state: its conditions, its actions, the ballot it opens, and what closing means."""

from casewright.engine import actions, alarms, entries, parties, relating
from casewright.engine.draft import Draft, Work
from casewright.engine.machine import GRANTED
from casewright.errors import Message, message
from casewright.model import NO_ATTEMPTS, NO_BALLOT, Ballot
from casewright.workflows.spec import Action, State, Step, Workflow

MOST_STEPS = 16
"""Approvals that nobody needs to vote on may follow each other; a longer chain is a mistake in the workflow."""


def enter(work: Work, draft: Draft, target: str, *, leaving: str | None) -> None:
    """Bring the ticket into `target`; TransitionRefused when the state does not admit it."""
    workflow = draft.compiled.workflow
    state = workflow.states[target]
    if leaving is not None:
        actions.perform(work, draft, _on_exit(workflow, workflow.states[leaving], state))
    refusal = barred(work, draft, state)
    if refusal is not None:
        raise actions.refused(draft, refusal)
    _arrive(work, draft, state, leaving)
    alarms.start(work, draft, state)
    actions.perform(work, draft, _on_enter(workflow, state, leaving))
    if state.approve is not None:
        step = next_step(work, draft, state, after=0)
        if step is None:
            grant(work, draft, state)
        else:
            draft.change(ballot=Ballot(step=step.number))


def barred(work: Work, draft: Draft, state: State) -> Message | None:
    """Return why the ticket may not enter `state`, on whatever path, or None."""
    missing = [name for name in state.needs if not entries.filled(draft.ticket, name)]
    if missing:
        return message("these must be filled in first: {fields}", fields=", ".join(missing))
    if not parties.holds(state.when, draft, work.situation):
        return message("'{state}' may not be entered yet", state=state.title)
    return None


def next_step(work: Work, draft: Draft, state: State, *, after: int) -> Step | None:
    """Return the approval's next step that applies, or None when there is none."""
    steps = state.approve.steps if state.approve is not None else ()
    later = (step for step in steps if step.number > after)
    return next(
        (step for step in later if parties.holds(step.when, draft, work.situation)), None
    )


def grant(work: Work, draft: Draft, state: State) -> None:
    """Take the way out that a granted approval opens."""
    passed = draft.facts.setdefault("granted", [])
    passed.append(state.name)
    if len(passed) > MOST_STEPS:
        raise actions.refused(
            draft, message("too many approvals follow each other with nobody voting")
        )
    follow(work, draft, state, GRANTED)


def follow(work: Work, draft: Draft, state: State, trigger: str) -> None:
    """Let the machine say where `trigger` leads, and enter there."""
    target = draft.compiled.machine.target(
        state.name, trigger, lambda expression: parties.holds(expression, draft, work.situation)
    )
    if target is None:
        raise actions.refused(draft, message("none of its cases holds"))
    draft.change(ballot=NO_BALLOT)
    enter(work, draft, target, leaving=state.name)


def _arrive(work: Work, draft: Draft, state: State, leaving: str | None) -> None:
    workflow, was_open = draft.compiled.workflow, draft.ticket.open
    voted = draft.kind == "VoteCast"  # a vote passes on what somebody else submitted
    draft.moved = True
    draft.change(
        state=state.name,
        entered_at=work.now,
        tried=NO_ATTEMPTS,
        children_since_entry=0,
        submitter=draft.ticket.submitter if voted else work.situation.actor.name,
    )
    if state.parent and (not leaving or workflow.states[leaving].parent != state.parent):
        draft.happen("state", state.parent)
    draft.happen("state", state.name)
    if state.final and was_open:
        draft.happen("event", "closed")
        draft.change(closed_at=work.now, before_final=leaving)
        relating.child_closed(work, draft)


def _on_exit(workflow: Workflow, old: State, new: State) -> tuple[Action, ...]:
    if old.parent and old.parent != new.parent:
        return (*old.on_exit, *workflow.outers[old.parent].on_exit)
    return old.on_exit


def _on_enter(workflow: Workflow, new: State, leaving: str | None) -> tuple[Action, ...]:
    came_from = workflow.states[leaving].parent if leaving else ""
    if new.parent and new.parent != came_from:
        return (*workflow.outers[new.parent].on_enter, *new.on_enter)
    return new.on_enter
