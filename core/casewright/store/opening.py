"""Which database a workspace has: SQLite's file, or a schema on a PostgreSQL server."""

from importlib.util import find_spec
from pathlib import Path

from casewright.errors import DatabaseUnusable, message
from casewright.store.database import Database, Driver, open_sqlite


def open_database(
    path: Path, *, server: str = "", synchronous: str = "FULL", driver: Driver = open_sqlite
) -> Database:
    """Open the database of `path`: the file, or what stands on the `server` at that address."""
    if not server:
        return Database(path, driver=driver, synchronous=synchronous)
    if find_spec("psycopg") is None:
        reason = message(
            "for PostgreSQL casewright needs psycopg: install 'casewright[postgres]'"
        )
        raise DatabaseUnusable(database=str(path), reason=reason)
    from casewright.store.postgres import PostgresDatabase

    return PostgresDatabase(path, server=server, synchronous=synchronous)
