"""What a ticket's place asks of the desk: all of it when it is opened, and again only once the ticket is another."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from casewright.answers import ActionOffer, Assignable, CustomerView, Notice, NoticePage
from casewright.model import EMPTY, Event, Ticket
from casewright.queries import (
    GetActions,
    GetClocks,
    GetCustomerView,
    GetHistory,
    GetTicket,
    ListAssignable,
    ListNotices,
    ListTickets,
)
from casewright.swift_dataclass import dataclass
from casewright_tui.errands import catalogue
from casewright_tui.errands.errand import Errand
from casewright_tui.known import Known, gathered

if TYPE_CHECKING:
    from casewright.sla.standing import TicketTime
    from casewright_tui.screens.desk_screen import DeskScreen

NOTICES, CHILDREN = 200, 100
"""So many of them are asked for; that there are more is said where they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A ticket and all that is shown of it; `revealed` are personal fields in the clear, which were asked for.

    `more_children` and `more_notices` are there beside those that were asked for, the newest ones.
    """

    ticket: Ticket
    events: Sequence[Event]
    time: "TicketTime"
    offers: Sequence[ActionOffer]
    children: Sequence[Ticket]
    notices: Sequence[Notice]
    errands: Sequence[Errand]
    names: Known
    revealed: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    more_children: int = 0
    more_notices: bool = False


async def sheet(screen: "DeskScreen", key: str) -> Sheet:
    """Ask for a ticket and all that hangs on it. That somebody looked goes on record: once each time that this is called."""
    actor, site = screen.actor, screen.terminal.site
    ticket: Ticket = await screen.ask(GetTicket(actor=actor, ticket=key))
    events = await screen.ask(GetHistory(actor=actor, ticket=key))
    time = await screen.ask(GetClocks(actor=actor, ticket=key))
    offers = await screen.ask(GetActions(actor=actor, ticket=key))
    notices: NoticePage = await screen.ask(ListNotices(actor=actor, ticket=key, limit=NOTICES))
    children: Sequence[Ticket] = ()
    if ticket.children_count:
        query = ListTickets(actor=actor, parent=key, limit=CHILDREN)
        children = (await screen.ask(query)).tickets
    texts = screen.texts.in_zone(time.zone)
    names = await gathered(site, actor, texts, (ticket, *children))
    workflow, forms = names.workflow(ticket.workflow, ticket.bundle)
    assert screen.terminal.myself is not None
    errands = catalogue.of_ticket(
        ticket, offers, workflow, forms, myself=screen.terminal.myself, people=names.people
    )
    return Sheet(
        ticket=ticket, events=events, time=time, offers=offers, children=children,
        notices=notices.notices, errands=errands, names=names, more_notices=notices.after is not None,
        more_children=ticket.children_count - len(children) if len(children) == CHILDREN else 0,
    )  # fmt: skip


async def is_another(screen: "DeskScreen", known: Sheet) -> bool:
    """Return whether the ticket has changed since; this is no look at it."""
    query = ListAssignable(actor=screen.actor, tickets=(known.ticket.key,))
    found: Sequence[Assignable] = await screen.ask(query, lane="eyes")
    return not found or found[0].ticket.sequence != known.ticket.sequence


async def customer(
    screen: "DeskScreen", id: str, closed: Sequence[Ticket] = ()
) -> tuple[CustomerView, Known]:
    """Ask who a customer is; that somebody looked goes on record."""
    view: CustomerView = await screen.ask(
        GetCustomerView(actor=screen.actor, customer=id), lane="eyes"
    )
    rounds = (one for came in view.lineages for one in came.rounds)
    tickets = (*view.open_matters, *rounds, *closed)
    return view, await gathered(screen.terminal.site, screen.actor, screen.texts, tickets)
