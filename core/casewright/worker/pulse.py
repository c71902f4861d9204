"""Whether a worker turns: when it last did, what it has done, and how its workspace does, for whoever watches over it."""

from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING

from casewright.desk.vitals import Vitals, figures
from casewright.errors import DatabaseBusy, DatabaseUnusable
from casewright.worker.tally import COUNTED, Tally

if TYPE_CHECKING:
    from casewright.figures import Metric

LOOK_EVERY = 5.0
"""Seconds after which the worker looks again at how its workspace does."""
STUCK_AFTER = 60.0
"""Seconds without a turn after which a worker does not live any more."""


class Pulse:
    """Felt by the worker's thread at each turn, read by others."""

    def __init__(self, look: Callable[[], Vitals]) -> None:
        self._look = look
        self._tally = Tally()
        self._turned_at, self._looked_at = monotonic(), -LOOK_EVERY
        self._seen: Vitals | None = None

    def beat(self, tally: Tally) -> None:
        """Note that the worker turns; now and then, how its workspace does. DatabaseBusy and DatabaseUnusable are told later."""
        now = monotonic()
        self._tally, self._turned_at = tally, now
        if now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            try:
                self._seen = self._look()
            except (DatabaseBusy, DatabaseUnusable):
                self._seen = None

    @property
    def alive(self) -> bool:
        """Whether it has turned of late."""
        return self.still < STUCK_AFTER

    @property
    def still(self) -> float:
        """The seconds since it turned."""
        return monotonic() - self._turned_at

    @property
    def seen(self) -> Vitals | None:
        """How the workspace does; None while its database cannot be written, and before the first look."""
        return self._seen

    def figures(self) -> "Iterator[Metric]":
        """Yield what is known, as Prometheus reads it."""
        from casewright.figures import counted, spread, stands

        tally, seen = self._tally, self._seen
        yield stands("worker_still_seconds", "Seconds since the worker has turned.", self.still)
        yield stands("database_writable", "Whether the database is.", seen is not None)
        for name in COUNTED:
            yield counted(f"worker_{name}", _SAID[name], tally.counts[name])
        lags = tally.lags
        said = "By how much timers were late when they were fired."
        yield spread("timer_lag_seconds", said, lags.histogram(), lags.total)
        if seen is not None:
            yield from figures(seen)


_SAID = {
    "fired": "Timers that were fired.",
    "stale": "Timers that were out of date.",
    "troubles": "Timers that could not be fired, and are tried again.",
    "failed": "Timers that were given up.",
    "deliveries": "Messages that were made of notices.",
    "notices": "Notices in these messages.",
    "held": "Notices that were held back.",
    "given_up": "Notices that were given up.",
    "attempts": "Attempts to hand a message over.",
    "accepted": "Attempts that a gateway has accepted.",
    "unknown": "Attempts of which nobody knows what came.",
    "delivered": "Messages that arrived.",
    "rejected": "Attempts that were rejected.",
    "unanswered": "Attempts without an answer.",
    "receipts": "Receipts that came in.",
    "unknown_receipts": "Receipts for what nobody knows.",
    "replies": "Replies that came in.",
    "calls": "Attempts to tell other systems.",
    "told": "Events that other systems were told.",
    "not_told": "Attempts that other systems did not take.",
    "arrivals": "Messages that came in from outside.",
    "unsorted": "Messages from outside that wait unsorted.",
}
