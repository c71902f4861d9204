"""What a cell of a spreadsheet may say: text that no spreadsheet takes for a formula, and that reads back as it was."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from casewright.patterns import pattern
from casewright.visible import UNSAFE, escape

QUOTE = "'"

_UNSAFE = pattern(UNSAFE.pattern + r"|\\(?=u[0-9a-f]{4}|U[0-9a-f]{8})|_(?=x[0-9A-Fa-f]{4}_)")
"""What is unsafe anywhere, and what would itself be read as an escape, ours or a workbook's."""
_ESCAPE = pattern(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")
_BEGINNING = pattern(r"\A|[;\t\n]")
"""Where a cell begins, also for a reader who takes another character for the one between the cells."""
_FORMULA = frozenset("=+-@|%\u2212")
_PASSED_OVER = frozenset({"Cc", "Cf", "Zs", "Mn", "Pi", "Pf"})
_QUOTES = frozenset("\"'`")


def cell_text(value: object) -> str:
    """Return a value as a cell has it: moments in UTC as ISO 8601 has them, lengths in seconds, several with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    if not isinstance(value, str) and isinstance(value, Iterable):
        return ", ".join(map(cell_text, value))
    return str(value)


def quoted(text: str) -> str:
    """Return `text` with an apostrophe wherever a formula could begin, and what cannot be seen as `\\u....`."""
    escaped = _UNSAFE.sub(lambda found: escape(found[0]), text)
    return _BEGINNING.sub(
        lambda found: found[0] + QUOTE if _could_begin(escaped, found.end()) else found[0],
        escaped,
    )


def unquoted(cell: str) -> str:
    """Return the text that `quoted` made `cell` of; what it did not make, such as `'t Hooft`, stays as it is."""
    if QUOTE not in cell and "\\" not in cell:
        return cell
    bare = re.sub(rf"({_BEGINNING.pattern}){QUOTE}", r"\1", cell)
    text = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), bare)
    return text if quoted(text) == cell else cell


def _could_begin(text: str, at: int) -> bool:
    """Return whether a formula could begin at a place, behind what is passed over; so could our own quote."""
    if text[at : at + 1] == QUOTE or (at == 0 and text[:1] in ("\t", "\n")):
        return True
    while at < len(text) and text[at] not in ";\t\n":
        first = unicodedata.normalize("NFKC", text[at])[:1]
        if first in _FORMULA:
            return True
        if first not in _QUOTES and unicodedata.category(text[at]) not in _PASSED_OVER:
            return False
        at += 1
    return False
