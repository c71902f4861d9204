"""Parts of a sheet: headings, and labels beside what they come to, wrapped to a width."""

from collections.abc import Iterable, Sequence

from casewright.texts import Texts
from casewright_tui.lines import Line, Piece, Tone, line, piece
from casewright_tui.width import cells, clean, fit, wrapped

Row = tuple[str, str]
WIDEST_LABEL = 16
NARROW = 34
"""In a narrower pane a long value stands under its label."""


def heading(title: str, *, first: bool = False) -> list[Line]:
    """Return a heading, after an empty line unless it is the first."""
    head = line(piece(title, "title"))
    return [head] if first else [Line(), head]


def labelled(rows: Iterable[Row], width: int, *, tone: Tone = "") -> list[Line]:
    """Return each label with what it comes to beside it; rows that come to nothing are left out."""
    told = [(label, value) for label, value in rows if value]
    wide = min(max((cells(label) for label, _ in told), default=0), WIDEST_LABEL, width // 3)
    found: list[Line] = []
    for label, value in told:
        found += _labelled(label, value, wide, width, tone)
    return found


def told(
    text: str, width: int, *, tone: Tone = "", mark: str = "", indent: int = 0, id: str = ""
) -> list[Line]:
    """Return a text as lines that begin with a mark and go on under it; the first of them can be chosen by `id`."""
    under = indent + cells(mark)
    parts = _broken(text, max(4, width - under))
    return [
        line(
            Piece(" " * indent + mark if not index else " " * under, "key" if id else "dim"),
            piece(one, tone),
            id=id if not index else "",
        )
        for index, one in enumerate(parts)
    ]


def joined(texts: Texts, parts: Iterable[str]) -> str:
    """Return what there is of these parts after each other, with this language's semicolon."""
    return ("；" if texts.lang == "zh" else "; ").join(filter(None, parts))


def _labelled(label: str, value: str, wide: int, width: int, tone: Tone) -> list[Line]:
    parts = _broken(value, max(4, width - wide - 1))
    if cells(label) > wide or (len(parts) > 3 and width < NARROW):
        beneath = _broken(value, max(4, width - 2))
        first = line(piece(fit(label, min(cells(label), width)), "label"))
        return [first, *(line(Piece("  "), piece(one, tone)) for one in beneath)]
    return [
        line(
            Piece(fit(clean(label) if not index else "", wide) + " ", "label"), piece(one, tone)
        )
        for index, one in enumerate(parts)
    ]


def _broken(text: str, width: int) -> Sequence[str]:
    return [part for one in text.split("\n") for part in wrapped(clean(one), width)] or [""]
