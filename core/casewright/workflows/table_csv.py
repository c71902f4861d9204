"""A workspace table in CSV, read into the same data (and places) as one written in YAML."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casewright import csv_reading, regular_file
from casewright.document import Document, Mark
from casewright.errors import Message, Place, TableRefused, message
from casewright.yaml_defences import TEXT_DEFENCES

MAX_BYTES = 16 * 1024 * 1024
MAX_ROWS = 100_000
MAX_CELL = 20_000

FIRST_COLUMNS = ("key", "en", "zh")
"""What every table in CSV has; `parent` and columns of one's own may follow."""


def load_file(path: Path, *, file: str) -> Document:
    """Return the rows of a CSV file as a table's data; refusals say where and why."""
    source = regular_file.read(path, limit=MAX_BYTES, file=file)
    text = csv_reading.decoded(source, file=file, limit=MAX_BYTES)
    for defence in TEXT_DEFENCES.values():
        defence(text, file)
    lines = csv_reading.rows(text, file=file)
    header = csv_reading.header(next(lines, (1, []))[1], file=file, needed=FIRST_COLUMNS)
    rows, marks = _rows(header, lines, file)
    title = _spoken(path.stem)
    own = [one for one in header if one not in (*FIRST_COLUMNS, "parent")]
    top = Mark(1, 1)
    top.inside["rows"] = marks
    data = {
        "table": path.stem,
        "title": title,
        "columns": {one: _spoken(one) for one in own},
        "rows": rows,
    }
    return Document(data=data, file=file, marks=top)


def _rows(
    header: list[str], lines: Iterator[tuple[int, list[str]]], file: str
) -> tuple[dict[str, Any], Mark]:
    rows: dict[str, Any] = {}
    marks = Mark(2, 1)
    for line, cells in lines:
        _, fault = csv_reading.misfit(cells, header, longest=MAX_CELL)
        if fault is not None:
            raise _refused(file, line, fault)
        row = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
        key = row.pop("key", "")
        if key in rows:
            raise _refused(file, line, message("the key '{key}' appears twice", key=key))
        if len(rows) >= MAX_ROWS:
            raise _refused(
                file, line, message("a table has at most {limit} rows", limit=MAX_ROWS)
            )
        rows[key], marks.inside[key] = row, Mark(line, 1)
    return rows, marks


def _refused(file: str, line: int, reason: Message) -> TableRefused:
    return TableRefused(place=Place(file, line, 1), reason=reason)


def _spoken(name: str) -> dict[str, str]:
    words = name.replace("_", " ").capitalize()
    return {"en": words, "zh": words}
