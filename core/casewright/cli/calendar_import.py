"""`casewright calendar import`: holidays from an iCalendar file, or those of China, into a calendar's file."""

from pathlib import Path
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option, Verb
from casewright.cli.session import Session
from casewright.errors import (
    CalendarRefused,
    FileUnreadable,
    ProblemsFound,
    UsageRefused,
    message,
)
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.exchange.calendar_years import YearDays

_OLDEST, _LATEST = 1902, 2198


def import_days(session: Session, given: Given) -> Answer:
    """Put years into a calendar's file and answer with what was written; on a refusal it stays as it was."""
    from casewright import strict_yaml
    from casewright.cli.calendar import calendar_path
    from casewright.exchange.calendar_years import with_years
    from casewright.sla.calendar_file import checked

    name = given.needed("name")
    if name == "always":
        reason = message("it is built in, and has no holidays")
        raise CalendarRefused(calendar=name, reason=reason)
    path = calendar_path(session, name)
    years = _found(given, path.stem)
    document = strict_yaml.load_file(path)
    data, problems = checked(document, path.stem)
    if data is not None:
        _must_be_free(data, years, path.stem, replace=given.flag("replace"))
        source = path.read_bytes().decode("utf-8")
        written = with_years(source, document, years, name=path.stem)
        data, problems = checked(strict_yaml.load(written, file=str(path)), path.stem)
    if data is None:
        grave = tuple(problem for problem in problems if problem.grave)
        raise ProblemsFound.of(grave)
    _write(path, written)
    return _answer(session, path, years)


def _found(given: Given, calendar: str) -> "list[YearDays]":
    """Return the years asked for, from wherever they are to come."""
    source, prc = given.text("file"), given.text("prc")
    if (source is None) == (prc is None):
        reason = message("name an iCalendar file, or --prc with a year")
        raise UsageRefused(reason=reason)
    if prc is not None:
        from casewright.exchange.prc_days import prc_days

        return [prc_days(_year(prc), calendar=calendar)]
    from casewright.exchange.icalendar_days import icalendar_days

    first, last = _window(given)
    years = icalendar_days(Path(str(source)), first, last, calendar=calendar)
    if not years:
        template = "the file lists no whole days in the years {first} to {last}"
        reason = message(template, first=str(first), last=str(last))
        raise CalendarRefused(calendar=calendar, reason=reason)
    return years


def _window(given: Given) -> tuple[int, int]:
    from casewright.clock import SystemClock

    if asked := given.text("year"):
        return _year(asked), _year(asked)
    now = SystemClock().now().year
    return now, now + 1


def _year(written: str) -> int:
    year = int(written) if written.isascii() and written.isdecimal() else 0
    if not _OLDEST <= year <= _LATEST:
        template = "'{year}' is no year between {first} and {last}"
        reason = message(template, year=written[:40], first=_OLDEST, last=_LATEST)
        raise UsageRefused(reason=reason)
    return year


def _must_be_free(
    data: "dict[str, object]", years: "list[YearDays]", name: str, *, replace: bool
) -> None:
    """Refuse to put other days in the place of published ones, unless that is wanted."""
    known = data.get("years")
    for one in years:
        there = known.get(str(one.year)) if isinstance(known, dict) else None
        if there and there["published"] and not replace:
            template = (
                "{year} is published in it already; --replace puts these days in its place"
            )
            reason = message(template, year=str(one.year))
            raise CalendarRefused(calendar=name, reason=reason)


def _write(path: Path, content: str) -> None:
    """Write the file whole or not at all."""
    import os
    import shutil

    path = path.resolve()
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content.encode())
        shutil.copymode(path, beside)
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None


def _answer(session: Session, path: Path, years: "list[YearDays]") -> Answer:
    template = "{file}: {year} has {holidays} holidays and {make_up} make-up working days now."
    lines = [
        session.texts.say(
            template,
            file=str(path),
            year=str(one.year),
            holidays=len(one.holidays),
            make_up=len(one.make_up),
        )
        for one in years
    ]
    document = {
        "file": str(path),
        "years": [{"year": one.year, **one.data()} for one in years],
    }
    return Answer(document=document, lines=lines)


IMPORT = Verb(
    name="import",
    run=import_days,
    help=text("put holidays from an iCalendar file, or those of China, into a calendar's file"),
    more=text(
        "Only the lines of the years concerned change. Of an iCalendar file the whole days count, with what returns yearly."
    ),
    options=(
        Option(
            name="NAME",
            needed=True,
            help=text("a calendar of the workspace, or its file"),
        ),
        Option(name="FILE", help=text("an iCalendar file (.ics)")),
        Option(
            name="--prc",
            value="YEAR",
            help=text("the official holidays and make-up days of China in that year"),
        ),
        Option(
            name="--year",
            value="YEAR",
            help=text("this year of the iCalendar file (default: this year and the next)"),
        ),
        Option(name="--replace", help=text("also a year that is published already")),
    ),
)
