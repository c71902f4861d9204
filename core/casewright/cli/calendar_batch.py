"""Working time for every row of a CSV file: read whole, counted, and only then written."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casewright import csv_reading, regular_file
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given
from casewright.cli.session import Session
from casewright.errors import (
    CasewrightError,
    FileUnreadable,
    Place,
    TableRefused,
    message,
)

if TYPE_CHECKING:
    from casewright.sla.calendar import Calendar

MAX_BYTES = 64 * 1024 * 1024
MAX_CELL = 20_000
_NEEDED = ("from", "to")
_ADDED = "seconds"


def batch_answer(session: Session, given: Given, calendar: "Calendar", path: Path) -> Answer:
    """Answer with the rows of a file and their working time, in a new file when --out names one."""
    header, rows = _read(path)
    seconds = [
        _seconds(calendar, dict(zip(header, cells, strict=True)), Place(str(path), line, 1))
        for line, cells in rows
    ]
    written = _written(header, [cells for _, cells in rows], seconds)
    document = {"seconds": seconds}
    out = given.text("out")
    if out is None:
        return Answer(document=document, lines=written.splitlines())
    _write(Path(out), written)
    said = session.texts.say("{file}: {count} row(s) are written.", file=out, count=len(rows))
    return Answer(document={**document, "file": out}, notes=[said])


def _read(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the titles, and each row with the line on which it begins."""
    file, octets = str(path), regular_file.read(path, limit=MAX_BYTES)
    rows = csv_reading.rows(csv_reading.decoded(octets, file=file, limit=MAX_BYTES), file=file)
    titles = csv_reading.header(next(rows, (1, []))[1], file=file, needed=_NEEDED)
    if _ADDED in titles:
        reason = message("there is a column '{name}' already: rename it", name=_ADDED)
        raise TableRefused(place=Place(file, 1, 1), reason=reason)
    found = []
    for line, cells in rows:
        _, fault = csv_reading.misfit(cells, titles, longest=MAX_CELL)
        if fault is not None:
            raise TableRefused(place=Place(file, line, 1), reason=fault)
        found.append((line, cells))
    return titles, found


def _seconds(calendar: "Calendar", row: dict[str, str], place: Place) -> int:
    from casewright.sla.local_time import read_moment

    zone = ZoneInfo(calendar.zone)
    try:
        start, end = (read_moment(row[name], zone) for name in _NEEDED)
        return calendar.elapsed(start, end) // timedelta(seconds=1)
    except CasewrightError as error:
        reason = getattr(error, "reason", message("{problem}", problem=str(error)))
        raise TableRefused(place=place, reason=reason) from None


def _written(header: list[str], rows: list[list[str]], seconds: list[int]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*header, _ADDED])
    writer.writerows([*cells, counted] for cells, counted in zip(rows, seconds, strict=True))
    return out.getvalue()


def _write(path: Path, content: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(content)
    except FileExistsError:
        reason = message("it exists already; name a new file")
        raise FileUnreadable(file=str(path), reason=reason) from None
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
