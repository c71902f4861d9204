"""The pass: every waiting ticket, in the order of service, to somebody who is there, has the skill and has a hand free.

Pure, and the same for equal inputs in whatever order they come. `match` pushes tickets to all agents, `pull` finds
the next one for an agent who asks. Within its turn a ticket goes to the first of its steps where anybody is free.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from casewright import Message, message
from casewright_routing.agents import Agent
from casewright_routing.crew import Crew
from casewright_routing.lines import Lines, barred_from
from casewright_routing.rules import Rules
from casewright_routing.service_order import ServiceOrder, Turn
from casewright_routing.waiting import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A ticket and the agent who gets it; `step` is the overflow it came by, `vip`, or "" for its queue's own people."""

    ticket: str
    agent: str
    queue: str
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a pass comes to; tickets that are not `given` wait on.

    `unrouted` are those that nobody could take, even if all were at work and free: their owners are to be told.
    `overtaken` is what to remember for the next pass of each ticket that waits on and was overtaken in this one.
    """

    given: tuple[Match, ...] = ()
    unrouted: tuple[str, ...] = ()
    overtaken: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """The next ticket for an agent who asked, or `reason` why there is none."""

    match: Match | None = None
    reason: Message | None = None
    overtaken: Mapping[str, int] = field(default_factory=dict)


def match(
    rules: Rules, waiting: Iterable[Waiting], agents: Iterable[Agent], now: datetime
) -> Outcome:
    """Give waiting tickets to agents until nobody has a hand free or nobody free can take one."""
    tickets = tuple(waiting)
    running = Pass(rules, tickets, agents, now)
    given = tuple(running.matches())
    taken = {one.ticket for one in given}
    return Outcome(
        given=given,
        unrouted=tuple(sorted(one.key for one in tickets if running.hopeless(one))),
        overtaken=_still_waiting(running, taken),
    )


def pull(
    rules: Rules,
    waiting: Iterable[Waiting],
    agents: Iterable[Agent],
    now: datetime,
    agent: str,
) -> Pulled:
    """Return the first ticket in the order of service that this agent, one of `agents`, is asked for now.

    A ticket that is offered to others first, as a VIP's is to VIP agents, is left to them while one of them is free.
    """
    running = Pass(rules, waiting, agents, now)
    place = running.crew.places.get(agent)
    if place is None or not running.crew.free(place):
        return Pulled(reason=_not_free(running.crew, place))
    while turn := running.turn():
        if match := running.offer(turn, place):
            return Pulled(match=match, overtaken=_still_waiting(running, {match.ticket}))
    return Pulled(reason=message("nothing waits that you are asked for"))


def _not_free(crew: Crew, place: int | None) -> Message:
    if place is None:
        return message("you are not one of the agents that routing.yaml names")
    agent, load = crew.agents[place], crew.loads[place]
    if agent.busy:
        return message("you are busy ({reason})", reason=agent.busy)
    if not agent.present:
        return message("you are away or not on shift")
    template = "you have {load} of {capacity} tickets in hand already"
    return message(template, load=load, capacity=agent.capacity)


def _still_waiting(running: "Pass", taken: AbstractSet[str]) -> dict[str, int]:
    counts = sorted(running.order.overtaken().items())
    return {key: count for key, count in counts if key not in taken}


class Pass:
    """One pass while it runs: `turn` by turn, each ticket is offered and, where somebody is free, given."""

    def __init__(
        self, rules: Rules, waiting: Iterable[Waiting], agents: Iterable[Agent], now: datetime
    ) -> None:
        self.crew = Crew(agents, now)
        self.lines = Lines(rules, self.crew)
        self.order = ServiceOrder(waiting, self.lines.of, rules.rise_after)

    def turn(self) -> Turn | None:
        """Return the ticket whose turn it is, or None when all had theirs."""
        return self.order.next()

    def matches(self) -> Iterator[Match]:
        """Yield all matches of the pass."""
        while self.crew.hands > 0 and (turn := self.turn()):
            if found := self.offer(turn):
                yield found

    def offer(self, turn: Turn, asking: int | None = None) -> Match | None:
        """Give the ticket to whom it is due, or to the agent who is `asking` if among those asked first; None: it waits on."""
        chosen = self.choice(turn, asking)
        if chosen is None:
            return None
        number, place = chosen
        ticket, name = turn.ticket, self.crew.agents[place].name
        self.crew.give(place)
        self.order.given(turn, place, name)
        step = turn.line.steps[number].name
        return Match(ticket=ticket.key, agent=name, queue=ticket.queue, step=step)

    def choice(self, turn: Turn, asking: int | None = None) -> tuple[int, int] | None:
        """Return the step and the agent to whom the ticket is due now, or None when nobody is free for it."""
        ticket, line = turn.ticket, turn.line
        barred = barred_from(ticket)
        found = line.best(barred)
        if found is None:
            return None
        number, _ = found
        if asking is not None:
            mine = line.has(number, asking) and self.crew.agents[asking].name not in barred
            return (number, asking) if mine else None
        if line.queue is not None and line.queue.sticky and ticket.previous not in barred:
            previous = self.crew.places.get(ticket.previous)
            if previous is not None and line.has(number, previous):
                return number, previous
        return found

    def hopeless(self, ticket: Waiting) -> bool:
        """Return whether nobody could take the ticket even if all were at work and free."""
        barred = barred_from(ticket)
        for step in self.lines.plan_of(ticket):
            able = self.crew.meeting(step.requirement)
            if any(self.crew.agents[place].name not in barred for place in able):
                return False
        return True
