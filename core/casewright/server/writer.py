"""How commands are handed to the one who writes, by those who wait for what comes of them."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, cast

from casewright.commands import Command
from casewright.desk.door import Door
from casewright.desk.in_loop import InLoop
from casewright.front_door import Outcomes
from casewright.model import Receipt
from casewright.server.waiting import Waiting


class Writer(ABC):
    """Carries commands out one after the other, wherever it does so; what comes together is durable together."""

    @property
    @abstractmethod
    def alive(self) -> bool:
        """Whether it works."""

    @property
    @abstractmethod
    def waiting(self) -> int:
        """How many wait for their turn."""

    @abstractmethod
    def take(self, waiting: Waiting) -> None:
        """Let somebody wait; ServerRefused where too many do."""

    async def execute(self, command: Command, door: Door) -> Receipt:
        """Carry a command out for whoever came through `door`; return when it is durable.

        CasewrightError when refused, ServerRefused where too many wait.
        """
        return cast(Receipt, await self._wait((command,), door))

    async def together(
        self, commands: Sequence[Command], door: Door, *, trial: bool = False
    ) -> Outcomes:
        """Carry several commands out as `Desk.together` does: all, or none."""
        found = await self._wait(tuple(commands), door, together=True, trial=trial)
        return cast(Outcomes, found)

    async def execute_as_system(self, command: Command) -> Receipt:
        """Carry out a command of the product itself, such as what comes in over a channel; never what a user asks for."""
        return cast(Receipt, await self._wait((command,), None))

    async def _wait(self, commands: tuple[Command, ...], door: Door | None, **how: bool) -> Any:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self.take(Waiting(commands=commands, door=door, place=InLoop(loop), sign=future, **how))
        return await future
