"""A workspace's database made, migrated, looked at and opened."""

from casewright.answers import DatabaseStatus
from casewright.clock import Clock, SystemClock
from casewright.config import Config
from casewright.desk.embedded import Desk
from casewright.errors import DatabaseMissing, message
from casewright.store import migrate
from casewright.store.database import SAFE_LIBRARY, Database, Driver, library, open_sqlite


def open_desk(
    config: Config,
    *,
    clock: Clock | None = None,
    create: bool = False,
    driver: Driver = open_sqlite,
) -> Desk:
    """Return the desk of a workspace; `create` makes or migrates its database, else it must be there and new."""
    clock = clock or SystemClock()
    if create:
        migrate_database(config, clock=clock)
    elif not config.database.exists():
        raise DatabaseMissing(database=str(config.database))
    desk = Desk(config, clock=clock, driver=driver)
    try:
        migrate.require_newest(desk._database, path=str(config.database))
    except BaseException:
        desk.close()
        raise
    return desk


def migrate_database(config: Config, *, clock: Clock | None = None) -> tuple[int, int]:
    """Make the database or bring it to the newest schema; return the versions before and after."""
    database = Database(config.database, synchronous=config.synchronous)
    try:
        moment = (clock or SystemClock()).now()
        return migrate.migrate(database, at=moment, path=str(config.database))
    finally:
        database.close()


def database_status(config: Config) -> DatabaseStatus:
    """Return how the database stands, without changing it."""
    binding = library()
    version_text: str = binding.sqlite_version
    warnings = []
    if tuple(int(part) for part in version_text.split(".")) < SAFE_LIBRARY:
        safe = ".".join(str(part) for part in SAFE_LIBRARY)
        text = message(
            "SQLite {found} can lose commits in a rare race; {safe} or newer is safe",
            found=version_text,
            safe=safe,
        )
        warnings.append(text)
    found, pragmas = 0, {}
    if config.database.exists():
        database = Database(config.database, synchronous=config.synchronous)
        try:
            found = migrate.version(database)
            names = (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "busy_timeout",
                "page_count",
            )
            pragmas = {name: str(database.pragma(name)) for name in names}
        finally:
            database.close()
    return DatabaseStatus(
        path=str(config.database),
        exists=config.database.exists(),
        version=found,
        newest=migrate.newest(),
        library=f"{binding.__name__.split('.')[0]} {version_text}",
        pragmas=pragmas,
        warnings=tuple(warnings),
    )
