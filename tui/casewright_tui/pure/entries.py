"""What is typed into a field, and the value that it means: both ways."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from casewright.errors import Message, message
from casewright.forms.spec import Field
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass
from casewright_tui.pure.dates import read_day, read_moment
from casewright_tui.pure.field_kind import NO, YES, Way
from casewright_tui.pure.numbers import folded, read_number, written_number

Entry = str | bool | tuple[str, ...] | None
"""What stands in a field: a text, whether a box is ticked, or the choices taken; None where nobody answered."""
_BETWEEN = pattern(r"[,，、;；]")
_FOLDED = ("email", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """When and where something is typed, which says what "tomorrow" means."""

    at: datetime
    zone: ZoneInfo | None = None


class NotUnderstood(Exception):
    """What was typed means no value of the kind; `reason` says what to type."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def value_of(field: Field, way: Way, entry: Entry, now: Now) -> Any:
    """Return the value that an entry means, None where it is empty; raise NotUnderstood."""
    if field.kind == "boolean":
        return entry if isinstance(entry, bool) else {YES: True, NO: False}.get(str(entry))
    if isinstance(entry, tuple):
        return list(entry) or None
    written = entry if isinstance(entry, str) else ""
    if not written.strip():
        return None
    if way == "number":
        return _number(field, written)
    if way in ("day", "moment"):
        return _time(way, written, now)
    if way == "list":
        return [one.strip() for one in _BETWEEN.split(written) if one.strip()] or None
    if field.format in _FOLDED or field.widget in _FOLDED:
        return folded(written)
    return written.strip()


def entry_of(field: Field, way: Way, value: Any, zone: ZoneInfo | None) -> Entry:
    """Return what stands in a field that has a value."""
    if value is None:
        return None
    if isinstance(value, bool):
        return value if way == "tick" else (YES if value else NO)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) if way == "list" else tuple(map(str, value))
    if isinstance(value, int | float):
        return written_number(value)
    if way == "moment":
        return _local(str(value), zone)
    return str(value)


def kept(entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Return entries as a draft keeps them."""
    return {
        name: list(one) if isinstance(one, tuple) else one
        for name, one in entries.items()
        if one not in (None, "", ())
    }


def restored(values: Mapping[str, Any]) -> dict[str, Entry]:
    """Return the entries that a draft kept."""
    return {
        name: tuple(map(str, one)) if isinstance(one, list | tuple) else one
        for name, one in values.items()
        if isinstance(one, str | bool | list | tuple)
    }


def _number(field: Field, written: str) -> int | float:
    whole = field.kind == "integer"
    number = read_number(written, whole=whole, money=field.widget == "money")
    if number is None:
        raise NotUnderstood(
            message("enter a whole number, such as 12")
            if whole
            else message("enter a number, such as 12.50")
        )
    return number


def _time(way: Way, written: str, now: Now) -> str:
    if way == "day":
        day = read_day(written, now.at, now.zone)
        if day is None:
            raise NotUnderstood(message("enter a day, such as 2026-03-02, +3d or fri"))
        return day.isoformat()
    moment = read_moment(written, now.at, now.zone)
    if moment is None:
        raise NotUnderstood(
            message("enter a day and a time, such as 2026-03-02 09:30, +2h or fri 10:00")
        )
    return moment.astimezone(now.zone).isoformat(timespec="seconds")


def _local(value: str, zone: ZoneInfo | None) -> str:
    try:
        moment = datetime.fromisoformat(value).astimezone(zone)
    except (ValueError, OverflowError):
        return value
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def day_of(value: str) -> date:
    """Return the day of a value of a day or of a moment."""
    return datetime.fromisoformat(value).date()
