"""Notices as they go from being promised to being taken: what waits, what was bundled, every hop with its time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from casewright import compact_json
from casewright.errors import Message
from casewright.store import details, inbox, outbox
from casewright.store.database import Database
from casewright.store.reaching import EVERY, Condition

_BEFORE: Mapping[str, tuple[str, ...]] = {
    "submitted": ("queued",),
    "queued": ("submitted",),
    "accepted": ("queued", "submitted"),
    "unknown": ("queued", "submitted"),
    "delivered": ("queued", "submitted", "accepted", "expired"),
    "seen": ("accepted", "unknown", "delivered", "expired"),
    "rejected": ("queued", "submitted", "accepted"),
    "expired": ("queued", "submitted", "accepted"),
    "dead": ("queued", "submitted", "accepted"),
}
"""From which states a delivery or its reader brings a notice into another; what a person said of it stays."""
_UNSEEN = "state IN ('accepted', 'unknown', 'delivered', 'expired')"
"""From where a reader brings a notice into `seen`; an index holds only these."""
GIVEN_UP = ("rejected", "expired", "dead")
UNDELIVERABLE = "undeliverable"
"""The reason of the notice that says another one reached nobody; of itself nobody is told, or it would never end."""


class StoredNotice(NamedTuple):
    """A notice with the key of its ticket; `body` is what was promised beside the columns."""

    id: int
    ticket_id: int
    ticket: str
    recipient: str
    via: str
    reason: str
    state: str
    created_at: int
    send_at: int
    due_at: int | None
    delivery_id: int | None
    body: str

    @property
    def said(self) -> dict[str, Any]:
        """What was promised beside the columns: message, template, promise, threshold."""
        found: dict[str, Any] = compact_json.decode(self.body)
        return found


class Hop(NamedTuple):
    """A notice's arrival in a state."""

    state: str
    at: int
    detail: str


_SELECT = (
    "SELECT notice.id, notice.ticket_id, ticket.key, notice.recipient, notice.via, notice.reason,"
    " notice.state, notice.created_at, notice.send_at, notice.due_at, notice.delivery_id, notice.body"
    " FROM notice JOIN ticket ON ticket.id = notice.ticket_id"
)
_SHOWN = (
    "(notice.via <> 'notice' OR (notice.send_at <= ?"
    " AND (notice.state <> 'cancelled' OR notice.send_at <= notice.created_at)))"
)
"""What stands on a screen is sent nowhere: held, it is not shown, and taken back in that time it never was."""
_WAITING = "notice.state = 'queued' AND notice.delivery_id IS NULL"


def waiting(database: Database, now: int, limit: int) -> Sequence[StoredNotice]:
    """Return notices that may be sent now and are in no delivery yet, the longest waiting first."""
    rows = database.execute(
        f"{_SELECT} WHERE {_WAITING} AND notice.send_at <= ? ORDER BY notice.send_at, notice.id LIMIT ?",
        (now, limit),
    )
    return [StoredNotice._make(row) for row in rows]


def get(database: Database, number: int) -> StoredNotice | None:
    """Return a notice by its number, or None."""
    row = database.execute(f"{_SELECT} WHERE notice.id = ?", (number,)).fetchone()
    return None if row is None else StoredNotice._make(row)


def sequence_of(database: Database, notice: StoredNotice) -> int:
    """Return the number of the event that a notice follows from."""
    row = database.execute("SELECT sequence FROM notice WHERE id = ?", (notice.id,)).fetchone()
    return int(row[0])


def of_delivery(database: Database, delivery: int) -> Sequence[StoredNotice]:
    """Return the notices that a delivery carries, by number."""
    rows = database.execute(
        f"{_SELECT} WHERE notice.delivery_id = ? ORDER BY notice.id", (delivery,)
    )
    return [StoredNotice._make(row) for row in rows]


def count_in(database: Database, delivery: int) -> int:
    """Return how many notices a delivery carries."""
    row = database.execute(
        "SELECT count(*) FROM notice WHERE delivery_id = ?", (delivery,)
    ).fetchone()
    return int(row[0])


def fitting(
    database: Database,
    *,
    state: str | None = None,
    recipient: str | None = None,
    ticket: str | None = None,
    before: int | None = None,
    seen: Condition = EVERY,
    now: int | None = None,
    limit: int,
) -> Sequence[StoredNotice]:
    """Return notices that fit, of tickets `seen`, the newest first; `before` is the number that ended the page before.

    Those that are held back `now` are left out, where a moment is given.
    """
    asked: dict[str, object] = {
        "notice.state = ?": state,
        "notice.recipient = ?": recipient,
        "notice.ticket_id = (SELECT id FROM ticket WHERE key = ?)": ticket,
        "notice.id < ?": before,
    }
    given = {clause: value for clause, value in asked.items() if value is not None}
    reached, values = seen
    where = " AND ".join((*given, reached, _SHOWN if now is not None else "? IS NULL"))
    rows = database.execute(
        f"{_SELECT} WHERE {where} ORDER BY notice.id DESC LIMIT ?",
        (*given.values(), *values, now, limit),
    )
    return [StoredNotice._make(row) for row in rows]


