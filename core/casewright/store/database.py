"""The SQLite driver's door: one connection, its pragmas, its transactions, and nothing about tickets."""

import importlib
import sqlite3 as standard
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from casewright.errors import CommandRefused, DatabaseBusy, DatabaseUnusable, message

BUSY_SECONDS = 60
TRIES_A_SECOND = 50
SAFE_LIBRARY = (3, 51, 3)
"""SQLite before this version can lose a commit when a write-ahead log is reset at the wrong moment."""


class Cursor(Protocol):
    """What the store uses of a driver's cursor."""

    rowcount: int
    lastrowid: int | None

    def fetchone(self) -> Any:
        """Return the next row or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """What the store uses of a driver's connection, which must be in autocommit mode."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Run one statement."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


Driver = Callable[[Path], Connection]
"""Opens a connection to a database file; another driver can be put under the store, to inject faults for example."""


def library() -> ModuleType:
    """Return the SQLite binding: the bundled library where there is a wheel for it, else Python's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return standard


def open_sqlite(path: Path) -> Connection:
    """Open a file with the best SQLite at hand, in autocommit mode."""
    connection: Connection = library().connect(
        str(path), isolation_level=None, timeout=BUSY_SECONDS, cached_statements=256
    )
    return connection


class Database:
    """One connection to a workspace's database; `write` is the only way to change anything."""

    def __init__(
        self, path: Path, *, driver: Driver = open_sqlite, synchronous: str = "FULL"
    ) -> None:
        self._path = path
        self._errors = _driver_errors()
        self._depth = 0
        with self._named():
            self._connection = driver(path)
            self._connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            self._keep_a_log()
            self._connection.execute(f"PRAGMA synchronous={synchronous}")
            self._connection.execute("PRAGMA foreign_keys=ON")
        self.execute = self._connection.execute

    def _keep_a_log(self) -> None:
        """Turn on the write-ahead log; here alone SQLite does not wait while another process does the same."""
        for tried in range(1, BUSY_SECONDS * TRIES_A_SECOND + 1):
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
                return
            except self._errors as error:
                if "locked" not in str(error) or tried == BUSY_SECONDS * TRIES_A_SECOND:
                    raise
            time.sleep(1 / TRIES_A_SECOND)

    @contextmanager
    def write(self) -> Iterator[None]:
        """Hold the one write transaction: committed at the end, rolled back on any error.

        Inside another `write` it is a savepoint of that one, so that a refusal undoes only its own.
        """
        if self._depth:
            with self._named(), self._savepoint():
                yield
            return
        with self._named():
            self._depth = 1
            try:
                self.execute("BEGIN IMMEDIATE")
                yield
                self.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0

    @contextmanager
    def read(self) -> Iterator[None]:
        """Hold one snapshot over several reads."""
        if self._depth:
            yield
            return
        with self._named():
            try:
                self.execute("BEGIN")
                yield
            finally:
                self._roll_back()

    def pragma(self, name: str) -> Any:
        """Return the value of a pragma."""
        row = self.execute(f"PRAGMA {name}").fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """Hold a part of the write transaction; after some errors SQLite has undone the whole, and no part goes on."""
        name = f"part_{self._depth}"
        if not self._in_transaction:
            reason = message("an error before this one has undone the transaction")
            raise DatabaseUnusable(database=str(self._path), reason=reason)
        self._depth += 1
        try:
            self.execute(f"SAVEPOINT {name}")
            yield
            self.execute(f"RELEASE {name}")
        except BaseException:
            if self._in_transaction:
                self._undo(name)
            raise
        finally:
            self._depth -= 1

    def _undo(self, name: str) -> None:
        """Undo one part; where it cannot be undone alone, it takes the whole transaction with it."""
        try:
            self.execute(f"ROLLBACK TO {name}")
            self.execute(f"RELEASE {name}")
        except self._errors:
            self._roll_back()

    def _roll_back(self) -> None:
        """Undo what is open; after some errors SQLite has done so itself, and says there is nothing to undo."""
        if self._in_transaction:
            self.execute("ROLLBACK")

    @property
    def _in_transaction(self) -> bool:
        return bool(getattr(self._connection, "in_transaction", True))

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn the driver's complaints about the file into errors that say what to do."""
        try:
            yield
        except (UnicodeEncodeError, OverflowError) as error:
            reason = message("a text or number cannot be stored: {detail}", detail=str(error))
            raise CommandRefused(reason=reason) from error
        except self._errors as error:
            text = str(error)
            if "locked" in text or "busy" in text:
                raise DatabaseBusy(database=str(self._path), seconds=BUSY_SECONDS) from error
            if any(
                sign in text
                for sign in (
                    "unable to open",
                    "not a database",
                    "malformed",
                    "readonly",
                    "disk",
                    "full",
                    "transaction",
                )
            ):
                raise DatabaseUnusable(
                    database=str(self._path), reason=message("{detail}", detail=text)
                ) from error
            raise


def _driver_errors() -> tuple[type[Exception], ...]:
    found: list[type[Exception]] = [standard.DatabaseError]
    bundled = library()
    if bundled is not standard:
        found.append(bundled.DatabaseError)
    return tuple(found)
