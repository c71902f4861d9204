"""A maildir: mail that a mail server on this machine puts into `new`, and that lies in `cur` once it was taken in."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from casewright.errors import ConfigRefused, FileUnreadable, Message, message
from casewright.intake.mail.parts import LARGEST
from casewright.settings.intake import IntakeSettings
from casewright.worker.mailbox import PEEK, Fetched

SEEN = ":2,S"
MOST_AT_ONCE = 1_000


class Maildir:
    """The folder; whoever delivers writes into `tmp` and moves to `new`, so that what lies there is whole."""

    def __init__(self, settings: IntakeSettings, root: Path) -> None:
        self._folder = root / settings.text("path")
        try:
            for name in ("tmp", "new", "cur"):
                (self._folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            template = "the folder {folder} cannot be used ({problem})"
            folder, problem = str(self._folder), error.strerror or ""
            reason = message(template, folder=folder, problem=problem)
            raise ConfigRefused(place=settings.place, reason=reason) from None

    def waiting(self) -> Sequence[str]:
        """Return the names of what lies in `new`, the oldest first."""
        with os.scandir(self._folder / "new") as entries:
            found = [one.name for one in entries if not one.name.startswith(".")]
        return sorted(found, key=_age)[:MOST_AT_ONCE]

    def read(self, name: str) -> Fetched | None:
        """Return a mail; None where somebody else has moved it, FileUnreadable where it is no file, or may not be read."""
        path = self._folder / "new" / name
        try:
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise _unreadable(path, message("it is not a regular file"))
            descriptor = os.open(
                path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
            )
            with os.fdopen(descriptor, "rb") as file:
                whole = os.fstat(descriptor).st_size <= LARGEST
                return Fetched(octets=file.read(LARGEST if whole else PEEK), whole=whole)
        except FileNotFoundError:
            return None
        except OSError as error:
            reason = message("it cannot be read ({detail})", detail=error.strerror or "")
            raise _unreadable(path, reason) from None

    def done(self, name: str) -> None:
        """Move a mail to `cur`, as seen."""
        plain = name.partition(":")[0]
        try:
            os.rename(self._folder / "new" / name, self._folder / "cur" / f"{plain}{SEEN}")
        except FileNotFoundError:
            return

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait until it is time to look again."""
        stop.wait(seconds)

    def close(self) -> None:
        """Do nothing: nothing is held open."""


def _unreadable(path: Path, reason: Message) -> FileUnreadable:
    return FileUnreadable(file=str(path), reason=reason)


def _age(name: str) -> tuple[int, str]:
    """Return by what names are put in order: they begin with the second of their delivery."""
    second = name.partition(".")[0]
    return int(second) if second.isdecimal() and len(second) < 20 else 0, name
