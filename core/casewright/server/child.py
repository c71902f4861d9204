"""One process of the server as the one that started it sees it: started, ready, told to stop, gone."""

import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from time import monotonic

from casewright.ownership import HOLDING
from casewright.server import door_secret, tether
from casewright.swift_dataclass import dataclass

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
LIVED_WELL = 30.0
"""Seconds after which a process that dies is started again at once: whatever it died of is not what it began with."""
LAST_WORDS = 20.0
"""Seconds that a process has to end what it has begun."""
READY_WITHIN = 120.0
"""Seconds in which a process that is to answer must be ready; a large database after a crash takes some of them."""
SILENT_FOR = 60.0
"""Seconds after which a process that should say that it is alive, and does not, is taken for hanging."""


_NOT_INHERITED = (
    "LISTEN_PID",
    "LISTEN_FDS",
    "NOTIFY_SOCKET",
    "WATCHDOG_USEC",
    HOLDING,
    door_secret.NAME,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the server that runs in a process of its own.

    One that has `sockets` answers on them, and says when it is ready and alive; when it is replaced, the old one goes on until
    the new one answers. One that `owns` the workspace with the server may open its database.
    `surroundings` are variables that no other part sees.
    """

    name: str
    command: tuple[str, ...]
    sockets: tuple[socket.socket, ...] = ()
    owns: bool = False
    surroundings: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def answers(self) -> bool:
        """Whether it answers on sockets."""
        return bool(self.sockets)


class Child:
    """A process that does one part's work."""

    def __init__(self, part: Part, lock: int) -> None:
        self.part = part
        self.began = self.heard = monotonic()
        self.ready = not part.answers
        self._until: float | None = None
        self.link, theirs = socket.socketpair()
        self.link.setblocking(False)
        passed = [theirs.fileno()]
        environment = {**os.environ, tether.NAME: str(theirs.fileno())}
        for name in _NOT_INHERITED:
            environment.pop(name, None)
        environment.update(part.surroundings)
        command = list(part.command)
        if part.owns:
            passed.append(lock)
            environment[HOLDING] = str(lock)
        numbers = [one.fileno() for one in part.sockets]
        passed += numbers
        command += map(str, numbers)
        with theirs:
            self._process = subprocess.Popen(
                command,
                pass_fds=passed,
                env=environment,
                stdin=subprocess.DEVNULL,
                process_group=0,
            )

    @property
    def number(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll()

    @property
    def hangs(self) -> bool:
        """Whether it should have said that it is ready or alive, and has not for long."""
        patience = SILENT_FOR if self.ready else READY_WITHIN
        return self.part.answers and monotonic() - self.heard > patience

    def listen(self) -> None:
        """Take what it says."""
        with suppress(BlockingIOError, ConnectionError):
            said = self.link.recv(4096)
            if said:
                self.heard = monotonic()
                self.ready = self.ready or tether.READY in said

    @property
    def late(self) -> bool:
        """Whether it was told to stop, and takes too long."""
        return self._until is not None and monotonic() > self._until

    def stop(self) -> None:
        """Tell it to end what it has begun, and stop."""
        self._until = monotonic() + LAST_WORDS
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, with all that it has started."""
        self._signal(signal.SIGKILL)

    def close(self) -> None:
        """Let go of it, once it has ended."""
        self.link.close()
        self._process.wait()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)


def pause_after(lived: float, pause: float) -> float:
    """Return how long to wait before a part is started again, whose process lived so long after waiting `pause`."""
    if lived > LIVED_WELL:
        return SHORTEST_PAUSE
    return min(max(2 * pause, SHORTEST_PAUSE), LONGEST_PAUSE)
