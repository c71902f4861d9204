"""Notices: from who should be told to one effect a person and channel."""

from collections.abc import Sequence

from casewright.bilingual import Bilingual
from casewright.effects import Notify
from casewright.engine import parties
from casewright.engine.draft import Draft, Work
from casewright.workflows.spec import Party, Who


def tell(
    work: Work,
    draft: Draft,
    who: Who,
    *,
    reason: str,
    via: Sequence[str] = ("notice",),
    message: Bilingual | None = None,
) -> None:
    """Promise a notice to each of `who`; whoever acts is not told of their own
    doing, and nobody is told of a ticket that they may not see."""
    names = parties.members(who, draft, work.situation)
    _promise(work, draft, names, reason=reason, via=via, message=message)


def tell_watchers(work: Work) -> None:
    """Promise a notice to the watchers of every ticket that the command brought into a state.

    Those of a merged ticket watch the other one now, and hear of that.
    """
    for draft in work.drafts:
        if draft.moved and draft.before is not None and draft.ticket.merged_into is None:
            _promise(work, draft, draft.ticket.watchers, reason="watched")


def relation(name: str) -> Party:
    """Return the party of a relation."""
    return Party("relation", name)


def role(name: str) -> Party:
    """Return the party of a role."""
    return Party("role", name)


def _promise(
    work: Work,
    draft: Draft,
    names: Sequence[str],
    *,
    reason: str,
    via: Sequence[str] = ("notice",),
    message: Bilingual | None = None,
) -> None:
    text = {"en": message.en, "zh": message.zh} if message is not None else None
    told = [
        name
        for name in names
        if name != work.situation.actor.name
        and not parties.hidden_from(name, draft, work.situation)
    ]
    work.effects.extend(
        Notify(ticket=draft.ticket.key, to=name, via=channel, reason=reason, message=text)
        for name in told
        for channel in via
    )
    if told:
        draft.facts["told"] = sorted({*draft.facts.get("told", ()), *told})
