"""How the scheduled work of plugins stands, as people may see it."""

from casewright.answers import JobStanding
from casewright.clock import from_microseconds
from casewright.store import plugin_jobs
from casewright.store.database import Database


def jobs_standing(database: Database) -> dict[str, tuple[JobStanding, ...]]:
    """Return the jobs that were laid down, by plugin."""
    found: dict[str, tuple[JobStanding, ...]] = {}
    for one in plugin_jobs.listed(database):
        standing = JobStanding(
            name=one.name,
            due_at=None if one.due_at is None else from_microseconds(one.due_at),
            ran_at=None if one.ran_at is None else from_microseconds(one.ran_at),
            attempts=one.attempts,
            error=one.error,
        )
        found[one.plugin] = (*found.get(one.plugin, ()), standing)
    return found
