"""The one thread that writes: it takes what waits, carries it out, and commits it together before anybody is answered."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Thread
from time import monotonic, perf_counter
from typing import Any

from casewright.desk import Desk
from casewright.errors import DatabaseBusy, DatabaseUnusable
from casewright.server.waiting import Outcome, Queue, Waiting, answer
from casewright.server.writer import Writer

MOST_TOGETHER = 128
LONGEST_GROUP = 0.05
"""Seconds after which nobody else joins a group: those in it wait for their commit."""
MOST_WAITING = 1000


class WriterThread(Writer):
    """Carries commands out one after the other at a desk of its own; what comes together is durable together.

    After every commit it tells `committed` what came of it, in its own thread; when it cannot go on at all, it calls `failed`.
    """

    def __init__(
        self,
        open_desk: Callable[[], Desk],
        *,
        committed: Callable[[Sequence[Outcome]], None] = lambda outcomes: None,
        failed: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        self._open, self._committed, self._failed = open_desk, committed, failed
        self._queue = Queue(MOST_WAITING)
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._opened: Future[None] = Future()
        self._busy_since: float | None = None

    def start(self) -> None:
        """Begin; raise whatever keeps the desk from being opened."""
        self._thread.start()
        self._opened.result()

    @property
    def alive(self) -> bool:
        """Whether it works."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._queue)

    @property
    def busy_for(self) -> float:
        """For how many seconds it has carried out the same without an end; 0 while it waits."""
        since = self._busy_since
        return 0.0 if since is None else monotonic() - since

    def take(self, waiting: Waiting) -> None:
        """Let somebody wait; ServerRefused where too many do."""
        self._queue.put(waiting)

    def stop(self) -> None:
        """Carry out what waits, and end."""
        self._queue.close()
        self._thread.join()

    def _run(self) -> None:
        try:
            desk = self._open()
        except BaseException as error:  # noqa: BLE001 (raised to whoever starts it)
            self._opened.set_exception(error)
            return
        try:
            with desk:
                self._opened.set_result(None)
                while (first := self._queue.first()) is not None:
                    self._busy_since = monotonic()
                    self._serve(desk, first)
                    self._busy_since = None
        except BaseException as error:
            answer((one, error) for one in self._queue.empty())
            self._failed(error)
            raise

    def _serve(self, desk: Desk, first: Waiting) -> None:
        begun = [first]
        try:
            if first.goes_together:
                outcomes = self._together(desk, begun)
            else:
                outcomes = [(first, _outcome(desk, first))]
        except BaseException as error:
            # Nobody knows what of theirs is durable: said again under the same id, it happens once.
            answer((one, error) for one in begun)
            raise
        answer(outcomes)
        self._committed(outcomes)

    def _together(self, desk: Desk, begun: list[Waiting]) -> list[Outcome]:
        """Return what came of a group, once it is durable; one that could not be is carried out one by one.

        Whoever joins the one who has `begun` it is noted there.
        """
        group: list[Outcome] = []
        until, most = perf_counter() + LONGEST_GROUP, 1 + min(len(self._queue), MOST_TOGETHER)
        try:
            with desk.batch():
                one: Waiting | None = begun[0]
                while one is not None:
                    group.append((one, _outcome(desk, one)))
                    full = len(group) >= most or perf_counter() > until
                    one = None if full else self._queue.next_together()
                    begun += [] if one is None else [one]
        except Exception as error:  # noqa: BLE001 (the commit itself: nobody's command is durable)
            return _apart(desk, group or [(begun[0], error)], error)
        return group


def _apart(desk: Desk, group: list[Outcome], error: Exception) -> list[Outcome]:
    """Return what came of a group of which nothing is durable: refusals hold, the rest is tried alone.

    One of them may have undone the transaction of all. By their ids none is done twice; a database that was busy
    for so long would be so for each of them.
    """
    alone = len(group) == 1 or isinstance(error, DatabaseBusy)
    return [
        (one, outcome)
        if isinstance(outcome, Exception) and not isinstance(outcome, DatabaseUnusable)
        else (one, error if alone else _outcome(desk, one))
        for one, outcome in group
    ]


def _outcome(desk: Desk, waiting: Waiting) -> Any:
    try:
        if waiting.door is None:
            return desk.execute_as_system(waiting.commands[0])
        with desk.through(waiting.door):
            if waiting.together:
                return desk.together(waiting.commands, trial=waiting.trial)
            return desk.execute(waiting.commands[0])
    except Exception as error:  # noqa: BLE001 (answered to whoever asked)
        return error
