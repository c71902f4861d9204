"""Which errands there are about a ticket, about several, and about none: the workflow's own actions first, then what every ticket has."""

from collections.abc import Collection, Mapping, Sequence

from casewright.answers import ActionOffer, Myself
from casewright.forms.spec import Form
from casewright.model import EMPTY, Person, Ticket
from casewright.workflows.spec import Workflow
from casewright_tui.errands import (
    asking,
    contacts,
    handling,
    upkeep,
    workflow_actions,
)
from casewright_tui.errands import (
    opening as _opening,
)
from casewright_tui.errands.errand import Errand


def of_ticket(
    ticket: Ticket,
    offers: Sequence[ActionOffer],
    workflow: Workflow,
    forms: Mapping[str, Form],
    *,
    myself: Myself,
    people: Mapping[str, Person],
) -> Sequence[Errand]:
    """Return what can be done with a ticket, blocked errands with their reason."""
    found = workflow_actions.actions(ticket, offers, workflow, forms, myself=myself)
    keys, form = (ticket.key,), forms.get(workflow.form or "")
    if asking.may(myself, "ticket.comment"):
        found.append(contacts.note(keys, myself))
    found += contacts.all_of(keys, myself)
    if not ticket.open:
        return [*found, *upkeep.of_closed(ticket, workflow, form, myself)]
    if asking.may(myself, "ticket.assign"):
        found.append(handling.assign(keys, myself, people, seen={ticket.key: ticket.version}))
    if asking.may(myself, "ticket.remind"):
        found.append(handling.remind(keys, myself))
    found += upkeep.of_open(ticket, workflow, form, myself)
    if asking.may(myself, "ticket.watch"):
        watching = myself.person.name not in ticket.watchers
        found.append(handling.watch(keys, myself, watching=watching))
    return found


def of_tickets(
    tickets: Collection[str],
    *,
    myself: Myself,
    people: Mapping[str, Person],
    seen: Mapping[str, int] = EMPTY,
) -> Sequence[Errand]:
    """Return what can be done with several tickets at once: assign, note, remind, supervise, escalate, watch, attempts.

    They are given to somebody only as they were `seen`, by their version: who took one meanwhile keeps it.
    """
    keys = tuple(tickets)
    found: list[Errand] = []
    if asking.may(myself, "ticket.assign"):
        found.append(handling.assign(keys, myself, people, seen=seen))
    if asking.may(myself, "ticket.comment"):
        found.append(contacts.note(keys, myself))
    if asking.may(myself, "ticket.remind"):
        found.append(handling.remind(keys, myself))
    if asking.may(myself, "ticket.supervise"):
        found.append(upkeep.supervise(keys, myself))
    if asking.may(myself, "ticket.escalate"):
        found.append(upkeep.escalate(keys, myself))
    if asking.may(myself, "ticket.watch"):
        found += [handling.watch(keys, myself, watching=one) for one in (True, False)]
    return found


def opening(
    workflow: Workflow,
    forms: Mapping[str, Form],
    *,
    myself: Myself,
    customer: str | None = None,
) -> Errand:
    """Return the errand that opens a ticket of a workflow, for a customer where one is known."""
    return _opening.opened(workflow, forms, myself=myself, customer=customer)
