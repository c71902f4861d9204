"""One desk for the threads and loops of a process: whoever finds it free works for all who come meanwhile.

There is no thread of its own: a lone caller is carried out where it stands, and who comes while somebody is being
carried out waits for the one commit of all who wait. Nobody is answered before that commit.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from threading import Lock
from typing import Any, Self, cast

from casewright.clock import Clock
from casewright.commands import Command
from casewright.config import Config
from casewright.desk.door import Door
from casewright.desk.embedded import Desk
from casewright.desk.group_commit import LONGEST_GROUP, carried_out
from casewright.desk.grouping import goes_together
from casewright.desk.in_loop import InLoop
from casewright.desk.opening import open_desk
from casewright.errors import ServerRefused, message
from casewright.model import Receipt
from casewright.queries import Query
from casewright.store.database import Driver, open_for_threads
from casewright.swift_dataclass import dataclass

MOST_WAITING = 1000


@dataclass(slots=True, eq=False, kw_only=True)
class _Asked:
    """What somebody asks of the desk; `tell` wakes them, to lead (True) or because it is answered."""

    work: Callable[[Desk], Any]
    together: bool
    tell: Callable[[bool], None]
    loop: InLoop | None = None
    future: "asyncio.Future[Any] | None" = None
    outcome: Any = None
    leads: bool = field(default=False)

    def result(self) -> Any:
        """Return what came of it, or raise what was raised."""
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


class SharedDesk:
    """A desk that any number of threads and loops may use at once; commands that come together share a commit."""

    def __init__(self, desk: Desk, *, most_waiting: int = MOST_WAITING) -> None:
        self._desk, self._most = desk, most_waiting
        self._longest = LONGEST_GROUP
        self._guard, self._busy, self._crowded = Lock(), False, False
        self._waiting: deque[_Asked] = deque()
        self._for_loops = ThreadPoolExecutor(1, thread_name_prefix="shared-desk")

    def execute(self, command: Command, *, door: Door | None = None) -> Receipt:
        """Carry out a command of a member of staff; return when it is durable.

        CasewrightError when refused, ServerRefused where too many wait.
        """
        found = self._said(_executing(command, door), together=goes_together(type(command)))
        return cast(Receipt, found)

    async def execute_soon(self, command: Command, *, door: Door | None = None) -> Receipt:
        """Do the same for a loop, which goes on meanwhile."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        asked = _Asked(
            work=_executing(command, door),
            together=goes_together(type(command)),
            tell=lambda leads: None,
            loop=InLoop(loop),
            future=future,
        )
        if self._begins(asked):
            self._for_loops.submit(self._lead, asked)
        return cast(Receipt, await future)

    def ask(self, query: Query, *, door: Door | None = None) -> Any:
        """Answer a query of a member of staff, when its turn comes."""
        return self._said(_asking(query, door), together=False)

    def close(self) -> None:
        """Close the desk, once nobody waits any more."""
        self._for_loops.shutdown()
        self._desk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _said(self, work: Callable[[Desk], Any], *, together: bool) -> Any:
        woken = Lock()
        woken.acquire()
        asked = _Asked(work=work, together=together, tell=lambda leads: woken.release())
        if self._begins(asked):
            self._lead(asked)
        else:
            self._wait(asked, woken)
        return asked.result()

    def _begins(self, asked: _Asked) -> bool:
        """Return whether the desk was free, and is theirs now; else they wait for it."""
        with self._guard:
            if not self._busy:
                self._busy = True
                return True
            if len(self._waiting) >= self._most:
                reason = message("too many are waiting; try again in a moment")
                raise ServerRefused(status=503, reason=reason, wait_seconds=1)
            self._waiting.append(asked)
            return False

    def _wait(self, asked: _Asked, woken: Any) -> None:
        """Wait to be answered, or to lead; one who is interrupted leaves nobody waiting for them."""
        try:
            woken.acquire()
        except BaseException:
            self._give_up(asked)
            raise
        if asked.leads:
            self._lead(asked)

    def _give_up(self, asked: _Asked) -> None:
        with self._guard:
            if asked in self._waiting:
                self._waiting.remove(asked)
                return
        if asked.leads:
            self._hand_on()

    def _lead(self, first: _Asked) -> None:
        """Carry out the first one, and with it those who wait; then let the next one lead."""
        begun = [first]
        try:
            if first.together and (self._waiting or self._crowded):
                outcomes = carried_out(
                    self._desk, begun, self._next, _outcome, longest=self._longest
                )
                # Those who were just answered are likely to come again while the first of them is carried out.
                self._crowded = len(begun) > 1
            else:
                outcomes = [(first, _outcome(self._desk, first))]
        except BaseException as error:
            # Nobody knows what of theirs is durable: said again under the same id, it happens once.
            _answer(((one, error) for one in begun), first)
            if first.future is None:
                raise
        else:
            _answer(outcomes, first)
        finally:
            self._hand_on()

    def _next(self) -> _Asked | None:
        with self._guard:
            if self._waiting and self._waiting[0].together:
                return self._waiting.popleft()
            return None

    def _hand_on(self) -> None:
        with self._guard:
            if not self._waiting:
                self._busy = False
                return
            following = self._waiting.popleft()
            following.leads = True
        if following.future is not None:
            self._for_loops.submit(self._lead, following)
        else:
            following.tell(True)


def open_shared_desk(
    config: Config, *, clock: Clock | None = None, driver: Driver = open_for_threads
) -> SharedDesk:
    """Return the desk of a workspace, for all threads and loops of this process."""
    return SharedDesk(open_desk(config, clock=clock, driver=driver))


def _executing(command: Command, door: Door | None) -> Callable[[Desk], Receipt]:
    def work(desk: Desk) -> Receipt:
        if door is None:
            return desk.execute(command)
        with desk.through(door):
            return desk.execute(command)

    return work


def _asking(query: Query, door: Door | None) -> Callable[[Desk], Any]:
    def work(desk: Desk) -> Any:
        if door is None:
            return desk.ask(query)
        with desk.through(door):
            return desk.ask(query)

    return work


def _outcome(desk: Desk, asked: _Asked) -> Any:
    try:
        return asked.work(desk)
    except Exception as error:  # noqa: BLE001 (answered to whoever asked)
        return error


def _answer(outcomes: Iterable[tuple[_Asked, Any]], leader: _Asked) -> None:
    """Tell everybody what came of theirs; each loop once for all of its callers."""
    by_loop: dict[InLoop, list[tuple[Any, Any]]] = {}
    for asked, outcome in outcomes:
        asked.outcome, asked.leads = outcome, False
        if asked.loop is not None:
            by_loop.setdefault(asked.loop, []).append((asked.future, outcome))
        elif asked is not leader:
            asked.tell(False)
    for loop, answers in by_loop.items():
        loop.bring(answers)
