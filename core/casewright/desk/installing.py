"""The database of a workspace from outside its desk: made, brought to the newest schema, looked at."""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.answers import DatabaseStatus
from casewright.clock import Clock, SystemClock, from_microseconds
from casewright.config import Config
from casewright.errors import (
    CasewrightError,
    Message,
    PluginFailed,
    PluginRefused,
    message,
)
from casewright.jobs.choosing import migrate_jobs
from casewright.plugins.loaded import LoadedPlugin
from casewright.store import health, migrate, plugin_migrations, plugin_states, tallies
from casewright.store.database import SAFE_LIBRARY, Database, library
from casewright.store.opening import open_database
from casewright.store.plugin_tables import clashes
from casewright.workflows.vocabulary import plugins_of

if TYPE_CHECKING:
    from casewright.desk.vitals import Vitals


def opened(config: Config) -> Database:
    """Return the workspace's database, whatever its schema is."""
    return open_database(
        config.database, server=config.postgres, synchronous=config.synchronous
    )


def database_version(config: Config) -> int:
    """Return the version of the schema that stands there, 0 where there is none."""
    database = opened(config)
    try:
        return migrate.version(database)
    finally:
        database.close()


def migrate_database(config: Config, *, clock: Clock | None = None) -> tuple[int, int]:
    """Make the database or bring it to the newest schema; return the versions before and after."""
    _begin_closed(config.database)
    database = opened(config)
    try:
        moment = (clock or SystemClock()).now()
        found = migrate.migrate(database, at=moment, path=str(config.database))
        migrate_jobs(database, moment)
        if found[1] >= tallies.SINCE:
            tallies.count_anew(database)
        _migrate_plugins(database, config, moment)
        return found
    finally:
        database.close()


def _begin_closed(path: Path) -> None:
    """See to it that a new database is for nobody else's eyes; SQLite gives its log the same mode."""
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def migrate_plugins(
    config: Config, *, clock: Clock | None = None
) -> Mapping[str, tuple[int, int] | CasewrightError]:
    """Bring the tables of the plugins to their newest; return for each that has any the versions, or why it stays behind."""
    database = opened(config)
    try:
        return _migrate_plugins(database, config, (clock or SystemClock()).now())
    finally:
        database.close()


def _migrate_plugins(
    database: Database, config: Config, at: datetime
) -> Mapping[str, tuple[int, int] | CasewrightError]:
    if not config.plugins.load:
        return {}
    plugins = plugins_of(config, plugin_states.read(database))
    found: dict[str, tuple[int, int] | CasewrightError] = {}
    try:
        for name, plugin in plugins.plugins.items():
            if plugin.migrations and clashes(name) is None:
                found[name] = _migrated(database, plugin, at)
    finally:
        plugins.close()
    return found


def _migrated(
    database: Database, plugin: LoadedPlugin, at: datetime
) -> tuple[int, int] | CasewrightError:
    try:
        return plugin_migrations.migrate(database, plugin.name, plugin.migrations, at)
    except (PluginFailed, PluginRefused) as error:
        return error


_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "page_count")
_OF_SERVER = ("fsync", "full_page_writes", "synchronous_commit", "server_encoding")


def _race(found: str) -> tuple[Message, ...]:
    if tuple(map(int, found.split("."))) >= SAFE_LIBRARY:
        return ()
    return (
        message(
            "SQLite {found} can lose commits in a rare race; {safe} or newer is safe",
            found=found,
            safe=".".join(map(str, SAFE_LIBRARY)),
        ),
    )


def database_status(config: Config) -> DatabaseStatus:
    """Return how the database stands, without changing it."""
    binding = library()
    said = f"{binding.__name__.split('.')[0]} {binding.sqlite_version}"
    found, last = 0, None
    pragmas: dict[str, str] = {}
    plugins: Mapping[str, int] = {}
    if config.database.exists():
        database = opened(config)
        try:
            found = migrate.version(database)
            names = _PRAGMAS if database.is_file else _OF_SERVER
            said = database.library
            pragmas = {name: str(database.pragma(name)) for name in names}
            if found == migrate.newest():
                plugins = plugin_migrations.newest_of_all(database)
                last = health.last_moment(database)
        finally:
            database.close()
    return DatabaseStatus(
        path=str(config.database),
        exists=config.database.exists(),
        version=found,
        newest=migrate.newest(),
        library=said,
        pragmas=pragmas,
        warnings=() if config.postgres else _race(binding.sqlite_version),
        plugins=plugins,
        last_at=None if last is None else from_microseconds(last),
    )


def wrong_tallies(config: Config) -> int:
    """Return how many counts of tickets by state are not what counting them comes to, of a database with the newest schema."""
    database = opened(config)
    try:
        with database.read():
            return tallies.wrong(database)
    finally:
        database.close()


def workspace_vitals(config: Config) -> "Vitals":
    """Return how the workspace does, of a database with the newest schema, without changing it."""
    from casewright.desk.vitals import seen

    database = opened(config)
    try:
        with database.read():
            return seen(database, SystemClock().now())
    finally:
        database.close()
