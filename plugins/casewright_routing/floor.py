"""The floor as it stands in one transaction: the rules, what waits in which queue, who is there with how much in hand."""

from dataclasses import replace

from casewright import SYSTEM, GetWorkload, ListPeople, Person, PluginDesk
from casewright_routing import stored_agents, stored_waiting
from casewright_routing.agents import Agent
from casewright_routing.lining_up import lined_up
from casewright_routing.matching import Match
from casewright_routing.published import Published, must_be_published
from casewright_routing.rules import Rules
from casewright_routing.staffing import Work, agents_of
from casewright_routing.stored_waiting import NO_QUEUE
from casewright_routing.waiting import Waiting


class Floor:
    """What a pass goes by. It follows what is given away; `keep` stores what has changed since it was read."""

    def __init__(self, desk: PluginDesk, published: Published, *, whole: bool = False) -> None:
        self._desk, self.rules, self.now = desk, published.rules, desk.now
        self._stored = stored_waiting.read(desk.store)
        self.entries = lined_up(desk, published, self._stored, whole=whole)
        self._known = stored_agents.read(desk.store)
        self.agents = {one.name: one for one in agents_now(desk, published.rules, self._known)}
        self._refused: dict[str, frozenset[str]] = {}

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What waits in a queue."""
        found = (one.ticket for one in self.entries.values() if one.ticket.queue != NO_QUEUE)
        if not self._refused:
            return tuple(found)
        return tuple(
            replace(one, excluded=one.excluded | self._refused.get(one.key, frozenset()))
            for one in found
        )

    def given(self, match: Match) -> None:
        """Follow that a ticket was given to an agent."""
        del self.entries[match.ticket]
        agent = self.agents[match.agent]
        self.agents[match.agent] = replace(agent, load=agent.load + 1, idle_since=self.now)

    def refused(self, match: Match) -> None:
        """Follow that a ticket could not be given to an agent, who is passed over for it from here on."""
        barred = self._refused.get(match.ticket, frozenset())
        self._refused[match.ticket] = barred | {match.agent}

    def overtaken(self, ticket: str, count: int) -> None:
        """Follow how often a ticket was overtaken by now."""
        if entry := self.entries.get(ticket):
            waiting = replace(entry.ticket, overtaken=count)
            self.entries[ticket] = replace(entry, ticket=waiting)

    def told(self, ticket: str) -> None:
        """Follow that the owner of a ticket has heard that nobody can take it."""
        self.entries[ticket] = replace(self.entries[ticket], told=True)

    def keep(self) -> None:
        """Store what has changed."""
        store = self._desk.store
        changed = [one for key, one in self.entries.items() if self._stored.get(key) is not one]
        stored_waiting.save(store, changed)
        stored_waiting.drop(store, self._stored.keys() - self.entries.keys())
        work = {name: _work(one) for name, one in self.agents.items()}
        stored_agents.save(
            store, {name: one for name, one in work.items() if self._known.get(name) != one}
        )


def agents_now(
    desk: PluginDesk, rules: Rules, known: dict[str, Work] | None = None
) -> tuple[Agent, ...]:
    """Return the agents of the rules who are on the staff, as they stand now."""
    stored = stored_agents.read(desk.store) if known is None else known
    loads = desk.ask(GetWorkload(actor=SYSTEM))
    work = {
        name: stored_agents.work_now(stored.get(name), loads.get(name, 0), desk.now)
        for name in rules.members
    }
    return agents_of(rules, _people(desk), work, desk.now)


def must_read_floor(desk: PluginDesk) -> Floor:
    """Return the floor; CommandRefused where routing.yaml was not published."""
    return Floor(desk, must_be_published(desk))


def _people(desk: PluginDesk) -> tuple[Person, ...]:
    found: tuple[Person, ...] = desk.ask(ListPeople(actor=SYSTEM))
    return found


def _work(agent: Agent) -> Work:
    return Work(load=agent.load, idle_since=agent.idle_since, busy=agent.busy)
