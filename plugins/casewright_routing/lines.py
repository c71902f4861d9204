"""The lines that tickets stand in: those that ask for the same people, by the steps that are open to them by now."""

from bisect import bisect_right
from collections.abc import Set as AbstractSet
from datetime import timedelta

from casewright_routing.agents import Requirement
from casewright_routing.crew import Candidates, Crew
from casewright_routing.rules import Queue, Rules, Strategy
from casewright_routing.steps import AT_ONCE, Step, plan
from casewright_routing.waiting import Waiting


class Line:
    """Tickets of one queue with the same steps open; `reach` are the places of all agents whom these ask."""

    __slots__ = ("_groups", "queue", "reach", "steps")

    def __init__(
        self, queue: Queue | None, steps: tuple[Step, ...], groups: tuple[Candidates, ...]
    ) -> None:
        self.queue, self.steps, self._groups = queue, steps, groups
        self.reach = frozenset[int]().union(*(group.members for group in groups))

    def best(self, barred: AbstractSet[str]) -> tuple[int, int] | None:
        """Return the first step with somebody free who is not barred, and who comes next there."""
        for number, group in enumerate(self._groups):
            found = group.best(barred)
            if found is not None:
                return number, found
        return None

    def has(self, number: int, place: int) -> bool:
        """Return whether the agent has a hand free and is asked in that step."""
        return self._groups[number].has(place)

    def open_to(self, ticket: Waiting) -> bool:
        """Return whether somebody has a hand free for this ticket; once not, never again in the pass."""
        return self.best(barred_from(ticket)) is not None


def barred_from(ticket: Waiting) -> frozenset[str]:
    """Return the names of those who may not get the ticket, whatever their skills."""
    if not ticket.earlier_handlers:
        return ticket.excluded
    return ticket.excluded | ticket.earlier_handlers


class Lines:
    """All lines of one pass, made as they are asked for."""

    def __init__(self, rules: Rules, crew: Crew) -> None:
        self._rules, self._crew = rules, crew
        self._plans: dict[tuple[str, tuple[tuple[str, int], ...], bool], _Plan] = {}
        self._groups: dict[tuple[Requirement, Strategy], Candidates] = {}

    def of(self, ticket: Waiting) -> Line:
        """Return the line that the ticket stands in."""
        found = self._plan(ticket)
        opened = 0
        if found.delays:
            opened = bisect_right(found.delays, max(AT_ONCE, self._crew.now - ticket.since))
        line = found.lines.get(opened)
        if line is None:
            latest = found.delays[opened - 1] if opened else AT_ONCE
            steps = tuple(step for step in found.steps if step.after <= latest)
            line = found.lines[opened] = self._line(ticket.queue, steps)
        return line

    def plan_of(self, ticket: Waiting) -> tuple[Step, ...]:
        """Return all steps for the ticket, those that open later among them."""
        return self._plan(ticket).steps

    def _plan(self, ticket: Waiting) -> "_Plan":
        key = (ticket.queue, ticket.asked, ticket.vip)
        found = self._plans.get(key)
        if found is None:
            found = _Plan(plan(self._rules, ticket.queue, ticket.asked, vip=ticket.vip))
            self._plans[key] = found
        return found

    def _line(self, name: str, steps: tuple[Step, ...]) -> Line:
        queue = self._rules.queues.get(name)
        if queue is None:
            return Line(None, (), ())
        keys = [(step.requirement, queue.strategy) for step in steps]
        for key in keys:
            if key not in self._groups:
                self._groups[key] = Candidates(self._crew, *key)
        return Line(queue, steps, tuple(self._groups[key] for key in keys))


class _Plan:
    """The steps of tickets that ask for the same, and their lines by how many of the delays have passed."""

    __slots__ = ("delays", "lines", "steps")

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps
        self.delays: list[timedelta] = sorted({step.after for step in steps if step.after})
        self.lines: dict[int, Line] = {}
