"""Bringing a database to the newest schema, one numbered migration after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from casewright.clock import to_microseconds
from casewright.errors import DatabaseOutdated, message
from casewright.store.database import Database

_HOLDS_MIGRATIONS = """
CREATE TABLE IF NOT EXISTS migration (
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (number)
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A numbered migration: its name and its SQL."""

    number: int
    name: str
    sql: str


def migrations() -> tuple[Migration, ...]:
    """Return all migrations that ship, by number."""
    found = []
    for entry in files("casewright.store.migrations").iterdir():
        if entry.name.endswith(".sql"):
            number, name = entry.name[:-4].split("_", 1)
            found.append(
                Migration(number=int(number), name=name, sql=entry.read_text(encoding="utf-8"))
            )
    return tuple(sorted(found, key=lambda one: one.number))


def newest() -> int:
    """Return the number of the newest migration."""
    return migrations()[-1].number


def version(database: Database) -> int:
    """Return the number of the newest migration that was applied, 0 for an empty database."""
    known = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
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
    for migration in migrations():
        if before < migration.number <= (newest() if to is None else to):
            _apply(database, migration, at)
    return before, version(database)


def require_newest(database: Database, *, path: str) -> None:
    """Raise DatabaseOutdated unless the schema is the one this code was written for."""
    found, needed = version(database), newest()
    if found != needed:
        older = message("run 'casewright db migrate'")
        reason = older if found < needed else message("it was made by a newer casewright")
        raise DatabaseOutdated(database=path, found=found, needed=needed, reason=reason)


def _apply(database: Database, migration: Migration, at: datetime) -> None:
    with database.write():
        database.execute(_HOLDS_MIGRATIONS)
        if migration.number <= version(database):
            return
        for statement in statements(migration.sql):
            database.execute(statement)
        database.execute(
            "INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)",
            (migration.number, migration.name, to_microseconds(at)),
        )


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
