"""When people work: shifts with breaks for those at the phone, office hours for the others, rest days and holidays for all."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from casewright.simulating.intents import FallsIll, Span
from casewright.swift_dataclass import dataclass

Stretch = tuple[datetime, datetime]
"""A time in which somebody works without a break."""
Hours = tuple[float, float]
IsWorkday = Callable[[date], bool]

EARLY, MIDDLE, LATE, OFFICE = (7.0, 15.5), (9.0, 17.5), (13.0, 21.5), (9.0, 18.0)
_TURN = (EARLY, MIDDLE, LATE)
_LUNCH, _QUARTER = 0.75, 0.25
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Timetable:
    """All stretches in which one person works, in order."""

    stretches: Sequence[Stretch]

    def from_then(self, moment: datetime) -> datetime | None:
        """Return the first moment from `moment` on at which the person works; None after the last day."""
        at = bisect_right(self.stretches, moment, key=lambda one: one[1])
        return max(moment, self.stretches[at][0]) if at < len(self.stretches) else None

    def without(self, begin: datetime, end: datetime) -> "Timetable":
        """Return the timetable without what lies between two moments."""
        kept = [one for one in self.stretches if one[1] <= begin or one[0] >= end]
        return Timetable(kept)


def at_the_phone(span: Span, place: int) -> Timetable:
    """Return when the agent of this place on the roster works: shifts that turn week by week, two days of rest in each."""
    return Timetable(list(_stretches(span, _shifts(span, place))))


def in_the_office(span: Span, place: int, works_on: IsWorkday) -> Timetable:
    """Return when somebody works who works on working days only."""
    days = ((day, OFFICE) for day in range(span.days) if works_on(_date(span, day)))
    return Timetable(list(_stretches(span, ((day, place, hours) for day, hours in days))))


def absent(table: Mapping[str, Timetable], ill: Sequence[FallsIll]) -> dict[str, Timetable]:
    """Return the timetables without the times in which people are ill."""
    left = dict(table)
    for one in ill:
        left[one.name] = left[one.name].without(one.at, one.until)
    return left


def _shifts(span: Span, place: int) -> Iterator[tuple[int, int, Hours]]:
    for day in range(span.days):
        on = _date(span, day)
        if (on.weekday() - place) % _WEEK < _WEEK - 2:
            yield day, place, _TURN[(place + on.toordinal() // _WEEK) % len(_TURN)]


def _stretches(span: Span, shifts: Iterator[tuple[int, int, Hours]]) -> Iterator[Stretch]:
    """Yield what is left of each shift between a break, lunch, and another break; they are not all gone at the same time."""
    for day, place, (begin, end) in shifts:
        shifted = place % 4 * _QUARTER
        lunch = begin + 3.25 + shifted
        pause = lunch + _LUNCH + 1.75
        for opens, closes in ((begin, lunch), (lunch + _LUNCH, pause), (pause + _QUARTER, end)):
            yield span.at(day, opens), span.at(day, closes)


def _date(span: Span, day: int) -> date:
    return span.start + timedelta(days=day)
