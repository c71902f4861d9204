"""Announcements and who has read them."""

from datetime import datetime
from typing import Any

from casewright import compact_json
from casewright.answers import Announcement
from casewright.bilingual import from_data
from casewright.clock import from_microseconds, to_microseconds
from casewright.errors import message
from casewright.store.damage import reading
from casewright.store.database import Database

_COLUMNS = (
    "id, command_id, valid_from, valid_until, published_at, published_by, withdrawn_at, withdrawn_by, record,"
    " (SELECT at FROM announcement_read WHERE announcement_id = announcement.id AND person = ?) AS read_at"
)
_LARGEST = 2**63 - 1


def insert(database: Database, announcement: Announcement) -> int:
    """Store a new announcement; return the number that the store gives it."""
    record = {
        "title": {"en": announcement.title.en, "zh": announcement.title.zh},
        "text": {"en": announcement.text.en, "zh": announcement.text.zh},
        "to": announcement.to,
        "pinned": announcement.pinned,
    }
    done = database.execute(
        "INSERT INTO announcement (command_id, valid_from, valid_until, published_at, published_by, record)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            announcement.command_id,
            to_microseconds(announcement.start),
            None if announcement.end is None else to_microseconds(announcement.end),
            to_microseconds(announcement.published_at),
            announcement.published_by,
            compact_json.encode(record),
        ),
    )
    return int(done.lastrowid or 0)


def get(database: Database, number: int, *, reader: str) -> Announcement | None:
    """Return an announcement as `reader` has it, or None."""
    if not 0 < number <= _LARGEST:
        return None
    row = database.execute(
        f"SELECT {_COLUMNS} FROM announcement WHERE id = ?", (reader, number)
    ).fetchone()
    return None if row is None else _announcement(row)


def valid(database: Database, at: datetime, *, reader: str) -> tuple[Announcement, ...]:
    """Return the announcements that hold at a moment, for whomever they are, newest first."""
    now = to_microseconds(at)
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM announcement WHERE withdrawn_at IS NULL AND valid_from <= ?"
        " AND (valid_until IS NULL OR valid_until > ?) ORDER BY id DESC",
        (reader, now, now),
    ).fetchall()
    return tuple(map(_announcement, rows))


def every(database: Database, *, reader: str) -> tuple[Announcement, ...]:
    """Return all announcements there ever were, newest first."""
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM announcement ORDER BY id DESC", (reader,)
    ).fetchall()
    return tuple(map(_announcement, rows))


def withdraw(database: Database, number: int, *, by: str, at: datetime) -> None:
    """Take an announcement back; it stays in the store."""
    database.execute(
        "UPDATE announcement SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?",
        (to_microseconds(at), by, number),
    )


def read_by(database: Database, number: int, *, person: str, at: datetime) -> None:
    """Note that somebody has read an announcement; the first moment stays."""
    database.execute(
        "INSERT INTO announcement_read (announcement_id, person, at) VALUES (?, ?, ?)"
        " ON CONFLICT (announcement_id, person) DO NOTHING",
        (number, person, to_microseconds(at)),
    )


def readings(database: Database, number: int) -> tuple[tuple[str, datetime], ...]:
    """Return who has read an announcement and when, in that order of time."""
    rows = database.execute(
        "SELECT person, at FROM announcement_read WHERE announcement_id = ? ORDER BY at, person",
        (number,),
    ).fetchall()
    return tuple((person, from_microseconds(at)) for person, at in rows)


def _announcement(row: tuple[Any, ...]) -> Announcement:
    number, command, start, end, published_at, published_by, withdrawn_at, withdrawn_by = row[
        :8
    ]
    with reading(message("announcement {number}", number=number)):
        record = compact_json.decode(row[8])
        return Announcement(
            number=number,
            command_id=command,
            title=from_data(record["title"]),
            text=from_data(record["text"]),
            to=tuple(record["to"]),
            pinned=record["pinned"],
            start=from_microseconds(start),
            end=_moment(end),
            published_at=from_microseconds(published_at),
            published_by=published_by,
            withdrawn_at=_moment(withdrawn_at),
            withdrawn_by=withdrawn_by or "",
            read_at=_moment(row[9]),
        )


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else from_microseconds(stored)
