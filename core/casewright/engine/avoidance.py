"""Avoidance after the fact: what a command put into the fields may exclude those who have the ticket."""

from casewright.engine import entries, parties, telling
from casewright.engine.draft import Draft, Work
from casewright.model import Ballot

_OWNER = (telling.relation("owner"),)


def keep_out(work: Work) -> None:
    """Take refilled tickets out of the hands of whoever their fields exclude now.

    The handler gives the ticket up, another owner is named (NobodyLeft when there is none), and a
    vote in the step that is open does not count any more.
    """
    for draft in work.drafts:
        if draft.compiled.workflow.exclude and draft.refilled:
            _keep_out(work, draft)


def _keep_out(work: Work, draft: Draft) -> None:
    ticket, situation = draft.ticket, work.situation
    concerned = {
        name for name in (ticket.handler, ticket.owner, *ticket.ballot.granted) if name
    }
    out = sorted(name for name in concerned if parties.excluded(name, draft, situation))
    if not out:
        return
    draft.facts["kept_out"] = out
    if ticket.handler in out:
        entries.hand_to(draft, None)
    if ticket.owner in out:
        draft.change(owner=parties.responsible(draft, situation))
        telling.tell(work, draft, _OWNER, reason="assigned")
    agreed = tuple(name for name in ticket.ballot.granted if name not in out)
    if agreed != ticket.ballot.granted:
        draft.change(ballot=Ballot(step=ticket.ballot.step, granted=agreed))
