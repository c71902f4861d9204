"""How the clocks of a ticket stand at a moment, and the account of one of them: answers for people, all values."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from casewright.bilingual import Bilingual
from casewright.sla import explain, fold
from casewright.sla.explain import Interval, Share
from casewright.sla.fold import NOTHING, Versions
from casewright.swift_dataclass import dataclass
from casewright.timekeeping import FollowUp, PromiseClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A promise of a ticket as it stands.

    `zone` is the IANA name of the zone its times are told in, "" for the machine's; `consumed` the working
    time run; `shares` whose it was, until the breach if there was one. `extendable` says whether
    more time may be asked for, `reason` why it was asked, if it was.
    """

    title: Bilingual
    zone: str
    clock: PromiseClock
    consumed: timedelta
    shares: tuple[Share, ...]
    extendable: bool = False
    reason: str = ""

    @property
    def remaining(self) -> timedelta | None:
        """The working time left, negative when it is overdue; None while it is not known how long the promise is."""
        return None if self.clock.goal is None else self.clock.goal - self.consumed

    @property
    def percent(self) -> int | None:
        """How much of the promised time has passed, in whole per cent, rounded down; None where that says nothing."""
        return self.consumed * 100 // self.clock.goal if self.clock.goal else None

    @property
    def holder(self) -> str:
        """Who holds the ticket, or is waited for, as `Span.holder` writes it."""
        return self.clock.spans[-1].holder if self.clock.spans else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTime:
    """What a ticket knows of time: its clocks, the `zone` its times are told in, and the asker's own follow-ups with their words."""

    zone: str
    clocks: tuple[Standing, ...]
    follow_ups: tuple[tuple[FollowUp, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A due time that moved: when, by whom, from when to when, and why (`extension`, `target`, `deadline`, `calendar`)."""

    at: datetime
    by: str
    was: datetime | None
    due: datetime | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said when the ticket came into a state: a reason, or the fields of the form."""

    reason: str = ""
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A clock explained: its intervals until `at`, those that lie ahead of the due time, whose they were.

    `said` are the reasons for pauses by the moment they began; `runs` are the earlier runs of the promise.
    """

    at: datetime
    standing: Standing
    intervals: tuple[Interval, ...]
    ahead: tuple[Interval, ...]
    shares: tuple[Share, ...]
    moves: tuple[Move, ...] = ()
    said: Mapping[datetime, Said]
    runs: tuple[Standing, ...] = ()


def standing(
    clock: PromiseClock,
    versions: Versions,
    at: datetime,
    *,
    title: Bilingual,
    zone: str,
    extendable: bool = False,
    reason: str = "",
) -> Standing:
    """Return how a clock stands at `at`; its times are told in `zone`."""
    clock = explain.as_of(clock, versions, at)
    until = at if clock.breached_at is None else min(at, clock.breached_at)
    return Standing(
        title=title,
        zone=zone,
        clock=clock,
        consumed=fold.consumed(clock, versions, at) if clock.spans else NOTHING,
        shares=explain.shares(explain.intervals(clock, versions, until)),
        extendable=extendable,
        reason=reason,
    )
