"""A ticket's fields in the order of its form, what is personal masked until it is revealed; and what else is known of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casewright.model import Event, Ticket
from casewright.sla.standing import TicketTime
from casewright.telling.clocks import waiting_lines
from casewright.telling.kinds import CHANNELS, CONTACTS
from casewright.telling.names import Names
from casewright_tui.lines import Line, line, paragraph, piece
from casewright_tui.pure.sheet import Row, heading, labelled, told

REVEAL = "reveal:"
"""The id of the line that offers to show what is masked."""
FILE = "file:"
"""How the id of an attached file's line begins; what follows is its number."""


def pane(
    names: Names,
    ticket: Ticket,
    events: Sequence[Event],
    time: TicketTime,
    revealed: Mapping[str, Any],
    width: int,
) -> list[Line]:
    """Return the pane: the fields, what comes by itself, the files, and the plain facts."""
    texts = names.texts
    lines = labelled(_fields(names, ticket, revealed), width) or [
        line(piece(texts.text("Nothing is filled in."), "dim"))
    ]
    if masked(names, ticket) and not revealed:
        said = texts.text(
            "Personal fields are masked: Enter shows them and says so in the access log."
        )
        lines += told(said, width, tone="dim", mark="  ", id=REVEAL)
    waiting = list(waiting_lines(names, texts, ticket, time))
    if waiting:
        lines += heading(texts.text("What comes by itself"))
        lines += [one for said in waiting for one in paragraph(said, width)]
    files = [one for one in events if one.kind == "FileAttached"]
    if files:
        lines += heading(texts.text("Attachments"))
        for number, one in enumerate(files, 1):
            name = str(one.private.get("file") or "-")
            lines += told(name, width, mark=f"{number} ", id=f"{FILE}{number}")
    lines += heading(texts.text("Facts"))
    return lines + labelled(_facts(names, ticket), width)


def masked(names: Names, ticket: Ticket) -> list[str]:
    """Return the names of the fields that are shown masked."""
    known = ((name, names.field(ticket, name)) for name in ticket.fields)
    return [name for name, field in known if field is not None and field.personal]


def _fields(names: Names, ticket: Ticket, revealed: Mapping[str, Any]) -> Iterator[Row]:
    workflow, forms = names.workflow(ticket.workflow, ticket.bundle)
    own = tuple(forms[workflow.form].fields) if workflow.form else ()
    for name in dict.fromkeys((*own, *ticket.fields)):
        if name in ticket.fields:
            field = names.field(ticket, name)
            value = revealed.get(name, ticket.fields[name])
            yield names.words(field.title) if field else name, names.value(field, value)


def _facts(names: Names, ticket: Ticket) -> Iterator[Row]:
    texts = names.texts
    late = ticket.received_at != ticket.opened_at
    yield texts.text("Opened by"), names.calls(ticket.opener)
    yield texts.text("Received"), texts.moment(ticket.received_at) if late else ""
    yield texts.text("In this state since"), texts.moment(ticket.entered_at)
    yield texts.text("Closed"), texts.moment(ticket.closed_at) if ticket.closed_at else ""
    yield texts.text("Merged into"), ticket.merged_into or ""
    yield texts.text("Channel"), texts.text(CHANNELS.get(ticket.channel, ticket.channel))
    yield (
        texts.text("Contacts"),
        texts.listing(
            f"{texts.text(CONTACTS.get(kind, kind))} {count}"
            for kind, count in ticket.contacts.items()
        ),
    )
    yield texts.text("Watched by"), texts.listing(map(names.calls, ticket.watchers))
