"""Event logs in CSV: streamed row by row, UTF-8 only, every refusal with its line."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

from casewright.exchange.log_model import Columns, Limits, LogEvent, refusal
from casewright.exchange.log_values import (
    RawEvent,
    no_such_column,
    refuse_long_text,
    to_event,
)

_DELIMITERS = (",", ";", "\t")


def read_csv_header(source: io.BufferedReader, *, file: str, limits: Limits) -> list[str]:
    """Return the names in the first row."""
    for _, row in _rows(source, file, limits):
        return row
    raise refusal(file, 0, "the log is empty")


def read_csv(
    source: io.BufferedReader, columns: Columns, *, file: str, limits: Limits
) -> Iterator[LogEvent]:
    """Yield the events in the file's order; the header tells comma, semicolon and tab apart."""
    rows = _rows(source, file, limits)
    _, header = next(rows, (0, []))
    if not header:
        raise refusal(file, 0, "the log is empty")
    case = _index(header, columns.case, file)
    activity = [_index(header, name, file) for name in columns.activity]
    time = _index(header, columns.time, file)
    agent = None if columns.agent is None else _index(header, columns.agent, file)
    for line, row in rows:
        refuse_other_width(row, header, line, file)
        raw = RawEvent(
            case=row[case],
            activity=tuple(row[index] for index in activity),
            time=row[time],
            agent=None if agent is None else row[agent],
            line=line,
        )
        yield to_event(raw, columns, file=file, limits=limits)


def refuse_many_columns(row: Sequence[str], line: int, file: str, limits: Limits) -> None:
    """Refuse a row with more columns than the limit."""
    if len(row) > limits.columns:
        raise refusal(
            file,
            line,
            "the row has {count} columns; at most {limit} are allowed",
            count=len(row),
            limit=limits.columns,
        )


def refuse_other_width(row: Sequence[str], header: Sequence[str], line: int, file: str) -> None:
    """Refuse a row whose values cannot be told to columns."""
    if len(row) != len(header):
        raise refusal(
            file,
            line,
            "the row has {count} columns, the header names {expected}",
            count=len(row),
            expected=len(header),
        )


def refuse_nul(text: str, line: int, file: str) -> None:
    """Refuse NUL characters: databases refuse or cut texts at them."""
    if "\x00" in text:
        raise refusal(
            file, line, "the row holds a NUL character", at_column=text.index("\x00") + 1
        )


def refuse_long_row(size: int, line: int, file: str, limits: Limits) -> None:
    """Refuse a row that would fill the memory; an open quote swallows the rest of a file."""
    if size > limits.row:
        raise refusal(
            file,
            line,
            "the row is longer than {limit} bytes; is a quote left open?",
            limit=limits.row,
        )


def _rows(
    source: io.BufferedReader, file: str, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line it begins on."""
    lines = _Lines(source, file, limits)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(
        chain([first] if first else [], lines), delimiter=delimiter, strict=True
    )
    while True:
        begins = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise refusal(
                file, begins, "the row is not CSV: {detail}", detail=str(error)
            ) from error
        if row is None:
            return
        refuse_many_columns(row, begins, file, limits)
        if lines.row_size > limits.field:
            for value in row:
                refuse_long_text(value, begins, file, limits)
        if row:  # Blank lines count towards the next row, so that not even they go on for ever.
            lines.row_size = 0
            yield begins, row


class _Lines:
    """Decoded lines for the CSV reader; `row_size` is set back by whoever takes a row."""

    def __init__(self, source: io.BufferedReader, file: str, limits: Limits) -> None:
        self._source, self._file, self._limits = source, file, limits
        self._number = 0
        self.row_size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._source.readline(self._limits.row + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self.row_size += len(line)
        refuse_long_row(self.row_size, self._number, self._file, self._limits)
        text = _decoded(line, self._number, self._file)
        refuse_nul(text, self._number, self._file)
        return text.removeprefix("\ufeff") if self._number == 1 else text


def _decoded(line: bytes, number: int, file: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal(
            file,
            number,
            "the row is not UTF-8; save the file as 'CSV UTF-8'",
            at_column=error.start + 1,
        ) from error


def _index(header: Sequence[str], name: str, file: str) -> int:
    """Return where the column stands; refuse a missing or doubled one."""
    if header.count(name) > 1:
        raise refusal(file, 1, "the column '{name}' is named twice", name=name)
    if name in header:
        return header.index(name)
    raise no_such_column(name, header, file)
