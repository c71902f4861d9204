"""Notices: from who should be told to one effect a person and channel."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from casewright.bilingual import Bilingual
from casewright.effects import Notify
from casewright.engine import parties
from casewright.engine.draft import Draft, Work
from casewright.swift_dataclass import dataclass
from casewright.workflows.spec import Party, Who

CUSTOMER = "customer"
"""Whom a notice goes to when it goes to the customer; no member of staff can have this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Why a notice is sent and what it says; of which threshold of which clock, if it comes from a ladder."""

    reason: str
    message: Bilingual | None = None
    template: str = ""
    promise: str = ""
    run: int = 0
    threshold: str = ""
    occurrence: int = 0
    due: datetime | None = None


def tell(
    work: Work,
    draft: Draft,
    who: Who,
    *,
    reason: str,
    via: Sequence[str] = ("notice",),
    message: Bilingual | None = None,
    template: str = "",
) -> None:
    """Promise a notice to each of `who`; whoever acts is not told of their own
    doing, and nobody is told of a ticket that they may not see."""
    names = parties.members(who, draft, work.situation)
    wording = Wording(reason=reason, message=message, template=template)
    tell_people(work, draft, names, via=via, wording=wording)


def tell_people(
    work: Work, draft: Draft, names: Iterable[str], *, via: Sequence[str], wording: Wording
) -> tuple[str, ...]:
    """Promise a notice to these people, in place of an absent one to the deputy, else to the next level; return who is told."""
    told: dict[str, str] = {}
    for name in names:
        for one, absent in _present(work, draft, name):
            told.setdefault(one, absent)
    for name, absent in told.items():
        for channel in via:
            work.effects.append(_notify(draft, name, channel, wording, absent))
    if told:
        draft.facts["told"] = sorted({*draft.facts.get("told", ()), *told})
    return tuple(told)


def tell_watchers(work: Work) -> None:
    """Promise a notice to the watchers of every ticket that the command brought into a state.

    Those of a merged ticket watch the other one now, and hear of that.
    """
    wording = Wording(reason="watched")
    for draft in work.drafts:
        if draft.moved and draft.before is not None and draft.ticket.merged_into is None:
            tell_people(work, draft, draft.ticket.watchers, via=("notice",), wording=wording)


def relation(name: str) -> Party:
    """Return the party of a relation."""
    return Party("relation", name)


def role(name: str) -> Party:
    """Return the party of a role."""
    return Party("role", name)


def _notify(draft: Draft, name: str, channel: str, wording: Wording, absent: str) -> Notify:
    said = wording.message
    return Notify(
        ticket=draft.ticket.key,
        to=name,
        via=channel,
        reason=wording.reason,
        message={"en": said.en, "zh": said.zh} if said is not None else None,
        template=wording.template,
        promise=wording.promise,
        run=wording.run,
        threshold=wording.threshold,
        occurrence=wording.occurrence,
        due=wording.due,
        stands_for=absent,
    )


def _present(work: Work, draft: Draft, name: str) -> list[tuple[str, str]]:
    """Return who hears of it for `name`, each with the absent person they stand in for."""
    if not _may_be_told(work, draft, name):
        return []
    person = work.situation.people.get(name)
    if person is None or not person.absent(work.now):
        return [(name, "")]
    deputy = person.deputy_at(work.now)
    if deputy and _is_there(work, deputy) and _may_be_told(work, draft, deputy):
        return [(deputy, name)]
    above = parties.next_level(draft, work.situation)
    found = [one for one in above if _is_there(work, one) and _may_be_told(work, draft, one)]
    return [(one, name) for one in found] or [(name, "")]


def _is_there(work: Work, name: str) -> bool:
    person = work.situation.people.get(name)
    return person is not None and person.active and not person.absent(work.now)


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
