"""Copies of a whole workspace's database: made, examined, put to rest. What goes out and comes in again uses nothing else."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casewright.answers import Contents, Resumed
from casewright.clock import Clock, from_microseconds, to_microseconds
from casewright.commands import new_id
from casewright.config import Config
from casewright.desk.installing import migrate_database, migrate_plugins
from casewright.desk.working.back_door import LEASE
from casewright.errors import (
    DatabaseBusy,
    DatabaseUnusable,
    Message,
    WorkerBusy,
    WorkspaceRefused,
    message,
)
from casewright.store import copying, dumping, lease, migrate, resuming
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

Row = Mapping[str, Any]
Loading = dumping.Loading


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """What whoever was allowed to copies of a workspace, and when."""

    database: Database
    config: Config
    actor: str
    now: datetime

    def copy(self, path: Path) -> None:
        """Write the database as it stands into an empty file, while others go on working."""
        copying.copy(self.database, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy that was opened: what it holds, and what of it can be read or put in."""

    database: Database

    def damage(self) -> Message | None:
        """Return what is wrong with it, or None where the file, its histories and its chains are whole."""
        return copying.damage(self.database)

    def contents(self) -> Contents:
        """Return what it holds."""
        return copying.contents(self.database)

    def attachments(self) -> Iterator[str]:
        """Yield the digests of the files that its histories refer to."""
        return copying.attachments(self.database)

    def tables(self) -> tuple[str, ...]:
        """Return the tables whose rows are told when all is exported."""
        return dumping.dumped(self.database)

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table by column."""
        return dumping.rows(self.database, table)

    @contextmanager
    def loading(self) -> Iterator[Loading]:
        """Yield what takes the rows of an export, into a database that is emptied for them; all of them or none."""
        with self.database.write():
            dumping.clear(self.database)
            yield Loading(self.database)

    def put_to_rest(self, *, at: datetime, actor: str, taken: datetime) -> Resumed:
        """Hold what waits to be sent, end sessions and tokens, and note in the chain of commands what was restored."""
        digest = hashlib.sha256(taken.isoformat().encode()).hexdigest()
        with self.database.write():
            found = resuming.put_to_rest(self.database, at)
            resuming.note(
                self.database,
                command_id=new_id(),
                digest=digest,
                actor=actor,
                at=at,
                taken=taken.isoformat(),
            )
        return found


@contextmanager
def opened(path: Path) -> Iterator[Copy]:
    """Open a copy that nobody else works with; when it is closed again it is one file."""
    database = Database(path)
    try:
        yield Copy(database=database)
    finally:
        database.close()


def _must_be_file(config: Config) -> None:
    """Refuse to put a copy in the place of a database on a server."""
    if config.postgres:
        reason = message("it is PostgreSQL, which is copied and restored by its own tools")
        raise DatabaseUnusable(database=str(config.database), reason=reason)


def newest_schema() -> int:
    """Return the number of the newest schema that this casewright knows."""
    return migrate.newest()


def make_database(config: Config, *, schema: int, clock: Clock) -> None:
    """Make an empty database of an older schema or the newest, with the tables of the plugins."""
    _must_be_file(config)
    database = Database(config.database)
    try:
        migrate.migrate(database, at=clock.now(), path=str(config.database), to=schema)
    finally:
        database.close()
    migrate_plugins(config, clock=clock)


def bring_up_to_date(config: Config, clock: Clock) -> tuple[int, int]:
    """Bring a copy and the tables of its plugins to the newest schema; return the versions before and after."""
    return migrate_database(config, clock=clock)


def put_aside(config: Config, aside: Path, *, holder: str, clock: Clock) -> None:
    """Put the database out of the way of another one, under the name `aside`; it must not be at work.

    WorkerBusy, WorkspaceRefused. One that is so damaged that it cannot be opened is put aside as it is.
    """
    _must_be_file(config)
    try:
        _close_for_good(config, holder, clock)
    except DatabaseUnusable:
        for ending in ("-wal", "-shm"):
            _rename(Path(f"{config.database}{ending}"), Path(f"{aside}{ending}"))
    _rename(config.database, aside)


def _close_for_good(config: Config, holder: str, clock: Clock) -> None:
    """Let no worker begin any more, and write all into the one file, which only works where nobody else has it open."""
    database = Database(config.database)
    try:
        now, length = to_microseconds(clock.now()), LEASE // timedelta(microseconds=1)
        with database.write():
            other = lease.take(database, lease.WORKER, holder=holder, now=now, length=length)
        if other is not None:
            raise WorkerBusy(holder=other.holder, until=from_microseconds(other.until))
        try:
            database.leave_the_log()
        except DatabaseBusy:
            with database.write():
                lease.release(database, lease.WORKER, holder=holder)
            reason = message(
                "somebody has its database open; stop every casewright that works there"
            )
            raise WorkspaceRefused(folder=str(config.root), reason=reason) from None
    finally:
        database.close()


def _rename(path: Path, other: Path) -> None:
    if path.exists():
        path.rename(other)
