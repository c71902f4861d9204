"""Why a ticket goes to whom it goes: every candidate, and for each other one why they were passed over.

The pass itself is run up to the ticket's turn; each agent is then judged by the same conditions and the same
order (`lacking`, `barred_from`, `Crew.free`, `KEYS`) that the matching keeps its candidates by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from casewright import Bilingual, Message, NotFound, message
from casewright_routing.agents import Agent, Lacking, lacking
from casewright_routing.crew import KEYS, Crew
from casewright_routing.lines import Line, barred_from
from casewright_routing.matching import Match, Pass
from casewright_routing.rules import VIP, Rules, Strategy
from casewright_routing.service_order import Turn
from casewright_routing.steps import Step
from casewright_routing.waiting import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An agent and why they were passed over; `reason` None is the one who gets the ticket."""

    agent: str
    reason: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How one ticket fares in a pass: `before` tickets have their turn earlier; `hopeless` when nobody could ever take it.

    The agent who gets it comes first among the candidates, then the others by name.
    """

    ticket: str
    queue: str
    queue_title: Bilingual | Message
    match: Match | None
    before: int
    hopeless: bool
    candidates: tuple[Candidate, ...]

    @property
    def summary(self) -> Message:
        """The decision in one sentence."""
        if self.match is not None:
            template = "{ticket} goes from '{queue}' to {agent}"
            return message(
                template, ticket=self.ticket, queue=self.queue_title, agent=self.match.agent
            )
        if self.hopeless:
            template = (
                "{ticket} waits in '{queue}': nobody could take it, even if all were free"
            )
        else:
            template = "{ticket} waits in '{queue}': nobody who is asked has a hand free"
        return message(template, ticket=self.ticket, queue=self.queue_title)


def explain(
    rules: Rules,
    waiting: Iterable[Waiting],
    agents: Iterable[Agent],
    now: datetime,
    ticket: str,
) -> Explanation:
    """Return how the ticket fares in a pass over all of `waiting`; raise `NotFound` where it is none of them."""
    running = Pass(rules, waiting, agents, now)
    before = 0
    while (turn := running.turn()) and turn.ticket.key != ticket:
        before += 1
        running.offer(turn)
    if turn is None:
        raise NotFound(kind=message("waiting ticket"), name=ticket, hint=message(""))
    judged = judge(rules, running, turn)
    return Explanation(
        ticket=ticket,
        queue=turn.ticket.queue,
        queue_title=rules.title_of(turn.ticket.queue),
        match=running.offer(turn),
        before=before,
        hopeless=running.hopeless(turn.ticket),
        candidates=judged,
    )


def judge(rules: Rules, running: Pass, turn: Turn) -> tuple[Candidate, ...]:
    """Return every agent of the pass with what speaks against giving them this ticket now."""
    judging = _Judging(rules, running, turn)
    found = sorted(judging.candidates(), key=attrgetter("agent"))
    return tuple(sorted(found, key=lambda one: one.reason is not None))


class _Rank(NamedTuple):
    """Where somebody who could get the ticket stands: step, stickiness, then the strategy's key; the lowest wins."""

    step: int
    not_previous: bool
    key: tuple[object, ...]
    place: int


