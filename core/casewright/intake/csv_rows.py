"""The rows of a CSV file by the titles of its columns: those that can be read, and what is wrong with the others."""

import csv
import hashlib
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from casewright.errors import Message, Place, Problem, TableRefused, message
from casewright.nearest import hint

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 20_000
ENCODINGS = ("utf-8", "gb18030")
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the line that it begins on, an id that the same row of the same file has again, and its cells by title."""

    line: int
    id: str
    cells: Mapping[str, str]


def read_rows(
    octets: bytes, *, file: str, named: Collection[str] = (), encoding: str = "utf-8"
) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """Return the rows of a file, and the problems of those that cannot be read. TableRefused where the file as a whole cannot.

    `named` are the columns that it must have.
    """
    digest = hashlib.sha256(octets).hexdigest()[:32]
    lines = _lines(_text(octets, file, encoding), file)
    first = next(lines, None)
    if first is None:
        raise TableRefused(place=Place(file), reason=message("the file is empty"))
    header = _header(first[1], named, file)
    rows, problems = [], []
    for line, cells in lines:
        fault = _fault(cells, header)
        if fault is None:
            row = {title: cell.strip() for title, cell in zip(header, cells, strict=True)}
            rows.append(Row(line=line, id=f"{digest}:{line}", cells=row))
        else:
            place = Place(file, line, 1)
            problems.append(Problem(code="intake.row", message=fault, place=place))
        if len(rows) + len(problems) > MAX_ROWS:
            reason = message("the file has more than {limit} rows", limit=MAX_ROWS)
            raise TableRefused(place=Place(file, line, 1), reason=reason)
    return tuple(rows), tuple(problems)


def _text(octets: bytes, file: str, encoding: str) -> str:
    if len(octets) > MAX_BYTES:
        reason = message("the file is larger than {limit} bytes", limit=MAX_BYTES)
        raise TableRefused(place=Place(file), reason=reason)
    try:
        text = octets.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        template = "the file is not {encoding}; save it as 'CSV UTF-8', or name its encoding"
        reason = message(template, encoding=encoding.upper())
        raise TableRefused(place=Place(file, line, 1), reason=reason) from None
    if "\0" in text:
        raise TableRefused(place=Place(file), reason=message("it holds a NUL"))
    return text


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line it begins on; the first one tells the delimiter."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
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


def _header(cells: Sequence[str], named: Collection[str], file: str) -> list[str]:
    header = [one.strip() for one in cells]
    reason = None
    if len(header) > MAX_COLUMNS:
        reason = message("a table has at most {limit} columns", limit=MAX_COLUMNS)
    for name in header:
        if header.count(name) > 1:
            reason = reason or message("the column '{name}' appears twice", name=name)
    for name in sorted(named):
        if name not in header:
            template = "the column '{name}' is missing{hint}"
            reason = reason or message(template, name=name, hint=hint(name, header))
    if reason is not None:
        raise TableRefused(place=Place(file, 1, 1), reason=reason)
    return header


def _fault(cells: Sequence[str], header: Sequence[str]) -> Message | None:
    """Return what keeps a row from being read, or None."""
    if len(cells) != len(header):
        template = "the row has {found} cells; the first line has {wanted}"
        return message(template, found=len(cells), wanted=len(header))
    for title, cell in zip(header, cells, strict=True):
        if len(cell) > MAX_CELL:
            fault = message("a cell has more than {limit} characters", limit=MAX_CELL)
            return message("column '{column}': {fault}", column=title, fault=fault)
    return None
