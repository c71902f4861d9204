"""Somebody was faster: what they did and what one had filled in, side by side, in lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from casewright.model import Event, Ticket
from casewright.telling.names import Names
from casewright.telling.story import details, sentence
from casewright.texts import text
from casewright_tui.errands.errand import Errand
from casewright_tui.lines import Line, Lines, Piece, line, paragraph, piece
from casewright_tui.pure.entries import Entry


def conflict_lines(
    errand: Errand,
    entries: Mapping[str, Entry],
    ticket: Ticket,
    events: Sequence[Event],
    names: Names,
    width: int,
) -> Lines:
    """Return both sides; where there is little room, one below the other."""
    wide = width >= 60
    each = (width - 3) // 2 if wide else width
    theirs = _theirs(ticket, events, names, each)
    yours = _yours(errand, entries, names, each)
    return _beside(theirs, yours, each) if wide else [*theirs, line(), *yours]


def since(history: Sequence[Event], version: int) -> list[Event]:
    """Return what happened after a version of a ticket."""
    return [one for one in history if one.version > version]


def _theirs(ticket: Ticket, events: Sequence[Event], names: Names, width: int) -> list[Line]:
    texts = names.texts
    found = [line(piece(texts.text(text("What happened meanwhile")), "title"))]
    found.append(
        line(piece(texts.say("State now: {state}", state=names.state(ticket)), "strong"))
    )
    for event in events:
        at = event.at.astimezone(texts.timezone)
        found += paragraph(f"{_at(at)} {sentence(names, ticket, event)}", width)
        for said in details(names, ticket, event):
            found += paragraph(said, width, "dim", indent=2)
    return found


def _yours(
    errand: Errand, entries: Mapping[str, Entry], names: Names, width: int
) -> list[Line]:
    texts, lang = names.texts, names.texts.lang
    found = [line(piece(texts.text(text("What you had filled in")), "title"))]
    found.append(line(piece(errand.title.of(lang), "strong")))
    for name, field in errand.form.fields.items():
        entry = entries.get(name)
        if entry in (None, "", ()):
            continue
        value = list(entry) if isinstance(entry, tuple) else entry
        shown = names.value(field, value)
        found += paragraph(
            texts.say("{field}: {value}", field=field.title.of(lang), value=shown), width
        )
    return found


def _at(at: datetime) -> str:
    return f"{at:%m-%d %H:%M}"


def _beside(left: Sequence[Line], right: Sequence[Line], each: int) -> list[Line]:
    rows = max(len(left), len(right))
    blank = Line()
    return [
        Line(
            pieces=(
                *_filled(left[row] if row < len(left) else blank, each),
                Piece(" | ", "rest"),
                *(right[row] if row < len(right) else blank).pieces,
            )
        )
        for row in range(rows)
    ]


def _filled(one: Line, width: int) -> tuple[Piece, ...]:
    return one.filled(width).pieces
