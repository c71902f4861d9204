"""Taking transitions and casting votes."""

from collections.abc import Mapping
from typing import Any

from casewright.bilingual import Bilingual
from casewright.commands import CastVote, FireTransition
from casewright.engine import actions, entering, entries, parties, plugged
from casewright.engine.draft import Draft, Work
from casewright.engine.machine import DENIED
from casewright.errors import (
    Conflict,
    Message,
    NotFound,
    TransitionRefused,
    VoteRefused,
    message,
)
from casewright.model import TIMER, Ballot, Person, Ticket, Tried, is_system
from casewright.nearest import hint
from casewright.workflows.guard import GuardFailed
from casewright.workflows.spec import Attempts, Constant, State, Step, Transition, Workflow


def fire(work: Work, command: FireTransition) -> None:
    """Take a transition: who, how often, what was entered, the guard, then the way itself."""
    draft = work.draft(command.ticket, "TransitionFired")
    expect(draft.ticket, command.version)
    workflow = draft.compiled.workflow
    state = workflow.states[draft.ticket.state]
    transition = state.transitions.get(command.transition)
    if transition is None:
        raise _unknown(draft, workflow, state, command.transition)
    draft.facts["transition"] = transition.name
    plugged.must_know_words(work, draft, state, transition)
    refusal = personal_bar(work, draft, transition) or countable_bar(draft, transition)
    if refusal is not None:
        raise actions.refused(draft, refusal)
    form = entries.completed(draft.compiled, transition.form, command.form, draft.ticket.fields)
    entries.check(draft.compiled, transition.form, form, work.situation)
    draft.fill({**_said_before(draft, transition.form, form), **form})
    if command.reason:
        draft.private["reason"] = command.reason
    missing = [need for need in transition.needs if not given(draft, need, command.reason)]
    if missing:
        raise actions.refused(draft, message("it needs {fields}", fields=", ".join(missing)))
    if not parties.holds(transition.when, draft, work.situation):
        raise actions.refused(draft, guard_reason(draft, transition))
    refusal = plugged.transition_bar(work, draft, state, transition)
    if refusal is not None:
        raise actions.refused(draft, refusal)
    if command.form and draft.private:
        entries.set_priority(draft, work.situation)
    _go(work, draft, state, transition)


def take_by_itself(work: Work, draft: Draft, transition: str) -> None:
    """Let the clock take a transition; all that holds for people holds for it, except who may."""
    command = FireTransition(ticket=draft.ticket.key, transition=transition, actor=TIMER)
    fire(work, command)


def _said_before(draft: Draft, form: str | None, values: Mapping[str, Any]) -> dict[str, None]:
    """Empty what the form said the last time and does not say now; what other forms ask for too is kept."""
    if form is None:
        return {}
    forms = draft.compiled.forms
    others = [one.fields for name, one in forms.items() if name != form]
    left_out = [
        name
        for name in draft.ticket.fields
        if name in forms[form].fields and name not in values
    ]
    return {name: None for name in left_out if not any(name in fields for fields in others)}


def _go(work: Work, draft: Draft, state: State, transition: Transition) -> None:
    times = draft.ticket.times
    draft.change(times={**times, transition.name: times.get(transition.name, 0) + 1})
    draft.moved = True
    draft.happen("transition", transition.name)
    actions.perform(work, draft, transition.do)
    if transition.cases:
        entering.follow(work, draft, state, transition.name)


def expect(ticket: Ticket, version: int | None) -> None:
    """Raise Conflict when the client looked at another version."""
    if version is not None and version != ticket.version:
        raise Conflict(ticket=ticket.key, expected=version, actual=ticket.version)


def personal_bar(work: Work, draft: Draft, transition: Transition) -> Message | None:
    """Return why the actor is not the one to take `transition`, or None."""
    situation, actor = work.situation, work.situation.actor
    if is_system(actor.name):
        return None
    if parties.excluded(actor.name, draft, situation):
        return message("the rules of avoidance keep {actor} out", actor=parties.called(actor))
    if parties.belongs(actor, transition.excepting, draft, situation):
        return message("{actor} may not be the one", actor=parties.called(actor))
    if parties.belongs(actor, transition.by, draft, situation):
        return None
    if draft.ticket.handler is None and any(party.name == "handler" for party in transition.by):
        return message("nobody handles it yet; it must be assigned first")
    return message("only {who} may do this", who=parties.spoken(transition.by, situation))


def countable_bar(draft: Draft, transition: Transition) -> Message | None:
    """Return which count stands against `transition`, or None."""
    taken = draft.ticket.times.get(transition.name, 0)
    if transition.limit is not None and taken >= transition.limit:
        return message("it was taken {count} time(s), which is the limit", count=taken)
    if transition.attempts is not None and not _tried_enough(
        draft.ticket.tried, transition.attempts
    ):
        wanted = transition.attempts
        return message(
            "contact attempts are missing: {calls} call(s) on {days} day(s) and {messages} message(s) are asked for",
            calls=wanted.calls,
            days=wanted.days,
            messages=wanted.messages,
        )
    return None


