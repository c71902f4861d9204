"""All events in the order in which they were written, as those who follow what changes read them."""

from typing import Any, NamedTuple

from casewright.compact_json import decode as decode_json
from casewright.errors import message
from casewright.store.damage import reading
from casewright.store.database import Database
from casewright.store.reaching import Condition

_NEWEST = "SELECT coalesce(max(id), 0) FROM event"


class Numbers(NamedTuple):
    """The newest event, and what changes with the configuration and with the announcements."""

    newest: int
    configuration: int
    announcements: int


class Happened(NamedTuple):
    """An event's number among all, and its body."""

    number: int
    body: dict[str, Any]


def newest(database: Database) -> int:
    """Return the number of the newest event."""
    return int(database.execute(_NEWEST).fetchone()[0])


def numbers(database: Database) -> Numbers:
    """Return the numbers by which somebody sees that anything has changed."""
    row = database.execute(
        f"SELECT ({_NEWEST}), (SELECT value FROM meta WHERE name = 'configuration'),"
        " (SELECT coalesce(max(id), 0) + count(withdrawn_at) FROM announcement)"
    ).fetchone()
    return Numbers._make(row)


def after(
    database: Database, since: int, until: int, seen: Condition, limit: int
) -> list[Happened]:
    """Return the events after `since` up to `until` of the tickets `seen`, oldest first."""
    reached, values = seen
    rows = database.execute(
        "SELECT event.id, event.body FROM event JOIN ticket ON ticket.id = event.ticket_id"
        f" WHERE event.id > ? AND event.id <= ? AND {reached} ORDER BY event.id LIMIT ?",
        (since, until, *values, limit),
    ).fetchall()
    with reading(message("the histories: see `casewright audit verify`")):
        return [Happened(number, decode_json(body)) for number, body in rows]
