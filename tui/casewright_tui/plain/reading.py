"""What the plain mode reads out: rows, a ticket, what can be done with it, notices; the same panes as on the screen."""

from collections.abc import Iterator, Sequence

from casewright.answers import ActionOffer, Notice, QueuePage, QueueRow
from casewright.bilingual import Bilingual
from casewright.model import Event, Ticket
from casewright.queries import GetClocks, GetHistory, ListQueue
from casewright.sla.standing import TicketTime
from casewright_tui.errands.errand import Errand
from casewright_tui.look import ASCII
from casewright_tui.plain.seat import Seat, at_once
from casewright_tui.plain.speech import WIDTH, Speech
from casewright_tui.pure import clocks, fields, header, notices, timeline
from casewright_tui.pure.countdown import left

LATEST = 8
"""Entries of the timeline that are read out with a ticket; all of them by `history`."""


def row(seat: Seat, one: QueueRow, *, people: dict[str, str]) -> str:
    """Return a row of a queue as one line: its key, how long it has, its state, its subject, whose it is."""
    texts = seat.texts
    due, _ = left(one, seat.now(), texts.lang, paused="", warned="")
    who = people.get(one.handler or "", one.handler or "") or texts.text("nobody")
    late = one.due_at is not None and one.due_at < seat.now()
    due = texts.say("{length} late", length=due.lstrip("-")) if late else due.strip()
    parts = (one.key, due, one.title.of(texts.lang), one.subject, one.customer, who)
    return ", ".join(part for part in parts if part)


def ticket(seat: Seat, speech: Speech, about: Ticket, offers: Sequence[ActionOffer]) -> None:
    """Read a ticket out: what it is, its clocks, its fields, what happened last."""
    names = seat.names([about])
    time: TicketTime = seat.ask(GetClocks(actor=seat.actor, ticket=about.key))
    events: Sequence[Event] = seat.ask(GetHistory(actor=seat.actor, ticket=about.key))
    speech.show(header.head(names, about, events, offers, ASCII, WIDTH))
    speech.show(clocks.bars(names, time.clocks, seat.now(), ASCII))
    speech.show(fields.pane(names, about, events, time, {}, WIDTH))
    speech.say("")
    _happened(seat, speech, timeline.entries(names, about, events, time.clocks), most=LATEST)


def history(seat: Seat, speech: Speech, about: Ticket) -> None:
    """Read out all that happened to a ticket."""
    time: TicketTime = seat.ask(GetClocks(actor=seat.actor, ticket=about.key))
    events: Sequence[Event] = seat.ask(GetHistory(actor=seat.actor, ticket=about.key))
    found = timeline.entries(seat.names([about]), about, events, time.clocks)
    _happened(seat, speech, found, most=len(found))


def _happened(
    seat: Seat, speech: Speech, found: Sequence[timeline.Entry], *, most: int
) -> None:
    """Read out what happened, newest first; what is left out is counted."""
    speech.show(timeline.pane(found[:most], "all", seat.texts, seat.now(), WIDTH)[1:])
    if len(found) > most:
        more = len(found) - most
        speech.say(seat.texts.say("{count} more: `history` reads them all.", count=more))


def errands(seat: Seat, found: Sequence[Errand]) -> Iterator[str]:
    """Yield what can be done, each with the key that does it on the screen, or why it cannot be done now."""
    for one in found:
        key = f" ({one.key})" if one.key else ""
        remark = one.blocked or one.remark
        why = f" - {seat.texts.value(remark)}" if remark else ""
        yield f"{one.title.of(seat.texts.lang)}{key}{why}"


def around(seat: Seat, told: Sequence[Notice]) -> notices.Around:
    """Return what notices are told with: what the transitions that they follow from are called."""
    tickets = tuple({one.ticket for one in told})
    page: QueuePage | None = None
    if tickets:
        asked = ListQueue(actor=seat.actor, open=None, tickets=tickets, limit=len(tickets))
        page = seat.ask(asked)
    titles: dict[str, Bilingual] = {}
    for name in {one.workflow for one in page.rows} if page is not None else ():
        workflow, _ = at_once(seat.site.version(seat.actor, name))
        for state in workflow.states.values():
            titles |= {one.name: one.title for one in state.transitions.values()}
    return notices.Around(texts=seat.texts, now=seat.now(), transitions=titles)


def notice(seat: Seat, one: Notice, around: notices.Around) -> str:
    """Return a notice as one line: its number, its ticket, when, what it says."""
    said = notices.about(one, around)
    when = seat.texts.moment(one.send_at)
    return f"{one.number}, {one.ticket}, {when}, {said}"
