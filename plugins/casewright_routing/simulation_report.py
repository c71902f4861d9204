"""What a simulation came to: for each queue how long tickets waited, for each agent how busy they were."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casewright import Bilingual, Message
from casewright_routing.matching import Match
from casewright_routing.rules import VIP

NONE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport:
    """One queue. Waits are of the served, percentiles by nearest rank; `unserved` waited to the end.

    `overflowed` were served by another group or queue, `hopeless` are those unserved that nobody could have taken.
    """

    queue: str
    title: Bilingual | Message
    offered: int
    served: int
    unserved: int
    hopeless: int
    overflowed: int
    wait_mean: timedelta
    wait_p50: timedelta
    wait_p90: timedelta
    wait_max: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReport:
    """One agent. `occupancy` is the time of tickets in hand by capacity and time on shift; past 1.0 is overtime."""

    agent: str
    handled: int
    occupancy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationReport:
    """All queues in the order of the rules, `unrouted` last where anything came there; agents by name."""

    start: datetime
    end: datetime
    queues: tuple[QueueReport, ...]
    agents: tuple[AgentReport, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What is counted of a queue while the simulation runs."""

    offered: int = 0
    hopeless: int = 0
    overflowed: int = 0
    waits: list[timedelta] = field(default_factory=list)

    def serve(self, match: Match, wait: timedelta) -> None:
        """Count a ticket that was given."""
        self.waits.append(wait)
        self.overflowed += match.step not in ("", VIP)


def queue_report(queue: str, title: Bilingual | Message, tally: Tally) -> QueueReport:
    """Return the report of a queue."""
    waits = sorted(tally.waits)
    served = len(waits)
    return QueueReport(
        queue=queue,
        title=title,
        offered=tally.offered,
        served=served,
        unserved=tally.offered - served,
        hopeless=tally.hopeless,
        overflowed=tally.overflowed,
        wait_mean=sum(waits, NONE) / served if served else NONE,
        wait_p50=_percentile(waits, 50),
        wait_p90=_percentile(waits, 90),
        wait_max=waits[-1] if waits else NONE,
    )


def _percentile(ordered: Sequence[timedelta], percent: int) -> timedelta:
    """Return the least value that `percent` of all do not exceed."""
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else NONE
