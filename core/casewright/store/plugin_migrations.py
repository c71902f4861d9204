"""Bringing a plugin's own tables to its newest schema, one numbered migration after the other."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from casewright.clock import to_microseconds
from casewright.contributions import Migration
from casewright.errors import Message, PluginFailed, PluginRefused, message
from casewright.store.database import Database
from casewright.store.migrate import statements
from casewright.store.plugin_reach import owns
from casewright.store.plugin_tables import HOOK, PluginTables


def pending(database: Database, plugin: str, migrations: Sequence[Migration]) -> bool:
    """Return whether some were not applied yet; PluginRefused where they do not go with those that were."""
    applied = _applied(database, plugin)
    _must_continue(plugin, migrations, applied)
    return len(migrations) > len(applied)


def applied(database: Database, plugin: str) -> int:
    """Return the number of the newest migration that was applied, 0 where there was none."""
    return len(_applied(database, plugin))


def newest_of_all(database: Database) -> dict[str, int]:
    """Return the number of the newest migration of each plugin that has any, by name."""
    rows = database.execute(
        "SELECT plugin, max(number) FROM plugin_migration GROUP BY plugin ORDER BY plugin"
    )
    return dict(rows.fetchall())


def migrate(
    database: Database, plugin: str, migrations: Sequence[Migration], at: datetime
) -> tuple[int, int]:
    """Apply what is new, each migration in one transaction; return the newest number before and after.

    PluginRefused where they do not go with those that were applied; PluginFailed where one is wrong, of which
    nothing is then done.
    """
    before = len(_applied(database, plugin))
    while pending(database, plugin, migrations):
        with database.write():
            if pending(database, plugin, migrations):
                _apply(database, plugin, _next(database, plugin, migrations), at)
    return before, len(migrations)


def _next(database: Database, plugin: str, migrations: Sequence[Migration]) -> Migration:
    return _in_order(migrations)[len(_applied(database, plugin))]


def _in_order(migrations: Sequence[Migration]) -> list[Migration]:
    return sorted(migrations, key=lambda one: one.number)


def _apply(database: Database, plugin: str, migration: Migration, at: datetime) -> None:
    surroundings = _surroundings(database, plugin) if database.is_file else []
    tables = PluginTables(database, plugin, writable=True)
    try:
        for statement in statements(migration.sql):
            tables.define(statement)
        if database.is_file:
            _must_keep_to_itself(database, plugin, surroundings)
    except PluginFailed as error:
        reason = message(
            "in its migration {number} ({name}) {reason}",
            number=migration.number,
            name=migration.name,
            reason=error.reason,
        )
        raise PluginFailed(plugin=plugin, hook=HOOK, reason=reason) from error
    database.execute(
        "INSERT INTO plugin_migration (plugin, number, name, digest, applied_at) VALUES (?, ?, ?, ?, ?)",
        (plugin, migration.number, migration.name, _digest(migration), to_microseconds(at)),
    )


def _must_continue(
    plugin: str, migrations: Sequence[Migration], applied: Mapping[int, str]
) -> None:
    reason = _fault(_in_order(migrations), applied)
    if reason is not None:
        raise PluginRefused(plugin=plugin, reason=reason)


def _fault(migrations: Sequence[Migration], applied: Mapping[int, str]) -> Message | None:
    for number, migration in enumerate(migrations, 1):
        if migration.number != number:
            return message(
                "its migrations are not numbered from 1 without gaps: {number} is missing or there twice",
                number=number,
            )
        if applied.get(number, _digest(migration)) != _digest(migration):
            return message(
                "its migration {number} ({name}) is not the one that was applied here; add another one instead",
                number=number,
                name=migration.name,
            )
        if not _ends_well(migration.sql):
            return message(
                "the last statement of its migration {number} ({name}) does not end with a semicolon",
                number=number,
                name=migration.name,
            )
    if len(applied) > len(migrations):
        return message(
            "its tables were made by a newer version of it (migration {found}; it knows {known})",
            found=len(applied),
            known=len(migrations),
        )
    return None


def _ends_well(sql: str) -> bool:
    lines = [line.strip() for line in sql.splitlines()]
    said = [line for line in lines if line and not line.startswith("--")]
    return bool(said) and said[-1].endswith(";")


def _applied(database: Database, plugin: str) -> dict[int, str]:
    """Return the digests of the migrations that were applied, by number."""
    rows = database.execute(
        "SELECT number, digest FROM plugin_migration WHERE plugin = ? ORDER BY number",
        (plugin,),
    )
    return dict(rows.fetchall())


def _digest(migration: Migration) -> str:
    return hashlib.sha256(migration.sql.encode("utf-8", "surrogatepass")).hexdigest()


def _surroundings(database: Database, plugin: str) -> list[tuple[object, ...]]:
    """Return the part of the schema that is not the plugin's."""
    rows = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")
    return [row for row in rows.fetchall() if not owns(plugin, row[1])]


def _must_keep_to_itself(
    database: Database, plugin: str, before: Sequence[tuple[object, ...]]
) -> None:
    """Refuse what SQLite does not ask about: a table renamed to a name of others, a key that refers to them."""
    strange = [row for row in _surroundings(database, plugin) if row not in before]
    if strange:
        reason = message(
            "it makes or changes '{name}', which is not its own", name=strange[0][1]
        )
        raise PluginFailed(plugin=plugin, hook=HOOK, reason=reason)
    keys = database.execute(
        'SELECT made.name, keys."table" FROM sqlite_master made, pragma_foreign_key_list(made.name) keys'
        " WHERE made.type = 'table'"
    )
    for table, other in keys.fetchall():
        if owns(plugin, table) and not owns(plugin, other):
            reason = message(
                "'{table}' refers to '{name}', which is not its own", table=table, name=other
            )
            raise PluginFailed(plugin=plugin, hook=HOOK, reason=reason)
