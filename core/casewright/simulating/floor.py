"""Who is free when: whoever can begin first takes what is to be done, one thing after the other."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from casewright.simulating.shifts import Timetable
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Who does something, from when until when."""

    person: str
    begins: datetime
    ends: datetime


class Floor:
    """The people at work; each is given the next thing when they are through with the last, within their hours."""

    def __init__(self, tables: Mapping[str, Timetable], pace: Mapping[str, float]) -> None:
        self._tables, self._pace = tables, pace
        self._free: dict[str, datetime] = {}

    def book(
        self,
        people: Collection[str],
        at: datetime,
        takes: timedelta,
        *,
        patience: timedelta | None = None,
    ) -> Booking | None:
        """Return who of the `people` takes it and when; None where nobody can, or not before the patience ends.

        Of those who can begin at the same moment, the one who has been free for longest.
        """
        best: tuple[datetime, datetime, str] | None = None
        for name in people:
            free = self._free.get(name, at)
            if best is not None and free > best[0]:
                continue
            begins = self._begins(name, max(at, free))
            if begins is not None and (best is None or (begins, free, name) < best):
                best = (begins, free, name)
        if best is None or (patience is not None and best[0] - at > patience):
            return None
        begins, _, person = best
        ends = begins + takes * self._pace.get(person, 1.0)
        self._free[person] = ends
        return Booking(person=person, begins=begins, ends=ends)

    def wait(self, people: Collection[str], at: datetime) -> timedelta | None:
        """Return how long it takes until one of the people can begin."""
        found = [self._begins(name, max(at, self._free.get(name, at))) for name in people]
        known = [one for one in found if one is not None]
        return min(known) - at if known else None

    def _begins(self, name: str, moment: datetime) -> datetime | None:
        table = self._tables.get(name)
        return None if table is None else table.from_then(moment)
