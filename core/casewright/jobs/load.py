"""How much is handed out to workers, and how many of them live: read from Procrastinate's tables."""

from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

QUEUE = "casewright"
DEAD_AFTER = 5.0
"""Seconds of silence after which a worker is taken for dead."""
_THERE = "SELECT count(to_regclass(quote_ident(current_schema()) || '.procrastinate_jobs'))"
_SEEN = (
    "SELECT count(CASE WHEN job.status = 'todo' THEN 1 END), count(CASE WHEN job.status = 'doing' THEN 1 END),"
    " count(CASE WHEN job.status = 'doing' AND (worker.id IS NULL"
    " OR worker.last_heartbeat < now() - CAST(? AS float) * interval '1 second') THEN 1 END)"
    " FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id"
    " WHERE job.queue_name = ?"
)
_LIVING = (
    "SELECT count(*) FROM procrastinate_workers"
    " WHERE last_heartbeat >= now() - CAST(? AS float) * interval '1 second'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much is handed out and waits, is being done, and was begun by a worker that died; and how many workers live."""

    waiting: int
    under_way: int
    stalled: int
    workers: int


def load_of(database: Database) -> Load | None:
    """Return how much is handed out; None beside a file, where nothing is and the inbox itself says what waits."""
    if database.is_file or not database.execute(_THERE).fetchone()[0]:
        return None
    waiting, under_way, stalled = database.execute(_SEEN, (DEAD_AFTER, QUEUE)).fetchone()
    living = database.execute(_LIVING, (DEAD_AFTER,)).fetchone()[0]
    return Load(waiting=waiting, under_way=under_way, stalled=stalled, workers=living)
