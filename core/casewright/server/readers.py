"""The threads that read: each answers queries at a desk of its own, so that nobody waits for another's long question."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import field
from threading import Condition, Thread
from time import perf_counter
from typing import Any, TypeVar

from casewright import queries
from casewright.desk import Desk
from casewright.desk.door import Door
from casewright.model import is_system
from casewright.queries import Query
from casewright.server.metrics import Metrics
from casewright.server.waiting import too_many
from casewright.swift_dataclass import dataclass

_Answer = TypeVar("_Answer")
QUICK, LONG, FEED, KEEP = "quick", "long", "feed", "keep"
AT_ONCE = {QUICK: 4, LONG: 2, FEED: 1, KEEP: 2}
MOST_WAITING = {QUICK: 400, LONG: 20, FEED: 1000, KEEP: 20}
OF_ONE = 5
"""The part of those places, a fifth, that one person has at most: whoever asks much keeps the others from nothing."""
LONG_QUERIES: frozenset[type[Query]] = frozenset(
    {
        queries.VerifyAudit,
        queries.ExportAudit,
        queries.ExportTickets,
        queries.ExportCustomers,
        queries.ExportNotices,
        queries.ExportAccess,
        queries.GetAccessReport,
        queries.CheckImport,
        queries.PrepareBackup,
        queries.PrepareExport,
    }
)
"""What may take minutes has threads of its own: nobody who looks at a ticket waits for it."""


class Readers:
    """A few desks that only read, and write on record what was looked at.

    A query that takes longer than `answer_seconds` is given up, unless it is one of those that may.
    """

    def __init__(
        self, open_desk: Callable[[], Desk], metrics: Metrics, *, answer_seconds: float = 60
    ) -> None:
        self._answer_seconds = answer_seconds
        self._lanes = {name: _Lane(name, open_desk, metrics) for name in AT_ONCE}
        lanes = self._lanes.values()
        metrics.asking.set_function(lambda: sum(one.waiting for one in lanes))

    @property
    def waiting(self) -> int:
        """How many wait for a thread."""
        return sum(one.waiting for one in self._lanes.values())

    async def ask(self, query: Query, door: Door, *, lane: str = QUICK) -> Any:
        """Answer a query for whoever came through `door`; CasewrightError when refused, ServerRefused where too many wait."""
        if type(query) in LONG_QUERIES:
            return await self.at_a_desk(door, lambda desk: desk.ask(query), lane=LONG)
        return await self.at_a_desk(door, lambda desk: self._in_time(desk, query), lane=lane)

    def _in_time(self, desk: Desk, query: Query) -> Any:
        with desk.within(self._answer_seconds):
            return desk.ask(query)

    async def at_a_desk(
        self, door: Door, work: Callable[[Desk], _Answer], *, lane: str = QUICK
    ) -> _Answer:
        """Return what `work` comes to at one of the desks, through `door`; LONG is the `lane` of what may take minutes, KEEP of files.

        What is cancelled while it waits is not begun.
        """
        asked = _Asked(door=door, work=work)
        self._lanes[lane].put(asked)
        found: _Answer = await asyncio.wrap_future(asked.answer)
        return found

    def stop(self) -> None:
        """Answer what is under way and what waits, and end."""
        for lane in self._lanes.values():
            lane.close()
        for lane in self._lanes.values():
            lane.join()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asked:
    """Work to be done at a desk."""

    door: Door
    work: Callable[[Desk], Any]
    answer: "Future[Any]" = field(default_factory=Future)
    since: float = field(default_factory=perf_counter)

    @property
    def person(self) -> str:
        """Who asks; "" for nobody on the staff, such as those who have not said yet who they are."""
        actor = self.door.actor or ""
        return "" if is_system(actor) else actor


class _Lane:
    """Threads that take from one queue; each is started when there is work that no other is free for."""

    def __init__(self, name: str, open_desk: Callable[[], Desk], metrics: Metrics) -> None:
        self._name, self._open = name, open_desk
        self._seconds = metrics.query_seconds.labels(name)
        self._asked = deque[_Asked]()
        self._persons = Counter[str]()
        self._changed = Condition()
        self._closed = False
        self._idle = 0
        self._threads: list[Thread] = []

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._asked)

    def put(self, asked: _Asked) -> None:
        """Let it wait for a thread; ServerRefused where too much waits, or too much of the same person."""
        most, person = MOST_WAITING[self._name], asked.person
        with self._changed:
            crowded = person and self._persons[person] >= most // OF_ONE
            if self._closed or crowded or len(self._asked) >= most:
                raise too_many()
            self._asked.append(asked)
            self._persons[person] += 1
            if self._idle < len(self._asked) and len(self._threads) < AT_ONCE[self._name]:
                thread = Thread(target=self._run, name=f"{self._name} reader", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Take nothing any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def join(self) -> None:
        """Wait until what was taken is answered."""
        for thread in self._threads:
            thread.join()

    def _next(self) -> _Asked | None:
        with self._changed:
            self._idle += 1
            while not self._asked and not self._closed:
                self._changed.wait()
            self._idle -= 1
            if not self._asked:
                return None
            asked = self._asked.popleft()
            self._persons -= Counter([asked.person])
            return asked

    def _run(self) -> None:
        desk: Desk | None = None
        try:
            while (asked := self._next()) is not None:
                if not asked.answer.set_running_or_notify_cancel():
                    continue
                try:
                    if desk is None:
                        desk = self._open()
                    with desk.through(asked.door):
                        asked.answer.set_result(asked.work(desk))
                except BaseException as error:  # noqa: BLE001 (answered to whoever asked)
                    asked.answer.set_exception(error)
                self._seconds.observe(perf_counter() - asked.since)
                del asked
        finally:
            if desk is not None:
                desk.close()
