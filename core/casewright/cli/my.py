"""`casewright my`: what whoever acts has in hand, the most urgent first."""

from collections.abc import Iterator
from datetime import datetime

from casewright.answers import TicketPage
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Verb
from casewright.cli.session import Session
from casewright.cli.ticket_documents import ticket_document
from casewright.cli.ticket_showing import next_due, tickets_table
from casewright.model import Ticket
from casewright.queries import LARGEST_PAGE, ListTickets
from casewright.texts import text


def my(session: Session, given: Given) -> Answer:
    """Answer with the open tickets of whoever acts, by when each is due next; those that wait for nothing come last."""
    tickets = sorted(_all(session), key=_urgency)
    document = {"tickets": [ticket_document(one, session.texts) for one in tickets]}
    if not tickets:
        return Answer(document=document, lines=[session.texts.text("You have no open ticket.")])
    return Answer(document=document, lines=tickets_table(session, tickets))


def _all(session: Session) -> Iterator[Ticket]:
    after = None
    while True:
        query = ListTickets(
            actor=session.actor,
            handler=session.actor,
            open=True,
            after=after,
            limit=LARGEST_PAGE,
        )
        page: TicketPage = session.desk.ask(query)
        yield from page.tickets
        if page.after is None:
            return
        after = page.after


def _urgency(ticket: Ticket) -> tuple[bool, datetime, int]:
    due = next_due(ticket)
    return due is None, due or ticket.opened_at, ticket.number


NOUNS = (
    Noun(
        name="my",
        help=text("my open tickets, the one that is due first at the top"),
        verbs=(
            Verb(
                name="",
                run=my,
                help=text("list the open tickets that you handle, by when each is due"),
            ),
        ),
    ),
)
