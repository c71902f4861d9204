"""The values of one event: the text rule, the joined activity and the moment."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from casewright.errors import LogRefused
from casewright.exchange.log_model import (
    ACTIVITY_JOINT,
    MISSING_PART,
    Columns,
    Limits,
    LogEvent,
    refusal,
)
from casewright.nearest import nearest
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

_SHOWN, _LISTED = 60, 30
# What the YAML door refuses, for names go into workflow files; besides, tabs and line breaks.
_FORBIDDEN = pattern(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
_SLASHED = pattern(r"(\d{4})/(\d{1,2})/(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """An event as the file spells it; None where it has no such value."""

    case: str | None
    activity: tuple[str | None, ...]
    time: str | None
    agent: str | None
    line: int


def to_event(raw: RawEvent, columns: Columns, *, file: str, limits: Limits) -> LogEvent:
    """Return the event that `raw` spells, or refuse it at its line."""
    for text in (raw.case, raw.agent, *raw.activity):
        if text:
            refuse_long_text(text, raw.line, file, limits)
            refuse_control_characters(text, raw.line, file)
    case = _required(raw.case, columns.case, raw.line, file)
    at, zone_given = _moment(_required(raw.time, columns.time, raw.line, file), raw.line, file)
    return LogEvent(
        case=case,
        activity=sys.intern(_activity(raw, columns, file)),
        at=at,
        agent=sys.intern(raw.agent) if raw.agent and raw.agent.strip() else None,
        line=raw.line,
        zone_given=zone_given,
    )


def read_time(text: str) -> tuple[datetime, bool] | None:
    """Return the moment in UTC and whether a zone was given; None if `text` is no such time.

    Read are ISO 8601 (`2024-05-31T14:05:00+08:00`) and `2024/5/31 14:05`. A time without a
    zone is taken as UTC. Day-first and month-first dates are refused: they look alike.
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text) if text[4:5] == "-" else _slashed(text)
        if moment is None:
            return None
        zoned = moment.tzinfo is not None
        moment = moment.astimezone(UTC) if zoned else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment, zoned


def no_such_column(name: str, known: Sequence[str], file: str) -> LogRefused:
    """Return the refusal of a column (XES: attribute) that the log does not have."""
    if close := nearest(name, known):
        return refusal(
            file,
            1,
            "the log has no column '{name}'; did you mean '{nearest}'?",
            name=printable(name),
            nearest=printable(close),
        )
    return refusal(
        file,
        1,
        "the log has no column '{name}'; it has {known}",
        name=printable(name),
        known=listed(known),
    )


def listed(names: Sequence[str]) -> str:
    """Return the names for a sentence; of very many, the first and how many more there are."""
    shown = ", ".join(f"'{printable(name)}'" for name in names[:_LISTED])
    return f"{shown} (+{len(names) - _LISTED})" if len(names) > _LISTED else shown


def printable(text: str) -> str:
    """Return `text` so that a sentence can show it: short, and with nothing that hides."""
    text = _FORBIDDEN.sub("?", text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def refuse_control_characters(text: str, line: int, file: str) -> None:
    """Refuse what could hide or forge text on a terminal or in a file written from the log."""
    if found := _FORBIDDEN.search(text):
        raise refusal(
            file,
            line,
            "a value holds the character U+{code}, which is not allowed",
            code=f"{ord(found.group()):04X}",
        )


def refuse_long_text(text: str, line: int, file: str, limits: Limits) -> None:
    """Refuse a value longer than the limit."""
    if len(text) > limits.field:
        raise refusal(
            file,
            line,
            "a value is {length} characters long; at most {limit} are allowed",
            length=len(text),
            limit=limits.field,
        )


def refuse_implausible_time(at: datetime, text: str, line: int, file: str) -> None:
    """Refuse years that no contact centre has seen: they are damage, and spoil every figure."""
    if not _EARLIEST <= at < _LATEST:
        raise refusal(file, line, "the time '{time}' is outside 1900-2199", time=text)


def _moment(text: str, line: int, file: str) -> tuple[datetime, bool]:
    read = read_time(text)
    if read is None:
        raise refusal(
            file,
            line,
            "'{time}' cannot be read as a time; write it as 2024-05-31T14:05:00+08:00",
            time=printable(text),
        )
    refuse_implausible_time(read[0], text, line, file)
    return read


def _slashed(text: str) -> datetime | None:
    if match := _SLASHED.fullmatch(text):
        return datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]
    return None


def _required(text: str | None, column: str, line: int, file: str) -> str:
    if text is None or not text.strip():
        raise refusal(file, line, "the event has no '{column}'", column=column)
    return text


def _activity(raw: RawEvent, columns: Columns, file: str) -> str:
    if not any(part and part.strip() for part in raw.activity):
        raise refusal(
            file, raw.line, "the event has no '{column}'", column="', '".join(columns.activity)
        )
    return ACTIVITY_JOINT.join(part if part else MISSING_PART for part in raw.activity)
