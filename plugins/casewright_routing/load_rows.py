"""A load as a CSV: a row for each arrival, with `at`, `handling` in minutes, and columns called like facts."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from casewright import Message, Place, Problem, WorkspaceNames, hint, message
from casewright_routing.existing import missing
from casewright_routing.facts import FIELD, NAMES, Facts
from casewright_routing.load import (
    A_DAY,
    LONGEST_HANDLING,
    MOST_ARRIVALS,
    NEVER,
    Arrival,
    Load,
    load_of,
    minutes_of,
    moment_of,
    problem,
    too_many,
)
from casewright_routing.rules import Rules

MAX_BYTES = 256 * 1024 * 1024
MOST_PROBLEMS = 100
"""How many faulty rows are told before reading stops."""
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")


def read_rows(
    content: bytes, rules: Rules, file: str, names: WorkspaceNames | None = None
) -> tuple[Load | None, list[Problem]]:
    """Return the load of a CSV, as far as it could be read, and at most a hundred problems."""
    if len(content) > MAX_BYTES:
        reason = message("the file is larger than {limit} MiB", limit=MAX_BYTES // 1024**2)
        return None, [problem("too_large", reason, file)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [problem("encoding", message("the file is not UTF-8"), file)]
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return _of_rows(rows, rules, file, names)
    except csv.Error as error:
        reason = message("not a valid CSV ({problem})", problem=str(error))
        return None, [problem("bad_csv", reason, file, rows.line_num)]


def _of_rows(
    rows: Any, rules: Rules, file: str, names: WorkspaceNames | None
) -> tuple[Load | None, list[Problem]]:
    header = [one.strip() for one in next(rows, [])]
    problems = list(_columns(header, file))
    arrivals = []
    for cells in rows if not problems else ():
        if not any(cells):
            continue
        row = _Row(dict(zip(header, cells, strict=False)), Place(file, rows.line_num, 1))
        if len(cells) != len(header):
            template = "the row has {cells} cells, the first line names {columns} columns"
            row.note(message(template, cells=len(cells), columns=len(header)))
        arrivals.append(row.arrival(rules))
        if names is not None:
            row.must_exist(names, arrivals[-1].facts)
        problems += row.problems
        if len(problems) >= MOST_PROBLEMS or len(arrivals) > MOST_ARRIVALS:
            break
    problems += too_many(len(arrivals), file)
    return load_of(arrivals), problems[:MOST_PROBLEMS]


def _columns(header: list[str], file: str) -> Iterator[Problem]:
    known = ("at", "handling", *NAMES)
    for column, name in enumerate(header, 1):
        if name not in known and not name.startswith(FIELD):
            template = "unknown column '{column}'{hint}"
            near = hint(name, [*known, FIELD])
            reason = message(template, column=name[:40], hint=near)
            yield problem("unknown_column", reason, file, 1, column)
        elif name in header[: column - 1]:
            reason = message("the column '{column}' stands here twice", column=name[:40])
            yield problem("column_twice", reason, file, 1, column)
    for name in ("at", "handling"):
        if name not in header:
            reason = message("the column '{column}' is missing", column=name)
            yield problem("missing_column", reason, file, 1)


class _Row:
    """One row while it is read."""

    def __init__(self, cells: dict[str, str], place: Place) -> None:
        self._cells = {name: cell.strip() for name, cell in cells.items()}
        self._place = place
        self.problems: list[Problem] = []

    def note(self, reason: Message) -> None:
        self.problems.append(
            Problem(code="routing_load.bad_row", message=reason, place=self._place)
        )

    def must_exist(self, names: WorkspaceNames, facts: Facts) -> None:
        """Note what the row names and the workspace does not have."""
        for one in missing(names, facts):
            if one.grave:
                self.note(one.reason)

    def arrival(self, rules: Rules) -> Arrival:
        at = moment_of(self._cells.pop("at", ""), rules.zone)
        if at is None:
            self.note(message("'{word}': write the time as 2026-03-02T09:30", word="at"))
        handling = minutes_of(self._cells.pop("handling", ""))
        if handling is None:
            template = "'{word}': write minutes, more than 0 and at most {limit}"
            self.note(message(template, word="handling", limit=LONGEST_HANDLING))
        facts = {name: _value(cell) for name, cell in self._cells.items() if cell}
        return Arrival(at=at or NEVER, facts=facts, handling=handling or A_DAY)


def _value(cell: str) -> object:
    """Return what a cell says: true and false, whole numbers as JSON writes them, and else text."""
    if cell in ("true", "false"):
        return cell == "true"
    return int(cell) if _WHOLE.fullmatch(cell) else cell
