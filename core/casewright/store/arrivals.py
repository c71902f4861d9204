"""What came in from outside: kept before it is judged, found by what is to be done with it, and erased."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from casewright.patterns import pattern
from casewright.store.database import Database

UNSORTED, SORTED, DROPPED = "unsorted", "sorted", "dropped"
STATES = (UNSORTED, SORTED, DROPPED)
_DIGEST = pattern('"([0-9a-f]{64})"')
_LARGEST = 2**63 - 1
_SELECT = (
    "SELECT arrival.id, arrival.channel, arrival.kind, arrival.at, arrival.state,"
    " coalesce(ticket.\"key\", ''), arrival.verdict, arrival.reason, arrival.reference,"
    " arrival.confirmed, arrival.record"
    " FROM arrival LEFT JOIN ticket ON ticket.id = arrival.ticket_id"
)


class StoredArrival(NamedTuple):
    """An arrival as it stands; `record` is all that was said, "" once it was erased."""

    id: int
    channel: str
    kind: str
    at: int
    state: str
    ticket: str
    verdict: str
    reason: str
    reference: str
    confirmed: str
    record: str


def insert(
    database: Database,
    *,
    channel: str,
    key: str,
    kind: str,
    at: int,
    sender: str,
    verdict: str,
    record: str,
) -> int | None:
    """Store something that came in, which waits unsorted; return its number, or None where it was taken in before."""
    row = database.execute(
        'INSERT INTO arrival (channel, "key", kind, at, state, ticket_id, sender, verdict,'
        " reason, reference, confirmed, record)"
        " VALUES (?, ?, ?, ?, ?, NULL, ?, ?, '', '', '', ?)"
        " ON CONFLICT DO NOTHING RETURNING id",
        (channel, key_of(key), kind, at, UNSORTED, sender, verdict, record),
    ).fetchone()
    return None if row is None else int(row[0])


def find(database: Database, channel: str, key: str) -> StoredArrival | None:
    """Return what was taken in under the sender's own id, or None."""
    row = database.execute(
        f'{_SELECT} WHERE arrival.channel = ? AND arrival."key" = ?', (channel, key_of(key))
    ).fetchone()
    return None if row is None else StoredArrival._make(row)


def get(database: Database, number: int) -> StoredArrival | None:
    """Return an arrival by its number, or None."""
    if not 0 < number <= _LARGEST:
        return None
    row = database.execute(f"{_SELECT} WHERE arrival.id = ?", (number,)).fetchone()
    return None if row is None else StoredArrival._make(row)


def page(
    database: Database, *, state: str | None, channel: str | None, after: int | None, limit: int
) -> list[StoredArrival]:
    """Return arrivals that fit, the newest first, from the one before `after` on."""
    rows = database.execute(
        f"{_SELECT} WHERE (? IS NULL OR arrival.state = ?) AND (? IS NULL OR arrival.channel = ?)"
        " AND arrival.id < ? ORDER BY arrival.id DESC LIMIT ?",
        (state, state, channel, channel, _LARGEST if after is None else after, limit),
    )
    return [StoredArrival._make(row) for row in rows.fetchall()]


def settle(
    database: Database,
    number: int,
    state: str,
    *,
    ticket: str = "",
    reason: str = "",
    reference: str = "",
) -> None:
    """Store what became of an arrival; without a `reference` it keeps the one that it has."""
    database.execute(
        "UPDATE arrival SET state = ?, reason = ?,"
        ' ticket_id = coalesce((SELECT id FROM ticket WHERE "key" = ?), ticket_id),'
        " reference = CASE WHEN ? = '' THEN reference ELSE ? END WHERE id = ?",
        (state, reason, ticket, reference, reference, number),
    )


def confirm(database: Database, number: int, delivery: str) -> None:
    """Store that its sender is told by the delivery of this key."""
    database.execute("UPDATE arrival SET confirmed = ? WHERE id = ?", (delivery, number))


