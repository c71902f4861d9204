"""Reading a file that a person named: a regular one, and never more of it than is allowed."""

import os
import stat
from pathlib import Path

from casewright.errors import FileUnreadable, Message, message


def read(path: Path, *, limit: int, file: str | None = None) -> bytes:
    """Return the first `limit + 1` bytes, so that the caller sees when a file is too large.

    A pipe, a device or a folder is refused at once: opening one could block for ever.
    `file` is the name that a refusal shows; it is the path when not given.
    """
    name = file or str(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | _NEVER_WAIT)
    except (OSError, ValueError) as error:
        raise FileUnreadable(file=name, reason=_why(error)) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileUnreadable(file=name, reason=message("it is not a regular file"))
        return _first_bytes(descriptor, limit + 1)
    except OSError as error:
        raise FileUnreadable(file=name, reason=_why(error)) from error
    finally:
        os.close(descriptor)


def _first_bytes(descriptor: int, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count and (part := os.read(descriptor, count - len(parts))):
        parts += part
    return bytes(parts)


_NEVER_WAIT = (
    getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
)


def _why(error: OSError | ValueError) -> Message:
    if isinstance(error, FileNotFoundError):
        return message("there is no such file")
    if isinstance(error, PermissionError):
        return message("permission to read it is missing")
    detail = error.strerror if isinstance(error, OSError) else str(error)
    return message("it cannot be read ({detail})", detail=detail or type(error).__name__)
