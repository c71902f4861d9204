"""The answer to whether time is kept: is a worker there, what is late, what was given up."""

from datetime import timedelta
from typing import TYPE_CHECKING

from casewright.answers import Health
from casewright.clock import from_microseconds, to_microseconds
from casewright.queries import GetHealth
from casewright.store import health
from casewright.store.health import Late

if TYPE_CHECKING:
    from datetime import datetime

    from casewright.desk.asking import Asking

LATE = timedelta(minutes=1)
"""What should have been done longer ago than this is late."""


def answer_health(asking: "Asking", query: GetHealth) -> Health:
    """Return how the worker, its timers and its notices do."""
    database, now = asking.database, to_microseconds(asking.now)
    before = to_microseconds(asking.now - LATE)
    timers, notices = (
        health.late_timers(database, before),
        health.late_notices(database, before),
    )
    working = health.worker(database, now)
    return Health(
        worker="" if working is None else working.holder,
        late_timers=timers.many,
        late_notices=notices.many,
        late_since=_earlier(timers, notices),
        failed_timers=health.failed_timers(database),
        given_up=health.given_up(database),
    )


def _earlier(*found: Late) -> "datetime | None":
    known = [one.since for one in found if one.since is not None]
    return from_microseconds(min(known)) if known else None
