"""A load run through the same matching on a simulated clock: how long tickets would wait, and how busy agents would be.

Event by event, nothing sleeps, and the same load gives the same report. Agents work on what they have in hand
side by side, each ticket for its own handling time; at the end of a shift they finish what is in hand.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from casewright_routing.agents import Agent
from casewright_routing.load import A_DAY, NEVER, Arrival, Load
from casewright_routing.matching import Match, Pass
from casewright_routing.rules import UNROUTED, UNROUTED_TITLE, Rules
from casewright_routing.shifts import changes
from casewright_routing.simulation_report import (
    NONE,
    AgentReport,
    SimulationReport,
    Tally,
    queue_report,
)
from casewright_routing.staffing import NO_WORK, agent_of
from casewright_routing.steps import plan
from casewright_routing.waiting import Waiting, left_alone, queued


def simulate(rules: Rules, load: Load) -> SimulationReport:
    """Return what comes of the load by these rules; it begins with empty hands and ends a day after the last arrival at the latest."""
    if load.members is not None:
        rules = replace(rules, members=load.members)
    running = _Simulation(rules, load)
    running.run()
    return running.report()


@dataclass(slots=True, kw_only=True)
class _Worker:
    """An agent of the simulation, and what they did so far."""

    agent: Agent
    since: datetime
    handled: int = 0
    busy: timedelta = NONE
    present: timedelta = NONE

    def until(self, moment: datetime) -> None:
        """Count the time on shift up to `moment`."""
        if self.agent.on_shift:
            self.present += moment - self.since
        self.since = moment

    def report(self) -> AgentReport:
        hands = self.present * self.agent.capacity
        occupancy = self.busy / hands if hands else 0.0
        return AgentReport(agent=self.agent.name, handled=self.handled, occupancy=occupancy)


class _Simulation:
    """One run. What is to happen stands in `_agenda` as (when, number, whose ticket is finished or "")."""

    def __init__(self, rules: Rules, load: Load) -> None:
        self._rules = rules
        self._arrivals = tuple(one for one in load.arrivals if not left_alone(rules, one.facts))
        self._start = self._arrivals[0].at if self._arrivals else NEVER
        self._last = self._arrivals[-1].at if self._arrivals else NEVER
        self._now = self._start
        self._numbers = count()
        self._agenda: list[tuple[datetime, int, str]] = []
        self._workers = {
            name: _Worker(agent=agent_of(rules, one, NO_WORK, self._now), since=self._now)
            for name, one in sorted(rules.members.items())
        }
        self._free = {
            name: one.agent for name, one in self._workers.items() if one.agent.present
        }
        self._waiting: dict[str, Waiting] = {}
        self._in_hand: dict[str, str] = {}
        self._handling: dict[str, timedelta] = {}
        self._tallies: dict[str, Tally] = {}

    def run(self) -> None:
        """Let everything happen that happens."""
        shifts = self._rules.shifts.values()
        ends = self._last + A_DAY
        for at in changes(shifts, self._start, ends, self._rules.zone):
            self._plan(at)
        for arrival in self._arrivals:
            self._happen_before(arrival.at)
            self._now = arrival.at
            self._arrive(arrival)
            self._match()
        self._happen_before(None)
        for worker in self._workers.values():
            worker.until(self._now)

    def _happen_before(self, moment: datetime | None) -> None:
        """Let happen what is planned up to `moment`; for None all, as long as anything can still change."""
        while self._agenda and (moment is None or self._agenda[0][0] <= moment):
            if moment is None and not self._waiting and not self._in_hand:
                return
            self._now, _, finished = heappop(self._agenda)
            if finished:
                self._finish(finished)
            else:
                self._change_shifts()
            self._match()

    def _plan(self, at: datetime, finished: str = "") -> None:
        heappush(self._agenda, (at, next(self._numbers), finished))

    def _arrive(self, arrival: Arrival) -> None:
        number = len(self._handling) + 1
        key = f"{number:07}"
        ticket = queued(self._rules, arrival.facts, key=key, since=arrival.at)
        self._tallies.setdefault(ticket.queue, Tally()).offered += 1
        self._waiting[key] = ticket
        self._handling[key] = arrival.handling
        steps = plan(self._rules, ticket.queue, ticket.asked, vip=ticket.vip)
        for after in sorted({step.after for step in steps if step.after}):
            self._plan(arrival.at + after)

    def _match(self) -> None:
        """Give what waits to whoever is free."""
        if not self._waiting or not self._free:
            return
        running = Pass(self._rules, self._waiting.values(), self._free.values(), self._now)
        given = list(running.matches())
        for one in given:
            self._give(one)
        for key, overtaken in running.order.overtaken().items():
            if key in self._waiting:
                self._waiting[key] = replace(self._waiting[key], overtaken=overtaken)

    def _give(self, match: Match) -> None:
        ticket = self._waiting.pop(match.ticket)
        handling = self._handling[match.ticket]
        self._tallies[match.queue].serve(match, self._now - ticket.since)
        self._in_hand[match.ticket] = match.agent
        worker = self._workers[match.agent]
        worker.handled += 1
        worker.busy += handling
        self._set(worker, load=worker.agent.load + 1, idle_since=self._now)
        self._plan(self._now + handling, match.ticket)

    def _finish(self, ticket: str) -> None:
        worker = self._workers[self._in_hand.pop(ticket)]
        self._set(worker, load=worker.agent.load - 1, idle_since=self._now)

    def _change_shifts(self) -> None:
        """Let come and go whose shift begins or ends now."""
        for name, worker in self._workers.items():
            agent = agent_of(self._rules, self._rules.members[name], NO_WORK, self._now)
            if agent.on_shift != worker.agent.on_shift:
                worker.until(self._now)
                self._set(worker, on_shift=agent.on_shift)

    def _set(self, worker: _Worker, **changes: Any) -> None:
        agent = worker.agent = replace(worker.agent, **changes)
        if agent.present and agent.load < agent.capacity:
            self._free[agent.name] = agent
        else:
            self._free.pop(agent.name, None)

    def report(self) -> SimulationReport:
        """Return what came of it."""
        agents = [worker.agent for worker in self._workers.values()]
        judging = Pass(self._rules, (), agents, self._now)
        for ticket in self._waiting.values():
            self._tallies[ticket.queue].hopeless += judging.hopeless(ticket)
        titles = {name: one.title for name, one in self._rules.queues.items()}
        queues = [
            queue_report(name, title, self._tallies.get(name, Tally()))
            for name, title in titles.items()
        ]
        if UNROUTED in self._tallies:
            queues.append(queue_report(UNROUTED, UNROUTED_TITLE, self._tallies[UNROUTED]))
        return SimulationReport(
            start=self._start,
            end=self._now,
            queues=tuple(queues),
            agents=tuple(worker.report() for worker in self._workers.values()),
        )
