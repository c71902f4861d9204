"""Answers about the days on which nobody works, for whoever picks a day."""

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from casewright.answers import DayOff
from casewright.errors import CommandRefused, message
from casewright.queries import ListDaysOff
from casewright.sla.calendar import ALWAYS, Calendar

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

MOST_DAYS = 800


def list_days_off(asking: "Asking", query: ListDaysOff) -> tuple[DayOff, ...]:
    """Return the days without work between two days, both among them; CommandRefused where these are none, or too far apart."""
    first, last = _day(query.first), _day(query.last)
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise CommandRefused(reason=message("ask for {most} days at most", most=MOST_DAYS))
    rules = _calendar(asking).rules
    days = (first + timedelta(days=one) for one in range(count))
    return tuple(
        DayOff(day=one.isoformat(), name=rules.holiday(one))
        for one in days
        if not rules.hours(one)
    )


def _calendar(asking: "Asking") -> Calendar:
    """Return the asker's own calendar, else the one that most workflows count on."""
    if asking.asker.calendar:
        return asking.library.calendar(asking.asker.calendar)
    current = asking.library.configuration().current
    used = Counter(asking.library.workflow(one).calendar for one in current.values())
    used.pop(ALWAYS.name, None)
    return asking.library.calendar(used.most_common(1)[0][0]) if used else ALWAYS


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        reason = message("'{value}' is no day; write it as 2026-03-02", value=written)
        raise CommandRefused(reason=reason) from None
