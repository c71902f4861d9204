"""Everything that reaches the terminal passes here: cleaned, and laid out by the width of its characters."""

import json
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from casewright.cli.answer import Answer, Heading

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_GAP = "  "


def clean(shown: str) -> str:
    """Return `shown` with every character replaced that could move a cursor, reorder text or hide in it."""
    return _UNSAFE.sub("\ufffd", shown.replace("\r\n", "\n").replace("\t", " "))


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer: one document, or its lines."""
    if as_json:
        print_document(answer.document)
        return
    for line in answer.lines:
        print_line(line, sys.stdout)
    sys.stdout.flush()
    for note in answer.notes:
        print_line(note, sys.stderr)


def print_document(document: Mapping[str, Any]) -> None:
    """Print one JSON document; what a terminal could be misled by is written as an escape."""
    written = json.dumps(document, ensure_ascii=False, indent=2)
    print(_UNSAFE.sub(_escape, written), flush=True)


def print_line(line: str, stream: TextIO) -> None:
    """Print one line, headings in bold on a terminal that has it."""
    safe = clean(line)
    if isinstance(line, Heading) and _has_style(stream):
        safe = f"\x1b[1m{safe}\x1b[0m"
    print(safe, file=stream)


def width(shown: str) -> int:
    """Return how many columns a terminal needs for `shown`; Chinese characters take two."""
    return sum(_columns(character) for character in shown)


def table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return lines in columns as wide as their widest cell; columns of numbers stand to the right."""
    cells = [[_cell(one) for one in row] for row in rows]
    numbers = [all(isinstance(row[at], int) for row in rows) for at in range(len(titles))]
    widths = [max(width(row[at]) for row in (titles, *cells)) for at in range(len(titles))]

    def line(row: Sequence[str]) -> str:
        columns = zip(row, widths, numbers, strict=True)
        return _GAP.join(pad(one, wide, right=right) for one, wide, right in columns).rstrip()

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


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _has_style(stream: TextIO) -> bool:
    import os

    return (
        stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