def count(database: Database, sender: str, since: int, *, confirmed: bool = False) -> int:
    """Return how much came from a sender since a moment, or how much of that was confirmed."""
    row = database.execute(
        "SELECT count(*) FROM arrival WHERE sender = ? AND sender <> '' AND at >= ?"
        " AND (? = 0 OR confirmed <> '')",
        (sender, since, int(confirmed)),
    ).fetchone()
    return int(row[0])


def wrote_about(database: Database, sender: str, ticket: str) -> bool:
    """Return whether something of this sender's belongs to a ticket already."""
    row = database.execute(
        "SELECT 1 FROM arrival WHERE sender = ? AND sender <> ''"
        ' AND ticket_id = (SELECT id FROM ticket WHERE "key" = ?) LIMIT 1',
        (sender, ticket),
    ).fetchone()
    return row is not None


def has_file(database: Database, digest: str) -> bool:
    """Return whether an arrival needs the file of this digest."""
    row = database.execute(
        "SELECT 1 FROM arrival WHERE instr(record, ?) > 0 LIMIT 1", (f'"{digest}"',)
    ).fetchone()
    return row is not None


def files(database: Database) -> frozenset[str]:
    """Return the digests of all files that arrivals name, and whatever else looks like one there."""
    rows = database.execute("SELECT record FROM arrival WHERE record <> ''")
    return frozenset(found for (record,) in rows for found in _DIGEST.findall(record))


def erase_of_ticket(database: Database, ticket: str) -> tuple[str, ...]:
    """Erase what became of a ticket, or part of one; return the digests of the files that it came with."""
    rows = database.execute(
        "SELECT id, record, confirmed FROM arrival"
        ' WHERE ticket_id = (SELECT id FROM ticket WHERE "key" = ?)',
        (ticket,),
    ).fetchall()
    return _erase(database, rows)


def erase_from(database: Database, senders: Iterable[str]) -> tuple[str, ...]:
    """Erase all that came from addresses and is part of no ticket; return the digests of its files."""
    found: list[str] = []
    for sender in senders:
        rows = database.execute(
            "SELECT id, record, confirmed FROM arrival"
            " WHERE sender = ? AND sender <> '' AND ticket_id IS NULL",
            (sender,),
        ).fetchall()
        found += _erase(database, rows)
    return tuple(dict.fromkeys(found))


def erase_old(database: Database, before: int, limit: int) -> tuple[int, tuple[str, ...]]:
    """Erase what was dropped before a moment, so much at once; return how much it was, and the digests of its files."""
    rows = database.execute(
        "SELECT id, record, confirmed FROM arrival"
        " WHERE state = ? AND at < ? AND record <> '' ORDER BY id LIMIT ?",
        (DROPPED, before, limit),
    ).fetchall()
    return len(rows), _erase(database, rows)


def key_of(key: str) -> str:
    """Return the digest by which something is known again, even when nothing else is known of it any more."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _erase(database: Database, rows: Iterable[tuple[int, str, str]]) -> tuple[str, ...]:
    found: list[str] = []
    for number, record, delivery in rows:
        found += _DIGEST.findall(record)
        database.execute(
            "UPDATE arrival SET sender = '', reason = '', record = '',"
            " state = CASE state WHEN ? THEN ? ELSE state END WHERE id = ?",
            (UNSORTED, DROPPED, number),
        )
        if delivery:
            _empty(database, delivery)
    return tuple(dict.fromkeys(found))


def _empty(database: Database, delivery: str) -> None:
    """Take address and text out of a confirmation; one that was not sent yet is not sent any more."""
    database.execute(
        "UPDATE delivery SET body = json_object('key', \"key\", 'address', '', 'text', ''),"
        " state = CASE WHEN state IN ('queued', 'submitted') THEN 'cancelled' ELSE state END"
        ' WHERE "key" = ?',
        (delivery,),
    )
    database.execute(
        "UPDATE delivery_attempt SET detail = ''"
        ' WHERE delivery_id = (SELECT id FROM delivery WHERE "key" = ?)',
        (delivery,),
    )
