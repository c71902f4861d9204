"""What is planned of a simulation before anybody acts: who calls when about what, who falls ill, when a supervisor looks round."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is simulated: how many agents for how many days from which one on, with which seed, in which zone."""

    agents: int
    days: int
    seed: int
    start: date
    zone: ZoneInfo

    def at(self, day: int, hour: float = 0.0) -> datetime:
        """Return the moment at which the zone's clocks show an hour of a day; the first day is 0."""
        on = self.start + timedelta(days=day)
        shown = datetime(on.year, on.month, on.day) + timedelta(hours=hour)
        return shown.replace(tzinfo=self.zone).astimezone(UTC)

    @property
    def begins(self) -> datetime:
        """When the first day begins."""
        return self.at(0)

    @property
    def ends(self) -> datetime:
        """When the last day is over."""
        return self.at(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Something that happens at a moment of its own, whatever the desk says."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Intent):
    """Customer `customer` calls about a matter of the `kind` of a workflow, and hangs up when nobody answers within `patience`."""

    number: int
    customer: int
    vip: bool
    kind: str
    subject: int
    patience: timedelta
    talk: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FallsIll(Intent):
    """Somebody of the staff reports ill until a moment."""

    name: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksRound(Intent):
    """A work-order monitor looks at what is overdue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnds(Intent):
    """The day is as good as over: it is told what it came to."""
