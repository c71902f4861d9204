"""A SQLite whose file operations are written down in their order, under the real store: what a power cut may leave of them.

It is apsw's own SQLite, a second one beside the store's: to be used in a process of its own.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

NAME = "recording"
PAGES_IN_THE_LOG = 24
"""The write-ahead log is brought into the database after so few pages, so that many cuts fall into it."""
_LENGTH = "PRAGMA wal_autocheckpoint"


@dataclass(slots=True)
class Operation:
    """One operation on a file: `write` (at an offset, some bytes), `truncate` (to a size), `sync`, `create`, `delete`.

    Or, of no file, `acknowledged`: the command `what` was answered.
    """

    kind: str
    file: str = ""
    offset: int = 0
    what: Any = b""


@dataclass
class Disk:
    """What happens to the files below one folder, and what is to go wrong with them.

    `fault` is asked before every operation with its kind and the file's name; it raises what the operation should end with.
    """

    operations: list[Operation] = field(default_factory=list)
    fault: Callable[[str, str], None] = lambda kind, file: None
    recording: bool = True
    files: "apsw.VFS | None" = None

    def note(self, kind: str, file: str = "", offset: int = 0, what: Any = b"") -> None:
        """Write an operation down."""
        if self.recording:
            self.operations.append(Operation(kind, os.path.basename(file), offset, what))

    def acknowledge(self, command_id: str) -> None:
        """Write down that whoever gave the command was told that it has happened."""
        self.note("acknowledged", what=command_id)

    def driver(self, kind: "type[Connection] | None" = None) -> Callable[[Path], "Connection"]:
        """Return a driver for the store whose files are these."""
        self.files = _Files(self)
        return kind or Connection


class _Files(apsw.VFS):
    """SQLite's way to the files, with ours in between."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        super().__init__(NAME, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        if name is None:  # A file of SQLite's own, for one statement: nobody finds it again.
            return super().xOpen(name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name or "")
        self.disk.fault("open", path)
        is_new = not os.path.exists(path)
        opened = _File(self.disk, name, flags, path)
        if is_new:
            self.disk.note("create", path)
        return opened

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.disk.fault("delete", filename)
        super().xDelete(filename, syncdir)
        self.disk.note("delete", filename, what=syncdir)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int], path: str) -> None:
        self._disk, self._path = disk, path
        super().__init__("", name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:
        self._disk.fault("read", self._path)
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.fault("write", self._path)
        super().xWrite(data, offset)
        self._disk.note("write", self._path, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        self._disk.fault("truncate", self._path)
        super().xTruncate(newsize)
        self._disk.note("truncate", self._path, newsize)

    def xSync(self, flags: int) -> None:
        self._disk.fault("sync", self._path)
        # The real sync is left out: what it promises is written down instead.
        self._disk.note("sync", self._path)

    def xLock(self, level: int) -> None:
        self._disk.fault("lock", self._path)
        super().xLock(level)


class Connection:
    """apsw's connection as the store's driver: complaints are those of Python's own sqlite3."""

    def __init__(self, path: Path) -> None:
        with _named():
            self._connection = apsw.Connection(str(path), vfs=NAME)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        """Run one statement to its end; the log is kept short, so that much is written to its place."""
        if sql.startswith(_LENGTH):
            sql = f"{_LENGTH}={PAGES_IN_THE_LOG}"
        with _named():
            before = self._connection.total_changes()
            rows = self._connection.execute(sql, tuple(parameters)).fetchall()
            changed = self._connection.total_changes() - before
            return Cursor(rows, changed, self._connection.last_insert_rowid())

    def close(self) -> None:
        """Close the connection."""
        with _named():
            self._connection.close()


class Cursor:
    """The rows of a statement that has run."""

    def __init__(self, rows: list[Any], changed: int, last: int) -> None:
        self._rows = iter(rows)
        self.rowcount, self.lastrowid = changed, last

    def fetchone(self) -> Any:
        """Return the next row or None."""
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
        return list(self._rows)

    def close(self) -> None:
        """Let go of the rows that nobody fetched."""
        self._rows = iter(())

    def __iter__(self) -> Iterator[Any]:
        return self._rows


class _named:
    """Turn apsw's complaints into those of Python's sqlite3, which the store knows."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, raised: BaseException | None, trace: Any) -> None:
        if isinstance(raised, apsw.ConstraintError):
            raise sqlite3.IntegrityError(str(raised)) from raised
        if isinstance(raised, apsw.Error):
            raise sqlite3.OperationalError(_said(raised)) from raised


def _said(error: apsw.Error) -> str:
    """Return what SQLite itself says where something of ours was raised within it."""
    words = {
        apsw.IOError: "disk I/O error",
        apsw.FullError: "database or disk is full",
        apsw.CantOpenError: "unable to open database file",
        apsw.BusyError: "database is locked",
        apsw.LockedError: "database table is locked",
        apsw.CorruptError: "database disk image is malformed",
        apsw.ReadOnlyError: "attempt to write a readonly database",
        apsw.NotADBError: "file is not a database",
    }
    return words.get(type(error), str(error))
