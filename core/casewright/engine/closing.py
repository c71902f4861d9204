"""Closing in other ways than by a transition, and coming back: withdraw, merge, reopen."""

from collections.abc import Collection
from datetime import timedelta

from casewright.commands import MergeTickets, ReopenTicket, WithdrawTicket
from casewright.durations import told
from casewright.engine import entering, entries, opening, parties, relating
from casewright.engine.draft import Draft, Work
from casewright.engine.recording import must_be_open
from casewright.errors import IdentityUnchecked, Message, TicketRefused, message
from casewright.model import NO_BALLOT, Ticket
from casewright.workflows.spec import Reopen

WITHDRAWN = "withdrawn"
MERGED = "merged"


def withdraw(work: Work, command: WithdrawTicket) -> None:
    """Withdraw a ticket together with its open children, and theirs."""
    draft = work.draft(command.ticket, "TicketWithdrawn")
    must_be_open(draft.ticket)
    if not command.identity_checked:
        raise IdentityUnchecked(ticket=command.ticket)
    if not command.reason.strip():
        raise TicketRefused(ticket=command.ticket, reason=message("a reason must be given"))
    draft.private["reason"] = command.reason
    _withdraw(work, draft)


def _withdraw(work: Work, draft: Draft) -> None:
    for child in work.situation.tickets.open_children(draft.ticket.key):
        _withdraw(work, work.draft(child.key, "TicketWithdrawn"))
    draft.change(ballot=NO_BALLOT)
    entering.enter(work, draft, WITHDRAWN, leaving=draft.ticket.state)


def merge(work: Work, command: MergeTickets) -> None:
    """Merge a ticket into another of the same workflow; nothing that hung on it is lost."""
    draft = work.draft(command.ticket, "TicketMerged")
    if command.into == command.ticket:
        raise TicketRefused(
            ticket=command.ticket, reason=message("a ticket cannot be merged into itself")
        )
    into = work.draft(command.into, "TicketTookOver")
    must_be_open(draft.ticket)
    must_be_open(into.ticket)
    if into.ticket.workflow != draft.ticket.workflow:
        reason = message(
            "only tickets of one workflow can be merged; {other} is another", other=command.into
        )
        raise TicketRefused(ticket=command.ticket, reason=reason)
    _refuse_own_family(work, draft.ticket, into.ticket)
    if command.reason:
        draft.private["reason"] = command.reason
    _take_children(work, draft, into)
    watchers = tuple(dict.fromkeys((*into.ticket.watchers, *draft.ticket.watchers)))
    into.change(watchers=watchers)
    for role, other in draft.ticket.links:
        if other != command.into:
            relating.link(work, into, other, role)
    relating.link(work, into, command.ticket, "merged")
    draft.change(merged_into=command.into, ballot=NO_BALLOT)
    work.silence(command.ticket)
    entering.enter(work, draft, MERGED, leaving=draft.ticket.state)


def _refuse_own_family(work: Work, ticket: Ticket, into: Ticket) -> None:
    ancestor = into.parent
    while ancestor is not None:
        if ancestor == ticket.key:
            reason = message("it cannot be merged into its own child {other}", other=into.key)
            raise TicketRefused(ticket=ticket.key, reason=reason)
        ancestor = work.situation.tickets.get(ancestor).parent


def _take_children(work: Work, draft: Draft, into: Draft) -> None:
    children = work.situation.tickets.children(draft.ticket.key)
    still_open = 0
    for child in children:
        moved = work.draft(child.key, "ParentChanged")
        moved.change(parent=into.ticket.key)
        still_open += moved.ticket.open
    if children:
        into.change(
            children_open=into.ticket.children_open + still_open,
            children_count=into.ticket.children_count + len(children),
        )
        draft.change(children_open=0, children_count=0, children_since_entry=0)
        into.facts["children"] = [child.key for child in children]


def reopen(work: Work, command: ReopenTicket) -> None:
    """Bring a closed matter back as the workflow's policy says."""
    draft = work.draft(command.ticket, "TicketReopened")
    ticket, policy = draft.ticket, draft.compiled.workflow.reopen
    refusal = _reopen_bar(work, draft, policy, command.reason)
    if refusal is not None:
        raise TicketRefused(ticket=ticket.key, reason=refusal)
    if command.reason:
        draft.private["reason"] = command.reason
    match policy.policy:
        case "new ticket":
            _next_round(work, draft, command)
        case "restart":
            _come_back(work, draft, command, None)
        case _:
            state = policy.to or ticket.before_final or draft.compiled.workflow.start
            _come_back(work, draft, command, state)


def _reopen_bar(work: Work, draft: Draft, policy: Reopen, reason: str) -> Message | None:
    ticket, situation = draft.ticket, work.situation
    if ticket.closed_at is None:
        return message("the ticket is open")
    if ticket.merged_into is not None:
        return message("it was merged; reopen {other} instead", other=ticket.merged_into)
    if policy.within is not None and work.now - ticket.closed_at > timedelta_of(policy):
        return message(
            "it was closed more than {limit} ago; open a new ticket",
            limit=told(policy.within, working=False),
        )
    if not parties.belongs(situation.actor, policy.by, draft, situation):
        return message("only {who} may do this", who=parties.spoken(policy.by, situation))
    if "reason" in policy.needs and not reason.strip():
        return message("a reason must be given")
    return None


def timedelta_of(policy: Reopen) -> timedelta:
    """Return how long after closing a matter may come back, in calendar days."""
    return policy.within.wall if policy.within is not None else timedelta.max


def _come_back(work: Work, draft: Draft, command: ReopenTicket, state: str | None) -> None:
    """Open the ticket again, in `state` or, without one, where it would begin now."""
    draft.change(closed_at=None, before_final=None)
    if state is None:
        draft.happen("event", "opened")
        draft.change(times={}, children_since_entry=0)
        entries.hand_to(
            draft, parties.choose(draft.compiled.workflow.handler, draft, work.situation)
        )
    if command.fields:
        form = draft.compiled.workflow.form
        known = draft.compiled.forms[form].fields if form is not None else {}
        entries.check(draft.compiled, form, _merged(draft, known, command), work.situation)
        draft.fill(command.fields)
    relating.child_reopened(work, draft)
    entries.set_priority(draft, work.situation)
    entering.enter(work, draft, state or opening.first_state(work, draft), leaving=None)


def _next_round(work: Work, draft: Draft, command: ReopenTicket) -> None:
    newest = work.situation.tickets.lineage(draft.ticket.lineage)[-1]
    if newest.open:
        reason = message("the matter is open already as {other}", other=newest.key)
        raise TicketRefused(ticket=draft.ticket.key, reason=reason)
    compiled = work.situation.current(draft.ticket.workflow)
    known = compiled.forms[compiled.workflow.form].fields if compiled.workflow.form else {}
    made = opening.open_round(work, newest, compiled, _merged(draft, known, command))
    relating.link(work, draft, made.ticket.key, "lineage")
    draft.facts["round"] = made.ticket.round


def _merged(draft: Draft, known: Collection[str], command: ReopenTicket) -> dict[str, object]:
    """What the ticket has of the fields known, and all that the command says: the form refuses what it does not know."""
    kept = {name: value for name, value in draft.ticket.fields.items() if name in known}
    merged = {**kept, **command.fields}
    return {name: value for name, value in merged.items() if value is not None}
