"""The agents of one pass: what each has in hand by now, and who of a group comes next by its strategy."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from heapq import heapify, heappop, heappush, heapreplace
from typing import Any

from casewright_routing.agents import Agent, Requirement, lacking
from casewright_routing.rules import Strategy

Key = tuple[Any, ...]
"""How an agent compares with others of a group; the lowest comes next. It never falls during a pass."""


class Crew:
    """Agents in the order of their names, by which ties are broken; an agent is named by the place in it."""

    def __init__(self, agents: Iterable[Agent], now: datetime) -> None:
        self.now = now
        self.agents: Sequence[Agent] = sorted(agents, key=lambda one: one.name)
        self.places = {one.name: place for place, one in enumerate(self.agents)}
        self.loads = [one.load for one in self.agents]
        # When each was last given one: before the pass, and then as the how many-th of the pass.
        self.last = [(min(one.idle_since, now), 0) for one in self.agents]
        self._given = 0
        self.hands = sum(max(0, one.capacity - one.load) for one in self.agents if one.present)
        self._meeting: dict[Requirement, frozenset[int]] = {}

    def free(self, place: int) -> bool:
        """Return whether the agent is at work and has a hand free."""
        agent = self.agents[place]
        return agent.present and self.loads[place] < agent.capacity

    def meeting(self, requirement: Requirement) -> frozenset[int]:
        """Return who meets the requirement, at work or not."""
        found = self._meeting.get(requirement)
        if found is None:
            found = self._meeting[requirement] = self._who_meets(requirement)
        return found

    def _who_meets(self, requirement: Requirement) -> frozenset[int]:
        parts = [Requirement((one,)) for one in requirement.skills]
        parts += [Requirement(teams=requirement.teams)] if requirement.teams else []
        if len(parts) > 1:
            return frozenset.intersection(*map(self.meeting, parts))
        return frozenset(
            place
            for place, agent in enumerate(self.agents)
            if lacking(agent, requirement) is None
        )

    def give(self, place: int) -> None:
        """Put one more ticket into the agent's hands."""
        self.loads[place] += 1
        self._given += 1
        self.last[place] = (self.now, self._given)
        self.hands -= 1


def _longest_idle(crew: Crew, place: int) -> Key:
    return crew.last[place], place


def _least_loaded(crew: Crew, place: int) -> Key:
    return crew.loads[place], crew.last[place], place


def _weighted(crew: Crew, place: int) -> Key:
    return (
        (crew.loads[place] + 1) / crew.agents[place].weight,
        crew.last[place],
        place,
    )


KEYS: Mapping[Strategy, Callable[[Crew, int], Key]] = {
    "longest_idle": _longest_idle,
    "least_loaded": _least_loaded,
    "weighted": _weighted,
}


class Candidates:
    """Those of a crew who meet one requirement, the next one first.

    Keys only rise, so the heap need not be told of a change: an entry is set right when it comes to the top.
    """

    def __init__(self, crew: Crew, requirement: Requirement, strategy: Strategy) -> None:
        self.members = crew.meeting(requirement)
        self._crew, self._key = crew, KEYS[strategy]
        self._heap = [(self._key(crew, one), one) for one in self.members if crew.free(one)]
        heapify(self._heap)

    def best(self, barred: AbstractSet[str]) -> int | None:
        """Return who comes next and is not barred, or None when nobody has a hand free."""
        aside = []
        found = None
        while self._heap:
            key, place = self._heap[0]
            if not self._crew.free(place):
                heappop(self._heap)
            elif (current := self._key(self._crew, place)) != key:
                heapreplace(self._heap, (current, place))
            elif self._crew.agents[place].name in barred:
                aside.append(heappop(self._heap))
            else:
                found = place
                break
        for entry in aside:
            heappush(self._heap, entry)
        return found

    def has(self, place: int) -> bool:
        """Return whether the agent is one of them and has a hand free."""
        return place in self.members and self._crew.free(place)
