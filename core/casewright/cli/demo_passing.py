"""Letting time pass in the demonstration: the clock stops wherever something is due, and a worker does it."""

from datetime import datetime
from threading import Event

from casewright.clock import SetClock
from casewright.config import Config
from casewright.delivery.channel import ReplySeen
from casewright.delivery.channels import open_channel
from casewright.desk import Desk
from casewright.worker.journal import Line
from casewright.worker.loop import Worker

HOLDER = "demonstration"


class Passing:
    """Takes the clock of a desk forward, never past anything that is due."""

    def __init__(self, desk: Desk, clock: SetClock, config: Config) -> None:
        self._working, self._clock, self._config = desk.working(), clock, config

    def until(self, moment: datetime) -> None:
        """Go on until `moment`; whatever is due by then is done at its time."""
        due = self._working.next_moment()
        while due is not None and due <= moment:
            self._clock.set(max(due, self._clock.now()))
            self._work()
            due = self._working.next_moment()
        self._clock.set(moment)

    def replies(self, phone: str, written: str) -> str:
        """Let somebody answer an SMS; return what came of it."""
        answered = ReplySeen(channel="sms", sender=phone, text=written, provider_id="")
        return self._working.reply(answered).outcome

    def _work(self) -> None:
        channels = {name: open_channel(one) for name, one in self._config.channels.items()}
        Worker(self._working, channels, holder=HOLDER, tell=_say_nothing, stop=Event()).run(
            once=True
        )


def _say_nothing(line: Line) -> None:
    """Keep the worker's own journal out of the story."""
