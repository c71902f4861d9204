"""Answers to what can be done: with a ticket, by whom, who has how much in hand, and how customers are answered."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from casewright.answers import ActionOffer, Assignable, ReplyPreview, ReplyTemplate, Unhandled
from casewright.desk.transaction import situation
from casewright.engine import parties
from casewright.engine.offers import offers
from casewright.model import Customer, Ticket
from casewright.queries import (
    GetActions,
    GetWorkload,
    ListAssignable,
    ListTemplates,
    ListUnhandled,
    PreviewReply,
)
from casewright.store import customers
from casewright.store import workload as stored
from casewright.store.tickets import Tickets

if TYPE_CHECKING:
    from casewright.desk.asking import Asking


def unhandled(asking: "Asking", query: ListUnhandled) -> tuple[Unhandled, ...]:
    """Return what nobody handles, as far as the asker may see it."""
    found = stored.unhandled(asking.database, asking.actor.among())
    return tuple(Unhandled(ticket=key, stamp=stamp) for key, stamp in found)


def assignable(asking: "Asking", query: ListAssignable) -> tuple[Assignable, ...]:
    """Return tickets with what decides who may handle them."""
    seen, _ = situation(asking.database, asking.library, actor=asking.asker, now=asking.now)
    known: dict[str, Customer | None] = {}
    return tuple(
        Assignable(
            ticket=ticket,
            customer=_customer(asking, ticket, known),
            excluded=parties.all_excluded(ticket, seen),
            previous=_previous(asking, ticket),
        )
        for ticket in _visible(asking, query.tickets)
    )


def workload(asking: "Asking", query: GetWorkload) -> Mapping[str, int]:
    """Return how many open tickets each person handles."""
    return stored.in_hand(asking.database, asking.actor.among())


def _visible(asking: "Asking", keys: tuple[str, ...]) -> Iterator[Ticket]:
    tickets = Tickets(asking.database, asking.now)
    for key in keys:
        if asking.actor.sees(key):
            yield tickets.get(key)


def _customer(
    asking: "Asking", ticket: Ticket, known: dict[str, Customer | None]
) -> Customer | None:
    if ticket.customer is None:
        return None
    if ticket.customer not in known:
        known[ticket.customer] = customers.current(asking.database, ticket.customer)
    return known[ticket.customer]


def _previous(asking: "Asking", ticket: Ticket) -> str:
    if ticket.customer is None:
        return ""
    return stored.previous_handler(asking.database, ticket.customer, ticket.key)


def actions(asking: "Asking", query: GetActions) -> tuple[ActionOffer, ...]:
    """Return what the asker may do with a ticket now."""
    work, ticket = asking.visible(query.ticket)
    return offers(work, ticket)


def templates(asking: "Asking", query: ListTemplates) -> tuple[ReplyTemplate, ...]:
    """Return the templates of answers to customers."""
    return asking.answering().listed(asking.now)


def preview(asking: "Asking", query: PreviewReply) -> ReplyPreview:
    """Return an answer to a customer as it would be sent."""
    return asking.answering().preview(query, asking.now)
