"""Notices: from who should be told to one effect a person and channel."""

from collections.abc import Sequence

from casewright.bilingual import Bilingual
from casewright.effects import Notify
from casewright.engine import parties
from casewright.engine.draft import Draft, Work
from casewright.workflows.spec import Party, Who

CUSTOMER = "customer"
"""Whom a notice goes to when it goes to the customer; no member of staff can have this name."""


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
    told = [name for name in names if _may_be_told(work, draft, name)]
    work.effects.extend(
        Notify(ticket=draft.ticket.key, to=name, via=channel, reason=reason, message=text)
        for name in told
        for channel in via
    )
    if told:
        draft.facts["told"] = sorted({*draft.facts.get("told", ()), *told})


def _may_be_told(work: Work, draft: Draft, name: str) -> bool:
    if name == CUSTOMER:
        return True
    person = work.situation.people.get(name)
    if person is None or not person.active:
        # The name may come from a form, and what was typed into one never stands in an event.
        draft.facts["not_on_the_staff"] = draft.facts.get("not_on_the_staff", 0) + 1
        return False
    mine = name == work.situation.actor.name
    return not mine and not parties.hidden_from(name, draft, work.situation)
