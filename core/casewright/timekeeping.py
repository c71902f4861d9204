"""What a ticket knows of time: the clocks of its promises, its timed transitions and follow-ups.

A clock is a fold over its spans. `due_at`, `goal` and `next_at` are worked out from them and kept
only so that they can be found; `sla.fold` works them out.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from casewright.swift_dataclass import dataclass

Ending = Literal["", "met", "cancelled"]
ClockState = Literal["running", "paused", "met", "breached", "cancelled"]

_NOBODY: Mapping[str, datetime] = MappingProxyType({})
_NEVER: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a clock until the next one begins: whether it ran, on which calendar, and who held the ticket.

    `holder` is `handler:ana`, `customer`, `department`, `partner`, `department:billing`,
    `team:front`, `closed` or `system`; `unit` is the department or team the time is booked to.
    `calendar` is the digest of a version; `by` brought the ticket into `state`, where the span began.
    """

    since: datetime
    paused: bool = False
    holder: str = "system"
    unit: str = ""
    calendar: str = ""
    state: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time for a promise: asked by somebody with a reason, and, once decided, by whom and what it came to.

    Either `amount` (as written: `2 days`) or `until` says how much. `was_due` and `due` are those
    before and after it was granted; `sequence` is the event that asked, which keeps the reason.
    """

    asked_by: str
    asked_at: datetime
    sequence: int
    amount: str = ""
    until: datetime | None = None
    granted_by: str = ""
    granted_at: datetime | None = None
    was_due: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseClock:
    """One run of a promise on one ticket.

    `target` is the working time promised, None while it cannot be worked out; `asked` is how it was
    written. `deadline` came from outside: the earlier of both is `due_at` (None while paused, and
    that of the breach for good once breached), and `goal` the working time until then.
    `fired` are the ladder's thresholds that are spent, `told` counts how often each ever fired;
    `taken` says until when somebody who took a notice is left in peace, `takers` whoever ever took
    one, `awaited` by when somebody must have taken one. `ran_in` are the states the clock ran in.
    """

    promise: str
    run: int = 1
    started_at: datetime
    target: timedelta | None = None
    asked: str = ""
    deadline: datetime | None = None
    due_at: datetime | None = None
    original_due: datetime | None = None
    goal: timedelta | None = None
    provisional: bool = False
    spans: tuple[Span, ...] = ()
    ended_at: datetime | None = None
    end: Ending = ""
    breached_at: datetime | None = None
    noticed_at: datetime | None = None
    fired: tuple[str, ...] = ()
    told: Mapping[str, int] = field(default_factory=lambda: _NEVER)
    taken: Mapping[str, datetime] = field(default_factory=lambda: _NOBODY)
    takers: tuple[str, ...] = ()
    awaited: Mapping[str, datetime] = field(default_factory=lambda: _NOBODY)
    ran_in: tuple[str, ...] = ()
    request: Extension | None = None
    extensions: tuple[Extension, ...] = ()
    next_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether the clock has not ended; a breached one goes on until it is met or cancelled."""
        return not self.end

    @property
    def paused(self) -> bool:
        """Whether the clock stands still, its end aside."""
        return bool(self.spans) and self.spans[-1].paused

    @property
    def state(self) -> ClockState:
        """Return how the clock stands; a breach is for good."""
        if self.breached_at is not None:
            return "breached"
        if self.end:
            return self.end
        return "paused" if self.paused else "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """When the clock takes a timed transition; `refused` once it could not, which was told."""

    at: datetime
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What somebody wants to be reminded of; the event `sequence` keeps their words."""

    number: int
    person: str
    at: datetime
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when a ticket must go on: of which promise; `paused` where its clocks all stand still, and None where nothing runs."""

    due_at: datetime | None = None
    promise: str = ""
    paused: bool = False


def next_deadline(clocks: Mapping[str, PromiseClock]) -> Deadline:
    """Return the soonest deadline of open clocks that do not stand still; one that was missed stays, even while paused."""
    going = [one for one in clocks.values() if one.open and (one.breached_at or not one.paused)]
    dues = [(one.due_at, one.promise) for one in going if one.due_at is not None]
    due, promise = min(dues, default=(None, ""))
    paused = not going and any(one.open for one in clocks.values())
    return Deadline(due_at=due, promise=promise, paused=paused)


PROMISE = "promise:"
AFTER = "after:"
FOLLOW_UP = "follow_up:"
CALENDAR = "calendar"
"""How the names of timers begin; `calendar` is the whole name of the one that works clocks out again."""


def timers_of(
    clocks: Mapping[str, PromiseClock],
    alarms: Mapping[str, Alarm],
    follow_ups: tuple[FollowUp, ...],
) -> dict[str, datetime]:
    """Return the moments a ticket waits for, by the name of their timers."""
    found = {
        PROMISE + name: clock.next_at
        for name, clock in clocks.items()
        if clock.next_at is not None
    }
    found.update((AFTER + name, alarm.at) for name, alarm in alarms.items())
    found.update((f"{FOLLOW_UP}{one.number}", one.at) for one in follow_ups)
    return found
