"""Whoever sits at the plain mode: what they ask and say, and the names behind names; one question after the other."""

from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Any

from casewright.answers import Myself
from casewright.clock import SystemClock
from casewright.commands import Command
from casewright.errors import CasewrightError
from casewright.front_door import CameIn
from casewright.model import Receipt, Ticket
from casewright.queries import Query, WhoAmI
from casewright.texts import Texts
from casewright_tui.doubts import Doubts
from casewright_tui.known import Known, gathered
from casewright_tui.site import Site


class Seat:
    """The desk as somebody has it who sits before lines."""

    def __init__(self, came: CameIn, texts: Texts) -> None:
        self._came, self.texts = came, texts
        self._clock, self._doubts = SystemClock(), Doubts()
        self.actor = came.actor
        self.site = Site(self._answer)
        self.myself: Myself | None = self.ask(WhoAmI(actor=self.actor))

    def now(self) -> datetime:
        """Return what time it is."""
        return self._clock.now()

    @property
    def me(self) -> Myself:
        """Who sits here."""
        assert self.myself is not None
        return self.myself

    def ask(self, query: Query) -> Any:
        """Return the desk's answer; the refusal is raised."""
        return self._came.desk.ask(query)

    def say(self, commands: Sequence[Command]) -> list[Receipt]:
        """Have commands carried out, all or none; the refusal is raised. What may have happened is said as it was before."""
        said = self._doubts.as_before(commands)
        try:
            receipts = self._said(said)
        except CasewrightError as error:
            self._doubts.refused(said, error)
            raise
        self._doubts.answered(said)
        return receipts

    def names(self, tickets: Iterable[Ticket] = (), workflows: Iterable[str] = ()) -> Known:
        """Return the names behind those of these tickets and workflows."""
        found: Known = at_once(gathered(self.site, self.actor, self.texts, tickets, workflows))
        return found

    def _said(self, commands: Sequence[Command]) -> list[Receipt]:
        if len(commands) == 1:
            return [self._came.desk.execute(commands[0])]
        receipts = []
        for one in self._came.desk.together(commands):
            if isinstance(one, CasewrightError):
                raise one
            receipts.append(one)
        return receipts

    async def _answer(self, query: Query) -> Any:
        return self.ask(query)


def at_once(work: Coroutine[Any, Any, Any]) -> Any:
    """Return what comes of work that waits for nothing: here the desk answers before anything else is done."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits for something")
