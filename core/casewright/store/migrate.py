"""Bringing a database to the newest schema, one numbered migration after the other."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from casewright.clock import to_microseconds
from casewright.errors import DatabaseOutdated, message
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

_HERE = Path(__file__).parent / "migrations"
_HOLDS_MIGRATIONS = """
CREATE TABLE IF NOT EXISTS migration (
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (number)
)
"""


_KNOWN = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
_KNOWN_TO_SERVER = "SELECT count(to_regclass(quote_ident(current_schema()) || '.migration'))"
_OF_SERVER = ".postgres"
_SCHEMA_OF_SERVER = ("postgres_schema.sql", "postgres_functions.sql", "postgres_triggers.sql")
"""The newest schema, and what the statements need beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A numbered migration: its name and its SQL."""

    number: int
    name: str
    sql: str


def migrations(*, server: bool = False) -> tuple[Migration, ...]:
    """Return all migrations that ship, by number; for a server those with a text of its own have that one."""
    found = []
    for stem in _stems():
        number, name = stem.split("_", 1)
        own = _HERE / f"{stem}{_OF_SERVER}.sql"
        path = own if server and own.is_file() else _HERE / f"{stem}.sql"
        sql = path.read_text(encoding="utf-8")
        found.append(Migration(number=int(number), name=name, sql=sql))
    return tuple(found)


def newest() -> int:
    """Return the number of the newest migration."""
    return int(_stems()[-1].partition("_")[0])


def _stems() -> list[str]:
    names = (name.removesuffix(".sql") for name in os.listdir(_HERE) if name.endswith(".sql"))
    return sorted(name for name in names if not name.endswith(_OF_SERVER))


def version(database: Database) -> int:
    """Return the number of the newest migration that was applied, 0 for an empty database."""
    known = _KNOWN if database.is_file else _KNOWN_TO_SERVER
    newest_applied = "SELECT coalesce(max(number), 0) FROM migration"
    with database.read():
        if not database.execute(known).fetchone()[0]:
            return 0
        return int(database.execute(newest_applied).fetchone()[0])


def migrate(
    database: Database, *, at: datetime, path: str, to: int | None = None
) -> tuple[int, int]:
    """Apply what is missing, up to `to` where it is named, each migration in one transaction; return the versions before and after."""
    before = version(database)
    if before > newest():
        raise DatabaseOutdated(
            database=path,
            found=before,
            needed=newest(),
            reason=message("it was made by a newer casewright"),
        )
    if not before and not database.is_file:
        _begin_on_server(database, at)
    for migration in migrations(server=not database.is_file):
        if version(database) < migration.number <= (newest() if to is None else to):
            _apply(database, migration, at)
    return before, version(database)


def require_newest(database: Database, *, path: str) -> None:
    """Raise DatabaseOutdated unless the schema is the one this code was written for."""
    found, needed = version(database), newest()
    if found != needed:
        older = message("run 'casewright db migrate'")
        reason = older if found < needed else message("it was made by a newer casewright")
        raise DatabaseOutdated(database=path, found=found, needed=needed, reason=reason)


def _begin_on_server(database: Database, at: datetime) -> None:
    """Make the newest schema in one transaction, and note all migrations that it stands for."""
    with database.write():
        database.execute(_HOLDS_MIGRATIONS)
        if database.execute("SELECT count(*) FROM migration").fetchone()[0]:
            return
        for name in _SCHEMA_OF_SERVER:
            for statement in statements((_HERE.parent / name).read_text(encoding="utf-8")):
                database.execute(statement)
        for migration in migrations():
            _note(database, migration, at)


def _note(database: Database, migration: Migration, at: datetime) -> None:
    database.execute(
        "INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)",
        (migration.number, migration.name, to_microseconds(at)),
    )


def _apply(database: Database, migration: Migration, at: datetime) -> None:
    with database.write():
        database.execute(_HOLDS_MIGRATIONS)
        if migration.number <= version(database):
            return
        for statement in statements(migration.sql):
            database.execute(statement)
        _note(database, migration, at)


def statements(sql: str) -> Iterator[str]:
    """Yield the statements of a migration; each ends with a semicolon at the end of its line."""
    lines: list[str] = []
    for line in sql.splitlines():
        if line.startswith("--") or not line.strip():
            continue
        lines.append(line)
        if line.rstrip().endswith(";"):
            yield "\n".join(lines)
            lines = []
