"""Is the data of a calendar well formed? Its words, its zone and its plain week; `year_shape` asks after its years."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from casewright import bilingual
from casewright.document import Document
from casewright.errors import Problem, message
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.sla import year_shape
from casewright.sla.codes import problem
from casewright.sla.rules import (
    DAY,
    DAYS,
    Hours,
    Rules,
    ranges,
    read_days,
    read_hours,
    rules_from_data,
)

WORDS = ("calendar", "title", "zone", "week", "years")
LONGEST_GAP = 400
"""Days without working time after which a calendar is refused: no promise on it could ever be due."""
_NAME = pattern(r"[a-z][a-z0-9_]{0,62}")
_DAY_HINT = message("write mon, tue, wed, thu, fri, sat or sun, or two of them: mon-fri")
_HOURS_HINT = message("write the hours as 09:00-18:00, several with commas between them")


def problems(document: Document, name: str) -> Iterator[Problem]:
    """Yield everything wrong with the calendar called `name` (its file's stem)."""
    data = document.data
    if not isinstance(data, dict):
        reason = message("write 'calendar:', 'title:', 'zone:' and 'week:'")
        yield problem(document, "wrong_shape", (), reason)
        return
    found = [*_headings(document, data, name), *_week(document, data.get("week"))]
    if not found:
        found = list(year_shape.problems(document, rules_from_data({**data, "years": {}})))
    yield from found
    if not any(one.grave for one in found):
        yield from _gap(document, rules_from_data(data))


def _headings(document: Document, data: dict[str, Any], name: str) -> Iterator[Problem]:
    for word in data:
        if word not in WORDS:
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, WORDS))
            yield problem(document, "unknown_word", (word,), reason, key=True)
    for word in WORDS[:4]:
        if word not in data:
            yield problem(
                document, "missing_word", (), message("'{word}' is missing", word=word)
            )
    yield from _called(document, data, name)
    if "title" in data and (fault := bilingual.fault(data["title"])):
        yield problem(document, "bad_text", ("title",), fault)
    if "zone" in data and not _is_zone(data["zone"]):
        near = hint(str(data["zone"]), available_timezones())
        template = "there is no time zone '{zone}'{hint}"
        reason = message(template, zone=str(data["zone"])[:64], hint=near)
        yield problem(document, "unknown_zone", ("zone",), reason)


def _called(document: Document, data: dict[str, Any], name: str) -> Iterator[Problem]:
    if not _NAME.fullmatch(name):
        template = (
            "'{name}' cannot be the name of a calendar: write lower case letters, digits and _"
        )
        yield problem(document, "bad_name", ("calendar",), message(template, name=name))
    elif name == "always":
        reason = message("the calendar 'always' is built in; choose another name")
        yield problem(document, "bad_name", ("calendar",), reason)
    elif "calendar" in data and data["calendar"] != name:
        reason = message("'calendar' is the file's name: {name}", name=name)
        yield problem(document, "name_differs", ("calendar",), reason)


def _is_zone(name: object) -> bool:
    if not isinstance(name, str) or not name:
        return False
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _week(document: Document, week: Any) -> Iterator[Problem]:
    if week is None:
        return
    if not isinstance(week, dict):
        template = "write the hours of the week by days: {{mon-fri: 09:00-18:00}}"
        yield problem(document, "wrong_shape", ("week",), message(template))
        return
    known: dict[int, tuple[str, list[Hours]]] = {}
    for days, written in week.items():
        path = ("week", days)
        hours = [*_read_hours(written)]
        if (named := read_days(days)) is None:
            template = "'{days}' is no day of the week{hint}: {advice}"
            near = hint(days, DAYS)
            reason = message(template, days=days[:40], hint=near, advice=_DAY_HINT)
            yield problem(document, "unknown_day", path, reason, key=True)
        for bad in (text for text, one in hours if one is None):
            template = "'{hours}' are no hours: {advice}"
            reason = message(template, hours=bad[:40], advice=_HOURS_HINT)
            yield problem(document, "bad_hours", path, reason)
        for day in named or ():
            if day in known:
                reason = message("the hours of '{day}' stand here twice", day=DAYS[day])
                yield problem(document, "day_twice", path, reason, key=True)
            known[day] = (days, sorted(one for _, one in hours if one))
    yield from _overlaps(document, known)


def _read_hours(written: Any) -> list[tuple[str, Hours | None]]:
    if not isinstance(written, str | list):
        return [(str(written), None)]
    return [(text, read_hours(text)) for text in ranges(written)]


def _overlaps(
    document: Document, known: dict[int, tuple[str, list[Hours]]]
) -> Iterator[Problem]:
    for day, (days, hours) in known.items():
        if any(later.start < earlier.end for earlier, later in pairwise(hours)):
            reason = message("the hours of '{day}' overlap", day=DAYS[day])
            yield problem(document, "hours_overlap", ("week", days), reason)
        _, following = known.get((day + 1) % 7, ("", []))
        if hours and following and hours[-1].end - DAY > following[0].start:
            template = "the hours of '{day}' run into those of '{next}'"
            reason = message(template, day=DAYS[day], next=DAYS[(day + 1) % 7])
            yield problem(document, "hours_overlap", ("week", days), reason)


def _gap(document: Document, rules: Rules) -> Iterator[Problem]:
    """Yield one problem when there is no working time for more than 400 days on end."""
    listed = sorted(rules.years) or [2000]
    idle = 0
    for day in range(
        date(listed[0] - 1, 1, 1).toordinal(), date(listed[-1] + 2, 12, 31).toordinal()
    ):
        idle = 0 if rules.hours(date.fromordinal(day)) else idle + 1
        if idle > LONGEST_GAP:
            template = "there is no working time within {days} days before {day}"
            reason = message(template, days=LONGEST_GAP, day=date.fromordinal(day).isoformat())
            path = ("years", str(date.fromordinal(day).year)) if any(rules.week) else ("week",)
            yield problem(document, "no_working_time", path, reason, key=True)
            return
