"""How many passwords are worked out at once: two on this machine, whatever the number of processes, as each takes 19 MiB."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from casewright.errors import DatabaseUnusable, SignInBusy, message

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

SLOTS = 2
PATIENCE = 30.0
"""Seconds somebody waits for a slot before they are asked to come again."""
_PAUSE = 0.01
_AGAIN_AFTER = 5
_HERE = BoundedSemaphore(SLOTS)
"""The slots of this process; the files beside the database are those of all."""


@contextmanager
def slot(database: Path) -> Iterator[None]:
    """Hold one of the slots of a workspace; SignInBusy when all stay taken, DatabaseUnusable where none can be made."""
    ends = time.monotonic() + PATIENCE
    if not _HERE.acquire(timeout=PATIENCE):
        raise _busy()
    try:
        descriptor = _taken(database, ends)
        try:
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)
    finally:
        _HERE.release()


def slot_files(database: Path) -> tuple[Path, ...]:
    """Return the files whose locks are the slots."""
    return tuple(
        database.with_name(f"{database.name}-hashing-{number}")
        for number in range(1, SLOTS + 1)
    )


def _taken(database: Path, ends: float) -> int | None:
    """Return the open file whose lock is held now; None where the system has no such locks."""
    if fcntl is None:
        return None
    while True:
        for path in slot_files(database):
            descriptor = _opened(path)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            except BaseException:
                os.close(descriptor)
                raise
            else:
                return descriptor
        if time.monotonic() > ends:
            raise _busy()
        time.sleep(_PAUSE)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        reason = message("{detail}", detail=error.strerror or type(error).__name__)
        raise DatabaseUnusable(database=str(path), reason=reason) from error


def _busy() -> SignInBusy:
    reason = message("too many people sign in at this moment; try again")
    return SignInBusy(reason=reason, wait_seconds=_AGAIN_AFTER)
