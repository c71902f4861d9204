"""Who writes next: first come, first served among the threads of a process, and by turns among processes.

SQLite lets whoever looks at the right moment, so that one who writes all the time leaves the others waiting.
"""

import os
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary

from casewright import lock_file

try:
    import fcntl
except ImportError:  # No such locks here: among processes SQLite's own lock has to do.
    fcntl = None  # type: ignore[assignment]

_LOOK_EVERY = 0.0005


class Turn:
    """The turn to write in one file: taken by one at a time, and handed on in the order in which it was asked for."""

    def __init__(self, path: Path) -> None:
        self._among = _Turnstile(path)
        self.reset()

    def reset(self) -> None:
        """Begin with nobody in this process who has it or waits for it."""
        self._guard, self._taken = Lock(), False
        self._waiting: deque[Lock] = deque()
        self._among.forget()

    def take(self, seconds: float) -> bool:
        """Take it, waiting so long; return whether it was had."""
        until = time.monotonic() + seconds
        if not self._take_here(seconds):
            return False
        if self._among.enter(until):
            return True
        self._give_here()
        return False

    def give(self) -> None:
        """Hand it to whoever has waited longest, here or in another process."""
        self._among.leave()
        self._give_here()

    def _take_here(self, seconds: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
            return True  # It was handed over just then.

    def _give_here(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class _Turnstile:
    """Two files beside the database: whoever waits for the second holds the first, and who was just inside stands behind."""

    def __init__(self, path: Path) -> None:
        self._database = path
        self._paths = [path.with_name(f"{path.name}-{name}") for name in ("next", "turn")]
        self._files: list[int] = []

    def forget(self) -> None:
        """Open the files anew: what a forked process closes stays open in the one that it came from."""
        for one in self._files:
            with suppress(OSError):
                os.close(one)
        self._files = []

    def enter(self, until: float) -> bool:
        """Enter, waiting until a moment; return whether it was possible. Where there can be no such files, nobody waits."""
        if fcntl is None or not self._opened():
            return True
        first, second = self._files
        if not _locked(first, until):
            return False
        entered = _locked(second, until)
        fcntl.flock(first, fcntl.LOCK_UN)
        return entered

    def leave(self) -> None:
        """Let the next one in."""
        if fcntl is not None and self._files:
            fcntl.flock(self._files[1], fcntl.LOCK_UN)

    def _opened(self) -> bool:
        if not self._files:
            try:
                for path in self._paths:
                    self._files.append(lock_file.opened(path, self._database))
            except OSError:
                self.forget()
        return bool(self._files)

    def __del__(self) -> None:
        self.forget()


def _locked(descriptor: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(_LOOK_EVERY)
        else:
            return True


def turn_at(path: Path) -> Turn:
    """Return the turn of a file, the same one to everybody in this process."""
    known = os.path.abspath(path)
    with _guard:
        found = _turns.get(known)
        if found is None:
            found = _turns[known] = Turn(Path(known))
        return found


_guard = Lock()
_turns: WeakValueDictionary[str, Turn] = WeakValueDictionary()


def _begin_anew() -> None:
    """In a process that was forked nobody else is there to hand a turn on."""
    global _guard
    _guard = Lock()
    for turn in list(_turns.values()):
        turn.reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
