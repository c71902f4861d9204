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
    text = {"en": message.en, "zh": message.zh} if message is not None else None
    names = parties.members(who, draft, work.situation)
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


def relation(name: str) -> Party:
    """Return the party of a relation."""
    return Party("relation", name)


def role(name: str) -> Party:
    """Return the party of a role."""
    return Party("role", name)
