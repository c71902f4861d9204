"""Charts as lines of exactly the width that is asked for, whatever stands in their labels: bars, columns, a sparkline."""

from collections.abc import Sequence

from casewright.swift_dataclass import dataclass
from casewright_tui.lines import Line, Piece, Tone, piece
from casewright_tui.look import UNICODE, Glyphs
from casewright_tui.width import cells, clean, fit, fit_right

LEAST_BAR = 4
"""Cells a bar has at least; labels are cut before it is shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar: what it stands for, how long it is, what is written behind it (else its value), and which line it is chosen by."""

    label: str
    value: float
    said: str = ""
    tone: Tone = "bar"
    id: str = ""

    @property
    def written(self) -> str:
        """What is written behind the bar."""
        return self.said or f"{self.value:g}"


def bars(
    items: Sequence[Bar], width: int, *, glyphs: Glyphs = UNICODE, most: float = 0
) -> list[Line]:
    """Return a line for each bar; the longest, or one as long as `most`, takes all the room there is."""
    if not items:
        return []
    values = max(cells(one.written) for one in items)
    wide = max(cells(clean(one.label)) for one in items)
    labels = max(1, min(wide, width // 2, width - values - 2 - LEAST_BAR))
    room = max(1, width - labels - values - 2)
    longest = max(most, *(one.value for one in items)) or 1
    return [
        Line(
            pieces=(
                Piece(fit(clean(one.label), labels) + " "),
                Piece(fit(bar(one.value / longest, room, glyphs), room), one.tone),
                Piece(" " + fit_right(one.written, values), "strong"),
            ),
            id=one.id,
        ).filled(width)
        for one in items
    ]


def bar(share: float, width: int, glyphs: Glyphs = UNICODE) -> str:
    """Return a bar of a share of the width, to an eighth of a cell; what is more than nothing is seen."""
    eighths = round(min(1.0, max(0.0, share)) * width * 8)
    if share > 0:
        eighths = max(eighths, 1 if glyphs is UNICODE else 8)
    whole, rest = divmod(eighths, 8)
    return glyphs.full * whole + (glyphs.lefts[rest].strip() if rest else "")


def columns(
    values: Sequence[float],
    width: int,
    height: int,
    *,
    tone: Tone = "bar",
    glyphs: Glyphs = UNICODE,
) -> list[Line]:
    """Return columns side by side over a line, each as wide as all can be, with the largest value written at the left."""
    if not values:
        return []
    most = max(values) or 1
    scale = max(3, len(f"{most:g}"))
    each = column_width(len(values), width)
    lines = [
        Line(
            pieces=(
                Piece(
                    fit_right(f"{most:g}" if row == height else "", scale) + glyphs.rail, "dim"
                ),
                *_row(values, most, row, height, each, tone, glyphs),
            )
        ).filled(width)
        for row in range(height, 0, -1)
    ]
    foot = Piece(
        fit_right("0", scale) + glyphs.last + glyphs.dash * (each * len(values)), "dim"
    )
    return [*lines, Line(pieces=(foot,)).filled(width)]


def column_width(count: int, width: int) -> int:
    """Return how many cells each of so many columns takes, its gap among them."""
    return max(1, (width - SCALE) // max(1, count))


def labels(names: Sequence[str], count: int, width: int) -> Line:
    """Return a line of names under columns, each under its own; those for which there is no room are left out."""
    each = column_width(count, width)
    widest = max((cells(one) for one in names), default=1) + 1
    step = max(1, -(-widest // each))
    pieces = [Piece(" " * SCALE)]
    for index in range(0, len(names), step):
        room = each * min(step, len(names) - index)
        pieces.append(
            piece(fit(names[index], room) if cells(names[index]) <= room else " " * room, "dim")
        )
    return Line(pieces=tuple(pieces)).filled(width)


def spark(values: Sequence[float], width: int, *, glyphs: Glyphs = UNICODE) -> str:
    """Return the last values as one character each, in exactly `width` cells."""
    shown = values[-width:] if width > 0 else ()
    most = max(shown, default=0) or 1
    return fit("".join(glyphs.eighths[round(max(0.0, one) / most * 8)] for one in shown), width)


SCALE = 4
"""Cells of the scale at the left of columns, its line among them."""


def _row(
    values: Sequence[float],
    most: float,
    row: int,
    height: int,
    each: int,
    tone: Tone,
    glyphs: Glyphs,
) -> list[Piece]:
    gap = 1 if each > 1 else 0
    pieces = []
    for value in values:
        eighths = round(value / most * height * 8) - (row - 1) * 8
        if value > 0 and row == 1:
            eighths = max(1, eighths)
        drawn = glyphs.eighths[max(0, min(8, eighths))] * (each - gap)
        pieces.append(Piece(drawn + " " * gap, tone))
    return pieces
