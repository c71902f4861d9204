"""Who was at work when the process ended: a small file beside the database, in which each call is noted while it lasts.

The file is mapped into memory, so that a note costs no system call and outlives a process that is ended at once.
Its lock says whether the process is alive: the operating system lets go of it, however the process ends.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from mmap import mmap
from pathlib import Path
from tempfile import mkstemp
from threading import Lock
from typing import NamedTuple

try:
    import fcntl
except ImportError:  # no such locks here: nobody is found to have ended the process
    fcntl = None  # type: ignore[assignment]

SLOT = 128
SLOTS = 32
_SIZE = SLOT * SLOTS


class Death(NamedTuple):
    """A call in which a process ended, and the file that says so."""

    plugin: str
    hook: str
    file: Path


def folder_of(database: Path) -> Path:
    """Return the folder of the marks of a workspace's processes."""
    return database.with_name(f"{database.name}-plugins")


class Marks:
    """The marks of one process: a slot for each thread that calls plugins."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._file, self._path = _own_file(folder)
        os.truncate(self._file, _SIZE)
        self._map = mmap(self._file, _SIZE)
        self._free = list(range(SLOTS - 1, -1, -1))
        self._lock = Lock()

    @contextmanager
    def slot(self) -> Iterator[int | None]:
        """Hold a slot; None where all are taken."""
        with self._lock:
            found = self._free.pop() if self._free else None
        try:
            yield found
        finally:
            if found is not None:
                self.clear(found)
                with self._lock:
                    self._free.append(found)

    def put(self, slot: int, call: bytes) -> None:
        """Note that a call has begun; `call` is what `written` made."""
        if not self._map.closed:
            start = slot * SLOT
            self._map[start : start + len(call)] = call

    def clear(self, slot: int) -> None:
        """Note that no call is under way."""
        if not self._map.closed:
            self._map[slot * SLOT] = 0

    def close(self) -> None:
        """Remove the file: this process has ended well."""
        if self._map.closed:
            return
        with suppress(OSError):
            self._path.unlink()
        self._map.close()
        os.close(self._file)


@cache
def written(plugin: str, hook: str) -> bytes:
    """Return a call as it is noted."""
    return f"{plugin}/{hook}".encode()[: SLOT - 1] + b"\0"


def of_the_dead(folder: Path) -> list[Death]:
    """Return the calls in which processes ended."""
    if fcntl is None or not folder.is_dir():
        return []
    return [death for path in sorted(folder.iterdir()) for death in _deaths(path)]


def bury(deaths: Iterable[Death]) -> None:
    """Take away the marks of processes that ended."""
    for death in deaths:
        death.file.unlink(missing_ok=True)


def _own_file(folder: Path) -> tuple[int, Path]:
    """Make a file and lock it: again where somebody has looked at it before it was locked, and taken it for a dead one's."""
    while True:
        file, name = mkstemp(prefix=f"{os.getpid()}-", dir=folder)
        if fcntl is None:
            return file, Path(name)
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file).st_nlink:
            return file, Path(name)
        os.close(file)


def _deaths(path: Path) -> list[Death]:
    """Return the calls that were under way in a process that ended; where there were none, its file is taken away."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:  # it ended well meanwhile
        return []
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        content = os.pread(file, _SIZE, 0)
        calls = [content[start : start + SLOT] for start in range(0, len(content), SLOT)]
        texts = [call.split(b"\0", 1)[0].decode("utf-8", "replace") for call in calls]
        found = [text.partition("/") for text in texts if "/" in text]
        if not found:
            path.unlink(missing_ok=True)
    except BlockingIOError:  # it lives
        return []
    finally:
        os.close(file)
    return [Death(plugin, hook, path) for plugin, _, hook in found]
