"""Tickets whose time is over, and when that was last looked at."""

from collections.abc import Sequence

from casewright.store.database import Database

_LOOKED = "retention"
_OVER = (
    'SELECT "key" FROM ticket WHERE workflow = ? AND closed_at <= ? AND NOT EXISTS'
    " (SELECT 1 FROM erasure WHERE erasure.ticket = ticket.\"key\" AND erasure.ticket <> ''"
    " AND erasure.at >= ticket.closed_at) ORDER BY id LIMIT ?"
)


def over(database: Database, workflow: str, closed_by: int, limit: int) -> Sequence[str]:
    """Return tickets of a workflow that were closed by a moment and not erased since, the oldest first."""
    rows = database.execute(_OVER, (workflow, closed_by, limit))
    return [row[0] for row in rows]


def looked_at(database: Database) -> int:
    """Return when it was last looked what is over; 0 where it never was."""
    row = database.execute("SELECT value FROM meta WHERE name = ?", (_LOOKED,)).fetchone()
    return 0 if row is None else int(row[0])


def looked(database: Database, at: int) -> None:
    """Note that it was looked what is over."""
    database.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (_LOOKED, at),
    )
