"""How long a client goes on asking a server that does not answer, and how long it waits in between."""

import time
from collections.abc import Callable

LONGEST = 30.0
"""Seconds that a server may be away, as while it is started again, before its callers are told that it does not answer."""
_FIRST, _MOST = 0.05, 1.0
_TELL_AFTER = 1.0


class Patience:
    """The waiting of one request; `tell` is called once when it lasts long enough for somebody to wonder."""

    def __init__(
        self, *, longest: float = LONGEST, tell: Callable[[], None] = lambda: None
    ) -> None:
        self._longest, self._tell = longest, tell
        self._begun: float | None = None
        self._next, self._told = 0.0, False

    def spent(self, seconds: float) -> None:
        """Take that the first attempt has taken so much of it: it was answered by silence."""
        if self._begun is None:
            self._begun = time.monotonic() - seconds

    def lasts(self, *, asked_for: float = 0.0) -> bool:
        """Wait before the next attempt, for longer each time and as long as the server `asked_for`; False once it is over.

        The first attempt after a connection that was lost comes at once: the server may only have closed an idle one.
        """
        now = time.monotonic()
        if self._begun is None:
            self._begun = now
        waited = now - self._begun
        pause = max(self._next, asked_for)
        if waited > _TELL_AFTER and not self._told:
            self._told = True
            self._tell()
        if waited + pause > self._longest:
            return False
        time.sleep(pause)
        self._next = min(max(_FIRST, 2 * self._next), _MOST)
        return True
