"""Tells those who follow a workspace what changes: it knows that something was committed, the desk says what they may see."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from casewright.answers import ChangePage
from casewright.desk.door import Door
from casewright.desk.watching import Watch
from casewright.queries import ListChanges
from casewright.server.metrics import Metrics
from casewright.server.readers import FEED, Readers
from casewright.server.waiting import too_many

MOST_FOLLOWERS = 500
MOST_OF_ONE = 50
"""Terminals, pages and programs of one person that follow."""
LOOK_EVERY = 0.2
"""Seconds between two looks at what other processes have committed; one's own commits are told at once."""
TELL_EVERY = 0.05
"""Seconds at least between two times that all followers ask: what comes thick and fast is told together."""
StillIn = Callable[[], Awaitable[Any]]
"""Raises NotSignedIn once who follows is not let in any more."""


class Feed:
    """Wakes those who wait for changes, in the loop of the thread that runs it."""

    def __init__(self, readers: Readers, metrics: Metrics) -> None:
        self._readers = readers
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self._newest, self._let_in, self._endings = 0, 0, 0
        self._woken_at = 0.0
        self._followers = 0
        self._persons = Counter[str]()
        self.stopping = False
        metrics.followers.set_function(lambda: self._followers)
        metrics.sequence.set_function(lambda: self._newest)

    async def run(self, watch: Watch) -> None:
        """Look for what was committed, for as long as somebody follows; until it is cancelled."""
        self._loop, self._watch = asyncio.get_running_loop(), watch
        while True:
            self._look()
            await asyncio.sleep(LOOK_EVERY)

    def committed(self) -> None:
        """Note that this process has committed something; from any thread."""
        if self._followers and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._look)

    def stop(self) -> None:
        """Let everybody go who waits; in the thread of the loop."""
        self.stopping = True
        self._wake()

    @contextmanager
    def following(self, door: Door) -> Iterator[None]:
        """Count somebody who follows; ServerRefused where too many do, or where the same person does too often."""
        person = door.actor or ""
        if self._followers >= MOST_FOLLOWERS or self._persons[person] >= MOST_OF_ONE:
            raise too_many()
        self._followers += 1
        self._persons[person] += 1
        if self._followers == 1 and self._loop is not None:
            self._look()  # While nobody follows nobody looks: what has ended since is told from what there is now.
        try:
            yield
        finally:
            self._followers -= 1
            self._persons -= Counter([person])

    async def next_page(
        self,
        door: Door,
        since: int | None,
        *,
        wait: float,
        limit: int,
        still_in: StillIn | None = None,
    ) -> ChangePage:
        """Return what happened after `since`, waiting so many seconds for something to happen; without it, at once where to begin.

        Whenever somebody's session ends or a token is revoked meanwhile, `still_in` is asked.
        """
        until, endings = asyncio.get_running_loop().time() + wait, self._endings
        while True:
            changed = self._changed
            query = ListChanges(actor=door.actor or "", since=since, limit=limit)
            page: ChangePage = await self._readers.ask(query, door, lane=FEED)
            left = until - asyncio.get_running_loop().time()
            found = page.changes or since is None or page.until < since
            if found or left <= 0 or self.stopping:
                return page
            since = page.until
            if page.more:
                continue
            try:
                async with asyncio.timeout(left):
                    await changed.wait()
            except TimeoutError:
                return page
            if endings != self._endings and still_in is not None:
                endings = self._endings
                await still_in()

    def _look(self) -> None:
        if not self._followers:
            return
        newest, let_in = self._watch.newest(), self._watch.let_in
        somebody_left, self._let_in = let_in < self._let_in, let_in
        if newest == self._newest and not somebody_left:
            return
        self._newest = newest
        self._endings += somebody_left
        early = self._woken_at + TELL_EVERY - perf_counter()
        if early <= 0:
            self._wake()
        elif self._loop is not None:
            self._loop.call_later(early, self._wake)

    def _wake(self) -> None:
        self._woken_at = perf_counter()
        before, self._changed = self._changed, asyncio.Event()
        before.set()
