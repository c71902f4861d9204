"""What an erasure leaves outside its transaction, and its removal: files, free pages, old words of the search index.

It is noted in the transaction itself, so that a crash before its removal only puts it off.
"""

from collections.abc import Callable, Iterable

from casewright.store import arrivals
from casewright.store.database import Database
from casewright.store.text_indexes import TEXT_INDEXES

_FILE, _PAGES = "file", "pages"
_INSERT = "INSERT INTO trace (kind, name) VALUES (?, ?) ON CONFLICT DO NOTHING"


def note(database: Database, files: Iterable[str]) -> None:
    """Note that something was erased here, and which files with it, by their digests."""
    database.execute(_INSERT, (_PAGES, ""))
    for digest in files:
        database.execute(_INSERT, (_FILE, digest))


def left(database: Database) -> bool:
    """Return whether there is something to remove."""
    return database.execute("SELECT 1 FROM trace LIMIT 1").fetchone() is not None


def remove(database: Database, delete: Callable[[str], None]) -> bool:
    """Remove all traces; `delete` deletes a file by its digest. Return False where others still read what was there.

    Not inside a transaction. It rewrites the whole database, and meanwhile others can only read.
    """
    if not left(database):
        return True
    _remove_files(database, delete)
    with database.write():
        if database.is_file:
            for name in TEXT_INDEXES:
                database.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
    if not database.rewrite():
        return False
    with database.write():
        database.execute("DELETE FROM trace WHERE kind = ?", (_PAGES,))
    return True


def _remove_files(database: Database, delete: Callable[[str], None]) -> None:
    """Delete files that no ticket has any more; in a write transaction, for nobody may attach one of them meanwhile."""
    with database.write():
        rows = database.execute("SELECT name FROM trace WHERE kind = ?", (_FILE,)).fetchall()
        for (digest,) in rows:
            if not _attached(database, digest):
                delete(digest)
            database.execute("DELETE FROM trace WHERE kind = ? AND name = ?", (_FILE, digest))


def _attached(database: Database, digest: str) -> bool:
    row = database.execute(
        "SELECT 1 FROM event_value WHERE instr(body, ?) > 0 LIMIT 1", (f'"{digest}"',)
    ).fetchone()
    return row is not None or arrivals.has_file(database, digest)
