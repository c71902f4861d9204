"""The jobs of plugins: when each is due, and how its last run went."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from casewright.errors import Message
from casewright.store import details
from casewright.store.database import Database


class DueJob(NamedTuple):
    """A job whose moment has come, and how often in a row it has failed."""

    plugin: str
    name: str
    due_at: int
    attempts: int


class ListedJob(NamedTuple):
    """A job as people may see it: when it is due, when it ran last, and what it failed of since."""

    plugin: str
    name: str
    due_at: int | None
    ran_at: int | None
    attempts: int
    error: Message | None


_EARLIER = "min(coalesce(plugin_job.due_at, excluded.due_at), coalesce(excluded.due_at, plugin_job.due_at))"


def schedule(database: Database, plugin: str, name: str, due_at: int | None) -> None:
    """Let a job be due; where it is due earlier it stays so. One that is due at no time waits to be woken."""
    database.execute(
        "INSERT INTO plugin_job (plugin, name, due_at, attempts, error) VALUES (?, ?, ?, 0, '')"
        f" ON CONFLICT (plugin, name) DO UPDATE SET due_at = {_EARLIER}",
        (plugin, name, due_at),
    )


def wake(database: Database, plugin: str, names: Iterable[str], now: int) -> None:
    """Let jobs be due now; asked for often, they still run once."""
    for name in names:
        schedule(database, plugin, name, now)


def keep_only(database: Database, plugin: str, names: Collection[str]) -> None:
    """Forget the jobs that a plugin does not have any more."""
    rows = database.execute(
        "SELECT name FROM plugin_job WHERE plugin = ?", (plugin,)
    ).fetchall()
    for (name,) in rows:
        if name not in names:
            database.execute(
                "DELETE FROM plugin_job WHERE plugin = ? AND name = ?", (plugin, name)
            )


def due(database: Database, now: int, limit: int, active: Collection[str]) -> Sequence[DueJob]:
    """Return what is to be run now, in order of due time; jobs of plugins that are not active wait."""
    rows = database.execute(
        "SELECT plugin, name, due_at, attempts FROM plugin_job"
        f" WHERE due_at <= ? AND plugin IN ({_marks(active)}) ORDER BY due_at, plugin, name LIMIT ?",
        (now, *active, limit),
    )
    return [DueJob._make(row) for row in rows]


def begin(database: Database, plugin: str, name: str, now: int) -> bool:
    """Take a job that is due, in the transaction in which it runs; return whether it still was due.

    What wakes it from here on, even its own run, lets it run once more.
    """
    taken = database.execute(
        "UPDATE plugin_job SET due_at = NULL WHERE plugin = ? AND name = ? AND due_at <= ?",
        (plugin, name, now),
    )
    return taken.rowcount == 1


def done(
    database: Database, plugin: str, name: str, *, ran_at: int, next_due: int | None
) -> None:
    """Note that a job has run, and when it is due again: earlier where it was woken meanwhile."""
    database.execute(
        "UPDATE plugin_job SET ran_at = ?, attempts = 0, error = '' WHERE plugin = ? AND name = ?",
        (ran_at, plugin, name),
    )
    schedule(database, plugin, name, next_due)


def failed(
    database: Database, plugin: str, name: str, *, next_due: int | None, error: Message
) -> None:
    """Note why a job could not be run, and when it is tried again."""
    database.execute(
        "UPDATE plugin_job SET due_at = ?, attempts = attempts + 1, error = ?"
        " WHERE plugin = ? AND name = ?",
        (next_due, details.written(error), plugin, name),
    )


def next_at(database: Database, active: Collection[str]) -> int | None:
    """Return the moment at which the next job of an active plugin is due, or None."""
    row = database.execute(
        f"SELECT min(due_at) FROM plugin_job WHERE plugin IN ({_marks(active)})", tuple(active)
    ).fetchone()
    return None if row[0] is None else int(row[0])


def listed(database: Database) -> Sequence[ListedJob]:
    """Return all jobs, by plugin and name."""
    rows = database.execute(
        "SELECT plugin, name, due_at, ran_at, attempts, error FROM plugin_job ORDER BY plugin, name"
    )
    return [ListedJob._make((*row[:5], details.read(row[5]))) for row in rows]


def _marks(names: Collection[str]) -> str:
    return ", ".join("?" * len(names))
