"""The log of a workspace: what happened to the running, as lines of JSON that nobody's words can forge, in one file.

The only door to structlog. A line is redacted before it is written, so that a log may be shown to others.
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from traceback import extract_tb
from typing import Any, Literal

from casewright import secrets
from casewright.clock import Clock, SystemClock
from casewright.errors import CasewrightError
from casewright.redaction import redacted, without_values
from casewright.swift_dataclass import dataclass

try:
    import fcntl
except ImportError:  # no such locks here: two processes may begin a new file at once
    fcntl = None  # type: ignore[assignment]

Grade = Literal["debug", "info", "warning", "error"]
GRADES: tuple[Grade, ...] = ("debug", "info", "warning", "error")
LARGEST = 10_000_000
"""A file that has grown to so many bytes is put aside, as `casewright.log.1`; so many are kept:"""
KEPT = 5
_FRAMES = 40
_ABOUT = "casewright_about"
"""The attribute of an exception that says what was being done when it was raised."""

_about: ContextVar[Mapping[str, object]] = ContextVar("about", default={})  # noqa: B039 (never changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that went wrong in casewright itself: the id to tell, and the file that says more; None where it cannot."""

    id: str
    file: Path | None


class Log:
    """One workspace's log; each line is written whole, whoever else writes there."""

    def __init__(
        self, path: Path, *, level: Grade = "info", clock: Clock | None = None
    ) -> None:
        self.path = path
        self._least = GRADES.index(level)
        self._clock = clock or SystemClock()
        self._logger: Any = None

    def write(self, event: str, /, *, grade: Grade = "info", **fields: object) -> bool:
        """Write a line; return whether it is in the file. What cannot be logged stops no work."""
        if GRADES.index(grade) < self._least:
            return True
        with suppress(OSError):
            getattr(self._structlog(), grade)(event, fields=fields)
            return True
        return False

    def incident(self, bug: BaseException, **fields: object) -> Incident:
        """Write down a bug with where it happened; what people have entered is left out of it."""
        number = new_incident()
        about = {**getattr(bug, _ABOUT, {}), **fields}
        said = {**about, "id": number, "trace": list(_told(bug))}
        written = self.write("incident", grade="error", **said)
        return Incident(id=number, file=self.path if written else None)

    def _structlog(self) -> Any:
        """structlog is loaded for the first line: most runs write none."""
        if self._logger is None:
            import structlog

            self._logger = structlog.wrap_logger(
                _File(self.path),
                wrapper_class=structlog.make_filtering_bound_logger(0),
                processors=[
                    _with_what_it_is_about,
                    structlog.processors.add_log_level,
                    self._stamped,
                    structlog.processors.JSONRenderer(
                        serializer=json.dumps, ensure_ascii=True, default=str
                    ),
                ],
            )
        return self._logger

    def _stamped(
        self, logger: object, method: str, line: MutableMapping[str, Any]
    ) -> Mapping[str, Any]:
        now = self._clock.now().isoformat().replace("+00:00", "Z")
        event, level = line.pop("event"), line.pop("level")
        ours = {"at": now, "level": level, "event": event, "process": os.getpid()}
        return {**ours, **redacted(line["fields"], secrets.resolved()), **ours}


def new_incident() -> str:
    """Return an id by which people can speak of something that went wrong."""
    from secrets import choice

    return "".join(choice(_LETTERS) for _ in range(8))


class About:
    """Has every line written meanwhile say these fields too, and that of a bug which leaves from here."""

    __slots__ = ("_before", "_fields")

    def __init__(self, **fields: object) -> None:
        self._fields = fields

    def __enter__(self) -> None:
        self._before = _about.set({**_about.get(), **self._fields})

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, CasewrightError):
            vars(error).setdefault(_ABOUT, _about.get())
        _about.reset(self._before)


def _with_what_it_is_about(
    logger: object, method: str, line: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    return {**line, "fields": {**_about.get(), **line["fields"]}}


class _File:
    """Takes finished lines to the end of a file that it begins anew before it grows too large."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def msg(self, line: str) -> None:
        """Add one line."""
        written = f"{line}\n".encode("ascii")
        descriptor = self._locked()
        try:
            while written:
                written = written[os.write(descriptor, written) :]
        finally:
            os.close(descriptor)

    debug = info = warning = error = msg

    def _locked(self) -> int:
        """Return the file, locked and not too large; another process may have put it aside meanwhile."""
        while True:
            descriptor = _opened(self._path)
            try:
                if fcntl is not None:
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
                found = os.fstat(descriptor)
                if not stat.S_ISREG(found.st_mode):
                    return descriptor
                if not _is_still(self._path, found):
                    os.close(descriptor)
                    continue
                if found.st_size < LARGEST:
                    return descriptor
                self._put_aside()
                os.close(descriptor)
            except OSError:
                with suppress(OSError):
                    os.close(descriptor)
                raise

    def _put_aside(self) -> None:
        for number in range(KEPT - 1, 0, -1):
            with suppress(FileNotFoundError):
                os.replace(self._aside(number), self._aside(number + 1))
        os.replace(self._path, self._aside(1))

    def _aside(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def _opened(path: Path) -> int:
    # A pipe that nobody reads must not hold anybody up.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o600)


def _is_still(path: Path, found: os.stat_result) -> bool:
    try:
        now = path.stat()
    except FileNotFoundError:
        return False
    return (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)


def _told(bug: BaseException) -> Iterator[str]:
    """Yield where a bug happened, from the outside in, then what it was, then the same of what caused it; no values."""
    seen: set[int] = set()
    cause: BaseException | None = bug
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        for frame in extract_tb(cause.__traceback__)[-_FRAMES:]:
            yield f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        yield f"{type(cause).__module__}.{type(cause).__qualname__}: {without_values(str(cause))[:400]}"
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
        if cause is not None:
            yield "caused by"


def _short(file: str) -> str:
    """Return a file's path from its package on: where it is installed is nobody's business."""
    for mark in ("/site-packages/", "/casewright/"):
        _, found, rest = file.rpartition(mark)
        if found:
            return f"{mark.strip('/')}/{rest}" if mark == "/casewright/" else rest
    return file.rpartition("/")[2]


_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None of them looks like another, so that an id can be read out over the telephone."""
