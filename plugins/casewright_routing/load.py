"""A load to simulate: what arrives when, how long it takes, and who is there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from casewright import Message, Place, Problem, message
from casewright_routing.facts import Facts
from casewright_routing.rules import Member

MOST_ARRIVALS = 1_000_000
LONGEST_HANDLING = 60 * 24 * 31
"""Minutes."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a moment that could not be read."""
A_DAY = timedelta(days=1)
"""Stands for a length of time that could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A ticket that will come, and how long whoever gets it will have it in hand."""

    at: datetime
    facts: Facts
    handling: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Arrivals in the order of their times; `members` None are those of the rules."""

    arrivals: tuple[Arrival, ...]
    members: Mapping[str, Member] | None = None


def load_of(arrivals: list[Arrival], members: Mapping[str, Member] | None = None) -> Load:
    """Return a load of arrivals that come in any order."""
    ordered = sorted(arrivals, key=lambda one: one.at)
    return Load(arrivals=tuple(ordered), members=members)


def moment_of(written: object, zone: str) -> datetime | None:
    """Return a moment in UTC, None if it is none; one without an offset is by the wall clock of `zone`."""
    try:
        found = datetime.fromisoformat(cast(str, written))
        placed = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
        moment = placed.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment if 1971 <= moment.year <= 2199 else None


def minutes_of(written: str) -> timedelta | None:
    """Return a length of time written as minutes, None if it is none or out of bounds."""
    try:
        minutes = float(written)
    except ValueError:
        return None
    if not math.isfinite(minutes) or not 0 < minutes <= LONGEST_HANDLING:
        return None
    return timedelta(minutes=minutes)


def too_many(count: int, file: str) -> list[Problem]:
    """Return a problem when there are more arrivals than a load may have."""
    if count <= MOST_ARRIVALS:
        return []
    reason = message("a load has at most {limit} arrivals", limit=MOST_ARRIVALS)
    return [problem("too_many", reason, file)]


def problem(code: str, reason: Message, file: str, line: int = 0, column: int = 1) -> Problem:
    """Return a problem of a load, at a line or (0) of the file as a whole."""
    place = Place(file, line, column) if line else Place(file)
    return Problem(code=f"routing_load.{code}", message=reason, place=place)
