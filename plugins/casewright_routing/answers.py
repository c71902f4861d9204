"""What routing answers: frozen values for front ends and the phone system."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casewright import Bilingual, Message
from casewright_routing.explaining import Explanation
from casewright_routing.phone import CallAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """Agents who were passed over for the same reason: some of their names, and how many there are in all."""

    reason: Message
    agents: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about a ticket at `at`, when it had waited since `since`.

    `way` is `push`, `pull`, or `told`: nobody could take it, and its owner was told; then `agent` is "".
    """

    ticket: str
    at: datetime
    way: str
    agent: str
    queue: str
    queue_title: Bilingual | Message
    step: str
    since: datetime
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStory:
    """All that routing knows of a ticket; `now` is None and `resting` says why for one that does not wait."""

    ticket: str
    handler: str
    since: datetime | None
    decisions: tuple[Decision, ...]
    now: Explanation | None
    resting: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStanding:
    """One queue: how many wait and since when the first, how many of these are offered to overflow by now.

    `free` and `busy` are those of its own people who are at work, with a hand free and without; `hopeless` are
    tickets that nobody could take even if all were there.
    """

    queue: str
    title: Bilingual | Message
    waiting: int
    longest_since: datetime | None
    overflowed: int
    hopeless: int
    free: int
    busy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStanding:
    """One agent. `state` is `free`, `full`, `busy`, `away` or `off_shift`; `skills` are levels by name."""

    agent: str
    state: str
    load: int
    capacity: int
    idle_since: datetime
    busy: str
    skills: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAdvice:
    """What the phone system is told: who calls, the queue, and the `agent` to ring, "" while nobody has a hand free."""

    call: CallAnswer
    queue_title: Bilingual | Message
    agent: str
    step: str
