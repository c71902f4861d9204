"""The SQLite driver's door: one connection, its pragmas, its transactions, and nothing about tickets."""

import importlib
import sqlite3 as standard
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

from casewright.errors import (
    AnswerTooLate,
    CasewrightError,
    CommandRefused,
    DatabaseBusy,
    DatabaseUnusable,
    message,
)
from casewright.store.put_off import Asked, PutOff
from casewright.store.turns import turn_at

BUSY_SECONDS = 60
WAIT_FOR_READERS_MS = 1000
TRIES_A_SECOND = 50
PAGES_IN_THE_LOG = 4000
"""So many pages of 4 kB are logged before they are written to their places: with the 1,000 that SQLite takes by itself, pages that
every command changes are written there four times as often, which is a tenth of a command's time."""
MOST_PUT_OFF = 1000
"""Of so many things statements may be put off, which is a matter of memory."""
STEPS_BETWEEN_LOOKS = 100_000
"""Steps of SQLite's machine after which a watched statement gives Python a chance to interrupt it."""
SAFE_LIBRARY = (3, 51, 3)
"""SQLite before this version can lose a commit when a write-ahead log is reset at the wrong moment."""
_SIGNS_OF_THE_FILE = (
    "unable to open", "not a database", "malformed", "readonly", "disk", "full", "transaction",
)  # fmt: skip


_FULL = message("the disk is full; nothing that was done is lost, make room and try again")


class Cursor(Protocol):
    """What the store uses of a driver's cursor."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    @property
    def lastrowid(self) -> int | None:
        """The number that the row put in last was given by the database."""
        ...

    def fetchone(self) -> Any:
        """Return the next row or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
        ...

    def close(self) -> None:
        """Let go of the rows that nobody fetched."""
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


Judge = Callable[[int, str | None, str | None, str | None, str | None], int]
"""Says whether a statement may do something: SQLite's code for it, two names, the schema, and what it happens within."""


@runtime_checkable
class WatchedConnection(Protocol):
    """A driver's connection that tells what a statement reaches for before it does."""

    def set_authorizer(self, judge: Judge | None, /) -> None:
        """Ask `judge` about all that statements reach for; None asks nobody."""
        ...

    def set_progress_handler(self, look: Callable[[], int] | None, steps: int, /) -> None:
        """Call `look` after so many steps; the statement goes on when it returns 0."""
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


def open_for_threads(path: Path) -> Connection:
    """Open it for several threads, of which one at a time uses it: whoever shares it sees to that."""
    connection: Connection = library().connect(
        str(path),
        isolation_level=None,
        timeout=BUSY_SECONDS,
        cached_statements=256,
        check_same_thread=False,
    )
    return connection


