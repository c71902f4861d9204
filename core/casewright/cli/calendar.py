"""`casewright calendar`: check, show, due, elapsed and import."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright.cli.answer import Answer
from casewright.cli.calendar_import import IMPORT
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.cli.workflow import problems_answer
from casewright.errors import NotFound, ProblemsFound, UsageRefused, message
from casewright.nearest import hint
from casewright.telling.time_words import length, shown
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.sla.calendar import Calendar


def check(session: Session, given: Given) -> Answer:
    """Answer with everything that is wrong with calendar files."""
    from casewright.clock import SystemClock
    from casewright.sla.calendar_file import (
        calendar_files,
        files_in,
        load_calendar,
        unpublished,
    )
    from casewright.workflows.check import ordered

    named = [Path(one) for one in given.all("path")]
    files = [file for path in named for file in files_in(path)]
    files = files if named else list(calendar_files(session.config.root))
    today, problems = SystemClock().now().date(), []
    for file in files:
        calendar, found = load_calendar(file)
        problems += found
        problems += unpublished(calendar, today, str(file)) if calendar else []
    return problems_answer(session, ordered(problems), len(files))


def show(session: Session, given: Given) -> Answer:
    """Answer with a year of a calendar, or with one month of it."""
    from casewright.cli.calendar_reading import calendar_document, month_lines, year_lines
    from casewright.clock import SystemClock

    calendar = named_calendar(session, given.needed("name"))
    year = _number(given, "year", 1902, 2198) or SystemClock().now().year
    month = _number(given, "month", 1, 12)
    lines = (
        month_lines(calendar, year, month, session.texts)
        if month
        else year_lines(calendar, year, session.texts)
    )
    return Answer(document=calendar_document(calendar, year, month), lines=lines)


def due(session: Session, given: Given) -> Answer:
    """Answer with the moment at which a length of working time has passed."""
    from casewright import durations

    calendar = named_calendar(session, given.needed("name"))
    start = _moment(calendar, given.needed("from"))
    within = durations.parse(given.needed("within"))
    end = calendar.due(start, calendar.working(start, within))
    provisional = calendar.provisional(end)
    there = _local(calendar, end)
    document = {"due": there.isoformat(), "provisional": provisional}
    lines = [shown(end, calendar.zone)]
    if provisional:
        template = (
            "Provisional: the holidays of {year} are not published in the calendar '{name}'."
        )
        lines += [session.texts.say(template, year=str(there.year), name=calendar.name)]
    return _explained(session, given, calendar, start, end, document, lines)


def elapsed(session: Session, given: Given) -> Answer:
    """Answer with the working time between two moments, or between those of each row of a file."""
    from datetime import timedelta

    calendar = named_calendar(session, given.needed("name"))
    if batch := given.text("batch"):
        from casewright.cli.calendar_batch import batch_answer

        if given.text("from") or given.text("to") or given.flag("explain"):
            reason = message("--batch takes its times from the file, and explains none of them")
            raise UsageRefused(reason=reason)
        return batch_answer(session, given, calendar, Path(batch))
    start, end = (_moment(calendar, _asked(given, one)) for one in ("from", "to"))
    counted = calendar.elapsed(start, end)
    lines = [session.texts.say("{time} of working time", time=length(session.texts, counted))]
    document = {"seconds": counted // timedelta(seconds=1)}
    return _explained(session, given, calendar, start, end, document, lines)


def named_calendar(session: Session, name: str) -> "Calendar":
    """Return a calendar of the workspace by name, one by its path, or the one that is built in."""
    from casewright.sla.calendar import ALWAYS
    from casewright.sla.calendar_file import load_calendar

    if name == ALWAYS.name:
        return ALWAYS
    calendar, problems = load_calendar(calendar_path(session, name))
    if calendar is None:
        grave = tuple(problem for problem in problems if problem.grave)
        raise ProblemsFound.of(grave)
    return calendar


def calendar_path(session: Session, name: str) -> Path:
    """Return the file of a calendar: the path itself, or the workspace's of that name."""
    from casewright.sla.calendar_file import SUFFIXES, calendar_files

    if Path(name).suffix in SUFFIXES:
        return Path(name)
    files = {file.stem: file for file in calendar_files(session.config.root)}
    if name not in files:
        known = (*files, "always")
        raise NotFound(kind=message("calendar"), name=name[:80], hint=hint(name, known))
    return files[name]


