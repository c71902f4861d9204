"""The rows of a CSV file by the titles of its columns: those that can be read, and what is wrong with the others."""

import hashlib
from collections.abc import Collection, Mapping

from casewright import csv_reading
from casewright.errors import Place, Problem, TableRefused, message
from casewright.swift_dataclass import dataclass

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 100_000
MAX_CELL = 20_000


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
    text = csv_reading.decoded(octets, file=file, limit=MAX_BYTES, encoding=encoding)
    if "\0" in text:
        raise TableRefused(place=Place(file), reason=message("it holds a NUL"))
    lines = csv_reading.rows(text, file=file)
    first = next(lines, None)
    if first is None:
        raise TableRefused(place=Place(file), reason=message("the file is empty"))
    header = csv_reading.header(first[1], file=file, needed=sorted(named))
    rows, problems = [], []
    for line, cells in lines:
        _, fault = csv_reading.misfit(cells, header, longest=MAX_CELL)
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