class _Judging:
    """One ticket against all agents."""

    def __init__(self, rules: Rules, running: Pass, turn: Turn) -> None:
        self._rules, self._ticket, self._line = rules, turn.ticket, turn.line
        self._crew: Crew = running.crew
        self._plan = running.lines.plan_of(turn.ticket)

    def candidates(self) -> list[Candidate]:
        standing: list[_Rank] = []
        found = []
        for place, agent in enumerate(self._crew.agents):
            reason = self._obstacle(place)
            if reason is not None:
                found.append(Candidate(agent=agent.name, reason=reason))
            else:
                standing.append(self._rank(place))
        standing.sort()
        for one in standing:
            reason = None if one is standing[0] else self._second(one, standing[0])
            name = self._crew.agents[one.place].name
            found.append(Candidate(agent=name, reason=reason))
        return found

    def _obstacle(self, place: int) -> Message | None:
        """Return what keeps the agent from the ticket, whoever else is there."""
        agent = self._crew.agents[place]
        if not self._plan:
            return message("no queue accepts the ticket")
        if (missing := _missing(agent, self._line)) is not None:
            return self._unmet(agent, missing)
        if agent.name in barred_from(self._ticket):
            return _barred(self._ticket, agent.name)
        if agent.away:
            return message("is away")
        if not agent.on_shift:
            return message("is not on shift")
        if agent.busy:
            return message("is busy ({reason})", reason=agent.busy)
        if not self._crew.free(place):
            load = self._crew.loads[place]
            template = "has no hand free: {load} of {capacity} tickets"
            return message(template, load=load, capacity=agent.capacity)
        return None

    def _unmet(self, agent: Agent, missing: Lacking) -> Message:
        """Return what the agent lacks, or when a later step will ask them."""
        later = [step for step in self._plan if lacking(agent, step.requirement) is None]
        if later:
            template = "is asked from {minutes} min of waiting on, as one of '{group}'"
            minutes = -(-min(step.after for step in later) // _MINUTE)
            soonest = min(later, key=attrgetter("after"))
            return message(template, minutes=minutes, group=self._title(soonest))
        if not missing.skill:
            return message("is in none of the teams that are asked")
        skill = self._rules.skills.get(missing.skill, missing.skill)
        if not missing.has:
            return message("lacks the skill '{skill}'", skill=skill)
        template = "has the skill '{skill}' at level {has}; level {level} is asked"
        return message(template, skill=skill, has=missing.has, level=missing.level)

    def _rank(self, place: int) -> _Rank:
        queue = self._line.queue
        assert queue is not None, "a ticket without a queue has no candidates"
        agent = self._crew.agents[place]
        step = _step_of(agent, self._line.steps)
        previous = queue.sticky and agent.name == self._ticket.previous
        return _Rank(step, not previous, KEYS[queue.strategy](self._crew, place), place)

    def _second(self, one: _Rank, winner: _Rank) -> Message:
        """Return why `winner` comes before somebody who could have got the ticket as well."""
        name = self._crew.agents[winner.place].name
        if one.step != winner.step:
            asked = self._title(self._line.steps[winner.step])
            template = "is only asked when nobody of '{group}' has a hand free, and {agent} has"
            return message(template, group=asked, agent=name)
        if not winner.not_previous:
            return message("{agent} worked for this customer before", agent=name)
        queue = self._line.queue
        assert queue is not None, "a ticket without a queue has no candidates"
        return _by_strategy(queue.strategy, one, winner, name)

    def _title(self, step: Step) -> Bilingual | Message:
        """Return what the people of a step are called."""
        if step.name == VIP:
            return message("VIP agents")
        if step.name in self._rules.groups:
            return self._rules.groups[step.name].title
        return self._rules.queues[step.name or self._ticket.queue].title


_MINUTE = timedelta(minutes=1)


def _missing(agent: Agent, line: Line) -> Lacking | None:
    """Return what the agent lacks for the first open step, or None when one of them asks no more than they have."""
    missing = [lacking(agent, step.requirement) for step in line.steps]
    return None if None in missing else next(iter(missing), Lacking())


def _step_of(agent: Agent, steps: Sequence[Step]) -> int:
    """Return the first step that asks no more than the agent has."""
    return next(
        number for number, step in enumerate(steps) if lacking(agent, step.requirement) is None
    )


def _barred(ticket: Waiting, name: str) -> Message:
    if name in ticket.earlier_handlers:
        return message("handled an earlier round of the complaint")
    return message("is excluded by the workflow")


def _by_strategy(strategy: Strategy, one: _Rank, winner: _Rank, name: str) -> Message:
    """Return the first thing in which the winner is ahead: by the strategy, then by idleness, then by name."""
    ahead = next(
        at
        for at, (mine, best) in enumerate(zip(one.key, winner.key, strict=True))
        if mine != best
    )
    if ahead == len(one.key) - 1:
        return message("is equal with {agent}, who comes first by name", agent=name)
    if strategy == "longest_idle" or ahead:
        return message("{agent} has been idle for longer", agent=name)
    if strategy == "least_loaded":
        return message("{agent} has fewer tickets in hand", agent=name)
    return message("{agent} has fewer tickets in hand for their weight", agent=name)
