"""Many passes after one another, with tickets that come and hands that get free: is the stated bound kept?"""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from casewright_routing.agents import Agent
from casewright_routing.rules import Rules
from casewright_routing.service_order import bound
from casewright_routing.waiting import Waiting

from .centre import NOW, ORDER, any_agents, any_rules, any_ticket
from .laws import LawBroken, PassSeen, came, could_take

SECOND = timedelta(seconds=1)


@dataclass(kw_only=True)
class Patience:
    """What a ticket may have to see: `seen` counts the offers to others so far."""

    limit: int
    seen: int = 0


class Day:
    """Passes of one centre; every pass is a second later."""

    def __init__(self, draw: Random, rules: Rules, agents: list[Agent]) -> None:
        self.draw, self.rules, self.agents = draw, rules, agents
        self.now = NOW
        self.waiting: dict[str, Waiting] = {}
        self.patience: dict[str, Patience] = {}
        self.served: list[str] = []
        self._count = 0

    @classmethod
    def drawn(cls, draw: Random) -> "Day":
        return cls(draw, any_rules(draw), any_agents(draw, most=3))

    def arrive(self, ticket: Waiting | None = None) -> None:
        """Let a ticket come, most often one of the first class."""
        self._count += 1
        key = f"T-{self._count:05}"
        if ticket is None:
            ticket = any_ticket(self.draw, self.agents, key=key, since=self.now)
            rank = self.draw.choice((0, 0, 0, 1, len(ORDER) - 1))
            ticket = replace(ticket, rank=rank, overtaken=0)
        ticket = replace(ticket, key=key, since=self.now)
        earlier = [one for one in self.waiting.values() if came(one) < came(ticket)]
        limit = bound(
            ticket.rank,
            rise_after=self.rules.rise_after,
            before=len(earlier),
            before_in_class=sum(one.rank == ticket.rank for one in earlier),
        )
        self.waiting[key] = ticket
        self.patience[key] = Patience(limit=limit)

    def free(self, name: str) -> None:
        """Let an agent end one ticket."""
        self.agents = [
            replace(one, load=max(0, one.load - 1)) if one.name == name else one
            for one in self.agents
        ]

    def change(self, name: str) -> None:
        """Let an agent come or go."""
        self.agents = [
            replace(one, on_shift=not one.on_shift) if one.name == name else one
            for one in self.agents
        ]

    def run(self) -> None:
        """Run one pass and ask after the bound."""
        seen = PassSeen(self.rules, list(self.waiting.values()), self.agents, self.now)
        for match in seen.outcome.given:
            del self.waiting[match.ticket]
            self.served.append(match.ticket)
            self._give(match.agent)
        for key, ticket in self.waiting.items():
            offers = sum(
                could_take(self.rules, seen.by_name[match.agent], ticket, self.now)
                for match in seen.outcome.given
            )
            self._count_offers(key, offers)
        for key, count in seen.outcome.overtaken.items():
            self.waiting[key] = replace(self.waiting[key], overtaken=count)
        self.now += SECOND

    def _count_offers(self, key: str, offers: int) -> None:
        patience = self.patience[key]
        patience.seen += offers
        if patience.seen > patience.limit:
            raise LawBroken("bound", f"{key} saw {patience.seen} of {patience.limit} offers")

    def _give(self, name: str) -> None:
        self.agents = [
            replace(one, load=one.load + 1, idle_since=self.now) if one.name == name else one
            for one in self.agents
        ]


def live(draw: Random, passes: int) -> None:
    """Live through some passes of a centre drawn at random."""
    day = Day.drawn(draw)
    for _ in range(passes):
        for _ in range(draw.randint(0, 3)):
            day.arrive()
        for one in day.agents:
            if draw.random() < 0.6:
                day.free(one.name)
            if draw.random() < 0.05:
                day.change(one.name)
        day.run()


def flood(rules: Rules, agent: Agent, patient: Waiting, *, passes: int) -> Day:
    """Return a day on which one ticket waits while more urgent ones never cease to come."""
    day = Day(Random(0), rules, [agent])
    day.arrive(patient)
    day.now += SECOND
    for _ in range(passes):
        day.arrive(replace(patient, rank=0))
        day.run()
        day.free(agent.name)
    return day
