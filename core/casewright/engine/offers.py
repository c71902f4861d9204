"""What may be done with a ticket now, and what stands against the rest."""

import re

from casewright.answers import ActionOffer
from casewright.bilingual import Bilingual
from casewright.engine import moving, parties
from casewright.engine.draft import Draft, Work
from casewright.errors import Message
from casewright.model import Ticket
from casewright.workflows.spec import State, Transition

_FIELD = re.compile(r"\bfields\.([a-z_][a-z0-9_]*)")
APPROVE = Bilingual(en="Approve", zh="同意")
REFUSE = Bilingual(en="Refuse", zh="驳回")


def offers(work: Work, ticket: Ticket) -> tuple[ActionOffer, ...]:
    """Return the transitions and votes out of the ticket's state, in the workflow's order."""
    draft = work.begin(ticket, "")
    state = draft.compiled.workflow.states[ticket.state]
    found = [_transition(work, draft, transition) for transition in state.transitions.values()]
    return (*found, *_votes(work, draft, state))


def _transition(work: Work, draft: Draft, transition: Transition) -> ActionOffer:
    blocked = moving.personal_bar(work, draft, transition) or moving.countable_bar(
        draft, transition
    )
    if blocked is None and not _form_decides(draft, transition):
        blocked = _guard_bar(work, draft, transition)
    return ActionOffer(
        name=transition.name,
        title=transition.title,
        targets=tuple(dict.fromkeys(case.to for case in transition.cases)),
        form=transition.form,
        needs=tuple(need for need in transition.needs if not moving.given(draft, need, "")),
        key=transition.key,
        blocked=blocked,
    )


def _form_decides(draft: Draft, transition: Transition) -> bool:
    """Return whether the guard asks for a field that the transition's form is still to fill."""
    if transition.form is None or transition.when is None:
        return False
    asked = set(_FIELD.findall(transition.when.source))
    return not asked.isdisjoint(draft.compiled.forms[transition.form].fields)


def _guard_bar(work: Work, draft: Draft, transition: Transition) -> Message | None:
    if parties.holds(transition.when, draft, work.situation):
        return None
    return moving.guard_reason(draft, transition)


def _votes(work: Work, draft: Draft, state: State) -> tuple[ActionOffer, ...]:
    if state.approve is None:
        return ()
    blocked = moving.vote_bar(work, draft, state, moving.open_step(draft.ticket, state))
    granted = tuple(dict.fromkeys(case.to for case in state.approve.granted))
    ways = (
        ("grant", APPROVE, granted, ()),
        ("deny", REFUSE, (state.approve.denied,), ("reason",)),
    )
    return tuple(
        ActionOffer(
            name=name,
            title=title,
            targets=targets,
            form=None,
            needs=needs,
            key=None,
            blocked=blocked,
        )
        for name, title, targets, needs in ways
    )
