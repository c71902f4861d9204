"""A workspace table in CSV, read into the same data (and places) as one written in YAML."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casewright import regular_file
from casewright.document import Document, Mark
from casewright.errors import Message, Place, TableRefused, message
from casewright.nearest import hint
from casewright.yaml_defences import TEXT_DEFENCES

MAX_BYTES = 16 * 1024 * 1024
MAX_COLUMNS = 200
MAX_ROWS = 100_000

FIRST_COLUMNS = ("key", "en", "zh")
"""What every table in CSV has; `parent` and columns of one's own may follow."""


def load_file(path: Path, *, file: str) -> Document:
    """Return the rows of a CSV file as a table's data; refusals say where and why."""
    source = regular_file.read(path, limit=MAX_BYTES, file=file)
    if len(source) > MAX_BYTES:
        raise TableRefused(
            place=Place(file),
            reason=message("the file is larger than {limit} bytes", limit=MAX_BYTES),
        )
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise TableRefused(
            place=Place(file, line, 1), reason=message("the file is not UTF-8")
        ) from None
    for defence in TEXT_DEFENCES.values():
        defence(text, file)
    lines = _lines(text, file)
    header = _header(next(lines, (1, []))[1], file)
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


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        reason = message("not valid CSV ({problem})", problem=str(error))
        raise TableRefused(place=Place(file, reader.line_num, 1), reason=reason) from None


def _header(cells: list[str], file: str) -> list[str]:
    header = [one.strip() for one in cells]
    if len(header) > MAX_COLUMNS:
        raise _refused(
            file, 1, message("a table has at most {limit} columns", limit=MAX_COLUMNS)
        )
    for name in FIRST_COLUMNS:
        if name not in header:
            raise _refused(
                file,
                1,
                message(
                    "the column '{name}' is missing{hint}", name=name, hint=hint(name, header)
                ),
            )
    for name in header:
        if header.count(name) > 1:
            raise _refused(file, 1, message("the column '{name}' appears twice", name=name))
    return header


def _rows(
    header: list[str], lines: Iterator[tuple[int, list[str]]], file: str
) -> tuple[dict[str, Any], Mark]:
    rows: dict[str, Any] = {}
    marks = Mark(2, 1)
    for line, cells in lines:
        if len(cells) != len(header):
            template = "the row has {found} cells; the first line has {wanted}"
            raise _refused(file, line, message(template, found=len(cells), wanted=len(header)))
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
