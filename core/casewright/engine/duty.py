"""Who of several is on duty now: those within their working calendar, unless that leaves nobody who is there."""

from collections.abc import Sequence

from casewright.engine.situation import Situation
from casewright.errors import NotFound
from casewright.model import Person


def on_duty(people: Sequence[Person], situation: Situation) -> Sequence[Person]:
    """Return those whose working hours it is, who may be away and have a deputy; all where none of these is there.

    No deadline passes unseen because it passes at night: then everybody hears of it.
    """
    at_work = [one for one in people if _works_now(one, situation)]
    there = any(one.absence_at(situation.now) is None for one in at_work)
    return at_work if there else people


def _works_now(person: Person, situation: Situation) -> bool:
    if not person.calendar:
        return True
    try:
        calendar = situation.calendars.calendar(person.calendar)
    except NotFound:  # a name that is no calendar keeps nobody from being told
        return True
    return calendar.next_working(situation.now) == situation.now
