"""Between the clocks of a ticket and JSON: only what differs from a plain one is written."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar

from casewright.clock import from_microseconds, to_microseconds
from casewright.timekeeping import Alarm, Extension, FollowUp, PromiseClock, Span

Value = TypeVar("Value")
Part = Callable[[Any], Any]

_MICROSECOND = timedelta(microseconds=1)


def clocks_data(clocks: Mapping[str, PromiseClock | None]) -> dict[str, Any]:
    """Return clocks by promise as JSON has them; None, of an event, is one that is not there any more."""
    return {name: None if clock is None else _written(clock) for name, clock in clocks.items()}


def clocks_of(data: Mapping[str, Any]) -> dict[str, PromiseClock | None]:
    """Return clocks by promise from JSON."""
    return {
        name: None if one is None else _read(PromiseClock, {**one, "promise": name})
        for name, one in data.items()
    }


def alarms_data(alarms: Mapping[str, Alarm]) -> dict[str, Any]:
    """Return timed transitions by name as JSON has them."""
    return {name: _written(alarm) for name, alarm in alarms.items()}


def alarms_of(data: Mapping[str, Any]) -> dict[str, Alarm]:
    """Return timed transitions by name from JSON."""
    return {name: _read(Alarm, one) for name, one in data.items()}


def follow_ups_data(follow_ups: tuple[FollowUp, ...]) -> list[Any]:
    """Return follow-ups as JSON has them."""
    return [_written(one) for one in follow_ups]


def follow_ups_of(data: list[Any]) -> tuple[FollowUp, ...]:
    """Return follow-ups from JSON."""
    return tuple(_read(FollowUp, one) for one in data)


def _written(value: Any) -> dict[str, Any]:
    kind = type(value)
    found = {}
    for name, plain in _PLAIN[kind]:
        one = getattr(value, name)
        if one is plain or one == plain or name == "promise":
            continue
        write = _WRITERS.get(name)
        found[name] = one if write is None else write(one)
    return found


def _read(kind: type[Value], data: Mapping[str, Any]) -> Value:
    readers = _READERS
    return kind(
        **{
            name: readers[name](one) if name in readers and one is not None else one
            for name, one in data.items()
        }
    )


def _default(one: Field[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING


def _moments(values: Mapping[str, datetime]) -> dict[str, int]:
    return {name: to_microseconds(moment) for name, moment in values.items()}


def _moments_of(data: Mapping[str, int]) -> dict[str, datetime]:
    return {name: from_microseconds(count) for name, count in data.items()}


def _count(length: timedelta) -> int:
    return length // _MICROSECOND


def _length(count: int) -> timedelta:
    return timedelta(microseconds=count)


def _span_of(data: list[Any]) -> Span:
    since, paused, holder, unit, calendar, state, by = data
    return Span(
        since=from_microseconds(since),
        paused=bool(paused),
        holder=holder,
        unit=unit,
        calendar=calendar,
        state=state,
        by=by,
    )


def _span_data(span: Span) -> list[Any]:
    return [
        to_microseconds(span.since),
        int(span.paused),
        span.holder,
        span.unit,
        span.calendar,
        span.state,
        span.by,
    ]


_MOMENTS = (
    "started_at", "deadline", "due_at", "original_due", "ended_at", "breached_at", "noticed_at",
    "next_at", "asked_at", "until", "granted_at", "was_due", "due", "at",
)  # fmt: skip
_WRITERS: Mapping[str, Part] = {
    **dict.fromkeys(_MOMENTS, to_microseconds),
    **dict.fromkeys(("target", "goal"), _count),
    **dict.fromkeys(("taken", "awaited"), _moments),
    "told": dict,
    "spans": lambda spans: [_span_data(one) for one in spans],
    "request": _written,
    "extensions": lambda extensions: [_written(one) for one in extensions],
}
_READERS: Mapping[str, Part] = {
    **dict.fromkeys(_MOMENTS, from_microseconds),
    **dict.fromkeys(("target", "goal"), _length),
    **dict.fromkeys(("taken", "awaited"), _moments_of),
    **dict.fromkeys(("fired", "takers", "ran_in"), tuple),
    "spans": lambda data: tuple(_span_of(one) for one in data),
    "request": lambda data: _read(Extension, data),
    "extensions": lambda data: tuple(_read(Extension, one) for one in data),
}
_PLAIN = {
    kind: tuple((one.name, _default(one)) for one in fields(kind))
    for kind in (PromiseClock, Extension, Alarm, FollowUp)
}
