"""Lengths of working time, moments of a site and holders of a ticket, as people read them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from casewright import durations
from casewright.errors import DurationRefused
from casewright.model import is_system
from casewright.telling.names import Names
from casewright.texts import Texts, text

HOLDERS = {
    "customer": text("the customer"),
    "partner": text("a partner"),
    "department": text("another department"),
    "closed": text("nobody, it was closed"),
    "system": text("nobody"),
}
_SECOND = timedelta(seconds=1)
_UNITS = ((3600, text("{number} h")), (60, text("{number} min")), (1, text("{number} s")))


def length(texts: Texts, time: timedelta) -> str:
    """Return a length in hours, minutes and whole seconds; working time has no days."""
    left = abs(time) // _SECOND
    parts: list[str] = []
    for size, template in _UNITS:
        count, left = divmod(left, size)
        if count or (size == 1 and not parts):
            parts.append(texts.say(template, number=count))
    return " ".join(parts)


def rest(texts: Texts, time: timedelta) -> str:
    """Return what is left of a length, so that with what has passed, in whole seconds, it makes up the whole."""
    return length(texts, -(-time // _SECOND) * _SECOND)


def local(moment: datetime, zone: str) -> datetime:
    """Return a moment in the site's zone; in that of this machine where the site's is not known."""
    return moment.astimezone(ZoneInfo(zone)) if zone else moment.astimezone()


def iso(moment: datetime | None, zone: str) -> str | None:
    """Return a moment as JSON has it: ISO 8601 with the offset of the site's zone."""
    return None if moment is None else local(moment, zone).isoformat()


def shown(moment: datetime, zone: str) -> str:
    """Return a moment in the site's zone with its offset: `2026-03-02 13:00 +08:00`."""
    there = local(moment, zone)
    offset = there.strftime("%z")
    return f"{there:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def short(there: datetime) -> str:
    """Return a local moment to the minute, or to the second where it has any."""
    return f"{there:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def times_in(texts: Texts) -> str:
    """Return whose time the times of a page are."""
    return texts.zone or texts.text("the time of this machine")


def holder(names: Names, texts: Texts, written: str) -> str:
    """Return who holds the ticket, from `handler:ana`, `department:billing`, `team:front` or a word."""
    kind, _, name = written.partition(":")
    if kind == "handler":
        return names.calls(name if not is_system(name) else None)
    if kind == "department" and name:
        return names.department(name)
    if kind == "team":
        return texts.say("team {name}", name=name)
    return texts.text(HOLDERS.get(kind, kind))


def hours(time: timedelta) -> str:
    """Return a length for a column, in hours and minutes, and seconds where it has any: `33:30`, `0:05:01`."""
    minutes, second = divmod(abs(time) // _SECOND, 60)
    exact = f":{second:02d}" if second else ""
    return f"{minutes // 60}:{minutes % 60:02d}{exact}"


def duration(texts: Texts, written: str, *, working: bool = True) -> str:
    """Return a duration as people say it; one that cannot be read stays as it is written."""
    try:
        return texts.render(durations.told(durations.parse(written), working=working))
    except DurationRefused:
        return written
