"""What may be done with a ticket now, and what stands against the rest."""

import re
from collections.abc import Callable

from casewright.answers import ActionOffer
from casewright.bilingual import Bilingual
from casewright.engine import moving, parties, plugged
from casewright.engine.draft import Draft, Work
from casewright.errors import Message, PluginFailed, PluginMissing, message
from casewright.model import Ticket
from casewright.patterns import pattern
from casewright.workflows.spec import Expression, State, Transition

_INSIDE = pattern(r"'[^']*'|\"[^\"]*\"")
_BRACKETS = pattern(r"[(\[{][^()\[\]{}]*[)\]}]")
_FIELD = pattern(r"\bfields\.([a-z_][a-z0-9_]*)")
APPROVE = Bilingual(en="Approve", zh="同意")
REFUSE = Bilingual(en="Refuse", zh="驳回")


def offers(work: Work, ticket: Ticket) -> tuple[ActionOffer, ...]:
    """Return the transitions and votes out of the ticket's state, in the workflow's order."""
    draft = work.begin(ticket, "")
    state = draft.compiled.workflow.states[ticket.state]
    found = [_transition(work, draft, transition) for transition in state.transitions.values()]
    return (*found, *_votes(work, draft, state))


def _transition(work: Work, draft: Draft, transition: Transition) -> ActionOffer:
    return ActionOffer(
        name=transition.name,
        title=transition.title,
        targets=tuple(dict.fromkeys(case.to for case in transition.cases)),
        form=transition.form,
        needs=tuple(need for need in transition.needs if not moving.given(draft, need, "")),
        key=transition.key,
        blocked=_asked(lambda: _bar(work, draft, transition)),
        undo=transition.undo,
    )


def _bar(work: Work, draft: Draft, transition: Transition) -> Message | None:
    state = draft.compiled.workflow.states[draft.ticket.state]
    plugged.must_know_words(work, draft, state, transition)
    return (
        moving.personal_bar(work, draft, transition)
        or moving.countable_bar(draft, transition)
        or _guard_bar(work, draft, transition)
        or plugged.transition_bar(work, draft, state, transition)
    )


def _asked(bar: Callable[[], Message | None]) -> Message | None:
    """Return what stands against something, be it that a plugin which has a say in it cannot be asked."""
    try:
        return bar()
    except (PluginFailed, PluginMissing) as error:
        return message("{error}", error=error)


def _guard_bar(work: Work, draft: Draft, transition: Transition) -> Message | None:
    """Return that the guard does not hold, whatever the transition's form may still say, or None."""
    form = draft.compiled.forms[transition.form].fields if transition.form is not None else {}
    for part in _parts(transition.when.source if transition.when is not None else ""):
        decided = set(_FIELD.findall(part)).isdisjoint(form)
        if decided and not parties.holds(Expression(part), draft, work.situation):
            return moving.guard_reason(draft, transition)
    return None


def _parts(source: str) -> list[str]:
    """Return the conditions that must all hold: what stands between `&&` outside brackets and quotes."""
    bare = _INSIDE.sub(lambda found: " " * len(found[0]), source)
    while _BRACKETS.search(bare):
        bare = _BRACKETS.sub(lambda found: " " * len(found[0]), bare)
    if "?" in bare or "||" in bare:
        return [source]
    ends = [found.start() for found in re.finditer("&&", bare)]
    begins = [0, *(end + 2 for end in ends)]
    parts = [source[begin:end] for begin, end in zip(begins, [*ends, len(source)], strict=True)]
    return [part for part in parts if part.strip()]


def _votes(work: Work, draft: Draft, state: State) -> tuple[ActionOffer, ...]:
    if state.approve is None:
        return ()
    step = moving.open_step(draft.ticket, state)
    blocked = _asked(lambda: moving.vote_bar(work, draft, state, step))
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
