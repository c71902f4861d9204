"""Somebody at the terminal without a terminal: the application itself, driven key by key, and its screen as text."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from casewright.cli.grammar import Given
from casewright.cli.session import Session
from casewright.cli.sitting import sitting
from casewright.clock import Clock
from casewright.front_door import Sitting
from casewright_tui.app import Terminal

PATIENCE = 60.0


def seat(workspace: Path, person: str, *, lang: str = "en") -> Sitting:
    """Return what the terminal is given of `person` in a workspace that takes people at their word."""
    given = Given({"workspace": (str(workspace),), "as": (person,), "lang": (lang,)})
    first = Session(given)
    return sitting(first.again, sign_in=first.sign_in, door="terminal")


class Seated:
    """Somebody who sits at the terminal, in a test."""

    def __init__(self, terminal: Terminal, pilot: "Pilot[Any]") -> None:
        self.terminal, self.pilot = terminal, pilot

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line, each exactly as wide as the screen."""
        compositor = self.terminal.screen._compositor
        return [
            "".join(segment.text for segment in strip) for strip in compositor.render_strips()
        ]

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.lines)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, as fast as somebody types ahead, and wait until all they set off has settled."""
        from textual import events

        def event(key: str) -> events.Key:
            return events.Key(key, key if len(key) == 1 else " " if key == "space" else None)

        self.terminal.type_keys(
            [event(_name(key)) if len(key) > 1 else _typed(key) for key in keys]
        )
        await self.settled()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.press(*text)

    async def settled(self) -> None:
        """Wait until no key waits and nothing is under way."""
        async with asyncio.timeout(PATIENCE):
            while self.terminal._typing is not None or self.terminal.at_work:
                await asyncio.sleep(0.005)
            await self.pilot.pause()

    async def sees(self, *texts: str) -> str:
        """Wait until all of these stand on the screen; return it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not all(one in self.text for one in texts):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{texts} are not all on the screen:\n{self.text}") from None
        return self.text

    async def sees_no_more(self, text: str) -> str:
        """Wait until this does not stand on the screen any more; return it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while text in self.text:
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{text} is still on the screen:\n{self.text}") from None
        return self.text


def _name(key: str) -> str:
    return key


def _typed(character: str) -> Any:
    from textual import events
    from textual.keys import _character_to_key

    return events.Key(_character_to_key(character), character)


@asynccontextmanager
async def seated(
    workspace: Path,
    person: str,
    *,
    lang: str = "en",
    size: tuple[int, int] = (100, 30),
    keys: Iterable[str] = (),
    clock: Clock | None = None,
) -> AsyncIterator[Seated]:
    """Sit somebody down at a terminal of this size meanwhile."""
    terminal = Terminal(seat(workspace, person, lang=lang), clock=clock)
    async with terminal.run_test(size=size) as pilot:
        found = Seated(terminal, pilot)
        await found.settled()
        await found.press(*keys)
        yield found
