"""A database copied as it stands, while others go on writing; what a copy holds, and whether it is whole.

The only right way to copy one: a file that is in use must never be copied as a file.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from casewright import compact_json
from casewright.answers import Broken, Contents
from casewright.errors import DatabaseDamaged, DatabaseUnusable, Message, message
from casewright.patterns import pattern
from casewright.store import access_log, migrate, plugin_migrations, verification
from casewright.store.damage import UNREADABLE
from casewright.store.database import Database

_DIGEST = pattern("[0-9a-f]{64}")


def copy(database: Database, path: Path) -> None:
    """Write the database as it stands now into an empty file; what is committed before is in it, as a whole."""
    database.copy_into(path)


def contents(database: Database) -> Contents:
    """Return what the database holds; DatabaseUnusable where it is no file, and copied by other tools."""
    if not database.is_file:
        reason = message("it is PostgreSQL, which is copied and restored by its own tools")
        raise DatabaseUnusable(database="PostgreSQL", reason=reason)
    rows = {
        name: int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for name in tables(database)
    }
    schema = migrate.version(database)
    chains = database.execute("SELECT name, number, head FROM chain ORDER BY name").fetchall()
    return Contents(
        schema=schema,
        plugins=plugin_migrations.newest_of_all(database),
        rows=rows,
        heads={name: (number, bytes(head).hex()) for name, number, head in chains}
        | {"histories": _histories(database)},
        checkpoint=_checkpoint(database) if "checkpoint" in rows else 0,
    )


def tables(database: Database) -> tuple[str, ...]:
    """Return the names of the tables that hold something of their own: without those that an index is made of."""
    rows = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND name NOT LIKE 'ticket\\_text\\_%' ESCAPE '\\' ORDER BY name"
    )
    return tuple(name for (name,) in rows)


def damage(database: Database) -> Message | None:
    """Return what is wrong with the file, its references, its histories and its chains, or None where it is whole."""
    found = [row[0] for row in database.execute("PRAGMA integrity_check(1)").fetchall()]
    if found != ["ok"]:
        return message("its database is damaged ({detail})", detail=str(found[0])[:200])
    stray = database.execute("PRAGMA foreign_key_check").fetchone()
    if stray is not None:
        return message("its table '{table}' refers to what is not there", table=stray[0])
    broken = verification.verify(database).first_broken
    return None if broken is None else _broken(broken)


def attachments(database: Database) -> Iterator[str]:
    """Yield the digest of every file that a history refers to, each once."""
    seen = set()
    rows = database.execute(
        "SELECT event_value.body FROM event_value JOIN event ON event.ticket_id = event_value.ticket_id"
        " AND event.sequence = event_value.sequence WHERE event.body LIKE '%\"FileAttached\"%'"
    )
    for (body,) in rows:
        digest = _digest(body)
        if digest is not None and digest not in seen:
            seen.add(digest)
            yield digest


def _digest(body: str) -> str | None:
    try:
        kept = compact_json.decode(body).get("content")
        digest = kept[1] if kept else None
    except UNREADABLE:
        raise DatabaseDamaged(what=message("what was attached")) from None
    return digest if isinstance(digest, str) and _DIGEST.fullmatch(digest) else None


def _histories(database: Database) -> tuple[int, str]:
    """Return how many events there are, and one digest of the heads of all tickets in their order."""
    found = hashlib.sha256()
    for key, sequence, head in database.execute(
        "SELECT key, sequence, head FROM ticket ORDER BY id"
    ):
        found.update(f"{key} {sequence} {bytes(head).hex()}\n".encode())
    count = database.execute("SELECT count(*) FROM event").fetchone()[0]
    return int(count), found.hexdigest()


def _checkpoint(database: Database) -> int:
    row = database.execute("SELECT coalesce(max(number), 0) FROM checkpoint").fetchone()
    return int(row[0])


def _broken(broken: Broken) -> Message:
    number, reason = broken.sequence, broken.reason
    if broken.ticket:
        template = "{ticket}: event {sequence} is not as it was written: {reason}"
        return message(template, ticket=broken.ticket, sequence=number, reason=reason)
    if broken.chain == access_log.CHAIN:
        template = "row {number} of its access log is not as it was written: {reason}"
        return message(template, number=number, reason=reason)
    template = "command {number} of those about no ticket is not as it was written: {reason}"
    return message(template, number=number, reason=reason)
