"""Opening tickets: from a command, as a child of another ticket, or as the next round of a lineage."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casewright.commands import OpenTicket
from casewright.engine import entering, entries, parties
from casewright.engine.draft import ChildWanted, Draft, Work
from casewright.engine.situation import Compiled
from casewright.errors import (
    AssignmentRefused,
    CommandRefused,
    TicketRefused,
    message,
)
from casewright.model import EMPTY, Ticket
from casewright.workflows.guard import GuardFailed

MOST_CHILDREN = 200
"""A command that would open more tickets than this is a workflow that opens itself."""


def open_ticket(work: Work, command: OpenTicket) -> None:
    """Open a ticket as its command says, with a hint at likely duplicates."""
    compiled = work.situation.current(command.workflow)
    entries.must_be_a_word(command.channel)
    fields = entries.completed(compiled, compiled.workflow.form, command.fields)
    entries.check(compiled, compiled.workflow.form, fields, work.situation)
    received = _received(command.received_at, work.now)
    blank = _blank(work, compiled, received)
    customer = _current(work, command.customer)
    ticket = replace(blank, channel=command.channel, customer=customer)
    draft = work.create(ticket, compiled)
    if customer is not None:
        draft.private["customer"] = customer
        found = _likely_duplicates(work, command.workflow, customer)
        if found:
            draft.facts["duplicates"] = found
    if command.reason:
        draft.private["reason"] = command.reason
    draft.fill(fields)  # avoidance asks them about an owner who is named
    begin(work, draft, fields, owner=_named_owner(work, draft, command))


def open_wanted(work: Work) -> None:
    """Open the children that actions asked for, and those that these ask for in turn."""
    opened = 0
    while work.wanted:
        wanted = work.wanted.pop(0)
        opened += 1
        if opened > MOST_CHILDREN:
            key = wanted.parent.ticket.key
            reason = message(
                "one command would open more than {limit} tickets", limit=MOST_CHILDREN
            )
            raise TicketRefused(ticket=key, reason=reason)
        _open_child(work, wanted)


def _open_child(work: Work, wanted: ChildWanted) -> None:
    compiled = work.situation.current(wanted.workflow)
    fields = entries.completed(compiled, compiled.workflow.form, wanted.fields)
    entries.check(compiled, compiled.workflow.form, fields, work.situation)
    parent = wanted.parent.ticket
    ticket = replace(
        _blank(work, compiled, work.now),
        parent=parent.key,
        role=wanted.role,
        customer=parent.customer,
    )
    draft = work.create(ticket, compiled)
    if ticket.customer is not None:
        draft.private["customer"] = ticket.customer
    work.opened.append(ticket.key)
    begin(work, draft, fields)


def open_round(
    work: Work, newest: Ticket, compiled: Compiled, fields: Mapping[str, Any]
) -> Draft:
    """Open the next round of `newest`'s lineage: its earlier handlers and approvers stay out of it."""
    entries.check(compiled, compiled.workflow.form, fields, work.situation)
    ticket = replace(
        _blank(work, compiled, work.now),
        customer=newest.customer,
        channel=newest.channel,
        lineage=newest.lineage,
        round=newest.round + 1,
        lineage_handlers=_united(newest.lineage_handlers, newest.handlers),
        lineage_approvers=_united(newest.lineage_approvers, newest.approvers),
    )
    draft = work.create(ticket, compiled)
    if ticket.customer is not None:
        draft.private["customer"] = ticket.customer
    work.opened.append(ticket.key)
    begin(work, draft, fields)
    return draft


def begin(
    work: Work, draft: Draft, fields: Mapping[str, Any], *, owner: str | None = None
) -> None:
    """Fill a new ticket, name its owner and handler, and let it enter its first state."""
    workflow = draft.compiled.workflow
    draft.happen("event", "opened")
    draft.fill(fields)
    draft.change(level=_level(work, draft))
    entries.set_priority(draft, work.situation)
    draft.change(owner=owner or parties.responsible(draft, work.situation))
    entries.hand_to(draft, parties.choose(workflow.handler, draft, work.situation))
    born = draft.ticket
    draft.changes.update(
        workflow=born.workflow,
        bundle=born.bundle,
        number=born.number,
        channel=born.channel,
        received_at=born.received_at,
        lineage=born.lineage,
        **_told(born),
    )
    entering.enter(work, draft, first_state(work, draft), leaving=None)


def first_state(work: Work, draft: Draft) -> str:
    """Return where a ticket begins that is filled like this one."""
    workflow = draft.compiled.workflow
    cases = (
        case.to for case in workflow.starts if parties.holds(case.when, draft, work.situation)
    )
    return next(cases, workflow.start)


def _current(work: Work, customer: str | None) -> str | None:
    """Return the id by which a customer goes now; a ticket may also name one that nobody has put on file."""
    known = work.situation.customer(customer) if customer else None
    return known.id if known is not None else customer


def _likely_duplicates(work: Work, workflow: str, customer: str) -> list[str]:
    """Whoever may not see a ticket gets no hint at it either."""
    found = work.situation.tickets.likely_duplicates(workflow, customer)
    return [key for key in found if work.situation.sees(key)]


def _told(born: Ticket) -> dict[str, Any]:
    """What only some tickets are born with; left out, it is as `born` in the model has it."""
    names = ("parent", "role", "round", "lineage_handlers", "lineage_approvers", "priority")
    plain = {
        "parent": None,
        "role": "",
        "round": 1,
        "lineage_handlers": (),
        "lineage_approvers": (),
        "priority": "normal",
    }
    return {name: getattr(born, name) for name in names if getattr(born, name) != plain[name]}


def _blank(work: Work, compiled: Compiled, received: datetime) -> Ticket:
    workflow, now = compiled.workflow, work.now
    key, number = work.situation.new_key(workflow.prefix, now)
    return Ticket(
        key=key,
        number=number,
        workflow=workflow.name,
        bundle=workflow.digest,
        state=workflow.start,
        priority="normal",
        version=0,
        sequence=0,
        opener=work.situation.actor.name,
        opened_at=now,
        received_at=received,
        entered_at=now,
        updated_at=now,
        owner="",
        lineage=key,
        fields=EMPTY,
    )


def _received(received: datetime | None, now: datetime) -> datetime:
    if received is None:
        return now
    if received > now:
        raise CommandRefused(
            reason=message(
                "the time of receipt lies in the future: {moment}", moment=received.isoformat()
            )
        )
    return received


def _named_owner(work: Work, draft: Draft, command: OpenTicket) -> str | None:
    if command.owner is None:
        return None
    person = work.situation.people.get(command.owner)
    if person is None or not person.active:
        reason = message("there is no such person on the staff")
    elif parties.excluded(person.name, draft, work.situation):
        reason = message("the rules of avoidance keep them out")
    elif not command.reason:
        reason = message("a reason must be given")
    else:
        return person.name
    raise AssignmentRefused(ticket=draft.ticket.key, person=command.owner, reason=reason)


def _level(work: Work, draft: Draft) -> int:
    levels = draft.compiled.workflow.levels
    if levels is None:
        return 1
    wanted = draft.ticket.round
    if levels.start is not None:
        try:
            wanted = draft.compiled.guards.number(
                levels.start, parties.scope(draft, work.situation)
            )
        except GuardFailed:
            parties.note_unanswered(draft, levels.start)
    return max(1, min(wanted, len(levels.roles)))


def _united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
