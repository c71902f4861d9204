"""Files beside a database that are there to be locked: for whoever may write the database, and for nobody else."""

import os
import stat
from contextlib import suppress
from pathlib import Path

_CAREFULLY = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
"""No program that is started gets the file, and nobody is led to another by a link."""


def opened(path: Path, database: Path, flags: int = os.O_RDONLY) -> int:
    """Return the file opened, and made where there is none; OSError."""
    while True:
        try:
            return os.open(path, flags | _CAREFULLY)
        except FileNotFoundError:
            with suppress(FileExistsError):
                os.close(_made(path, database))


def _made(path: Path, database: Path) -> int:
    """Make the file as SQLite makes its log: for the database's owner, so that root keeps nobody out."""
    made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _CAREFULLY, 0o600)
    with suppress(FileNotFoundError):
        like = database.stat()
        if os.geteuid() == 0:
            os.fchown(made, like.st_uid, like.st_gid)
        os.fchmod(made, 0o660 if like.st_mode & stat.S_IWGRP else 0o600)
    return made
