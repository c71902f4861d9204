"""PostgreSQL's door, through psycopg: one connection to a workspace's schema, its transactions, and nothing about tickets."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.postgres import types as postgres_types
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper, NumericLoader

from casewright.errors import (
    AnswerTooLate,
    CasewrightError,
    CommandRefused,
    DatabaseBusy,
    DatabaseUnusable,
    message,
)
from casewright.store.database import BUSY_SECONDS, Cursor, Database, Judge
from casewright.store.postgres_dialect import translated
from casewright.store.postgres_wire import Answer, Wire
from casewright.store.put_off import Asked

OLDEST = 150_000
"""The oldest version of the server that we know: 15."""
CONNECT_SECONDS = 10
_TO_WRITE = (
    b"BEGIN ISOLATION LEVEL READ COMMITTED",
    b"SELECT pg_advisory_xact_lock(hashtextextended('casewright ' || current_schema(), 0))",
)
_TO_READ = (b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",)
AT_ONCE = 5_000
"""Rows of a stream that are held at a time."""
_IN_A_PART = 2
"""How deep one is in a transaction inside of one."""
_BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
_NOT_STORED = (
    UnicodeEncodeError,
    OverflowError,
    psycopg.errors.NumericValueOutOfRange,
    psycopg.errors.UntranslatableCharacter,
    psycopg.errors.CharacterNotInRepertoire,
    psycopg.errors.ProgramLimitExceeded,
)
_UNKNOWN = message(
    "the connection was lost as it was written, and nobody knows whether it was;"
    " give the same command again, with its id: it is done once"
)
_LOST = message("the connection was lost; nothing of this was written, try again")


class _WholeNumbers(NumericLoader):
    """Reads sums of whole numbers as whole numbers."""

    def load(self, data: Any) -> Any:
        """Return the number."""
        found = super().load(data)
        whole = int(found)
        return whole if whole == found else found


class _WholeNumber(Int8Dumper):
    """Writes every whole number as one of eight bytes, as the columns are: a statement has one plan, not one for each size."""


class _ZeroOrOne(psycopg.adapt.Dumper):
    """Writes truth as SQLite does."""

    oid = postgres_types["int8"].oid

    def dump(self, obj: Any) -> bytes:
        """Return 1 or 0."""
        return b"1" if obj else b"0"

    def quote(self, obj: Any) -> bytes:
        """Return 1 or 0."""
        return self.dump(obj)


class PostgresDatabase(Database):
    """One connection to a workspace's schema; whoever writes holds the one turn to, among all hosts."""

    is_file = False

    def __init__(self, path: Path, *, server: str, synchronous: str = "FULL") -> None:
        self._path, self._server, self._synchronous = path, server, synchronous
        self._depth, self._reading = 0, False
        self._foreseen: dict[Asked, Cursor] = {}
        self._hurries, self._parts = False, count(1)
        self._seconds = 0.0
        self._told = _shown(server)
        with self._named():
            self._make()

    def _make(self) -> None:
        """Connect, or connect anew; nothing may wait to be sent."""
        self._made = self._connect()
        self._wire = Wire(self._made)

    def _connect(self) -> "psycopg.Connection[Any]":
        made = psycopg.connect(
            self._server,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            application_name="casewright",
        )
        try:
            self._judge(made)
            made.adapters.register_loader("numeric", _WholeNumbers)
            made.adapters.register_dumper(bool, _ZeroOrOne)
            made.adapters.register_dumper(int, _WholeNumber)
            made.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
            made.execute("SET standard_conforming_strings = on")
            durable = "on" if self._synchronous == "FULL" else "off"
            made.execute(f"SET synchronous_commit = {durable}")
        except BaseException:
            made.close()
            raise
        return made

    def _judge(self, made: "psycopg.Connection[Any]") -> None:
        """Refuse a server that is too old, a database of other texts, and one without a schema to work in."""
        info = made.info
        row = made.execute("SELECT current_schema()").fetchone()
        if info.server_version < OLDEST:
            reason = message(
                "it is PostgreSQL {found}, and 15 or newer is needed",
                found=info.server_version // 10_000,
            )
        elif info.parameter_status("server_encoding") != "UTF8":
            reason = message("its texts are not UTF-8: make it with ENCODING 'UTF8'")
        elif row is None or row[0] is None:
            reason = message("the search path names no schema that is there")
        else:
            return
        raise DatabaseUnusable(database=self._told, reason=reason)

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Run one statement, which is written for both databases; a lost connection is made anew between transactions."""
        if self._depth or self._reading:
            if self._foreseen:
                answer = self._foreseen.pop((sql, tuple(parameters)), None)
                if answer is not None:
                    return answer
                if not sql.startswith("SELECT"):
                    self._foreseen.clear()
            return self._wire.say(translated(sql), parameters)
        if self._made.closed:
            self._make()
        try:
            return self._alone(sql, parameters)
        except psycopg.Error:
            if not self._made.closed:
                raise
            # Nothing is open, and a statement alone was either a look, or is settled by its command's id.
            self._make()
            if not sql.lstrip().upper().startswith("SELECT"):
                raise
            return self._alone(sql, parameters)

    def _alone(self, sql: str, parameters: Sequence[Any]) -> Cursor:
        answer = self._wire.say(translated(sql), parameters)
        self._wire.settle()
        return answer

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Any]:
        """Yield the rows of a statement, of which some thousands are held at a time."""
        with nullcontext() if self._depth else self.read():
            name = b"stream_%d" % next(self._parts)
            self._wire.say(
                b"DECLARE " + name + b" NO SCROLL CURSOR FOR " + translated(sql), parameters
            )
            while rows := self._wire.say(b"FETCH %d FROM %s" % (AT_ONCE, name), ()).fetchall():
                yield from rows
            self._wire.say(b"CLOSE " + name, ())

    def change_one(
        self, sql: str, parameters: Sequence[Any], otherwise: Callable[[], Exception]
    ) -> None:
        """Run a statement that has to change one row; what `otherwise` makes is raised where it does not, with the next answer.

        The server itself fails then, so that nothing which was sent behind it is done.
        """
        changed = f"WITH changed AS ({sql} RETURNING 1) SELECT 1 / count(*) FROM changed"
        self._foreseen.clear()
        self._wire.say(translated(changed), parameters).otherwise = otherwise
        if not self._depth:
            self._wire.settle()

    def put_off(self, of: Hashable, *statements: Asked) -> None:
        """Run statements at once: a server's index is no faster at the end."""
        for sql, values in statements:
            self.execute(sql, values)

    def catch_up(self) -> None:
        """Do nothing: nothing is put off."""

    def settle(self) -> None:
        """Let everything that was said be done."""
        self._wire.settle()

    @contextmanager
    def write(self, foreseen: Sequence[Asked] = ()) -> Iterator[None]:
        """Hold the one write transaction, when it is our turn; inside another one it is a savepoint of that.

        What is foreseen to be asked first is asked on the way, as long as nothing was written.
        """
        if self._depth:
            with self._named(), self._part(foreseen):
                yield
            return
        with self._named():
            self._begin(_TO_WRITE, foreseen)
            self._depth = 1
            try:
                yield
                self._commit()
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0
                self._foreseen.clear()

    @contextmanager
    def read(self) -> Iterator[None]:
        """Hold one snapshot over several reads; inside another one, that one."""
        if self._depth or self._reading:
            yield
            return
        with self._named():
            self._begin(_TO_READ)
            self._reading = True
            try:
                yield
            finally:
                self._reading = False
                self._roll_back()

    def _begin(self, how: Sequence[bytes], foreseen: Sequence[Asked] = ()) -> None:
        if self._made.closed:
            self._make()
        self._roll_back()
        try:
            self._now(how, foreseen)
        except psycopg.Error:
            if not self._made.closed:
                raise
            self._make()
            self._now(how, foreseen)

    def _now(self, statements: Sequence[bytes], foreseen: Sequence[Asked] = ()) -> None:
        """Run statements, and ask what is foreseen, on one way."""
        for statement in statements:
            self._wire.say(statement, ())
        self._foreseen = {
            (sql, parameters): self._wire.say(translated(sql), parameters)
            for sql, parameters in foreseen
        }
        self._wire.settle()

    def _commit(self) -> None:
        """Commit; DatabaseUnusable where nothing was, and where nobody knows."""
        done = self._wire.say(b"COMMIT", ())
        try:
            self._wire.settle(late=False)
        except psycopg.Error as error:
            if not self._made.closed:
                raise
            raise DatabaseUnusable(database=self._told, reason=_UNKNOWN) from error
        if done.result is None or done.result.command_status != b"COMMIT":
            raise self._undone()

    @contextmanager
    def unsettled(self) -> Iterator[None]:
        """Let each transaction inside of one that is open end before the server has told what became of it.

        What fails is told to whoever asks the server next, as DatabaseUnusable, and undoes everything.
        """
        self._hurries = True
        try:
            yield
        finally:
            self._hurries = False

    @contextmanager
    def _part(self, foreseen: Sequence[Asked]) -> Iterator[None]:
        name = b"part_%d" % next(self._parts)
        begun = self._wire.say(b"SAVEPOINT " + name, ())
        self._depth += 1
        try:
            if foreseen:
                self._now((), foreseen)
            yield
            self._wire.say(b"RELEASE " + name, ())
            if self._hurries and self._depth == _IN_A_PART:
                self._wire.start(is_end=True)
            else:
                self._wire.settle()
        except BaseException:
            with suppress(psycopg.Error):
                self._undo_since(begun, name)
            raise
        finally:
            self._depth -= 1
            self._foreseen.clear()

    def _undo_since(self, begun: Answer, name: bytes) -> None:
        """Undo what was done since a savepoint; where that was not sent yet, nothing since then is."""
        if self._wire.waits(begun):
            self._wire.forget(begun)
            return
        self._wire.forget()
        self._now((b"ROLLBACK TO " + name, b"RELEASE " + name))

    def _roll_back(self) -> None:
        """Undo what is open; where the connection is gone, the server does."""
        self._wire.forget()
        if self._made.closed or self._made.info.transaction_status is TransactionStatus.IDLE:
            return
        with suppress(psycopg.Error):
            self._now((b"ROLLBACK",))

    @contextmanager
    def watched(self, judge: Judge) -> Iterator[None]:
        """Do not: a server asks nobody; what a plugin says to it is judged beforehand, by `plugin_sql`."""
        raise AssertionError("a server's statements cannot be watched")
        yield

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Interrupt the statement inside that runs longer than so many seconds; AnswerTooLate."""
        if self._made.closed:
            self._make()
        before, self._seconds = self._seconds, seconds
        self.settle()
        self._made.execute(f"SET statement_timeout = {max(1, int(seconds * 1000))}")
        try:
            with self._named():
                yield
                self.settle()
        finally:
            self._seconds = before
            with suppress(psycopg.Error):
                self._made.execute("SET statement_timeout = 0")

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the driver raises for what the database will not do."""
        return (psycopg.Error,)

    @property
    def library(self) -> str:
        """What is said of driver and server."""
        version = self._made.info.server_version
        return (
            f"psycopg {psycopg.__version__}, PostgreSQL {version // 10_000}.{version % 10_000}"
        )

    def pragma(self, name: str) -> Any:
        """Return a setting of the server; `data_version` is another number whenever anybody has committed."""
        if name == "data_version":
            row = self.execute(
                "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
            ).fetchone()
        else:
            row = self.execute("SELECT current_setting(?, true)", (name,)).fetchone()
        return row[0] if row else None

    def rewrite(self) -> bool:
        """Let the server make room where something was deleted; what was, is gone from the tables then."""
        with self._named():
            self.execute("VACUUM FULL")
        return True

    def leave_the_log(self) -> None:
        """Do nothing: the server keeps its own log."""

    def copy_into(self, path: Path) -> None:
        """Refuse: a server is copied by its own tools."""
        reason = message("it is PostgreSQL, which is copied by its own pg_dump")
        raise DatabaseUnusable(database=self._told, reason=reason)

    def close(self) -> None:
        """Close the connection."""
        with suppress(psycopg.Error):
            self._made.close()

    @property
    def is_lost(self) -> bool:  # type: ignore[override]
        """Whether the connection is gone, and nothing is open that went with it."""
        return self._made.closed and not (self._depth or self._reading)

    @property
    def server(self) -> str:
        """The address of the schema."""
        return self._server

    @property
    def connection(self) -> "psycopg.Connection[Any]":
        """The driver's connection, for a library whose statements belong into the transaction that is open."""
        self.settle()
        return self._made

    def script(self, sql: str) -> None:
        """Run statements of another's, as they are written for this server."""
        self.settle()
        self._made.execute(sql.encode())

    def _undone(self) -> DatabaseUnusable:
        reason = message("an error before this one has undone the transaction")
        return DatabaseUnusable(database=self._told, reason=reason)

    def _explained(self, error: BaseException) -> CasewrightError | None:
        """Return the error that says what to do about a complaint of the driver's, or None where it is something else."""
        match error:
            case psycopg.errors.QueryCanceled():
                return AnswerTooLate(seconds=round(self._seconds))
            case psycopg.errors.InFailedSqlTransaction():
                return self._undone()
        if isinstance(error, _BUSY):
            return DatabaseBusy(database=self._told, seconds=BUSY_SECONDS)
        if isinstance(error, _NOT_STORED) or (
            isinstance(error, psycopg.DataError) and "NUL" in str(error)
        ):
            reason = message("a text or number cannot be stored: {detail}", detail=_line(error))
            return CommandRefused(reason=reason)
        if isinstance(error, psycopg.OperationalError):
            made = getattr(self, "_made", None)
            gone = made is not None and made.closed
            reason = _LOST if gone else message("{detail}", detail=_line(error))
            return DatabaseUnusable(database=self._told, reason=reason)
        return None


def _line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:500]


def _shown(server: str) -> str:
    """Return the address without what is secret in it."""
    said = conninfo_to_dict(server)
    return "postgresql://{}/{}".format(said.get("host") or "", said.get("dbname") or "")
