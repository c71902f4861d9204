"""Everything that reaches the terminal passes here: cleaned, and laid out by the width of its characters."""

import json
import os
import sys
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from casewright.cli.answer import Answer, Heading
from casewright.errors import OutputLost
from casewright.visible import visible, visible_json

_GAP = "  "
_NARROWEST = 8
"""No column of text is cut to less."""


def clean(shown: str) -> str:
    """Return `shown` with every character replaced that could move a cursor, reorder text or hide in it."""
    return visible(shown.replace("\r\n", "\n").replace("\t", " "))


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer: one document, or its lines."""
    if as_json:
        print_document(answer.document)
        return
    for line in answer.lines:
        print_line(line, sys.stdout)
    flush()
    for note in answer.notes:
        print_line(note, sys.stderr)


def print_document(document: Mapping[str, Any]) -> None:
    """Print one JSON document; what a terminal could be misled by is written as an escape."""
    written = json.dumps(document, ensure_ascii=False, indent=2)
    with writing():
        print(visible_json(written), flush=True)


def print_line(line: str, stream: TextIO) -> None:
    """Print one line, headings in bold on a terminal that has it."""
    safe = clean(line)
    if isinstance(line, Heading) and _has_style(stream):
        safe = f"\x1b[1m{safe}\x1b[0m"
    with writing():
        print(safe, file=stream)


def flush() -> None:
    """Have everything written that was printed."""
    with writing():
        sys.stdout.flush()


def columns_here() -> int | None:
    """Return how many columns there are: those that COLUMNS says, or the terminal; None in a pipe, which has no edge."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return (
            os.get_terminal_size(sys.stdout.fileno()).columns or None
            if sys.stdout.isatty()
            else None
        )
    except (OSError, ValueError):
        return None


def width(shown: str) -> int:
    """Return how many columns a terminal needs for `shown`; Chinese characters take two."""
    return sum(_columns(character) for character in shown)


def table(
    titles: Sequence[str], rows: Sequence[Sequence[object]], *, whole: Collection[int] = ()
) -> list[str]:
    """Return lines in columns as wide as their widest cell, or as the terminal has room for.

    Columns of numbers stand to the right, columns with nothing in them are left out; those of `whole` are not cut.
    """
    cells = [[_cell(one) for one in row] for row in rows]
    used = [at for at in range(len(titles)) if any(row[at] for row in cells)]
    numbers = {at for at in used if all(isinstance(row[at], int | float) for row in rows)}
    widths = {at: max(width(row[at]) for row in (titles, *cells)) for at in used}
    _narrow(widths, [at for at in used[1:] if at not in numbers and at not in whole])

    def line(row: Sequence[str]) -> str:
        shown = (shorten(row[at], widths[at]) for at in used)
        columns = zip(used, shown, strict=True)
        return _GAP.join(
            pad(one, widths[at], right=at in numbers) for at, one in columns
        ).rstrip()

    return [Heading(line(titles)), *map(line, cells)]


def pad(shown: str, wide: int, *, right: bool = False) -> str:
    """Return `shown` filled with blanks to `wide` columns."""
    blanks = " " * max(0, wide - width(shown))
    return blanks + shown if right else shown + blanks


def shorten(shown: str, wide: int) -> str:
    """Return `shown`, cut with an ellipsis where it needs more than `wide` columns."""
    if width(shown) <= wide:
        return shown
    kept, used = "", 1
    for character in shown:
        used += _columns(character)
        if used > wide:
            break
        kept += character
    return kept + "…"


def wrap(shown: str, wide: int) -> list[str]:
    """Return lines of at most `wide` columns; between Chinese characters a line may break anywhere."""
    lines, line = [], ""
    for piece in _pieces(shown):
        if line and width(line + piece.rstrip()) > wide:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def _narrow(widths: dict[int, int], texts: Sequence[int]) -> None:
    """Take from the widest of the columns `texts` until all columns fit; the first, which names the row, stays whole."""
    here = columns_here()
    if here is None:
        return
    over = sum(widths.values()) + len(_GAP) * (len(widths) - 1) - here
    while over > 0:
        widest = max(texts, key=widths.__getitem__, default=None)
        if widest is None or widths[widest] <= _NARROWEST:
            return
        widths[widest] -= 1
        over -= 1


@contextmanager
def writing() -> Iterator[None]:
    """Meanwhile have a failure to write told as OutputLost; a reader who has gone is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputLost(problem=error.strerror or "") from None


def _pieces(shown: str) -> Iterator[str]:
    piece = ""
    for character in shown:
        piece += character
        if character == " " or width(character) == 2:
            yield piece
            piece = ""
    yield piece


def _cell(value: object) -> str:
    return clean("" if value is None else str(value)).replace("\n", " ")


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in (
        "Mn",
        "Me",
        "Cf",
    ):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _has_style(stream: TextIO) -> bool:
    return (
        stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
