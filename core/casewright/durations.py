"""Durations written in words, as in `30 minutes` or `2 working days`."""

import re
from datetime import timedelta
from typing import Literal

from casewright.errors import DurationRefused, Message, message
from casewright.nearest import nearest
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

Unit = Literal["seconds", "minutes", "hours", "days", "weeks"]

LONGEST = timedelta(days=3653)
"""Ten years: more is a slip of the pen, and no timer waits for it."""

_WORDS: dict[str, Unit] = {
    "second": "seconds",
    "seconds": "seconds",
    "minute": "minutes",
    "minutes": "minutes",
    "hour": "hours",
    "hours": "hours",
    "day": "days",
    "days": "days",
    "working day": "days",
    "working days": "days",
    "week": "weeks",
    "weeks": "weeks",
}
_TOLD: dict[str, tuple[Message, Message]] = {
    "seconds": (message("1 second"), message("{count} seconds")),
    "minutes": (message("1 minute"), message("{count} minutes")),
    "hours": (message("1 hour"), message("{count} hours")),
    "days": (message("1 day"), message("{count} days")),
    "working days": (message("1 working day"), message("{count} working days")),
    "weeks": (message("1 week"), message("{count} weeks")),
}
_SHAPE = pattern(r"(?P<amount>[+-]?[0-9][0-9.,_]*) *(?P<unit>[^0-9].*)?", re.DOTALL)
_WHOLE = pattern(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """An amount of one unit; the calendar says how long a day is (24 hours on `always`)."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"

    @property
    def wall(self) -> timedelta:
        """The length on the calendar `always`, where a day has 24 hours and a week 7 days."""
        return timedelta(**{self.unit: self.amount})


def told(duration: Duration, *, working: bool = True) -> Message:
    """Return the duration in words of the reader's language; days and weeks of a working calendar, unless not `working`."""
    days = duration.unit == "days" and working
    one, many = _TOLD["working days" if days else duration.unit]
    return one if duration.amount == 1 else Message(many.text, {"count": duration.amount})


def parse(text: object) -> Duration:
    """Return the duration that `text` says; raise `DurationRefused` saying what to write."""
    shape = _SHAPE.fullmatch(text.strip()) if isinstance(text, str) else None
    if shape is None or shape["unit"] is None:
        raise _refused(text, message("write a whole number and a unit, such as '30 minutes'"))
    amount, unit = _amount(text, shape["amount"]), _unit(text, shape["unit"])
    duration = Duration(amount=amount, unit=unit)
    if amount > LONGEST.total_seconds() or duration.wall > LONGEST:
        raise _refused(text, message("a duration is at most ten years"))
    return duration


def _amount(text: object, digits: str) -> int:
    if digits.startswith("-"):
        raise _refused(text, message("a duration cannot be negative"))
    if not _WHOLE.fullmatch(digits):
        raise _refused(text, message("the number must be whole; choose a smaller unit instead"))
    if int(digits) == 0:
        raise _refused(text, message("a duration must be longer than nothing"))
    return int(digits)


def _unit(text: object, word: str) -> Unit:
    written = " ".join(word.split()).lower()
    if written in _WORDS:
        return _WORDS[written]
    meant = nearest(written, _WORDS)
    if meant is None:
        template = "unknown unit '{unit}'; use seconds, minutes, hours, days or weeks"
        raise _refused(text, message(template, unit=written))
    template = "unknown unit '{unit}'; did you mean '{nearest}'?"
    raise _refused(text, message(template, unit=written, nearest=meant))


def _refused(text: object, reason: Message) -> DurationRefused:
    shown = text if isinstance(text, str) else str(text)
    return DurationRefused(text=shown[:80], reason=reason)
