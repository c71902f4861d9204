"""The process from which sessions are forked: it has imported what they need, has one thread, and does nothing else.

A door sends it, over a socket, an order and the descriptors of the new session: one that tells how it goes, then its
streams. On the first the nursery says which process it became, and how it ended; when the door closes it, or dies, the
session is hung up, and killed if it does not go.
"""

import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import field

from casewright.doors.born import BUG, live, order_of
from casewright.swift_dataclass import dataclass

LARGEST = 128 * 1024
MOST_DESCRIPTORS = 4
GRACE = 3.0
"""Seconds between the hang-up and the kill."""


@dataclass(slots=True, kw_only=True)
class _Child:
    """A session's process, the socket on which its end is told, and when it is killed."""

    process: int
    control: socket.socket
    killed_at: float | None = field(default=None)


class Nursery:
    """Forks a session for each order, tells how it ended, and lets none outlive its door."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, _Child] = {}
        self._woken, self._waking = os.pipe()
        for end in (self._woken, self._waking):
            os.set_blocking(end, False)

    def run(self) -> None:
        """Take orders until the door is gone; then end every session."""
        signal.set_wakeup_fd(self._waking, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._selector.register(self._orders, selectors.EVENT_READ, self._order)
        self._selector.register(self._woken, selectors.EVENT_READ, self._drain)
        open_for_orders = True
        while open_for_orders or self._children:
            for key, _ in self._selector.select(self._next_kill()):
                if key.data == self._order:
                    open_for_orders = self._order()
                elif isinstance(key.data, _Child):
                    self._told(key.data)
                else:
                    self._drain()
            self._reap()
            self._kill_late()

    def _order(self) -> bool:
        """Take one order; return False when there will be no more."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._orders, LARGEST, MOST_DESCRIPTORS)
        except ConnectionError:
            data, descriptors = b"", []
        if not data:
            self._selector.unregister(self._orders)
            self._orders.close()
            for child in [*self._children.values()]:
                self._hang_up(child)
            return False
        self._fork(data, descriptors)
        return True

    def _fork(self, data: bytes, descriptors: list[int]) -> None:
        control, streams = socket.socket(fileno=descriptors[0]), descriptors[1:]
        parent = os.getpid()
        try:
            process = os.fork()
        except (
            OSError
        ):  # The machine has no room: this session is not born, and the others live on.
            control.close()
            process = -1
        if process == 0:
            _be_a_session(data, streams, parent)
        for one in streams:
            os.close(one)
        if process < 0:
            return
        child = _Child(process=process, control=control)
        self._children[process] = child
        self._selector.register(control, selectors.EVENT_READ, child)
        _tell(control, {"process": process})

    def _told(self, child: _Child) -> None:
        """Take what the door says of a session: a signal for it, or by going that it is to end."""
        try:
            said = child.control.recv(LARGEST)
        except ConnectionError:
            said = b""
        if not said:
            self._hang_up(child)
            return
        with suppress(ProcessLookupError, ValueError):
            os.killpg(child.process, int(said))

    def _hang_up(self, child: _Child) -> None:
        if child.killed_at is not None:
            return
        self._selector.unregister(child.control)
        child.killed_at = time.monotonic() + GRACE
        for number in (signal.SIGHUP, signal.SIGCONT):
            with suppress(ProcessLookupError):
                os.killpg(child.process, number)

    def _reap(self) -> None:
        while self._children:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            self._ended(self._children.pop(process), status)

    def _ended(self, child: _Child, status: int) -> None:
        if child.killed_at is None:
            self._selector.unregister(child.control)
        killed = os.WIFSIGNALED(status)
        told = {"signal": os.WTERMSIG(status)} if killed else {"exit": os.WEXITSTATUS(status)}
        _tell(child.control, told)
        child.control.close()

    def _kill_late(self) -> None:
        now = time.monotonic()
        for child in self._children.values():
            if child.killed_at is not None and child.killed_at <= now:
                with suppress(ProcessLookupError):
                    os.killpg(child.process, signal.SIGKILL)

    def _next_kill(self) -> float | None:
        due = [one.killed_at for one in self._children.values() if one.killed_at is not None]
        return max(0.05, min(due) - time.monotonic()) if due else None

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._woken, LARGEST)


def _be_a_session(data: bytes, streams: list[int], parent: int) -> None:
    """Be a session, and never return: what the nursery is in the midst of is not the session's."""
    code = BUG
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        # As in any Python: a connection that a server let go is an error, which is told or mended, and not the end.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        code = live(order_of(json.loads(data)), streams, parent)
    except BaseException:  # noqa: BLE001 (the border of a process that ends here)
        with suppress(Exception):
            traceback.print_exc()
    finally:
        os._exit(code)


def _tell(control: socket.socket, said: dict[str, int]) -> None:
    with suppress(OSError):  # The door has gone already.
        control.send(json.dumps(said).encode())


def preload(*applications: str) -> None:
    """Import what sessions need, once for all of them, and keep the collector from touching it."""
    from importlib import import_module

    from casewright.cli.nouns import NOUNS
    from casewright.doors import allowed

    for name in allowed.VERBS:
        if name in NOUNS:
            import_module(f"casewright.cli.{NOUNS[name][0]}")
    for module in _ALSO:
        import_module(module)
    for module in applications:
        import_module(module).prepare()
    gc.collect()
    gc.freeze()


_ALSO = (
    "getpass", "tomllib", "unicodedata", "zoneinfo", "casewright.cli.desk_here", "casewright.cli.prompting",
    "casewright.cli.refusal", "casewright.logs", "casewright.ownership", "casewright.remote.transport",
    "casewright.wire.answers", "casewright.wire.said",
)  # fmt: skip


def main() -> None:
    """Serve the orders of the socket whose descriptor is the first word; the others are the applications that it forks."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    preload(*sys.argv[2:])
    Nursery(orders).run()


if __name__ == "__main__":
    main()
