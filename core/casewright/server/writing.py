"""The process that writes: it takes commands from those that answer, and brings them what came of these."""

import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import field
from functools import partial
from threading import Lock, Thread
from typing import Any

from casewright.commands import Command
from casewright.config import Config
from casewright.desk import open_desk
from casewright.desk.door import Door
from casewright.errors import CasewrightError
from casewright.logs import Log
from casewright.server.callers import user_at
from casewright.server.child import SILENT_FOR
from casewright.server.frames import Frames, framed
from casewright.server.giving_up import give_up
from casewright.server.local_users import is_ours
from casewright.server.tether import BEAT, BEAT_EVERY, READY, Tether
from casewright.server.waiting import Waiting
from casewright.server.writer_thread import WriterThread
from casewright.swift_dataclass import dataclass

_CHUNK = 1 << 18


class _Stop(Exception):
    """Leaves the waiting for connections."""


def write(config: Config, listening: socket.socket, tether: Tether) -> None:
    """Take commands until SIGTERM; what was taken is carried out first. Whatever keeps it from that is raised at once."""
    log = Log(config.log_file, level=config.logs.level)
    writer = WriterThread(partial(open_desk, config, owned=True), failed=partial(give_up, log))
    writer.start()
    served: list[_Served] = []
    try:
        signal.signal(signal.SIGTERM, _stop)
        listening.settimeout(BEAT_EVERY)
        tether.say(READY)
        while True:
            with suppress(TimeoutError):
                served = [one for one in served if one.thread.is_alive()]
                connection = listening.accept()[0]
                if is_ours(user_at(connection)):
                    served.append(_Served(connection, writer, log))
                    served[-1].thread.start()
                else:
                    connection.close()
            if writer.busy_for < SILENT_FOR:
                tether.say(BEAT)
    except _Stop:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    finally:
        listening.close()
        for one in served:
            one.take_no_more()
        writer.stop()
        for one in served:
            one.close()


def _stop(*_: object) -> None:
    raise _Stop


@dataclass(eq=False)
class _Served:
    """One connection: a thread that takes what comes, and the place to which answers are brought."""

    connection: socket.socket
    writer: WriterThread
    log: Log
    thread: Thread = field(init=False)
    _sending: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _CHUNK)
        self.connection.settimeout(None)
        self.thread = Thread(target=self._take, name="taking", daemon=True)

    def bring(self, answers: Sequence[tuple[Any, Any]]) -> None:
        """Send answers, each with the number of what it answers; whoever is gone gets none."""
        octets = framed([(number, self._sayable(outcome)) for number, outcome in answers])
        with self._sending, suppress(OSError):
            self.connection.sendall(octets)

    def take_no_more(self) -> None:
        """Take nothing any more; what was taken will be answered."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RD)
        self.thread.join()

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def _take(self) -> None:
        """Take what comes; whoever waits on a connection on which nothing more can be taken learns so by its end."""
        frames = Frames()
        try:
            while octets := self.connection.recv(_CHUNK):
                for said in frames.take(octets):
                    self._let_wait(*said)
        except OSError:
            self._hang_up()
        except BaseException as bug:  # noqa: BLE001 (nobody else would learn of it)
            self.log.incident(bug, door="server", doing="taking commands")
            self._hang_up()

    def _let_wait(
        self,
        number: int,
        commands: tuple[Command, ...],
        door: Door | None,
        together: bool,
        trial: bool,
    ) -> None:
        waiting = Waiting(
            commands=commands,
            door=door,
            together=together,
            trial=trial,
            place=self,
            sign=number,
        )
        try:
            self.writer.take(waiting)
        except CasewrightError as refused:
            self.bring([(number, refused)])

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _sayable(self, outcome: Any) -> Any:
        """Return what came of a command as it can be sent; a bug is written down here, where it happened."""
        if not isinstance(outcome, BaseException) or isinstance(outcome, CasewrightError):
            return outcome
        incident = self.log.incident(outcome, door="server", doing="writing")
        return RuntimeError(f"the writer met a bug: incident {incident.id}")
