"""The one thread that writes: it takes what waits, carries it out, and commits it together before anybody is answered."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Thread
from time import monotonic
from typing import Any

from casewright.desk import Desk, group_commit
from casewright.desk.group_commit import MOST_TOGETHER
from casewright.server.waiting import Outcome, Queue, Waiting, answer
from casewright.server.writer import Writer

LONGEST_GROUP = group_commit.LONGEST_GROUP
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
        """Return what came of those who wait now, once it is durable; whoever joins is noted in `begun`."""
        most = 1 + min(len(self._queue), MOST_TOGETHER)
        following = self._queue.next_together
        return group_commit.carried_out(
            desk, begun, following, _outcome, most=most, longest=LONGEST_GROUP
        )


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
