"""What taking a transition or casting a vote would come to: decided as the command would be, and nothing of it written."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from casewright.answers import ClockChange, NoticeAhead, TransitionPreview
from casewright.bilingual import Bilingual
from casewright.commands import CastVote, FireTransition, TicketCommand
from casewright.desk.records.masked_input import without_masks
from casewright.desk.resources import must_be_allowed
from casewright.desk.transaction import situation
from casewright.engine import supervising
from casewright.engine.decide import decide
from casewright.engine.draft import Outcome
from casewright.errors import CommandRefused, PluginFailed, message
from casewright.model import Ticket
from casewright.queries import PreviewTransition
from casewright.timekeeping import PromiseClock
from casewright.workflows.spec import Workflow

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

GRANT, DENY = "grant", "deny"


def preview_transition(asking: "Asking", query: PreviewTransition) -> TransitionPreview:
    """Answer what the command would come to now, or raise the refusal that it would get."""
    command = _command(asking, query)
    must_be_allowed(asking.actor, command)
    seen, _ = situation(
        asking.database,
        asking.library,
        actor=asking.asker,
        now=asking.now,
        sees=partial(asking.actor.sees, doing=command.permission),
    )
    seen = replace(seen, new_key=_unnumbered())
    try:
        outcome = decide(without_masks(command, seen), seen)
    except PluginFailed as failure:
        # A look ahead counts against no plugin: what it would come to cannot be told.
        template = "it cannot be told what it would come to: {error}"
        raise CommandRefused(reason=message(template, error=failure)) from failure
    after = outcome.changes[0].after
    return _shown(outcome, asking.library.workflow(after.bundle))


def _command(asking: "Asking", query: PreviewTransition) -> TicketCommand:
    if query.transition in (GRANT, DENY) and _is_vote(asking, query):
        return CastVote(
            actor=query.actor,
            ticket=query.ticket,
            grant=query.transition == GRANT,
            reason=query.reason,
        )
    return FireTransition(
        actor=query.actor,
        ticket=query.ticket,
        transition=query.transition,
        form=query.form,
        reason=query.reason,
    )


def _is_vote(asking: "Asking", query: PreviewTransition) -> bool:
    """Whether a vote is meant: a state may have a transition of that name, which comes first."""
    _, ticket = asking.visible(query.ticket)
    state = asking.library.workflow(ticket.bundle).states[ticket.state]
    return query.transition not in state.transitions


def _unnumbered() -> Callable[[str, datetime], tuple[str, int]]:
    """Return what calls tickets by numbers that none can have: no number is taken."""
    taken = 0

    def new_key(prefix: str, moment: datetime) -> tuple[str, int]:
        nonlocal taken
        taken -= 1
        return f"{prefix}-{moment.year}-?{-taken}", taken

    return new_key


def _shown(outcome: Outcome, workflow: Workflow) -> TransitionPreview:
    first = outcome.changes[0]
    before, after = first.before, first.after
    assert before is not None, "a transition is taken of a ticket that is there"
    state = workflow.states[after.state]
    told = (NoticeAhead(recipient=one.to, via=one.via) for one in outcome.effects)
    return TransitionPreview(
        state=after.state,
        title=state.title,
        final=state.final,
        handler=after.handler,
        owner=after.owner,
        priority=after.priority,
        clocks=tuple(_clock_changes(before, after, workflow)),
        notices=tuple(dict.fromkeys(told)),
        opened=tuple(one.after.workflow for one in outcome.changes if one.before is None),
        undo=outcome.held_until is not None,
    )


def _clock_changes(before: Ticket, after: Ticket, workflow: Workflow) -> Iterator[ClockChange]:
    for name, clock in after.clocks.items():
        change = _change(before.clocks.get(name), clock)
        if change:
            title = _title(name, workflow)
            yield ClockChange(promise=name, title=title, change=change, due_at=clock.due_at)


def _title(name: str, workflow: Workflow) -> Bilingual:
    if name in workflow.promises:
        return workflow.promises[name].title
    if name == supervising.NAME:
        return supervising.promise(workflow.calendar).title
    return Bilingual(en=name, zh=name)


def _change(before: PromiseClock | None, after: PromiseClock) -> str:
    """Return what becomes of a clock, "" for nothing that anybody would see."""
    if before is None or before.run != after.run:
        return "started" if after.open else after.end
    if after.end != before.end:
        return after.end or "resumed"
    if after.breached_at is not None and before.breached_at is None:
        return "breached"
    if after.paused != before.paused:
        return "paused" if after.paused else "resumed"
    return "moved" if after.due_at != before.due_at else ""
