"""What routing can be asked: why a ticket goes to whom it goes, how queues and agents stand, who calls."""

from dataclasses import dataclass
from typing import Any, ClassVar

from casewright import Query
from casewright_routing.answers import AgentStanding, CallAdvice, QueueStanding, RouteStory
from casewright_routing.commands import CALL, MANAGE, READ


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRoute(Query):
    """What was decided about a ticket and what would be now. Answer: `RouteStory`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = RouteStory
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetQueues(Query):
    """How the queues stand. Answer: tuple of `QueueStanding`, in the order of routing.yaml, `unrouted` last."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = tuple[QueueStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAgents(Query):
    """How the agents stand. Answer: tuple of `AgentStanding`, by name."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = tuple[AgentStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStrangers(Query):
    """Which agents of routing.yaml are nobody active on the staff. Answer: tuple of names."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviseCall(Query):
    """Who calls from a number, "" where it is withheld, and whom to ring. Answer: `CallAdvice`."""

    permission: ClassVar[str] = CALL
    answer: ClassVar[Any] = CallAdvice
    look: ClassVar[str] = "search"
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MayOverrule(Query):
    """Whether the actor may give tickets past capacity and skill. Answer: True, or the query is refused."""

    permission: ClassVar[str] = MANAGE
    answer: ClassVar[Any] = bool