def given(draft: Draft, need: str, reason: str) -> bool:
    """Return whether what a transition needs is there: a reason, an attachment, or a filled field."""
    if need == "reason":
        return bool(reason.strip())
    if need == "attachment":
        return draft.ticket.attachments > 0
    return entries.filled(draft.ticket, need)


def vote(work: Work, command: CastVote) -> None:
    """Count a vote: one refusal denies, enough agreement goes on to the next step or grants."""
    draft = work.draft(command.ticket, "VoteCast")
    expect(draft.ticket, command.version)
    state = draft.compiled.workflow.states[draft.ticket.state]
    step = open_step(draft.ticket, state)
    refusal = vote_bar(work, draft, state, step)
    if refusal is None and not command.grant and not command.reason.strip():
        refusal = message("a refusal needs a reason")
    if refusal is not None or step is None:
        raise VoteRefused(
            ticket=command.ticket, reason=refusal or message("nothing waits for approval")
        )
    draft.facts.update(step=step.number, decision="granted" if command.grant else "denied")
    if command.reason:
        draft.private["reason"] = command.reason
    if command.grant:
        _agree(work, draft, state, step)
    else:
        _remember_approver(draft, work.situation.actor)
        entering.follow(work, draft, state, DENIED)


def open_step(ticket: Ticket, state: State) -> Step | None:
    """Return the approval step that the ticket waits in, or None."""
    if state.approve is None or not ticket.ballot.step:
        return None
    return next(step for step in state.approve.steps if step.number == ticket.ballot.step)


def vote_bar(work: Work, draft: Draft, state: State, step: Step | None) -> Message | None:
    """Return why the actor's vote would not count, or None."""
    actor, situation = work.situation.actor, work.situation
    if step is None or state.approve is None:
        return message("nothing waits for approval")
    if parties.excluded(actor.name, draft, situation):
        return message("the rules of avoidance keep {actor} out", actor=parties.called(actor))
    if parties.belongs(actor, state.approve.excepting, draft, situation):
        return message("{actor} may not be the one", actor=parties.called(actor))
    if not parties.belongs(actor, step.voters, draft, situation):
        return message("only {who} may do this", who=parties.spoken(step.voters, situation))
    if actor.name in draft.ticket.ballot.granted:
        return message("{actor} has voted already", actor=parties.called(actor))
    return None


def _agree(work: Work, draft: Draft, state: State, step: Step) -> None:
    voter = work.situation.actor
    agreed = (*draft.ticket.ballot.granted, voter.name)
    _remember_approver(draft, voter)
    if len(agreed) < _votes_needed(work, draft, step):
        draft.change(ballot=Ballot(step=step.number, granted=agreed))
        return
    following = entering.next_step(work, draft, state, after=step.number)
    if following is not None:
        draft.change(ballot=Ballot(step=following.number))
    else:
        entering.grant(work, draft, state)


def _remember_approver(draft: Draft, voter: Person) -> None:
    if voter.name not in draft.ticket.approvers:
        draft.change(approvers=(*draft.ticket.approvers, voter.name))


def _votes_needed(work: Work, draft: Draft, step: Step) -> int:
    if isinstance(step.votes, Constant):
        return int(str(step.votes.value))
    try:
        wanted = draft.compiled.guards.number(step.votes, parties.scope(draft, work.situation))
    except GuardFailed as failure:
        reason = message(
            "the number of votes cannot be worked out: {detail}", detail=str(failure)
        )
        raise VoteRefused(ticket=draft.ticket.key, reason=reason) from None
    return max(1, wanted)


def _tried_enough(tried: Tried, wanted: Attempts) -> bool:
    return (
        tried.calls >= wanted.calls
        and tried.messages >= wanted.messages
        and len(tried.days) >= wanted.days
    )


def guard_reason(draft: Draft, transition: Transition) -> Message:
    """Return why the guard refuses, as the workflow words it or else as it is written, or that it could not be worked out."""
    unanswered = draft.facts.get("unanswered")
    if unanswered:
        return message("its condition could not be worked out: {detail}", detail=unanswered[0])
    if transition.refusal is not None:
        return message("{reason}", reason=transition.refusal)
    condition = transition.when.source if transition.when is not None else ""
    return message(
        "its condition does not hold: {condition}", condition=" ".join(condition.split())
    )


def _unknown(
    draft: Draft, workflow: Workflow, state: State, name: str
) -> NotFound | TransitionRefused:
    everywhere = {known for one in workflow.states.values() for known in one.transitions}
    if name not in everywhere:
        return NotFound(kind=message("transition"), name=name, hint=hint(name, everywhere))
    if state.final:
        reason = message("the ticket is closed")
    else:
        reason = message(
            "it is not possible there; possible: {names}",
            names=[
                Bilingual(en=name, zh=one.title.zh) for name, one in state.transitions.items()
            ]
            or ["-"],
        )
    return actions.refused_in(draft, state.name, name, reason)
