"""How answers come back to those who wait in a loop: all of one commit at once, in the thread of the loop."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any


class InLoop:
    """Those who wait in a loop of this process; their signs are futures."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InLoop) and self._loop is other._loop

    def __hash__(self) -> int:
        return id(self._loop)

    def bring(self, answers: Sequence[tuple[Any, Any]]) -> None:
        """Answer them, in the thread of the loop; one that has ended wants no answer."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(settle, answers)


def settle(answers: Iterable[tuple["asyncio.Future[Any]", Any]]) -> None:
    """Give futures what came of them, in the thread of their loop."""
    for future, outcome in answers:
        if future.done():
            continue
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
