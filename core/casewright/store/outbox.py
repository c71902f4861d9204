"""The outbox: notices promised in a ticket's transaction. Their first hop is their making; later ones have rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from casewright import compact_json
from casewright.clock import to_microseconds
from casewright.effects import Notify
from casewright.store import sqlite_statements as sql
from casewright.store.database import Database

IN_APP = "notice"
"""The channel that needs no delivery: what is stored stands on the person's screen."""


def promise(
    database: Database, effects: Iterable[tuple[int, int, Notify]], at: datetime
) -> None:
    """Store notices, each with the ticket's row number and the event's sequence that it follows from.

    One that was told before, by its key, is not stored again.
    """
    moment = to_microseconds(at)
    for number, (ticket_id, sequence, effect) in enumerate(effects):
        state = "delivered" if effect.via == IN_APP else "queued"
        row = (
            _key(effect, sequence, number),
            ticket_id,
            sequence,
            effect.to,
            effect.via,
            effect.reason,
            state,
            moment,
            moment,
            None if effect.due is None else to_microseconds(effect.due),
            None,
            compact_json.encode(_body(effect)),
        )
        database.execute(sql.NOTICE_INSERT, row)


def silence(database: Database, ticket_id: int, beginning: str, at: datetime) -> None:
    """Cancel what still waits for a ticket and has nothing to say any more: notices whose keys begin so."""
    moment = to_microseconds(at)
    waiting = database.execute(
        "SELECT id FROM notice WHERE ticket_id = ? AND state IN ('queued', 'held') AND delivery_id IS NULL"
        ' AND substr("key", 1, length(?)) = ?',
        (ticket_id, beginning, beginning),
    ).fetchall()
    for (notice,) in waiting:
        advance(database, notice, "cancelled", moment)


def advance(database: Database, notice: int, state: str, moment: int, detail: str = "") -> None:
    """Bring a notice into a state, and note the hop."""
    database.execute("UPDATE notice SET state = ? WHERE id = ?", (state, notice))
    database.execute(
        "INSERT INTO notice_hop (notice_id, number, state, at, detail)"
        " SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ? FROM notice_hop WHERE notice_id = ?",
        (notice, state, moment, detail, notice),
    )


def _key(effect: Notify, sequence: int, number: int) -> str:
    """A ladder's notice is named by clock, run, threshold and occurrence; any other by the event it follows from."""
    if effect.threshold:
        step = f"{effect.promise}/{effect.run}/{effect.threshold}/{effect.occurrence}"
        return f"{effect.ticket}/{step}/{effect.to}/{effect.via}"
    return f"{effect.ticket}/{sequence}/{number}/{effect.to}/{effect.via}"


def _body(effect: Notify) -> dict[str, Any]:
    said: dict[str, Any] = {
        "message": dict(effect.message) if effect.message else None,
        "template": effect.template,
        "promise": effect.promise,
        "run": effect.run,
        "threshold": effect.threshold,
        "occurrence": effect.occurrence,
        "stands_for": effect.stands_for,
    }
    return {name: value for name, value in said.items() if value}
