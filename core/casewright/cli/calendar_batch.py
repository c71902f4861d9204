"""Working time for every row of a CSV file: read whole, counted, and only then written."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casewright import regular_file
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given
from casewright.cli.session import Session
from casewright.errors import (
    CasewrightError,
    FileUnreadable,
    Message,
    Place,
    TableRefused,
    message,
)
from casewright.nearest import hint

if TYPE_CHECKING:
    from casewright.sla.calendar import Calendar

MAX_BYTES = 64 * 1024 * 1024
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
    """Return the first line, and each row with the line on which it ends."""
    source = regular_file.read(path, limit=MAX_BYTES)
    if len(source) > MAX_BYTES:
        template = "the file is larger than {limit} bytes"
        raise TableRefused(place=Place(str(path)), reason=message(template, limit=MAX_BYTES))
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise _refused(path, line, message("the file is not UTF-8")) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        reason = message("not valid CSV ({problem})", problem=str(error))
        raise _refused(path, reader.line_num, reason) from None
    header = rows[0][1] if rows else []
    _check_header(path, header)
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            template = "the row has {found} cells; the first line has {wanted}"
            reason = message(template, found=len(cells), wanted=len(header))
            raise _refused(path, line, reason)
    return header, rows[1:]


def _check_header(path: Path, header: list[str]) -> None:
    for name in _NEEDED:
        if name not in header:
            template = "the column '{name}' is missing{hint}"
            reason = message(template, name=name, hint=hint(name, header))
            raise _refused(path, 1, reason)
    if _ADDED in header:
        reason = message("there is a column '{name}' already: rename it", name=_ADDED)
        raise _refused(path, 1, reason)
    for name in header:
        if header.count(name) > 1:
            raise _refused(path, 1, message("the column '{name}' appears twice", name=name))


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


def _refused(path: Path, line: int, reason: Message) -> TableRefused:
    return TableRefused(place=Place(str(path), line, 1), reason=reason)
