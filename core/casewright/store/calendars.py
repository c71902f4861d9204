"""The published versions of calendars, each immutable and named by its digest."""

import hashlib
from datetime import datetime

from casewright import compact_json
from casewright.clock import to_microseconds
from casewright.errors import DatabaseDamaged, NotFound, message
from casewright.sla.calendar import Calendar, calendar_from_data
from casewright.store.database import Database


def version(database: Database, digest: str) -> Calendar:
    """Return a calendar's version; NotFound, DatabaseDamaged when it is not the one that was published."""
    row = database.execute(
        "SELECT name, CAST(content AS BLOB) FROM calendar WHERE digest = ?", (digest,)
    ).fetchone()
    if row is None:
        raise NotFound(kind=message("calendar version"), name=digest, hint=message(""))
    name, content = row[0], bytes(row[1])
    if hashlib.sha256(content).hexdigest() != digest:
        raise DatabaseDamaged(what=message("the calendar '{name}'", name=name))
    return calendar_from_data(name, compact_json.decode(content), digest=digest)


def content(database: Database, digest: str) -> bytes | None:
    """Return a version as it was published, or None."""
    row = database.execute(
        "SELECT CAST(content AS BLOB) FROM calendar WHERE digest = ?", (digest,)
    ).fetchone()
    return None if row is None else bytes(row[0])


def publish(
    database: Database, *, name: str, content: bytes, by: str, at: datetime
) -> tuple[str, bool]:
    """Store a version and make it the one that clocks count on; return its digest and whether it is another than before."""
    digest = hashlib.sha256(content).hexdigest()
    database.execute(
        "INSERT INTO calendar (digest, name, content, published_at, published_by) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (digest) DO NOTHING",
        (digest, name, content, to_microseconds(at), by),
    )
    before = database.execute(
        "SELECT content FROM configuration WHERE kind = 'calendar' AND name = ?", (name,)
    ).fetchone()
    text = compact_json.encode(digest)
    if before is not None and before[0] == text:
        return digest, False
    database.execute(
        "INSERT INTO configuration (kind, name, content) VALUES ('calendar', ?, ?)"
        " ON CONFLICT (kind, name) DO UPDATE SET content = excluded.content",
        (name, text),
    )
    database.execute("UPDATE meta SET value = value + 1 WHERE name = 'configuration'")
    return digest, True