def unseen(database: Database, recipient: str, now: int, seen: Condition) -> int:
    """Return of how many things somebody was told by `now` about tickets `seen`, in notices that they did not see yet."""
    reached, values = seen
    row = database.execute(
        "SELECT count(DISTINCT ticket_id || ' ' || sequence || ' ' || reason) FROM notice INDEXED BY notice_unseen"
        f" WHERE {_UNSEEN} AND recipient = ? AND {_SHOWN} AND {reached}",
        (recipient, now, *values),
    ).fetchone()
    return int(row[0])


def hops(database: Database, notice: StoredNotice) -> Sequence[Hop]:
    """Return a notice's way so far; it begins with its making."""
    rows = database.execute(
        "SELECT state, at, detail FROM notice_hop WHERE notice_id = ? ORDER BY number",
        (notice.id,),
    )
    first = Hop("delivered" if notice.via == outbox.IN_APP else "queued", notice.created_at, "")
    return [first, *map(Hop._make, rows)]


def hold(database: Database, numbers: Iterable[int], until: int) -> None:
    """Let notices wait until a moment."""
    for number in numbers:
        database.execute("UPDATE notice SET send_at = ? WHERE id = ?", (until, number))


def put_into(database: Database, delivery: int, numbers: Iterable[int]) -> None:
    """Bundle notices into a delivery."""
    for number in numbers:
        database.execute("UPDATE notice SET delivery_id = ? WHERE id = ?", (delivery, number))


def advance(
    database: Database,
    notice: StoredNotice,
    state: str,
    moment: int,
    detail: Message | None = None,
) -> bool:
    """Bring a notice into a state if it may come there from the one it is in; return whether it did.

    Where it is given up, whoever answers for the ticket is told by way of the inbox.
    """
    if notice.state not in _BEFORE[state]:
        return False
    outbox.advance(database, notice.id, state, moment, details.written(detail))
    if state in GIVEN_UP and notice.reason != UNDELIVERABLE:
        name = f"{UNDELIVERABLE}:{notice.id}"
        inbox.put(database, ticket_id=notice.ticket_id, name=name, at=moment)
    return True


def advance_all(
    database: Database, delivery: int, state: str, moment: int, detail: Message | None = None
) -> None:
    """Bring the notices of a delivery into a state, those that may come there."""
    for notice in of_delivery(database, delivery):
        advance(database, notice, state, moment, detail)


def retry(database: Database, notice: StoredNotice, moment: int) -> None:
    """Let a notice that was given up begin anew."""
    database.execute(
        "UPDATE notice SET delivery_id = NULL, send_at = ? WHERE id = ?", (moment, notice.id)
    )
    outbox.advance(database, notice.id, "queued", moment)


def queued_at(database: Database, notice: StoredNotice) -> int:
    """Return when a notice was last promised: at its making, or when it was given another chance."""
    row = database.execute(
        "SELECT max(at) FROM notice_hop WHERE notice_id = ? AND state = 'queued'", (notice.id,)
    ).fetchone()
    return max(notice.created_at, row[0] or 0)


def hurry(database: Database, now: int) -> None:
    """Let every notice that is held be looked at again now: the clock has gone back."""
    database.execute(
        "UPDATE notice SET send_at = ? WHERE state = 'queued' AND delivery_id IS NULL AND send_at > ?",
        (now, now),
    )


def next_at(database: Database) -> int | None:
    """Return the moment from which the next notice may be sent, or None."""
    row = database.execute(
        "SELECT send_at FROM notice WHERE state = 'queued' AND delivery_id IS NULL"
        " ORDER BY send_at, id LIMIT 1"
    ).fetchone()
    return None if row is None else int(row[0])


def twins(database: Database, notice: StoredNotice) -> Sequence[int]:
    """Return the notices that told the same person the same thing at once over other channels, by number."""
    rows = database.execute(
        "SELECT twin.id FROM notice AS twin JOIN notice AS one ON one.id = ?"
        " WHERE twin.ticket_id = one.ticket_id AND twin.sequence = one.sequence"
        " AND twin.recipient = one.recipient AND twin.reason = one.reason AND twin.id <> one.id"
        " ORDER BY twin.id",
        (notice.id,),
    )
    return [row[0] for row in rows]
