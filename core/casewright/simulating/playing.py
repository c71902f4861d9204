"""The simulation's loop: what was planned and what lives wait for, in the order of time, with everything that is due between."""

from collections.abc import Callable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from casewright.errors import CasewrightError
from casewright.rehearse.simulation import Simulation
from casewright.simulating.centre import Centre, Life, Need, Overtaken, Pause, Work
from casewright.simulating.intents import Intent
from casewright.simulating.planning import Plan

AT_ONCE = 400
"""So many steps are made durable together."""
Begin = Callable[[Centre, Intent], Life]
Progress = Callable[[int, int], None]


class _Thread:
    """A life under way; `after` is told when it ends."""

    __slots__ = ("after", "left", "life")

    def __init__(self, life: Life, after: "_Thread | None" = None) -> None:
        self.life, self.after, self.left = life, after, 0


class Playing:
    """Plays a plan at a centre's desk until its span is over."""

    def __init__(
        self, centre: Centre, plan: Plan, time: Simulation, begin: Begin, progress: Progress
    ) -> None:
        self._centre, self._plan, self._time = centre, plan, time
        self._begin, self._progress = begin, progress
        self._waiting: list[tuple[datetime, int, _Thread, str]] = []
        self._order = count()
        self._next = next(plan.intents, None)

    def run(self) -> None:
        """Play to the end; interrupted, what was made durable so far is whole."""
        span = self._centre.span
        whole = int((span.ends - span.begins).total_seconds())
        while self._more():
            with self._centre.desk.batch():
                self._some()
            self._tell()
            done = self._centre.now - span.begins
            self._progress(min(whole, int(done.total_seconds())), whole)
        with self._centre.desk.batch():
            self._time.pass_until(span.ends)
        self._tell()

    def _more(self) -> bool:
        moment = self._moment()
        return moment is not None and moment < self._centre.span.ends

    def _moment(self) -> datetime | None:
        """Return when there is something to do next."""
        waiting = self._waiting[0][0] if self._waiting else None
        if self._next is None or (waiting is not None and waiting < self._next.at):
            return waiting
        return self._next.at

    def _some(self) -> None:
        for _ in range(AT_ONCE):
            if not self._more():
                return
            self._one()

    def _one(self) -> None:
        """Let time pass until the next thing to do, and do it."""
        intent = self._next
        if intent is not None and (not self._waiting or intent.at <= self._waiting[0][0]):
            self._next = next(self._plan.intents, None)
            self._time.pass_until(intent.at)
            self._start(_Thread(self._begin(self._centre, intent)))
            return
        moment, _, thread, told = heappop(self._waiting)
        self._time.pass_until(moment)
        self._go_on(thread, told)

    def _start(self, thread: _Thread) -> None:
        self._go_on(thread, None)

    def _go_on(self, thread: _Thread, told: str | None) -> None:
        """Let a life go on with what it waited for; what it needs next, or that it ended, is dealt with."""
        try:
            need = next(thread.life) if told is None else thread.life.send(told)
        except StopIteration:
            self._over(thread)
        except Overtaken:
            self._centre.tally.overtaken += 1
            self._over(thread)
        except CasewrightError as error:
            self._centre.tally.refuse(_name(thread.life), error)
            self._over(thread)
        else:
            self._need(thread, need)
        begun, self._centre.begun = self._centre.begun, []
        for life in begun:
            self._start(_Thread(life))

    def _over(self, thread: _Thread) -> None:
        above = thread.after
        if above is not None:
            above.left -= 1
            if not above.left:
                self._wait(self._centre.now, above, "")

    def _need(self, thread: _Thread, need: Need) -> None:
        now = self._centre.now
        if isinstance(need, Pause):
            self._wait(max(now, need.until), thread, "")
        elif isinstance(need, Work):
            self._book(thread, need)
        else:
            thread.left = len(need.lives)
            if not need.lives:
                self._wait(now, thread, "")
            for life in need.lives:
                self._start(_Thread(life, thread))

    def _book(self, thread: _Thread, need: Work) -> None:
        now = self._centre.now
        booked = self._plan.floor.book(need.people, now, need.takes, patience=need.patience)
        if booked is not None:
            self._wait(booked.ends, thread, booked.person)
        elif need.patience is not None:
            self._wait(now + need.patience, thread, "")
        # Else nobody works any more before the end: the matter stays as it is.

    def _wait(self, moment: datetime, thread: _Thread, told: str) -> None:
        heappush(self._waiting, (moment, next(self._order), thread, told))

    def _tell(self) -> None:
        """Count what was sent and what failed meanwhile, and keep no more of it."""
        tally = self._centre.tally
        tally.notices.update(one.via for one in self._time.sent)
        tally.troubles += len(self._time.troubles)
        self._time.sent.clear()
        self._time.troubles.clear()


def _name(life: Life) -> str:
    """Return what a life is called in the code."""
    return str(getattr(life, "__name__", ""))
