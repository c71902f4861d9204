"""What is shown, as values: lines of pieces of text, each with a tone. No screen, no colour, nothing of Textual.

Every pane is a pure function that returns lines: the screen draws them, the plain mode prints them, tests read them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from casewright.swift_dataclass import dataclass
from casewright_tui.width import cells, clean, fit, wrapped

Tone = Literal[
    "", "strong", "dim", "title", "label", "good", "warn", "bad", "info", "key", "added", "gone", "bar", "rest"
]  # fmt: skip
"""What a piece of text means; a theme says how it looks. None says by colour alone what it says."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line, cleaned for a terminal when it is made by `piece`."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line; one with an `id` can be chosen, and says by it what was chosen. `indent` is kept where it is wrapped."""

    pieces: tuple[Piece, ...] = ()
    id: str = ""
    indent: int = 0

    @property
    def text(self) -> str:
        """The line without tones."""
        return "".join(one.text for one in self.pieces)

    def filled(self, width: int) -> "Line":
        """Return the line in exactly `width` cells."""
        left, pieces = width, []
        for one in self.pieces:
            if left <= 0:
                break
            taken = cells(one.text)
            pieces.append(one if taken <= left else Piece(fit(one.text, left), one.tone))
            left -= min(taken, left)
        if left > 0:
            pieces.append(Piece(" " * left))
        return replace(self, pieces=tuple(pieces))


Lines = Sequence[Line]


def piece(text: object, tone: Tone = "") -> Piece:
    """Return a piece of a line of any text, whatever somebody put into it."""
    return Piece(clean(text), tone)


def line(*pieces: Piece | str, id: str = "", indent: int = 0) -> Line:
    """Return a line of pieces; a text alone has no tone."""
    made = (piece(one) if isinstance(one, str) else one for one in pieces)
    return Line(pieces=tuple(made), id=id, indent=indent)


def paragraph(text: str, width: int, tone: Tone = "", *, indent: int = 0) -> list[Line]:
    """Return a text of any length as lines that fit, each indented."""
    blank = Piece(" " * indent)
    broken = (
        clean(one) for part in text.split("\n") for one in wrapped(clean(part), width - indent)
    )
    return [
        Line(pieces=(blank, Piece(one, tone)) if indent else (Piece(one, tone),))
        for one in broken
    ]


def columns(
    rows: Iterable[Sequence[Piece]], widths: Sequence[int], *, gap: int = 1
) -> list[Line]:
    """Return rows of cells as lines: each cell in exactly its width, with a gap between two."""
    return [
        Line(
            pieces=tuple(
                Piece(fit(cell.text, width) + " " * gap, cell.tone)
                for cell, width in zip(row, widths, strict=True)
            )
        )
        for row in rows
    ]


def plain(lines: Lines) -> str:
    """Return lines as text alone, as the plain mode prints them."""
    return "\n".join(one.text.rstrip() for one in lines)
