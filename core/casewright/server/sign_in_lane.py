"""The threads in which passwords are worked out: as many as may be at once, so that they hold up nobody else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import TypeVar

from casewright.access.hashing_slots import SLOTS
from casewright.desk import Desk
from casewright.desk.door import Door
from casewright.errors import ServerRefused, message

MOST_WAITING = 64
"""Sign-ins that may wait for a thread; one takes some hundredths of a second."""
_AGAIN_AFTER = 5
_Answer = TypeVar("_Answer")


class SignInLane:
    """A few desks at which nothing is done but to let people in."""

    def __init__(self, open_desk: Callable[[], Desk]) -> None:
        self._open, self._own = open_desk, local()
        self._pool = ThreadPoolExecutor(SLOTS, thread_name_prefix="sign-in")
        self._waiting = 0

    async def at_a_desk(self, door: Door, work: Callable[[Desk], _Answer]) -> _Answer:
        """Return what `work` comes to at one of the desks, through `door`; ServerRefused where too many wait."""
        if self._waiting >= MOST_WAITING:
            reason = message("too many people sign in at this moment; try again")
            raise ServerRefused(status=503, reason=reason, wait_seconds=_AGAIN_AFTER)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._do, door, work)
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """Let in who is being let in, and end."""
        self._pool.shutdown()

    def _do(self, door: Door, work: Callable[[Desk], _Answer]) -> _Answer:
        desk: Desk | None = getattr(self._own, "desk", None)
        if desk is None:
            desk = self._own.desk = self._open()
        with desk.through(door):
            return work(desk)
