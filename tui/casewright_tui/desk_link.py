"""The one place that holds the desk: threads of its own, each with a desk of its own, answer what screens ask."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from queue import SimpleQueue
from typing import Any, Literal

from casewright.commands import Command
from casewright.errors import CasewrightError, NotSignedIn
from casewright.front_door import CameIn
from casewright.queries import Query
from casewright_tui.doubts import Doubts

Come = Callable[[], AbstractContextManager[CameIn]]
Work = Callable[[CameIn], Any]
LaneName = Literal["hands", "eyes"]
"""`hands` are for what somebody waits for at a key; `eyes` for what takes long or comes by itself."""
_Job = tuple[Work, "asyncio.Future[Any]"]


class Lane:
    """A thread with a desk, which does one thing after the other; opened when it is first wanted."""

    def __init__(self, come_in: Come, name: str) -> None:
        self._come_in, self._name = come_in, name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_away = False
        """Whether the server is known to be away: then nobody waits for it."""

    def put(self, work: Work, answer: "asyncio.Future[Any]") -> None:
        """Have `work` done with the desk after all that was put before; its result or what it raised fulfils `answer`."""
        if self._thread is None:
            self._loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._live, name=self._name, daemon=True)
            self._thread.start()
        self._jobs.put((work, answer))

    def close(self) -> None:
        """Let the desk go when what is being done is done; wait for it a little."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(2)

    def _live(self) -> None:
        job = self._jobs.get()
        while job is not None:
            job = self._with_desk(job)

    def _with_desk(self, job: _Job | None) -> _Job | None:
        """Open the desk and do jobs until there are no more; return the next one where the desk could not be opened."""
        try:
            with self._come_in() as came:
                while job is not None:
                    came.patient(not self.is_away)
                    still_in = self._do(job, came)
                    job = self._jobs.get()
                    if not still_in:
                        return job
            return None
        except Exception as refusal:  # noqa: BLE001 (the border of a thread: whoever asked is told)
            if job is not None:
                self._answer(job[1], error=refusal)
            return self._jobs.get()

    def _do(self, job: _Job, came: CameIn) -> bool:
        """Do a job and answer whoever asked; return whether one is still let in."""
        work, answer = job
        try:
            result = work(came)
        except Exception as error:  # noqa: BLE001 (the border of a thread: whoever asked is told)
            self._answer(answer, error=error)
            return not isinstance(error, NotSignedIn)
        self._answer(answer, result=result)
        return True

    def _answer(
        self,
        answer: "asyncio.Future[Any]",
        *,
        result: Any = None,
        error: Exception | None = None,
    ) -> None:
        def fulfil() -> None:
            if answer.done():
                return
            if error is None:
                answer.set_result(result)
            else:
                answer.set_exception(error)

        assert self._loop is not None
        with suppress(RuntimeError):  # The application has ended meanwhile.
            self._loop.call_soon_threadsafe(fulfil)


class DeskLink:
    """What the application asks of the desk, without waiting for it: `hands` at once, `eyes` what takes longer."""

    def __init__(self, come_in: Come) -> None:
        self._lanes: dict[LaneName, Lane] = {
            "hands": Lane(come_in, "hands"),
            "eyes": Lane(come_in, "eyes"),
        }
        self._doubts = Doubts()

    def ask(
        self, query: Query, answer: "asyncio.Future[Any]", *, lane: LaneName = "hands"
    ) -> None:
        """Have a query answered."""
        self._lanes[lane].put(lambda came: came.desk.ask(query), answer)

    def say(
        self,
        commands: Sequence[Command],
        outcome: "asyncio.Future[Any]",
        *,
        trial: bool = False,
        together: bool = False,
    ) -> None:
        """Have commands carried out: one by itself, several together, all or none."""
        alone = len(commands) == 1 and not trial and not together
        if trial:
            self._lanes["hands"].put(
                lambda came: came.desk.together(commands, trial=True), outcome
            )
        else:
            self._lanes["hands"].put(
                lambda came: self._carried_out(came, commands, alone=alone), outcome
            )

    def as_said(self, commands: Sequence[Command]) -> Sequence[Command]:
        """Return commands under the ids by which they will be said: older ones where they were said before, unanswered."""
        return self._doubts.as_before(commands)

    def known_to_be_away(self, is_away: bool) -> None:
        """Take whether the server is known to be away."""
        for one in self._lanes.values():
            one.is_away = is_away

    def _carried_out(self, came: CameIn, commands: Sequence[Command], *, alone: bool) -> Any:
        said = self._doubts.as_before(commands)
        try:
            outcome = came.desk.execute(said[0]) if alone else came.desk.together(said)
        except CasewrightError as error:
            self._doubts.refused(said, error)
            raise
        self._doubts.answered(said)
        return outcome

    def work(
        self, work: Work, answer: "asyncio.Future[Any]", *, lane: LaneName = "hands"
    ) -> None:
        """Have something else done with the desk, such as signing in again."""
        self._lanes[lane].put(work, answer)

    def close(self) -> None:
        """Let the desks go."""
        for one in self._lanes.values():
            one.close()
