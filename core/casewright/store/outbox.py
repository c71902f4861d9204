"""The outbox: effects promised in a ticket's transaction."""

from collections.abc import Iterable
from datetime import datetime

from casewright import compact_json
from casewright.clock import to_microseconds
from casewright.effects import Effect
from casewright.store import sqlite_statements as sql
from casewright.store.database import Database


def promise(
    database: Database, effects: Iterable[tuple[int, int, Effect]], at: datetime
) -> None:
    """Store effects, each with the ticket's row number and the event's sequence that it follows from."""
    moment = to_microseconds(at)
    for ticket_id, sequence, effect in effects:
        body = {
            "effect": "notify",
            "to": effect.to,
            "via": effect.via,
            "reason": effect.reason,
            "message": effect.message,
        }
        text = compact_json.encode(body)
        database.execute(sql.OUTBOX_INSERT, (ticket_id, sequence, "queued", moment, text))


def silence(database: Database, ticket_id: int) -> None:
    """Cancel what still waits for a ticket that was merged into another."""
    database.execute(
        "UPDATE outbox SET state = 'cancelled' WHERE ticket_id = ? AND state = 'queued'",
        (ticket_id,),
    )


def waiting(database: Database, key: str) -> list[dict[str, object]]:
    """Return what waits to be sent for a ticket, oldest first."""
    rows = database.execute(
        "SELECT body FROM outbox WHERE ticket_id = (SELECT id FROM ticket WHERE key = ?)"
        " AND state = 'queued' ORDER BY id",
        (key,),
    )
    return [compact_json.decode(row[0]) for row in rows]
