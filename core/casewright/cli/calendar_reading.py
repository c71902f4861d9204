"""A calendar as it reads: a year month by month, or a month as a sheet with its holidays and make-up days."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from casewright.cli.answer import Heading
from casewright.cli.output import pad, table
from casewright.telling.kinds import STRETCHES
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.bilingual import Bilingual
    from casewright.sla.calendar import Calendar
    from casewright.sla.rules import Hours

WEEKDAYS = (
    text("Mon"), text("Tue"), text("Wed"), text("Thu"), text("Fri"), text("Sat"), text("Sun"),
)  # fmt: skip
MARKS = {"working": " ", "make_up": "+", "holiday": "*", "weekend": "-"}
_WIDE = 9


def calendar_document(calendar: "Calendar", year: int, month: int | None) -> dict[str, Any]:
    """Return a calendar with each day of the year or month."""
    return {
        "name": calendar.name,
        "title": {"en": calendar.title.en, "zh": calendar.title.zh},
        "zone": calendar.zone,
        "digest": calendar.digest,
        "published": calendar.rules.published(year),
        "days": [
            {
                "day": day.isoformat(),
                "kind": calendar.rules.kind(day),
                "hours": _hours(calendar.rules.hours(day)),
                "name": (name := calendar.rules.holiday(day))
                and {"en": name.en, "zh": name.zh},
            }
            for day in _days(year, month)
        ],
    }


def year_lines(calendar: "Calendar", year: int, texts: Texts) -> Iterator[str]:
    """Yield the year's months with their working days, then its holidays and make-up days."""
    yield from _heading(calendar, year, texts)
    rows = []
    for month in range(1, 13):
        worked = [hours for day in _days(year, month) if (hours := calendar.rules.hours(day))]
        minutes = sum(one.end - one.start for hours in worked for one in hours)
        rows.append((f"{year}-{month:02}", len(worked), f"{minutes / 60:g}"))
    titles = (text("month"), text("working days"), text("hours"))
    yield from table([texts.text(one) for one in titles], rows)
    yield from _special(calendar, _days(year, None), texts)


def month_lines(calendar: "Calendar", year: int, month: int, texts: Texts) -> Iterator[str]:
    """Yield the month as a sheet of weeks, what its marks mean, and its holidays and make-up days."""
    yield from _heading(calendar, year, texts)
    days = _days(year, month)
    yield Heading("".join(pad(texts.text(one), _WIDE, right=True) for one in WEEKDAYS))
    cells = [""] * days[0].weekday()
    cells += [f"{day.day} {MARKS[calendar.rules.kind(day)]}" for day in days]
    for at in range(0, len(cells), 7):
        yield "".join(pad(cell, _WIDE, right=True) for cell in cells[at : at + 7]).rstrip()
    worked = sum(1 for day in days if calendar.rules.hours(day))
    yield texts.say(
        "{month}: {count} working days; * holiday, + make-up working day, - day off",
        month=f"{year}-{month:02}",
        count=worked,
    )
    yield from _special(calendar, days, texts)


def _heading(calendar: "Calendar", year: int, texts: Texts) -> Iterator[str]:
    yield Heading(
        texts.say(
            "{name}: {title} ({zone})",
            name=calendar.name,
            title=calendar.title,
            zone=calendar.zone,
        )
    )
    for hours, days in _week(calendar, texts).items():
        yield texts.say("{days}: {hours}", days=days, hours=hours)
    if not calendar.rules.published(year):
        template = "The holidays of {year} are not published yet: every week is as above."
        yield texts.say(template, year=str(year))
    yield ""


def _week(calendar: "Calendar", texts: Texts) -> dict[str, str]:
    """Return the days of the plain week by their hours."""
    found: dict[str, list[str]] = {}
    for day, hours in zip(WEEKDAYS, calendar.rules.week, strict=True):
        if hours:
            found.setdefault(texts.listing(_hours(hours)), []).append(texts.text(day))
    return {hours: texts.listing(days) for hours, days in found.items()}


def _special(calendar: "Calendar", days: list[date], texts: Texts) -> Iterator[str]:
    """Yield the holidays, neighbours of one name as one, and the make-up working days."""
    found: list[tuple[date, date, str, Bilingual | None]] = []
    for day in days:
        kind, name = calendar.rules.kind(day), calendar.rules.holiday(day)
        if kind not in ("holiday", "make_up"):
            continue
        if found and found[-1][1:] == (day - timedelta(days=1), kind, name):
            found[-1] = (found[-1][0], day, kind, name)
        else:
            found.append((day, day, kind, name))
    if not found:
        return
    yield ""
    titles = (text("days"), text("what"))
    rows = [
        (
            f"{first}" if first == last else f"{first} – {last}",
            name.of(texts.lang) if name else texts.text(STRETCHES[kind]),
        )
        for first, last, kind, name in found
    ]
    yield from table([texts.text(one) for one in titles], rows)


def _hours(hours: "tuple[Hours, ...]") -> list[str]:
    return [f"{_clock(one.start)}-{_clock(one.end)}" for one in hours]


def _clock(minutes: int) -> str:
    if minutes > 24 * 60:
        minutes -= 24 * 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days(year: int, month: int | None) -> list[date]:
    first = date(year, month or 1, 1)
    last = date(year, month or 12, monthrange(year, month or 12)[1])
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]
