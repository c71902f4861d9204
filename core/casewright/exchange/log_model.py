"""What an event log is once read: columns, events, cases, and the limits a file must keep."""

from datetime import datetime, timedelta

from casewright.errors import LogRefused, Place, message
from casewright.swift_dataclass import dataclass

MISSING_PART = "(none)"
"""Stands for a part of a joined activity that an event does not have: `Accepted + (none)`."""

ACTIVITY_JOINT = " + "
"""Stands between the parts of a joined activity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which columns (XES: attribute keys) of a log say what; activity columns are joined.

    In XES the case's key belongs to the trace, so `case:concept:name` and `concept:name` are
    the same there.
    """

    case: str
    activity: tuple[str, ...]
    time: str
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent:
    """One row of a log. `at` is aware UTC; `zone_given` is false where the file left it out."""

    case: str
    activity: str
    at: datetime
    agent: str | None
    line: int
    zone_given: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case and its events (at least one), by time; equal times keep the file's order."""

    id: str
    events: tuple[LogEvent, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """The activities in their order: two cases with one path are the same variant."""
        return tuple(event.activity for event in self.events)

    @property
    def duration(self) -> timedelta:
        """The time from the first event to the last."""
        return self.events[-1].at - self.events[0].at


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a log may ask of the machine; more is a refusal, never a cut.

    `expanded` and `row` (one CSV row, one XML tag or comment) are bytes, `field` is characters.
    `ratio` is how many bytes one compressed byte may become, judged after `ratio_from` bytes.
    """

    expanded: int = 2 * 1024**3
    ratio: int = 200
    ratio_from: int = 10 * 1024**2
    row: int = 1024**2
    columns: int = 1_000
    field: int = 64 * 1024
    depth: int = 32
    events_per_case: int = 100_000
    events: int = 5_000_000


LIMITS = Limits()


def refusal(
    file: str, line: int, text: str, /, *, at_column: int = 1, **values: object
) -> LogRefused:
    """Return (not raise) the refusal of `file` at `line`; line 0 means the file as a whole."""
    place = Place(file, line, at_column if line else 0)
    return LogRefused(place=place, reason=message(text, **values))
