"""From what was planned to the life that begins with it."""

from casewright.simulating.centre import Centre, Life
from casewright.simulating.intents import Call, DayEnds, FallsIll, Intent
from casewright.simulating.life_calls import call
from casewright.simulating.life_staff import day_ends, falls_ill, looks_round


def begin(centre: Centre, intent: Intent) -> Life:
    """Return the life that an intent begins."""
    if isinstance(intent, Call):
        return call(centre, intent)
    if isinstance(intent, FallsIll):
        return falls_ill(centre, intent)
    if isinstance(intent, DayEnds):
        return day_ends(centre)
    return looks_round(centre)