def _explained(
    session: Session,
    given: Given,
    calendar: "Calendar",
    start: datetime,
    end: datetime,
    document: dict[str, Any],
    lines: list[str],
) -> Answer:
    if not given.flag("explain"):
        return Answer(document=document, lines=lines)
    from casewright.cli.calendar_ledger import ledger_document, ledger_lines

    spans = list(calendar.spans(start, end))
    return Answer(
        document={**document, "ledger": ledger_document(calendar, spans)},
        lines=[*lines, "", *ledger_lines(calendar, spans, session.texts)],
    )


def _moment(calendar: "Calendar", written: str) -> datetime:
    from zoneinfo import ZoneInfo

    from casewright.sla.local_time import read_moment

    return read_moment(written, ZoneInfo(calendar.zone))


def _local(calendar: "Calendar", moment: datetime) -> datetime:
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(calendar.zone))


def _asked(given: Given, key: str) -> str:
    found = given.text(key)
    if found is None:
        template = "--{name} is missing: give --from and --to, or --batch with a file"
        raise UsageRefused(reason=message(template, name=key))
    return found


def _number(given: Given, key: str, least: int, most: int) -> int | None:
    written = given.text(key)
    if written is None:
        return None
    number = int(written) if written.isascii() and written.isdecimal() else -1
    if not least <= number <= most:
        template = "--{name} is a number from {least} to {most}"
        raise UsageRefused(reason=message(template, name=key, least=str(least), most=str(most)))
    return number


NAME = Option(
    name="NAME",
    needed=True,
    help=text("a calendar of the workspace, or its file; always is built in"),
)
_FROM = Option(
    name="--from",
    value="TIME",
    help=text("ISO 8601; without an offset it is a local time of the calendar"),
)
_EXPLAIN = Option(name="--explain", help=text("tell what counted and what did not, and why"))
_TIMES = text(
    "A local time that occurs twice, when clocks are put back, is the first; one that is skipped is the moment of the change."
)

NOUNS = (
    Noun(
        name="calendar",
        help=text("working calendars: check them, and count on them"),
        verbs=(
            Verb(
                name="check",
                run=check,
                help=text("say everything that is wrong with calendar files, worst first"),
                options=(
                    Option(
                        name="PATH",
                        many=True,
                        help=text("files or folders (default: the workspace's calendars)"),
                    ),
                ),
            ),
            Verb(
                name="show",
                run=show,
                help=text("show a year of a calendar, or a month of it"),
                options=(
                    NAME,
                    Option(name="--year", value="YEAR", help=text("default: this year")),
                    Option(name="--month", value="MONTH", help=text("1 to 12, day by day")),
                ),
            ),
            Verb(
                name="due",
                run=due,
                help=text("say when a length of working time will have passed"),
                more=_TIMES,
                options=(
                    NAME,
                    Option(name="--from", value="TIME", needed=True, help=_FROM.help),
                    Option(
                        name="--within",
                        value="LENGTH",
                        needed=True,
                        help=text("such as '4 hours' or '2 working days'"),
                    ),
                    _EXPLAIN,
                ),
            ),
            Verb(
                name="elapsed",
                run=elapsed,
                help=text("say how much working time lies between two times"),
                more=_TIMES,
                options=(
                    NAME,
                    _FROM,
                    Option(name="--to", value="TIME", help=text("written in the same way")),
                    _EXPLAIN,
                    Option(
                        name="--batch",
                        value="FILE",
                        help=text(
                            "a CSV file with columns from and to; it is printed with a column seconds"
                        ),
                    ),
                    Option(
                        name="--out",
                        value="FILE",
                        help=text("write what --batch gives to a new file"),
                    ),
                ),
            ),
            IMPORT,
        ),
    ),
)