class Database:
    """One connection to a workspace's database; `write` is the only way to change anything."""

    is_file = True
    """Whether it is SQLite's file; else it stands on a server."""
    is_lost = False
    """Whether a connection was lost with what was under way, and none is made yet; a file has none to lose."""

    def __init__(
        self, path: Path, *, driver: Driver = open_sqlite, synchronous: str = "FULL"
    ) -> None:
        self._path, self._turn = path, turn_at(path)
        self._errors = _driver_errors()
        self._depth = 0
        self._put_off = PutOff()
        self._reading = False
        self._doomed = False
        self._left_open = False
        self._watching: WatchedConnection | None = None
        self._until: float | None = None
        self._seconds = 0.0
        self._schema = -1
        self._tables: frozenset[str] = frozenset()
        with self._named():
            self._connection = driver(path)
            self._connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            self._keep_a_log()
            self._connection.execute(f"PRAGMA wal_autocheckpoint={PAGES_IN_THE_LOG}")
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
    def write(self, foreseen: Sequence[Asked] = ()) -> Iterator[None]:
        """Hold the one write transaction: committed at the end, rolled back on any error.

        Inside another `write` it is a savepoint of that one, so that a refusal undoes only its own. What is foreseen to be
        asked first means something to a server alone: here asking costs no way.
        """
        if self._depth:
            with self._named(), self._savepoint():
                yield
            return
        with self._named():
            self._wait_for_our_turn()
            self._depth = 1
            try:
                self._end_what_was_left()
                self.execute("BEGIN IMMEDIATE")
                yield
                self.catch_up()
                if self._doomed:
                    raise self._undone()
                self.execute("COMMIT")
            except BaseException:
                self._put_off.forget()
                self._roll_back()
                raise
            finally:
                self._depth = 0
                self._doomed = False
                self._turn.give()

    def _wait_for_our_turn(self) -> None:
        if not self._turn.take(BUSY_SECONDS):
            raise DatabaseBusy(database=str(self._path), seconds=BUSY_SECONDS)

    @contextmanager
    def read(self) -> Iterator[None]:
        """Hold one snapshot over several reads; inside another one, that one."""
        if self._depth or self._reading:
            yield
            return
        with self._named():
            self._reading = True
            try:
                self._end_what_was_left()
                self.execute("BEGIN")
                yield
            finally:
                self._reading = False
                self._roll_back()
                self._doomed = False

    @property
    def writing(self) -> bool:
        """Whether a write transaction is open, which can still be undone."""
        return self._depth > 0

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Any]:
        """Yield the rows of a statement one by one, however many there are; inside `read` or `write` others may be run meanwhile."""
        yield from self.execute(sql, parameters)

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row; inside `write`."""
        for row in rows:
            self.execute(sql, row).close()

    def change_one(
        self, sql: str, parameters: Sequence[Any], otherwise: Callable[[], Exception]
    ) -> None:
        """Run a statement that has to change one row, inside `write`; where it does not, raise what `otherwise` makes.

        It may be raised later than here, but before anything is committed.
        """
        if self.execute(sql, parameters).rowcount != 1:
            raise otherwise()

    def put_off(self, of: Hashable, *statements: Asked) -> None:
        """Run statements before the transaction that is open ends, in place of those put off earlier `of` the same.

        Who reads what they write has to `catch_up` first; a part that is undone takes its own back.
        """
        if self._put_off.add(of, statements) >= MOST_PUT_OFF:
            self.catch_up()

    def catch_up(self) -> None:
        """Run what was put off."""
        for sql, values in self._put_off.taken():
            self.execute(sql, values)
        if self._depth == 1:
            self._put_off.keep()

    @contextmanager
    def unsettled(self) -> Iterator[None]:
        """Let each transaction inside of one that is open end before a server has told what became of it; a file tells at once.

        What fails is then told to whoever asks next, as DatabaseUnusable, and undoes everything.
        """
        yield

    def settle(self) -> None:
        """Let everything that was said be done, so that what is wrong with it is raised here and not later."""

    @contextmanager
    def watched(self, judge: Judge) -> Iterator[None]:
        """Ask `judge` about all that the statements inside reach for, and let them be interrupted.

        A statement that undoes the whole transaction, as `INSERT OR ROLLBACK` can, dooms it: what is written
        afterwards is not committed either. DatabaseUnusable where the driver cannot watch.
        """
        connection = self._connection
        if not isinstance(connection, WatchedConnection):
            reason = message("its driver cannot watch what the SQL of plugins reaches for")
            raise DatabaseUnusable(database=str(self._path), reason=reason)
        open_before = self._in_transaction
        with self._named():
            try:
                self._watching = connection
                connection.set_authorizer(judge)
                self._look(connection, _go_on)
                yield
            finally:
                self._watch_no_more()
                if open_before and not self._in_transaction:
                    self._doom()

    def _watch_no_more(self) -> None:
        if self._watching is not None:
            self._watching.set_authorizer(None)
            self._look(self._watching, None)
            self._watching = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Interrupt the statement inside that still runs after so many seconds; AnswerTooLate.

        A driver that cannot watch interrupts nothing.
        """
        connection = self._connection
        if not isinstance(connection, WatchedConnection):
            yield
            return
        self._until, self._seconds = time.monotonic() + seconds, seconds
        try:
            self._look(connection, None)
            yield
        finally:
            self._until = None
            self._look(connection, None)

    def _look(self, connection: WatchedConnection, look: Callable[[], int] | None) -> None:
        """Look at the time now and then where there is a limit, else as `look` does, if it is something."""
        looking = look if self._until is None else self._is_late
        connection.set_progress_handler(looking, STEPS_BETWEEN_LOOKS if looking else 0)

    def _is_late(self) -> int:
        return int(self._until is not None and time.monotonic() > self._until)

    def rewrite(self) -> bool:
        """Write the file anew without what was deleted, and empty the log; return False while others still read the old.

        Not inside a transaction; others can only read meanwhile. It takes as much room again on the disk.
        """
        with self._named():
            self.execute("VACUUM")
            with self._impatient():
                busy = self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    @contextmanager
    def _impatient(self) -> Iterator[None]:
        """Wait hardly for readers meanwhile: one of them may read for minutes, and those who write wait for us."""
        before = self.pragma("busy_timeout")
        self.execute(f"PRAGMA busy_timeout={WAIT_FOR_READERS_MS}")
        try:
            yield
        finally:
            self.execute(f"PRAGMA busy_timeout={before}")

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the driver raises for what the database will not do."""
        return self._errors

    @property
    def library(self) -> str:
        """What is said of the binding and its version."""
        binding = library()
        return f"{binding.__name__.split('.')[0]} {binding.sqlite_version}"

    @property
    def path(self) -> Path:
        """The database's file; where it stands on a server, what stands for it on this host."""
        return self._path

    def pragma(self, name: str) -> Any:
        """Return the value of a pragma."""
        row = self.execute(f"PRAGMA {name}").fetchone()
        return row[0] if row else None

    def table_names(self) -> frozenset[str]:
        """Return the names of all tables and views; they are read again when somebody has made or dropped one."""
        schema = self.pragma("schema_version")
        if schema != self._schema:
            # Older SQLite makes its JSON tables when they are first used; whoever judges what is used should not be asked about that.
            self.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')").fetchall()
            rows = self.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            )
            self._tables = frozenset(name for (name,) in rows)
            self._schema = schema
        return self._tables

    def leave_the_log(self) -> None:
        """Write all into the one file and do without the log from now on; DatabaseBusy where anybody else has it open."""
        with self._named():
            self.execute("PRAGMA journal_mode=DELETE")

    def copy_into(self, path: Path) -> None:
        """Write the database as it stands now, compact, into an empty file, while others go on writing."""
        with self._named():
            self._end_what_was_left()
            self.execute("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        """Close the connection."""
        with self._named():
            self._connection.close()

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """Hold a part of the write transaction; after some errors SQLite has undone the whole, and no part goes on."""
        name = f"part_{self._depth}"
        if self._doomed or not self._in_transaction:
            raise self._undone()
        self._depth += 1
        mark = self._put_off.mark()
        try:
            self.execute(f"SAVEPOINT {name}")
            yield
            if self._doomed:
                raise self._undone()
            self.execute(f"RELEASE {name}")
            if self._depth == 2:  # the part was one of the whole
                self._put_off.keep()
        except BaseException:
            self._put_off.back_to(mark)
            if self._in_transaction:
                self._undo(name)
            else:
                self._doom()
            raise
        finally:
            self._depth -= 1

    def _undo(self, name: str) -> None:
        """Undo one part; where it cannot be undone alone, it takes the whole transaction with it."""
        self._watch_no_more()
        try:
            self.execute(f"ROLLBACK TO {name}")
            self.execute(f"RELEASE {name}")
        except self._errors:
            self._doom()

    def _doom(self) -> None:
        """Undo the whole transaction, and begin one that is never committed for what may still be written."""
        self._roll_back()
        self.execute("BEGIN")
        self._doomed = True

    def _undone(self) -> DatabaseUnusable:
        reason = message("an error before this one has undone the transaction")
        return DatabaseUnusable(database=str(self._path), reason=reason)

    def _roll_back(self) -> None:
        """Undo what is open; after some errors SQLite has done so itself, and says there is nothing to undo.

        A watch that an interruption has left behind would not let it.
        """
        self._watch_no_more()
        if self._in_transaction:
            self._left_open = True
            self.execute("ROLLBACK")
            self._left_open = False

    def _end_what_was_left(self) -> None:
        """Undo what is still open because its own undoing failed."""
        if self._left_open:
            self._roll_back()
            self._left_open = False

    @property
    def _in_transaction(self) -> bool:
        return bool(getattr(self._connection, "in_transaction", True))

    def _named(self) -> "_Named":
        """Turn the driver's complaints into errors that say what to do."""
        return _Named(self._explained)

    def _explained(self, error: BaseException) -> CasewrightError | None:
        """Return the error that says what to do about a complaint of the driver's, or None where it is something else."""
        if isinstance(error, UnicodeEncodeError | OverflowError):
            reason = message("a text or number cannot be stored: {detail}", detail=str(error))
            return CommandRefused(reason=reason)
        if not isinstance(error, self._errors):
            return None
        text = str(error)
        if self._is_late() and "interrupted" in text:
            return AnswerTooLate(seconds=round(self._seconds))
        if "locked" in text or "busy" in text:
            return DatabaseBusy(database=str(self._path), seconds=BUSY_SECONDS)
        if "is full" in text:
            return DatabaseUnusable(database=str(self._path), reason=_FULL)
        if any(sign in text for sign in _SIGNS_OF_THE_FILE):
            reason = message("{detail}", detail=text)
            return DatabaseUnusable(database=str(self._path), reason=reason)
        return None


class _Named:
    """Turns what a driver complains of inside into errors that say what to do."""

    __slots__ = ("_explained",)

    def __init__(self, explained: Callable[[BaseException], CasewrightError | None]) -> None:
        self._explained = explained

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        explained = self._explained(error) if error is not None else None
        if explained is not None:
            raise explained from error


def _go_on() -> int:
    return 0


def _driver_errors() -> tuple[type[Exception], ...]:
    found: list[type[Exception]] = [standard.DatabaseError]
    bundled = library()
    if bundled is not standard:
        found.append(bundled.DatabaseError)
    return tuple(found)
