"""What people see of tickets on the command line: one, many, its history, what may be done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.exporting import wanted
from casewright.cli.grammar import Given
from casewright.cli.output import table
from casewright.cli.reading import Reader
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.ticket_documents import event_document, offers_document, ticket_document
from casewright.cli.ticket_export import export_tickets
from casewright.cli.ticket_reply import sent_replies
from casewright.cli.ticket_sheet import masked_fields, offer_lines, sheet
from casewright.cli.ticket_story import story
from casewright.cli.ticket_time_documents import time_document
from casewright.cli.typed import parsed
from casewright.clock import SystemClock
from casewright.errors import DurationRefused, UsageRefused, message
from casewright.model import Event, Ticket
from casewright.queries import (
    LARGEST_PAGE,
    PAGE,
    GetActions,
    GetClocks,
    GetHistory,
    GetTicket,
    ListTickets,
)
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.forms.spec import Form


def show(session: Session, given: Given) -> Answer:
    """Answer with a ticket and all that hangs on it."""
    key, actor = given.needed("ticket"), session.actor
    ticket = session.desk.ask(GetTicket(actor=actor, ticket=key))
    offers = session.desk.ask(GetActions(actor=actor, ticket=key))
    children = (
        session.desk.ask(ListTickets(actor=actor, parent=key)).tickets
        if ticket.children_count
        else ()
    )
    files = (
        attached(session.desk.ask(GetHistory(actor=actor, ticket=key)))
        if ticket.attachments
        else []
    )
    replies = sent_replies(session, key)
    time = session.desk.ask(GetClocks(actor=actor, ticket=key))
    session.tell_times_in(time.zone)
    document = {
        **ticket_document(ticket, session.texts),
        **time_document(time, ticket, session.texts),
        "children": [child.key for child in children],
        "files": files,
        "replies": [plain(one, session.texts) for one in replies],
        "actions": offers_document(offers, _forms(session, ticket), session.texts),
        "masked": masked_fields(Reader(session), ticket),
    }
    lines = sheet(session, ticket, children, offers, files, time, replies)
    return Answer(document=document, lines=lines)


def actions(session: Session, given: Given) -> Answer:
    """Answer with what may be done now, and why something may not."""
    key = given.needed("ticket")
    offers = session.desk.ask(GetActions(actor=session.actor, ticket=key))
    ticket = session.desk.ask(GetTicket(actor=session.actor, ticket=key))
    described = offers_document(offers, _forms(session, ticket), session.texts)
    document = {"ticket": key, "actions": described}
    return Answer(
        document=document, lines=offer_lines(Reader(session), session, ticket, offers)
    )


def history(session: Session, given: Given) -> Answer:
    """Answer with everything that happened, oldest first."""
    key = given.needed("ticket")
    ticket = session.desk.ask(GetTicket(actor=session.actor, ticket=key))
    events = session.desk.ask(GetHistory(actor=session.actor, ticket=key))
    time = session.desk.ask(GetClocks(actor=session.actor, ticket=key))
    session.tell_times_in(time.zone)
    documents = [event_document(event, session.texts) for event in events]
    return Answer(
        document={"ticket": key, "events": documents},
        lines=story(session, ticket, events, time.clocks),
    )


def listing(session: Session, given: Given) -> Answer:
    """Answer with a page of tickets."""
    if given.flag("open") and given.flag("closed"):
        raise UsageRefused(reason=message("--open and --closed exclude each other"))
    query = ListTickets(
        actor=session.actor,
        workflow=given.text("workflow"),
        state=given.text("state"),
        handler=given.text("handler"),
        owner=given.text("owner"),
        customer=given.text("customer"),
        text=given.text("text"),
        open=True if given.flag("open") else False if given.flag("closed") else None,
        older_than=_seconds(given.text("older")),
        younger_than=_seconds(given.text("younger")),
        after=given.text("after"),
        limit=_limit(given.text("limit")),
    )
    if wanted(given):
        return export_tickets(session, given, query)
    page = session.desk.ask(query)
    document = {
        "tickets": [ticket_document(one, session.texts) for one in page.tickets],
        "after": page.after,
    }
    more = (
        [session.texts.say("There are more: --after {key}", key=page.after)]
        if page.after
        else []
    )
    return Answer(document=document, lines=tickets_table(session, page.tickets), notes=more)


def attached(events: Sequence[Event]) -> list[str]:
    """Return the names of the files that were attached, oldest first."""
    return [
        str(event.private.get("file", "-")) for event in events if event.kind == "FileAttached"
    ]


def _forms(session: Session, ticket: Ticket) -> "Mapping[str, Form]":
    return Reader(session).workflow(ticket.workflow, ticket.bundle)[1]


def tickets_table(session: Session, tickets: Sequence[Ticket]) -> list[str]:
    """Return tickets as a table, with when each is due next."""
    texts, reader = session.texts, Reader(session)
    if not tickets:
        return [texts.text("No ticket fits.")]
    titles = [texts.text(one) for one in _COLUMNS]
    now = SystemClock().now()
    rows = [
        (
            one.key,
            reader.words(reader.of(one).title),
            reader.state(one),
            reader.priority(one.priority),
            reader.calls(one.handler),
            one.customer or "",
            _due(session, one, now),
            session.ago(now - one.opened_at),
        )
        for one in tickets
    ]
    return table(titles, rows)


def next_due(ticket: Ticket) -> datetime | None:
    """Return when the first of a ticket's open promises is due; None where none is, or all stand still."""
    moments = (one.due_at for one in ticket.clocks.values() if one.open)
    return min((one for one in moments if one is not None), default=None)


def _due(session: Session, ticket: Ticket, now: datetime) -> str:
    """Return how far off the next due time is, which is the same in every zone; the clocks that stand still come last."""
    texts = session.texts
    due = next_due(ticket)
    if due is None:
        paused = any(one.open and one.paused for one in ticket.clocks.values())
        return texts.text("paused") if paused else ""
    if due > now:
        return texts.say("in {time}", time=session.ago(due - now))
    return texts.say("{time} late", time=session.ago(now - due))


def _seconds(written: str | None) -> int | None:
    if written is None:
        return None
    from casewright.durations import parse

    try:
        return int(parse(written).wall.total_seconds())
    except DurationRefused as error:
        reason = message(
            "'{written}' is not a duration: {reason}", written=error.text, reason=error.reason
        )
        raise UsageRefused(reason=reason) from None


def _limit(written: str | None) -> int:
    limit = PAGE if written is None else parsed(written, int, message("a whole number"))
    if not 1 <= limit <= LARGEST_PAGE:
        raise UsageRefused(
            reason=message("a page has 1 to {limit} tickets", limit=LARGEST_PAGE)
        )
    return limit


_COLUMNS = (
    text("ticket"),
    text("workflow"),
    text("state"),
    text("priority"),
    text("handler"),
    text("customer"),
    text("due"),
    text("age"),
)
