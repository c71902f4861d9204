"""Somebody at the terminal whose key presses are counted: typed text apart, a choice by typing counts one."""

from .seated import Seated


class Counted:
    """Counts what somebody presses; `keys` is how often they did."""

    def __init__(self, one: Seated) -> None:
        self.one, self.keys = one, 0

    async def press(self, *keys: str) -> None:
        """Press keys that count."""
        self.keys += len(keys)
        await self.one.press(*keys)

    async def type(self, text: str) -> None:
        """Type text, which does not count."""
        await self.one.type(text)

    async def chooses(self, text: str) -> None:
        """Choose out of a menu or a list by typing: one."""
        self.keys += 1
        await self.one.type(text)
        await self.one.press("enter")
