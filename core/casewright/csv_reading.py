"""CSV as people's spreadsheets write it: its text, its rows with the line each begins on, and what keeps it from being read."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from casewright.errors import Message, Place, TableRefused, message
from casewright.nearest import hint

ENCODINGS = ("utf-8", "gb18030")
MAX_COLUMNS = 200
_DELIMITERS = (",", ";", "\t")


def decoded(octets: bytes, *, file: str, limit: int, encoding: str | None = None) -> str:
    """Return what a file says; TableRefused where it is longer than `limit` bytes or not in its encoding.

    Without an `encoding` that somebody can name, it is UTF-8.
    """
    if len(octets) > limit:
        reason = message("the file is larger than {limit} bytes", limit=limit)
        raise TableRefused(place=Place(file), reason=reason)
    try:
        return octets.decode("utf-8-sig" if encoding in (None, "utf-8") else encoding or "")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise TableRefused(place=Place(file, line, 1), reason=_not_in(encoding)) from None


def rows(text: str, *, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line it begins on; the first one tells the delimiter. TableRefused."""
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            reason = message("not valid CSV ({problem})", problem=str(error))
            raise TableRefused(place=Place(file, begins, 1), reason=reason) from None
        if cells is None:
            return
        if any(cells):
            yield begins, cells


def header(
    cells: Sequence[str],
    *,
    file: str,
    needed: Iterable[str],
    once: Iterable[str] | None = None,
) -> list[str]:
    """Return the titles of the columns; TableRefused where one of `needed` is missing or one of `once` (all) is there twice."""
    titles = [one.strip() for one in cells]
    reason = None
    if len(titles) > MAX_COLUMNS:
        reason = message("a table has at most {limit} columns", limit=MAX_COLUMNS)
    for name in titles if once is None else once:
        if titles.count(name) > 1:
            reason = reason or message("the column '{name}' appears twice", name=name)
    for name in needed:
        if name not in titles:
            template = "the column '{name}' is missing{hint}"
            reason = reason or message(template, name=name, hint=hint(name, titles))
    if reason is not None:
        raise TableRefused(place=Place(file, 1, 1), reason=reason)
    return titles


def misfit(
    cells: Sequence[str], titles: Sequence[str], *, longest: int
) -> tuple[int, Message | None]:
    """Return what keeps a row from being read, with the number of its column, or None."""
    if len(cells) != len(titles):
        template = "the row has {found} cells; the first line has {wanted}"
        return 1, message(template, found=len(cells), wanted=len(titles))
    for number, (title, cell) in enumerate(zip(titles, cells, strict=True), start=1):
        if len(cell) > longest:
            fault = message("a cell has more than {limit} characters", limit=longest)
            return number, message("column '{column}': {fault}", column=title, fault=fault)
    return 1, None


def _not_in(encoding: str | None) -> Message:
    if encoding is None:
        return message("the file is not UTF-8; save it as 'CSV UTF-8'")
    return message(
        "the file is not {encoding}; save it as 'CSV UTF-8', or name its encoding",
        encoding=encoding.upper(),
    )
