"""Procrastinate's own tables and functions in the workspace's schema: made, and brought to what the installed one needs."""

from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files

from casewright.clock import to_microseconds
from casewright.errors import DatabaseOutdated, message
from casewright.store.postgres import PostgresDatabase

_RECORD = "procrastinate_migration"
_HOLDS = (
    f"CREATE TABLE IF NOT EXISTS {_RECORD}"
    ' (name TEXT COLLATE "C" NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (name))'
)
_THERE = f"SELECT count(to_regclass(quote_ident(current_schema()) || '.{_RECORD}'))"


def migrate(database: PostgresDatabase, at: datetime) -> None:
    """Make Procrastinate's schema, or apply the migrations that are missing, each in its order, all in one transaction.

    DatabaseOutdated where a newer one has been there before.
    """
    if not missing(database):
        return
    with database.write():
        database.execute(_HOLDS)
        applied = _applied(database)
        if not applied:
            database.script(_text("schema.sql"))
        for name in _shipped():
            if name in applied:
                continue
            if applied:
                database.script(_text("migrations", name))
            database.execute(
                f"INSERT INTO {_RECORD} (name, applied_at) VALUES (?, ?)",
                (name, to_microseconds(at)),
            )


def missing(database: PostgresDatabase) -> bool:
    """Return whether a migration is missing; DatabaseOutdated where one was applied that the installed one does not know."""
    with database.read():
        applied = _known(database)
    shipped = set(_shipped())
    if unknown := sorted(applied - shipped):
        reason = message(
            "its job queue was made by a newer procrastinate ('{name}'): install that one or a newer",
            name=unknown[-1],
        )
        raise DatabaseOutdated(
            database="PostgreSQL", found=len(applied), needed=len(shipped), reason=reason
        )
    return applied != shipped


def version(database: PostgresDatabase) -> int:
    """Return how many of Procrastinate's migrations were applied."""
    with database.read():
        return len(_known(database))


def newest() -> int:
    """Return how many the installed one has."""
    return len(_shipped())


def _known(database: PostgresDatabase) -> set[str]:
    return _applied(database) if database.execute(_THERE).fetchone()[0] else set()


def _applied(database: PostgresDatabase) -> set[str]:
    return {row[0] for row in database.execute(f"SELECT name FROM {_RECORD}")}


def _shipped() -> list[str]:
    return sorted(_names())


def _names() -> Iterator[str]:
    for entry in files("procrastinate.sql").joinpath("migrations").iterdir():
        if entry.name.endswith(".sql"):
            yield entry.name


def _text(*path: str) -> str:
    return files("procrastinate.sql").joinpath(*path).read_text(encoding="utf-8")
