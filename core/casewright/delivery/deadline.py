"""A limit on the time of one whole exchange over a socket, however slowly the other side trickles."""

import contextlib
import socket
from threading import Lock, Timer
from types import TracebackType


class Deadline:
    """Cuts the sockets that it guards when `seconds` have passed; a context manager."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._lock = Lock()
        self._guarded: list[socket.socket] = []
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def guard(self, connection: socket.socket) -> None:
        """Cut `connection` too when the time is up, also after it was wrapped in TLS."""
        with self._lock:
            self._guarded.append(connection.dup())
        if self.passed:
            self._cut()

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for connection in self._guarded:
                connection.close()
            self._guarded.clear()

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            for connection in self._guarded:
                # A connection that the other side has closed is cut already.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
