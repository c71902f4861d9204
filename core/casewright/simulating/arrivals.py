"""When customers call: a Poisson process whose rate changes with the half hour and the weekday, drawn by thinning."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from casewright.simulating.chance import Chance
from casewright.simulating.profile import HALF_HOURS, WEEKDAYS, share

_HALF_HOUR = 1800.0


def rates(day: date, calls: float) -> tuple[float, ...]:
    """Return how many calls are expected in each half hour of a day, where an average working day has `calls`."""
    whole = calls * WEEKDAYS[day.weekday()]
    return tuple(whole * share(one) for one in range(len(HALF_HOURS)))


def arrivals(day: date, zone: ZoneInfo, calls: float, chance: Chance) -> Iterator[datetime]:
    """Yield the moments of a day at which somebody calls, in order.

    By thinning (Lewis and Shedler 1979): arrivals at the day's highest rate, of which each is kept with the share that the
    rate of its half hour is of the highest.
    """
    expected = rates(day, calls)
    highest = max(expected)
    if highest <= 0:
        return
    midnight = datetime(day.year, day.month, day.day)
    at, end = 0.0, _HALF_HOUR * len(expected)
    while (at := at + chance.gap(highest / _HALF_HOUR)) < end:
        if chance.happens(expected[int(at // _HALF_HOUR)] / highest):
            # By the clocks on the wall, whose days are not all equally long.
            shown = midnight + timedelta(seconds=int(at))
            yield shown.replace(tzinfo=zone).astimezone(UTC)
