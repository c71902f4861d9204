"""Notices held for review since the workspace was restored: none of them is sent before somebody releases it.

What was on its way when a backup was taken has most likely been sent since, by the system that was lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from casewright.access.reach import Reach
from casewright.errors import Message, message
from casewright.store import details, outbox, reaching
from casewright.store.database import Database
from casewright.store.deliveries import NEVER

HELD = "held"
RESTORED = "restored at"
"""The name in `meta` of the moment at which the workspace was last restored."""
REASON = message("the workspace was restored from a backup; it may have been sent before")
STALE = message("it was due before the workspace was restored; it may have been sent before")
NOT_KNOWN = message("the workspace was restored from a backup; its receipt may be lost")


def restored_at(database: Database) -> int | None:
    """Return the moment at which the workspace was last restored, or None where it never was."""
    row = database.execute("SELECT value FROM meta WHERE name = ?", (RESTORED,)).fetchone()
    return None if row is None else int(row[0])


def note_restored(database: Database, at: int) -> None:
    """Note that the workspace is restored at a moment: what was due before it is held when it is told."""
    database.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (RESTORED, at),
    )


def hold_all(database: Database, at: int) -> int:
    """Hold every notice that was not handed over with an answer; return how many. Its delivery is called off."""
    count = _advance(database, "state IN ('queued', 'submitted')", HELD, at, REASON)
    database.execute("UPDATE notice SET delivery_id = NULL WHERE state = ?", (HELD,))
    database.execute(
        "UPDATE delivery SET state = 'cancelled', next_at = ?"
        " WHERE state IN ('queued', 'submitted')",
        (NEVER,),
    )
    return count


def await_no_receipt(database: Database, at: int) -> int:
    """Wait no longer for receipts that came to a system that is gone; return of how many notices nobody knows more."""
    count = _advance(database, "state = 'accepted'", "unknown", at, NOT_KNOWN)
    database.execute(
        "UPDATE delivery SET state = 'unknown', next_at = ? WHERE state = 'accepted'", (NEVER,)
    )
    return count


@contextmanager
def holding(database: Database, due_at: int, now: int) -> Iterator[None]:
    """Hold the notices that are promised inside where they follow from what was due before the workspace was restored."""
    restored = restored_at(database)
    if restored is None or due_at > restored:
        yield
        return
    newest = int(database.execute("SELECT coalesce(max(id), 0) FROM notice").fetchone()[0])
    yield
    _advance(database, f"state = 'queued' AND id > {newest}", HELD, now, STALE)


def all_held(database: Database, name: str) -> list[int]:
    """Return the numbers of the notices that are held, but for those on tickets that are hidden from somebody."""
    shown, values = reaching.not_hidden(Reach(name=name), "ticket_id")
    rows = database.execute(
        f"SELECT id FROM notice WHERE state = ? AND {shown} ORDER BY id", (HELD, *values)
    )
    return [number for (number,) in rows]


def release(database: Database, number: int, at: int) -> None:
    """Let a notice that is held go its way, as one promised now."""
    database.execute("UPDATE notice SET send_at = ? WHERE id = ?", (at, number))
    outbox.advance(database, number, "queued", at)


def drop(database: Database, number: int, at: int) -> None:
    """Let a notice that is held be told never."""
    outbox.advance(database, number, "cancelled", at)


def _advance(database: Database, which: str, state: str, at: int, reason: Message) -> int:
    """Bring the notices that fit into a state, each with its hop; return how many."""
    database.execute(
        "INSERT INTO notice_hop (notice_id, number, state, at, detail)"
        " SELECT id, (SELECT coalesce(max(number), 0) + 1 FROM notice_hop WHERE notice_id = notice.id),"
        f" ?, ?, ? FROM notice WHERE {which}",
        (state, at, details.written(reason)),
    )
    return database.execute(f"UPDATE notice SET state = ? WHERE {which}", (state,)).rowcount
