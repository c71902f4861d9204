"""The values behind a scenario's words: each kind read from plain data, or said what is wrong with it."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, cast

from casewright import bilingual, durations
from casewright.errors import DurationRefused, Message, message
from casewright.patterns import pattern
from casewright.rehearse.scenario import Day, When
from casewright.workflows import thresholds

Read = tuple[Any, Message | None]
"""A value and no fault, or nothing and what is wrong."""

_CLOCK = pattern(
    r"(?P<clock>[0-2]?[0-9]:[0-5][0-9])(?: (?P<day>today|tomorrow|next working day))?"
)


def read(kind: str, data: Any) -> Read:
    """Return the value of a kind that `data` says, or what is wrong with it."""
    return READERS[kind](data)


def _text(data: Any) -> Read:
    if isinstance(data, str) and data.strip():
        return data, None
    return None, message("write a text")


def _flag(data: Any) -> Read:
    return (data, None) if isinstance(data, bool) else (None, message("write true or false"))


def _mapping(data: Any) -> Read:
    if isinstance(data, dict):
        return data, None
    return None, message("write names and values: {{name: value}}")


def _list(data: Any) -> Read:
    return (data, None) if isinstance(data, list) else (None, message("write a list"))


def _bilingual(data: Any) -> Read:
    fault = bilingual.fault(data)
    return (None, fault) if fault else (bilingual.from_data(data), None)


def _duration(data: Any) -> Read:
    try:
        return durations.parse(data), None
    except DurationRefused as refusal:
        return None, refusal.reason


def _threshold(data: Any) -> Read:
    fault = thresholds.fault(data)
    return (None, fault) if fault else (thresholds.threshold(data), None)


def _moment(data: Any) -> Read:
    moment = _iso(data)
    if moment is None:
        return None, message("write the time as 2026-02-13T17:30")
    return moment, None


def _when(data: Any) -> Read:
    found = _CLOCK.fullmatch(data.strip()) if isinstance(data, str) else None
    if found is not None and int(found["clock"].split(":")[0]) < 24:
        hour, minute = map(int, found["clock"].split(":"))
        return When(clock=time(hour, minute), day=cast(Day, found["day"] or "")), None
    moment = _iso(data)
    if moment is None:
        template = "write a time such as 2026-02-13T17:30, 09:30, '09:30 tomorrow' or '09:30 next working day'"
        return None, message(template)
    return When(at=moment), None


def _iso(data: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(data.strip()) if len(data.strip()) > 8 else None
    except (ValueError, AttributeError):
        return None


READERS: Mapping[str, Callable[[Any], Read]] = {
    "text": _text,
    "flag": _flag,
    "fields": _mapping,
    "mapping": _mapping,
    "list": _list,
    "bilingual": _bilingual,
    "duration": _duration,
    "threshold": _threshold,
    "moment": _moment,
    "when": _when,
}
