"""The tickets that a search has found: a line each, in columns, so that the eye runs down them as down a queue."""

from collections.abc import Iterator, Sequence

from casewright.model import Ticket
from casewright.telling.names import Names
from casewright_tui.lines import Line, Piece, line, piece
from casewright_tui.pure.children import TICKET
from casewright_tui.width import cells, clean, fit

WIDEST = 12
"""Cells that a state or a name takes at most."""
GAP = "  "


def found_tickets(names: Names, tickets: Sequence[Ticket], width: int) -> list[Line]:
    """Return a line for each: its number, where it stands, who has it, what it is about as far as there is room."""
    rows = [tuple(map(clean, _told(names, one))) for one in tickets]
    wide = [min(WIDEST, max(map(cells, column))) for column in zip(*rows, strict=True)][1:3]
    taken = max((cells(row[0]) for row in rows), default=0)
    room = max(8, width - taken - sum(wide) - 3 * len(GAP))
    return [
        line(
            piece(fit(key, taken) + GAP, "strong"),
            piece(fit(state, wide[0]) + GAP),
            piece(fit(handler, wide[1]) + GAP, "label"),
            Piece(fit(subject, room).rstrip()),
            id=TICKET + one.key,
        )
        for one, (key, state, handler, subject) in zip(tickets, rows, strict=True)
    ]


def _told(names: Names, ticket: Ticket) -> Iterator[str]:
    yield ticket.key
    yield names.state(ticket)
    yield names.calls(ticket.handler)
    yield str(ticket.fields.get("subject") or "")
