"""Which backend a database has, and what that keeps there."""

from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from casewright.errors import DatabaseOutdated, DatabaseUnusable, message
from casewright.jobs.embedded import EmbeddedJobs
from casewright.store.database import Database

if TYPE_CHECKING:
    from casewright.jobs.backend import JobBackend
    from casewright.store.postgres import PostgresDatabase


def backend_of(database: Database, *, among_others: bool) -> "JobBackend":
    """Return the backend of a database: embedded for whoever works alone, Procrastinate among others on a server.

    DatabaseUnusable where it is not installed, DatabaseOutdated where its tables are not those it needs.
    """
    if database.is_file or not among_others:
        return EmbeddedJobs(database)
    server = _of_server(database)
    from casewright.jobs import schema
    from casewright.jobs.procrastinate import ProcrastinateJobs

    if schema.missing(server):
        raise DatabaseOutdated(
            database="PostgreSQL",
            found=schema.version(server),
            needed=schema.newest(),
            reason=message("run 'casewright db migrate'"),
        )
    return ProcrastinateJobs(server)


def migrate_jobs(database: Database, at: datetime) -> None:
    """Make the tables of the backend, or bring them to the newest; a file needs none."""
    if database.is_file:
        return
    server = _of_server(database)
    from casewright.jobs import schema

    schema.migrate(server, at)


def _of_server(database: Database) -> "PostgresDatabase":
    if find_spec("procrastinate") is None:
        reason = message(
            "for workers on PostgreSQL casewright needs procrastinate: install 'casewright[postgres]'"
        )
        raise DatabaseUnusable(database="PostgreSQL", reason=reason)
    from casewright.store.postgres import PostgresDatabase

    assert isinstance(database, PostgresDatabase)
    return database
