"""Keys in the order in which they were typed: the next one is handed on when all that the last one set off has settled.

Without it a burst such as "open the form, type, Tab, type, submit" loses keys between a screen and the next, or puts
text into the field before. Macros are played through the same queue.
"""

import asyncio
from collections import deque
from collections.abc import Iterable

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

PATIENCE = 6.0
"""Seconds after which a key is handed on although what the last one set off has not settled: somebody must be able to leave."""
_LOOK_EVERY = 0.004


class TypeAhead(App[int]):
    """An application that takes its keys one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key | events.Paste] = deque()
        self._typing: asyncio.Task[None] | None = None
        self._place = asyncio.Event()
        """Set while there is a place that takes keys."""
        self._place.set()
        self.at_work = 0
        """How many things that keys set off are still under way, such as questions to the desk."""

    def type_keys(self, keys: Iterable[events.Key | events.Paste]) -> None:
        """Have keys handed on after those that were typed before."""
        self._typed.extend(keys)
        if self._typing is None:
            self._typing = asyncio.create_task(self._hand_on())

    def forget_typed(self) -> None:
        """Hand on nothing of what was typed and waits."""
        self._typed.clear()

    async def on_event(self, event: events.Event) -> None:
        """Put a key behind those that wait; hand on anything else at once."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if not self.taken_note_of(event):
                self.type_keys([event])
        else:
            await super().on_event(event)

    def hold_keys(self) -> None:
        """Keep what is typed until the first place is there; not for ever, as somebody must be able to leave."""
        self._place.clear()

    def keys_may_come(self) -> None:
        """Have what was typed handed on: the first place is there."""
        self._place.set()

    async def all_handed_on(self) -> None:
        """Wait until no key waits to be handed on; nothing that a key set off may wait for this."""
        while self._typing is not None:
            await asyncio.shield(self._typing)

    def taken_note_of(self, key: events.Key | events.Paste) -> bool:
        """Take note of a key of the keyboard; return whether that was all it is for."""
        return False

    def typed(self, key: events.Key | events.Paste) -> None:
        """Take note of a key that is about to be handed on."""

    async def _hand_on(self) -> None:
        try:
            await self._first_place()
            while self._typed:
                key = self._typed.popleft()
                self.typed(key)
                await self._hand(key)
        finally:
            self._typing = None

    async def _first_place(self) -> None:
        if self._place.is_set():
            return
        try:
            await asyncio.wait_for(self._place.wait(), PATIENCE)
        except TimeoutError:
            self._place.set()
        await self._appeared(self.screen)

    async def _hand(self, key: events.Key | events.Paste) -> None:
        before, depth = self.screen, len(self.screen_stack)
        focused: DOMNode = self.focused or before
        await super().on_event(key)
        for node in [focused, *focused.ancestors]:
            await _settled(node)
        await self._work_done()
        if self.screen is not before or len(self.screen_stack) != depth:
            await self._appeared(self.screen)
        else:
            await _settled(before)

    async def _work_done(self) -> None:
        waited = 0.0
        while self.at_work and waited < PATIENCE:
            await asyncio.sleep(_LOOK_EVERY)
            waited += _LOOK_EVERY

    async def _appeared(self, screen: Screen[object]) -> None:
        """Wait until a new screen is composed and something on it takes keys."""
        waited = 0.0
        while waited < PATIENCE:
            await _settled(screen)
            if self.screen is not screen:
                screen = self.screen
            elif screen.is_mounted and (screen.focused is not None or not _takes_focus(screen)):
                await self._work_done()
                return
            await asyncio.sleep(_LOOK_EVERY)
            waited += _LOOK_EVERY


async def _settled(node: MessagePump) -> None:
    """Wait until a node has done all that it was given before."""
    if not node.is_running:
        return
    done = asyncio.Event()
    if node.call_later(done.set):
        try:
            await asyncio.wait_for(done.wait(), PATIENCE)
        except TimeoutError:
            return


def _takes_focus(screen: Screen[object]) -> bool:
    return any(isinstance(one, Widget) and one.focusable for one in screen.walk_children())
