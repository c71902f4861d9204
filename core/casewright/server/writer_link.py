"""The writer as it is reached from the process that answers: over a socket, and again when the writer was started anew."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

from casewright.errors import ServerRefused, message
from casewright.server.callers import caller_at
from casewright.server.frames import Frames, framed
from casewright.server.metrics import Metrics
from casewright.server.waiting import AGAIN_AFTER, Waiting, too_many
from casewright.server.writer import Writer
from casewright.swift_dataclass import dataclass

MOST_WAITING = 1000
MOST_TRIES = 3
"""So often a command is handed over whose writer ends before it has answered: it may be what the writer ends of."""
_PAUSE = 0.05
_CHUNK = 1 << 18


@dataclass(slots=True)
class _Handed:
    """Somebody who waits, and what was sent to the writer for them."""

    waiting: Waiting
    frame: bytes
    since: float
    tries: int = 0


class WriterLink(Writer):
    """Hands commands over to the writer's process; to be used by the loop that runs it.

    What a writer has not answered when it ends is handed to the next one: by its id it happens once.
    """

    def __init__(self, path: Path, metrics: Metrics, committed: Callable[[], None]) -> None:
        self._path, self._metrics, self._committed = path, metrics, committed
        self._handed: dict[int, _Handed] = {}
        self._number, self._stopping = 0, False
        self._sending: asyncio.StreamWriter | None = None
        metrics.waiting.set_function(lambda: len(self._handed))

    @property
    def alive(self) -> bool:
        """Whether there is a writer."""
        return self._sending is not None

    @property
    def waiting(self) -> int:
        """How many are not answered yet."""
        return len(self._handed)

    def take(self, waiting: Waiting) -> None:
        """Hand it over, as soon as there is a writer; ServerRefused where too many wait."""
        if len(self._handed) >= MOST_WAITING:
            raise too_many()
        self._number += 1
        said = (self._number, waiting.commands, waiting.door, waiting.together, waiting.trial)
        handed = _Handed(waiting, framed(said), perf_counter())
        self._handed[self._number] = handed
        self._send(handed)

    async def run(self) -> None:
        """Keep a connection to the writer; until it is cancelled."""
        while True:
            try:
                receiving, self._sending = await self._connected()
            except OSError:
                if self._stopping:
                    self._refuse_all()
            else:
                await self._serve(receiving, self._sending)
            await asyncio.sleep(_PAUSE)

    def stop(self) -> None:
        """Wait for no other writer where there is none: whoever is not answered may come again."""
        self._stopping = True

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a connection to the writer; OSError where there is none, or somebody else's, whose words are not unpickled."""
        receiving, sending = await asyncio.open_unix_connection(self._path)
        if not caller_at(sending.transport).is_ours:
            sending.close()
            raise PermissionError(str(self._path))
        return receiving, sending

    async def _serve(
        self, receiving: asyncio.StreamReader, sending: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            self._hand_over_again()
            await self._receive(receiving)
        sending.close()
        self._sending = None

    async def _receive(self, receiving: asyncio.StreamReader) -> None:
        frames = Frames()
        while octets := await receiving.read(_CHUNK):
            for answers in frames.take(octets):
                self._answer(answers)

    def _answer(self, answers: list[tuple[int, Any]]) -> None:
        """Pass on what came of a group."""
        found = [
            (handed, outcome)
            for number, outcome in answers
            if (handed := self._handed.pop(number, None)) is not None
        ]
        now = perf_counter()
        self._metrics.committed([(now - one.since, outcome) for one, outcome in found])
        for handed, outcome in found:
            handed.waiting.place.bring([(handed.waiting.sign, outcome)])
        self._committed()

    def _hand_over_again(self) -> None:
        for number, handed in list(self._handed.items()):
            if handed.tries < MOST_TRIES:
                self._send(handed)
                continue
            self._refuse(number)

    def _refuse_all(self) -> None:
        for number in list(self._handed):
            self._refuse(number)

    def _refuse(self, number: int) -> None:
        """Send somebody away: whether it has happened they learn by saying it again."""
        waiting = self._handed.pop(number).waiting
        reason = message("the process that writes has ended; say it again under the same id")
        refused = ServerRefused(status=503, reason=reason, wait_seconds=AGAIN_AFTER)
        waiting.place.bring([(waiting.sign, refused)])

    def _send(self, handed: _Handed) -> None:
        # A connection whose other end has gone takes nothing more; the next one is handed all that is left.
        if self._sending is not None and not self._sending.is_closing():
            handed.tries += 1
            self._sending.write(handed.frame)
