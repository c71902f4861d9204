"""Who owns a workspace: one server alone, or any number of processes that work at its desk themselves.

A lock on a file beside the database tells it, so that nothing has to be tidied up after a process that died: a server
holds it alone, everybody else together. The file says where the server is.
"""

import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casewright import lock_file
from casewright.errors import FileUnreadable, WorkspaceInUse, WorkspaceOwned, message
from casewright.swift_dataclass import dataclass

try:
    import fcntl
except ImportError:  # Windows: a server needs Unix sockets anyway.
    fcntl = None  # type: ignore[assignment]

HOLDING = "CASEWRIGHT_HOLDING"
"""The variable that tells a server's own processes by which descriptor they hold its lock."""
_TRIES, _BETWEEN = 40, 0.05
_LARGEST = 4096
_ROOT = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The server that owns a workspace: its address, such as `unix:/run/desk.sock`, and its process."""

    address: str
    process: int


def file_of(database: Path) -> Path:
    """Return the file whose lock tells who owns the workspace with this database."""
    return database.with_name(f"{database.name}-owner")


def owner_of(database: Path) -> Owner | None:
    """Return the server that owns a workspace now; None where none does."""
    if fcntl is None:
        return None
    try:
        descriptor = os.open(file_of(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _beginning(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


@contextmanager
def owned(database: Path, address: str) -> Iterator[int]:
    """Own a workspace meanwhile, from `address`; WorkspaceOwned, WorkspaceInUse. The lock's descriptor is for its own processes.

    They hold it with the server, so that nobody else owns the workspace before the last of them has ended.
    """
    assert fcntl is not None
    try:
        descriptor = lock_file.opened(file_of(database), database, os.O_RDWR)
    except OSError as error:
        raise _unusable(database, error) from None
    try:
        _lock_alone(descriptor, database)
        said = json.dumps({"address": address, "process": os.getpid()}).encode()
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, said, 0)
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def held(database: Path) -> bool:
    """Return whether this process holds the lock of the server that owns the workspace: it is one of that server's own."""
    said = os.environ.get(HOLDING, "")
    if fcntl is None or not said.isdecimal():
        return False
    try:
        ours, its = os.fstat(int(said)), file_of(database).stat()
        if (ours.st_dev, ours.st_ino) != (its.st_dev, its.st_ino):
            return False
        fcntl.flock(int(said), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def shared(database: Path) -> Iterator[None]:
    """Work in a workspace meanwhile as one of any number of processes; WorkspaceOwned where a server owns it."""
    descriptor = _shared_descriptor(database)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def next_door(database: Path, door: Path) -> Owner | None:
    """Return the server whose Unix socket is `door`, for somebody who may go in there but not open the database.

    Who owns the workspace they cannot read: whoever reads that file could lock it. None where nobody who has the database
    made the door.
    """
    try:
        here, there = database.stat(), door.stat()
    except OSError:
        return None
    is_theirs = stat.S_ISSOCK(there.st_mode) and there.st_uid in (here.st_uid, _ROOT)
    is_open = is_theirs and os.access(door, os.W_OK)
    return Owner(address=f"unix:{door}", process=0) if is_open else None


def _shared_descriptor(database: Path) -> int | None:
    if fcntl is None:
        return None
    try:
        descriptor = lock_file.opened(file_of(database), database, os.O_RDONLY)
    except OSError as error:
        if os.path.exists(file_of(database)) and os.access(database, os.W_OK):
            raise _unusable(database, error) from None
        return None  # A folder that is only to be read: no server can own it either.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        found = _beginning(descriptor)
        os.close(descriptor)
        raise refused(found) from None
    return descriptor


def refused(owner: Owner | None) -> WorkspaceOwned:
    """Return the refusal of somebody who would go past a server."""
    return WorkspaceOwned(
        address=owner.address if owner else "?",
        process=owner.process if owner else 0,
        reason=message(
            "this is not asked of a server; stop it first (`systemctl stop`, or Ctrl-C)"
        ),
    )


def _unusable(database: Path, error: OSError) -> FileUnreadable:
    template = (
        "whoever works in the workspace has to open this file, and it cannot be opened ({problem}); remove it while nobody"
        " works there, and it is made again"
    )
    reason = message(template, problem=error.strerror or "")
    return FileUnreadable(file=str(file_of(database)), reason=reason)


def _lock_alone(descriptor: int, database: Path) -> None:
    """Take the lock alone; those who only look who holds it have it for a moment."""
    for tried in range(1, _TRIES + 1):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if tried == _TRIES:
                raise _whose(descriptor, database) from None
            time.sleep(_BETWEEN)
        else:
            return


def _beginning(descriptor: int) -> Owner | None:
    """Return the server that holds the lock, which may be about to say who it is."""
    for _ in range(_TRIES):
        found = _written(descriptor)
        if found is not None:
            return found
        time.sleep(_BETWEEN)
    return None


def _is_owned(descriptor: int) -> bool:
    """Return whether one process holds the lock alone; those who work side by side let others in."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


def _whose(descriptor: int, database: Path) -> WorkspaceOwned | WorkspaceInUse:
    """Return the refusal of a server, by whoever holds the lock; what a server that died has written says nothing."""
    if _is_owned(descriptor):
        return refused(_written(descriptor))
    held = _holders(descriptor)
    which = message(" (processes: {processes})", processes=held) if held else message("")
    return WorkspaceInUse(folder=str(database.parent), which=which)


def _holders(descriptor: int) -> tuple[int, ...]:
    """Return the processes that hold the lock, where the system tells (as Linux does), other than this one."""
    inode = os.fstat(descriptor).st_ino
    try:
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    held = [words for line in lines if len(words := line.split()) > 5 and words[1] == "FLOCK"]
    found = {int(words[4]) for words in held if words[5].rpartition(":")[2] == str(inode)}
    return tuple(sorted(found - {0, -1, os.getpid()}))


def _written(descriptor: int) -> Owner | None:
    try:
        said = json.loads(os.pread(descriptor, _LARGEST, 0))
        return Owner(address=str(said["address"]), process=int(said["process"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
