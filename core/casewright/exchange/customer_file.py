"""A CSV file of customers, read by its map into lines; within limits, every fault with its line."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casewright import regular_file
from casewright.errors import Message, Place, Problem, TableRefused, message
from casewright.exchange.customer_map import ATTRIBUTES, CustomerMap
from casewright.exchange.sheet_cells import unquoted
from casewright.model import CustomerLine, Identity
from casewright.nearest import hint

MAX_BYTES = 256 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 4_000
ENCODINGS = ("utf-8", "gb18030")
_DELIMITERS = (",", ";", "\t")
_STEP = 1_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """What a file says: a value for each line that can be read, and what is wrong with the others.

    `columns` has the number and the title of the column of each attribute, and of each `identities.KIND`.
    """

    lines: tuple[CustomerLine, ...]
    columns: Mapping[str, tuple[int, str]]
    problems: tuple[Problem, ...]


def read_customers(
    path: Path,
    said: CustomerMap,
    *,
    encoding: str = "utf-8",
    progress: Progress | None = None,
) -> CustomerFile:
    """Return the file's lines; TableRefused where the file as a whole cannot be read by the map."""
    file = str(path)
    text = _text(path, encoding)
    rows = _rows(text, file)
    first = next(rows, None)
    if first is None:
        raise TableRefused(place=Place(file), reason=message("the file is empty"))
    header = _header(first[1], said, file)
    total = text.count("\n")
    lines, problems = [], []
    for number, cells in rows:
        column, fault = _fault(cells, header)
        if fault is None:
            lines.append(_line(number, dict(zip(header, cells, strict=True)), said))
        else:
            place = Place(file, number, column)
            problems.append(Problem(code="import.refused", message=fault, place=place))
        if len(lines) + len(problems) > MAX_ROWS:
            reason = message("the file has more than {limit} rows", limit=MAX_ROWS)
            raise TableRefused(place=Place(file, number, 1), reason=reason)
        if progress is not None and not number % _STEP:
            progress(number, total)
    return CustomerFile(
        lines=tuple(lines), columns=_columns(header, said), problems=tuple(problems)
    )


def _columns(header: Sequence[str], said: CustomerMap) -> Mapping[str, tuple[int, str]]:
    titles = {
        **said.columns,
        **{f"identities.{kind}": title for kind, title in said.identities.items()},
    }
    return {name: (header.index(title) + 1, title) for name, title in titles.items()}


def _text(path: Path, encoding: str) -> str:
    source = regular_file.read(path, limit=MAX_BYTES)
    if len(source) > MAX_BYTES:
        reason = message("the file is larger than {limit} bytes", limit=MAX_BYTES)
        raise TableRefused(place=Place(str(path)), reason=reason)
    try:
        return source.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        template = "the file is not {encoding}; save it as 'CSV UTF-8', or name its --encoding"
        reason = message(template, encoding=encoding.upper())
        raise TableRefused(place=Place(str(path), line, 1), reason=reason) from None


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line it begins on; the first one tells the delimiter.

    A cell that our exporter has quoted reads as what it was.
    """
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
            yield begins, [unquoted(one) for one in cells]


def _header(cells: Sequence[str], said: CustomerMap, file: str) -> list[str]:
    header = [one.strip() for one in cells]
    reason = None
    if len(header) > MAX_COLUMNS:
        reason = message("a table has at most {limit} columns", limit=MAX_COLUMNS)
    for name in said.named:
        if header.count(name) > 1:
            reason = message("the column '{name}' appears twice", name=name)
        if name not in header:
            template = "the column '{name}' is missing{hint}"
            reason = reason or message(template, name=name, hint=hint(name, header))
    if reason is not None:
        raise TableRefused(place=Place(file, 1, 1), reason=reason)
    return header


def _fault(cells: Sequence[str], header: Sequence[str]) -> tuple[int, Message | None]:
    """Return what keeps a row from being read, with its column, or None."""
    if len(cells) != len(header):
        template = "the row has {found} cells; the first line has {wanted}"
        return 1, message(template, found=len(cells), wanted=len(header))
    for number, (title, cell) in enumerate(zip(header, cells, strict=True), start=1):
        if len(cell) > MAX_CELL:
            fault = message("a cell has more than {limit} characters", limit=MAX_CELL)
            return number, message("column '{column}': {fault}", column=title, fault=fault)
    return 1, None


def _line(number: int, row: dict[str, str], said: CustomerMap) -> CustomerLine:
    given: dict[str, Any] = {}
    for name in ATTRIBUTES:
        written = row[said.columns[name]] if name in said.columns else ""
        words = said.values.get(name, {})
        if name == "tags":
            found = (words.get(one, one) for one in _several(written, said.separator))
            tags = tuple(filter(None, found))
            given[name] = tags or tuple(_several(said.always.get(name, ""), said.separator))
        else:
            one = _tidy(written)
            given[name] = words.get(one, one) or (said.always.get(name, "") if not one else "")
    known_by = tuple(
        Identity(kind=kind, value=value)
        for kind, column in said.identities.items()
        for value in _several(row[column], said.separator)
    )
    return CustomerLine(line=number, known_by=known_by, **given)


def _several(written: str, separator: str) -> Iterator[str]:
    return filter(None, map(_tidy, written.split(separator)))


def _tidy(written: str) -> str:
    """Blanks of any kind, those of Chinese keyboards too, become one plain blank; none stay at the ends."""
    return written if written.isalnum() else " ".join(written.split())
