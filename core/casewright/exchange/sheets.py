"""The one exporter: rows into a CSV file or an Excel workbook, in which every cell is text. The only door to xlsxwriter."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from errno import EIO
from itertools import chain
from pathlib import Path
from tempfile import mkstemp
from typing import Any, TextIO

from casewright.errors import FileUnreadable, Message, message
from casewright.exchange.sheet_cells import cell_text, quoted

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
"""What a worksheet holds."""


def export_rows(
    path: Path,
    titles: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    replace: bool = False,
) -> int:
    """Write a file that only its owner may read, all of it or nothing, as its name says: `.csv` or `.xlsx`.

    Returns how many rows there were. FileUnreadable where it cannot be written, or is there and `replace` is not said.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise _refused(path, message("name a file that ends in .csv or .xlsx"))
    if path.exists() and not replace:
        raise _refused(path, _THERE)
    counted = _Counted(map(_texts, rows))
    with _beside(path, replace=replace) as draft:
        write(draft, chain([_texts(titles)], counted), path)
    return counted.count


def send_rows(stream: TextIO, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write rows as CSV to a stream whose lines are not translated; return how many there were."""
    counted = _Counted(map(_texts, rows))
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(chain([_texts(titles)], counted))
    stream.flush()
    return counted.count


def _texts(row: Sequence[object]) -> list[str]:
    return [quoted(cell_text(one)) for one in row]


class _Counted:
    """Rows, counted as they go by."""

    def __init__(self, rows: Iterator[list[str]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[list[str]]:
        for row in self._rows:
            self.count += 1
            yield row


def _write_csv(draft: Path, rows: Iterable[list[str]], path: Path) -> None:
    # With the byte order mark Excel reads the file as UTF-8, Chinese included.
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)


def _write_workbook(draft: Path, rows: Iterable[list[str]], path: Path) -> None:
    import xlsxwriter

    options: dict[str, Any] = {
        "constant_memory": True,
        "tmpdir": str(draft.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        with xlsxwriter.Workbook(str(draft), options) as book:
            sheet, text = book.add_worksheet(), book.add_format({"num_format": "@"})
            for number, row in enumerate(rows):
                _must_fit(path, number, row)
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, text)
    except xlsxwriter.exceptions.XlsxFileError as error:
        raise OSError(EIO, str(error)) from error


def _must_fit(path: Path, number: int, row: Sequence[str]) -> None:
    if number >= MOST_ROWS or len(row) > MOST_COLUMNS:
        reason = message(
            "a worksheet has at most {limit} rows; export to .csv", limit=MOST_ROWS
        )
        raise _refused(path, reason)
    if any(len(cell) > LONGEST_CELL for cell in row):
        reason = message(
            "row {row} has a cell of more than {limit} characters; export to .csv",
            row=number + 1,
            limit=LONGEST_CELL,
        )
        raise _refused(path, reason)


_WRITERS: dict[str, Callable[[Path, Iterable[list[str]], Path], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_workbook,
}


@contextmanager
def _beside(path: Path, *, replace: bool) -> Iterator[Path]:
    """Yield a draft beside `path` that takes its place at the end, or is gone after an error."""
    try:
        descriptor, name = mkstemp(
            dir=path.parent, prefix=f".{path.stem[:40]}-", suffix=path.suffix
        )
        os.close(descriptor)
    except OSError as error:
        raise _unwritten(path, error) from None
    draft = Path(name)
    try:
        yield draft
        _take_place(draft, path, replace=replace)
    except OSError as error:
        raise _unwritten(path, error) from None
    finally:
        draft.unlink(missing_ok=True)


def _take_place(draft: Path, path: Path, *, replace: bool) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    if replace:
        os.replace(draft, path)
        return
    try:
        # A link is made only where nothing is; a file system without links is trusted not to be raced.
        os.link(draft, path)
    except FileExistsError:
        raise _refused(path, _THERE) from None
    except OSError:
        if path.exists():
            raise _refused(path, _THERE) from None
        os.replace(draft, path)


_THERE = message("it exists already; name a new file, or say --replace")


def _unwritten(path: Path, error: OSError) -> FileUnreadable:
    return _refused(
        path, message("it cannot be written ({problem})", problem=error.strerror or "")
    )


def _refused(path: Path, reason: Message) -> FileUnreadable:
    return FileUnreadable(file=str(path), reason=reason)
