"""The door's side of the nursery: it starts the process, sends it orders, and hears how each session ends."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from casewright.doors.born import Order
from casewright.doors.nursery import LARGEST

Ended = Callable[[int, int], None]
"""Told the exit code of a session, or 0 and the signal that ended it."""
_KEPT = ("PATH", "HOME", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONPATH", "PYTHONHOME")
"""What the nursery keeps of the surroundings of the server: no session may find a secret there."""


class Birth:
    """One session's process, as its door sees it."""

    def __init__(self, control: socket.socket, ended: Ended) -> None:
        self._control, self._ended = control, ended
        self.process = 0
        control.setblocking(False)
        asyncio.get_running_loop().add_reader(control, self._told)

    def signal(self, number: int) -> None:
        """Send the session a signal."""
        with suppress(OSError):
            self._control.send(str(number).encode())

    def end(self) -> None:
        """Have the session hung up, and killed if it does not go; nothing more is heard of it."""
        if self._control.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()

    def _told(self) -> None:
        try:
            said = self._control.recv(LARGEST)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        told = json.loads(said) if said else {"signal": 9}  # the nursery itself has died
        if "process" in told:
            self.process = told["process"]
            return
        self.end()
        self._ended(told.get("exit", 0), told.get("signal", 0))


class Nursery:
    """Starts the process from which sessions are forked, and starts it anew when it has died.

    It imports the applications beforehand, in the surroundings named beside what it keeps of the server's.
    """

    def __init__(self, *applications: str, **surroundings: str) -> None:
        self._applications, self._surroundings = applications, surroundings
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    def start(self) -> None:
        """Start the process, unless it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        module, orders = "casewright.doors.nursery", str(theirs.fileno())
        command = [sys.executable, "-m", module, orders, *self._applications]
        with theirs:
            self._process = subprocess.Popen(
                command,
                pass_fds=(theirs.fileno(),),
                env={**kept, **self._surroundings},
                cwd="/",
            )
        self._orders = ours

    def bear(self, order: Order, streams: Sequence[int], ended: Ended) -> Birth:
        """Have a session forked on these descriptors, which stay the caller's to close; OSError where it cannot be."""
        self.start()
        assert self._orders is not None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            data = json.dumps(order.data(), ensure_ascii=False).encode()
            try:
                socket.send_fds(self._orders, [data], [theirs.fileno(), *streams])
            except OSError:
                ours.close()
                raise
        return Birth(ours, ended)

    def stop(self) -> None:
        """End the process, and every session with it."""
        if self._orders is not None:
            self._orders.close()
            self._orders = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process.kill()
            self._process.wait()
            self._process = None
