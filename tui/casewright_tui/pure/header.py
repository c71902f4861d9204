"""The head of a ticket: which one it is, who has it, and the way it has come and may go, in three lines."""

from collections.abc import Sequence
from itertools import pairwise

from casewright.answers import ActionOffer
from casewright.model import Event, Ticket
from casewright.telling.names import Names
from casewright.texts import text
from casewright_tui.lines import Line, Piece, Tone, line, piece
from casewright_tui.look import Glyphs
from casewright_tui.width import cells

HEIGHT = 3
ROOM_AHEAD = 24
"""Cells that are kept for what lies ahead; the states that were share the rest."""
_PRIORITY_TONES: dict[str, Tone] = {"urgent": "bad", "high": "warn"}


def head(
    names: Names,
    ticket: Ticket,
    events: Sequence[Event],
    offers: Sequence[ActionOffer],
    glyphs: Glyphs,
    width: int,
) -> list[Line]:
    """Return the head."""
    return [
        _which(names, ticket),
        _whose(names, ticket),
        way(names, ticket, states(ticket, events), offers, glyphs, width),
    ]


def states(ticket: Ticket, events: Sequence[Event]) -> list[str]:
    """Return the states that a ticket went through, in order, the one it stands in last."""
    found = [str(one.changes["state"]) for one in events if "state" in one.changes]
    return [one for one, after in pairwise([*found, ""]) if one != after] or [ticket.state]


def way(
    names: Names,
    ticket: Ticket,
    been: Sequence[str],
    offers: Sequence[ActionOffer],
    glyphs: Glyphs,
    width: int,
) -> Line:
    """Return the rail in one line: states that were, the one that is, and those it may come to; the oldest give way."""
    here = Piece(f"{glyphs.here} {names.state(ticket)}", "strong")
    open_ways = [target for one in offers if one.blocked is None for target in one.targets]
    ahead = [
        Piece(f" {glyphs.dash} {glyphs.ahead} {names.state(ticket, one)}", "dim")
        for one in dict.fromkeys(open_ways)
        if one != ticket.state
    ]
    left = width - 2 - cells(here.text)
    before: list[Piece] = []
    left -= min(ROOM_AHEAD, sum(cells(one.text) for one in ahead))
    for one in reversed(been[:-1]):
        shown = piece(f"{glyphs.been} {names.state(ticket, one)} {glyphs.dash} ")
        if cells(shown.text) > left - 2:
            before.insert(0, Piece("… " if left > 2 else ""))
            break
        left -= cells(shown.text)
        before.insert(0, shown)
    return line(Piece(" "), *before, here, *ahead)


def _which(names: Names, ticket: Ticket) -> Line:
    texts = names.texts
    marks: list[Piece] = []
    if ticket.priority != "normal":
        tone = _PRIORITY_TONES.get(ticket.priority, "dim")
        marks.append(piece(f"  {names.priority(ticket.priority)}", tone))
    if ticket.round > 1:
        marks.append(piece("  " + texts.say("round {round}", round=ticket.round), "warn"))
    if names.of(ticket).levels:
        marks.append(piece("  " + texts.say("level {level}", level=ticket.level), "dim"))
    if ticket.children_open:
        said = texts.say("{count} open below", count=ticket.children_open)
        marks.append(piece(f"  {said}", "info"))
    if not ticket.open:
        marks.append(piece("  " + texts.text("ended"), "dim"))
    subject = str(ticket.fields.get("subject") or ticket.fields.get("summary") or "")
    return line(
        piece(f" {ticket.key}", "strong"),
        piece(f"  {names.words(names.of(ticket).title)}", "title"),
        *marks,
        piece(f"  {subject}" if subject else ""),
    )


def _whose(names: Names, ticket: Ticket) -> Line:
    texts = names.texts
    said: list[Piece] = [Piece(" ")]
    for label, value in (
        (text("handler"), names.calls(ticket.handler)),
        (text("owner"), names.calls(ticket.owner)),
        (text("customer"), ticket.customer or ""),
        (text("opened"), texts.moment(ticket.opened_at)),
        (text("part of"), ticket.parent or ""),
    ):
        if value:
            said += [piece(texts.text(label) + " ", "label"), piece(value), Piece("  ")]
    return line(*said)
