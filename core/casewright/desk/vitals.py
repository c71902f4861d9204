"""How a workspace does, in numbers: for whoever watches over the installation, and without a word of what is in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casewright.clock import to_microseconds
from casewright.store import health
from casewright.store.database import Database

_LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Who works, how late the most overdue is in seconds, and how much waits."""

    worker: str
    lag: float
    late_timers: int
    late_notices: int
    outbox: int
    sessions: int


def vitals(database: Database, now: datetime) -> Vitals:
    """Return them from a database that can be written; DatabaseUnusable, DatabaseBusy."""
    moment, before = to_microseconds(now), to_microseconds(now - _LATE)
    # Nothing is written: but where nothing could be, this says so.
    with database.write():
        lease = health.worker(database, moment)
        timers = health.late_timers(database, before)
        notices = health.late_notices(database, before)
        waiting = health.waiting(database, moment)
    begun = [one.since for one in (timers, notices) if one.since is not None]
    return Vitals(
        worker="" if lease is None else lease.holder,
        lag=(moment - min(begun)) / 1_000_000 if begun else 0.0,
        late_timers=timers.many,
        late_notices=notices.many,
        outbox=waiting.outbox,
        sessions=waiting.sessions,
    )
