"""Signals as something that a loop waits for with all else: they wake it, and it sees which came."""

import selectors
import signal
import socket
from contextlib import suppress

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


class Signals:
    """Has signals wake the one who waits, and notes which came."""

    def __init__(self, selector: selectors.BaseSelector, told: set[int]) -> None:
        self._selector, self._told = selector, told

    def __enter__(self) -> None:
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        self._before_fd = signal.set_wakeup_fd(
            self._writing.fileno(), warn_on_full_buffer=False
        )
        self._before = {one: signal.signal(one, lambda *_: None) for one in SIGNALS}
        self._selector.register(self._reading, selectors.EVENT_READ, self._note)

    def __exit__(self, *raised: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._before_fd)
        self._reading.close()
        self._writing.close()

    def _note(self) -> None:
        with suppress(BlockingIOError):
            self._told.update(self._reading.recv(4096))
