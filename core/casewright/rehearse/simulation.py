"""Time passes on a simulated clock: it leaps to whatever is due next and lets the worker's own steps do it, without sleeping."""

from collections.abc import Callable
from datetime import datetime, timedelta

from casewright.clock import SetClock
from casewright.delivery.channel import Delivered
from casewright.desk.working.back_door import Working
from casewright.desk.working.firing import Trouble
from casewright.swift_dataclass import dataclass

MOST_LEAPS = 20_000
"""So many moments at which something is due are gone through; more is a workflow that never comes to rest."""
AT_ONCE = 1_000
"""Messages that the recording channels take at a time."""
_STUCK = timedelta(minutes=1)

Watch = Callable[[], None]
"""Called after everything due at a moment was done; may do something of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that a recording channel took: the delivery's number, and the key that lets it count once."""

    at: datetime
    via: str
    delivery: int
    key: str


class Simulation:
    """A workspace's time: timers fire by the worker's sweep, notices go out by its delivery."""

    def __init__(
        self, working: Working, clock: SetClock, *, most: int | None = MOST_LEAPS
    ) -> None:
        """Let time pass for `working`, by at `most` so many leaps; None for as many as it takes."""
        self.sent: list[Sent] = []
        self.troubles: list[tuple[datetime, Trouble]] = []
        self.leaps = 0
        self._working, self._clock, self._most = working, clock, most

    @property
    def now(self) -> datetime:
        """The simulated moment."""
        return self._clock.now()

    @property
    def exhausted(self) -> bool:
        """Whether there were more moments than are gone through."""
        return self._most is not None and self.leaps >= self._most

    @property
    def next_moment(self) -> datetime | None:
        """The moment at which something is due next, or None when nothing is waited for."""
        return self._working.next_moment()

    def settle(self) -> None:
        """Do everything that is due by now."""
        while self._working.is_due() and self._turn():
            pass

    def pass_until(self, end: datetime) -> None:
        """Let time pass until `end`, doing everything at its moment."""
        self.pass_until_still(end)
        self._clock.set(max(end, self.now))

    def pass_until_still(self, end: datetime, watch: Watch | None = None) -> bool:
        """Let time pass until nothing is waited for, at most until `end`; return whether all is still."""
        while not self.exhausted:
            self.settle()
            if watch is not None:
                watch()
                self.settle()
            moment = self.next_moment
            if moment is None or moment > end:
                return moment is None
            self._leap(moment)
        return False

    def _leap(self, moment: datetime) -> None:
        self.leaps += 1
        self._clock.set(moment if moment > self.now else self.now + _STUCK)

    def _turn(self) -> bool:
        """Do a batch of what is due; return whether there was anything."""
        worked = self._working.sweep()
        fired = self._working.fire()
        self.troubles += [(self.now, one) for one in fired.troubles]
        runs = self._working.run_jobs()
        gathered = self._working.gather()
        tasks = self._working.begin(dict.fromkeys(self._working.config.channels, AT_ONCE))
        for task in tasks:
            self._working.conclude(task, Delivered())
            one = Sent(at=self.now, via=task.via, delivery=task.delivery, key=task.outgoing.key)
            self.sent.append(one)
        return bool(worked or len(fired) or runs or gathered.notices or tasks)
