"""A CSV file of customers, read by its map into lines; within limits, every fault with its line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from casewright import csv_reading, regular_file
from casewright.errors import Place, Problem, TableRefused, message
from casewright.exchange.customer_map import ATTRIBUTES, CustomerMap
from casewright.exchange.sheet_cells import unquoted
from casewright.model import CustomerLine, Identity
from casewright.swift_dataclass import dataclass

MAX_BYTES = 256 * 1024 * 1024
MAX_ROWS = 200_000
MAX_CELL = 4_000
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
    octets = regular_file.read(path, limit=MAX_BYTES)
    text = csv_reading.decoded(octets, file=file, limit=MAX_BYTES, encoding=encoding)
    rows = csv_reading.rows(text, file=file)
    first = next(rows, None)
    if first is None:
        raise TableRefused(place=Place(file), reason=message("the file is empty"))
    header = csv_reading.header(
        list(map(unquoted, first[1])), file=file, needed=said.named, once=said.named
    )
    total = text.count("\n")
    lines, problems = [], []
    for number, quoted in rows:
        cells = list(map(unquoted, quoted))
        column, fault = csv_reading.misfit(cells, header, longest=MAX_CELL)
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
