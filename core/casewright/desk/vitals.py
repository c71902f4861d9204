"""How a workspace does, in numbers: for whoever watches over the installation, and without a word of what is in it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from casewright.clock import to_microseconds
from casewright.jobs.load import Load, load_of
from casewright.store import health
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.figures import Metric

AGES: Mapping[str, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
LONGER = "longer"
_LATE = AGES["minute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Who works, how late the most overdue is in seconds, and how much waits.

    `overdue` are the timers whose moment has come, by how long ago that was: up to a minute, an hour, a day, or longer.
    What is more than a minute overdue is late. `outbox` are notices, `calls` what other systems wait to be told.
    `given_up` are timers and notices that were tried too often. `load` is what is handed out to workers, on a server.
    """

    worker: str
    lag: float
    overdue: Mapping[str, int]
    late_timers: int
    late_notices: int
    outbox: int
    calls: int
    sessions: int
    given_up: int
    load: Load | None = None


def vitals(database: Database, now: datetime) -> Vitals:
    """Return them from a database that can be written; DatabaseUnusable, DatabaseBusy."""
    # Nothing is written: but where nothing could be, this says so.
    with database.write():
        return seen(database, now)


def seen(database: Database, now: datetime) -> Vitals:
    """Return them as they stand in one transaction."""
    moment, before = to_microseconds(now), to_microseconds(now - _LATE)
    lease = health.worker(database, moment)
    ends = [length // timedelta(microseconds=1) for length in AGES.values()]
    overdue = dict(zip((*AGES, LONGER), health.overdue(database, moment, ends), strict=True))
    timers = health.late_timers(database, before)
    notices = health.late_notices(database, before)
    waiting = health.waiting(database, moment)
    begun = [one.since for one in (timers, notices) if one.since is not None]
    return Vitals(
        worker="" if lease is None else lease.holder,
        lag=(moment - min(begun)) / 1_000_000 if begun else 0.0,
        overdue=overdue,
        late_timers=timers.many,
        late_notices=notices.many,
        outbox=waiting.outbox,
        calls=waiting.calls,
        sessions=waiting.sessions,
        given_up=health.failed_timers(database) + sum(health.given_up(database).values()),
        load=load_of(database),
    )


def figures(seen: Vitals) -> "Iterator[Metric]":
    """Yield them as Prometheus reads them."""
    from casewright.figures import stands, stands_by

    yield stands("worker", "Whether a worker is at work.", bool(seen.worker))
    yield stands("worker_lag_seconds", "How late the most overdue is.", seen.lag)
    said = (
        "Timers whose moment has come, by how long ago: up to a minute, an hour, a day, longer."
    )
    yield stands_by("overdue_timers", said, "age", seen.overdue.items())
    yield stands("late_timers", "Timers that should have been fired.", seen.late_timers)
    yield stands("late_notices", "Notices that should have been sent.", seen.late_notices)
    yield stands("outbox", "Notices and messages that wait to be sent.", seen.outbox)
    yield stands("calls_waiting", "What other systems wait to be told.", seen.calls)
    yield stands("sessions", "Sessions that are not over.", seen.sessions)
    yield stands("given_up", "Timers and notices that were tried too often.", seen.given_up)
    if seen.load is not None:
        yield from _handed_out(seen.load)


def _handed_out(load: Load) -> "Iterator[Metric]":
    from casewright.figures import stands

    yield stands("jobs_waiting", "Jobs that are handed out and wait.", load.waiting)
    yield stands("jobs_under_way", "Jobs that workers have in hand.", load.under_way)
    yield stands("jobs_stalled", "Jobs whose worker has died.", load.stalled)
    yield stands("workers", "Workers that live.", load.workers)
