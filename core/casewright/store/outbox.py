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
    database: Database,
    effects: Iterable[tuple[int, int, Notify]],
    at: datetime,
    held_until: datetime | None = None,
) -> None:
    """Store notices, each with the ticket's row number and the event's sequence that it follows from.

    One that was told before, by its key, is not stored again. Before `held_until` none is sent or shown to its reader.
    """
    moment = to_microseconds(at)
    send_at = moment if held_until is None else to_microseconds(held_until)
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
            send_at,
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


def withdraw(database: Database, ticket_id: int, sequence: int, at: datetime) -> bool:
    """Cancel the notices that follow from an event; return False where one of them is on its way already."""
    moment = to_microseconds(at)
    found = database.execute(
        "SELECT id, via, state, delivery_id FROM notice WHERE ticket_id = ? AND sequence = ?",
        (ticket_id, sequence),
    ).fetchall()
    for notice, via, state, delivery in found:
        if state == "cancelled":
            continue
        held = (state, delivery) == ("queued", None) or (via, state) == (IN_APP, "delivered")
        if not held:
            return False
        advance(database, notice, "cancelled", moment)
    return True


def speak_again(database: Database, ticket_id: int, silenced: datetime, at: datetime) -> None:
    """Let what was silenced at a moment for a ticket wait to be sent again: what silenced it was taken back."""
    moment = to_microseconds(at)
    found = database.execute(
        "SELECT notice.id FROM notice JOIN notice_hop ON notice_hop.notice_id = notice.id"
        " WHERE notice.ticket_id = ? AND notice.state = 'cancelled' AND notice_hop.state = 'cancelled'"
        " AND notice_hop.at = ?",
        (ticket_id, to_microseconds(silenced)),
    ).fetchall()
    for (notice,) in found:
        advance(database, notice, "queued", moment)


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
