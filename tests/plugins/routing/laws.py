"""What must hold of every pass, said again in the plainest words and without any of the matching's own machinery.

Each law raises `LawBroken` with its name; the tests of sabotage see that each can.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from casewright_routing.agents import Agent
from casewright_routing.explaining import explain
from casewright_routing.matching import Outcome, match
from casewright_routing.rules import Rules
from casewright_routing.steps import plan
from casewright_routing.waiting import Waiting


class LawBroken(AssertionError):
    """A law that does not hold, by its name."""

    def __init__(self, law: str, detail: object) -> None:
        super().__init__(f"{law}: {detail}")
        self.law = law


def could_take(rules: Rules, agent: Agent, ticket: Waiting, now: datetime) -> bool:
    """Return whether the agent, with a hand free, is one of those whom the ticket is offered to by now."""
    if agent.away or not agent.on_shift:
        return False
    if agent.name in ticket.earlier_handlers or agent.name in ticket.excluded:
        return False
    return any(
        now - ticket.since >= step.after
        and all(agent.skills.get(name, 0) >= level for name, level in step.requirement.skills)
        and (not step.requirement.teams or bool(step.requirement.teams & agent.teams))
        for step in plan(rules, ticket.queue, ticket.asked, vip=ticket.vip)
    )


def came(ticket: Waiting) -> tuple[datetime, str]:
    return ticket.since, ticket.key


class PassSeen:
    """One pass and what went into it."""

    def __init__(
        self, rules: Rules, tickets: Sequence[Waiting], agents: Sequence[Agent], now: datetime
    ) -> None:
        self.rules, self.tickets, self.agents, self.now = rules, tickets, agents, now
        self.outcome: Outcome = match(rules, tickets, agents, now)
        self.by_key = {one.key: one for one in tickets}
        self.by_name = {one.name: one for one in agents}
        self.to = {one.ticket: one.agent for one in self.outcome.given}
        self.left = [one for one in tickets if one.key not in self.to]

    def could(self, name: str, ticket: Waiting) -> bool:
        return could_take(self.rules, self.by_name[name], ticket, self.now)


def nobody_is_above_capacity(seen: PassSeen) -> None:
    given = Counter(seen.to.values())
    for name, count in given.items():
        agent = seen.by_name[name]
        if agent.load + count > agent.capacity:
            raise LawBroken("capacity", f"{name} has {agent.load + count} of {agent.capacity}")


def nobody_gets_what_they_cannot_take(seen: PassSeen) -> None:
    for key, name in seen.to.items():
        if not seen.could(name, seen.by_key[key]):
            raise LawBroken("skill", f"{key} went to {name}")


def each_ticket_is_given_once(seen: PassSeen) -> None:
    counted = Counter(one.ticket for one in seen.outcome.given)
    if any(count > 1 or key not in seen.by_key for key, count in counted.items()):
        raise LawBroken("once", counted)


def nobody_is_overtaken_by_a_later_one_of_the_class(seen: PassSeen) -> None:
    for ticket in seen.left:
        for key, name in seen.to.items():
            other = seen.by_key[key]
            later = other.rank == ticket.rank and came(other) > came(ticket)
            if later and seen.could(name, ticket):
                raise LawBroken("overtaking", f"{key} went to {name}, {ticket.key} waits")


def nobody_stands_idle(seen: PassSeen) -> None:
    given = Counter(seen.to.values())
    for agent in seen.agents:
        if agent.load + given[agent.name] >= agent.capacity:
            continue
        for ticket in seen.left:
            if seen.could(agent.name, ticket):
                raise LawBroken("idle", f"{agent.name} is free, {ticket.key} waits")


def equal_inputs_make_equal_outcomes(seen: PassSeen) -> None:
    for seed in range(3):
        tickets, agents = list(seen.tickets), list(seen.agents)
        Random(seed).shuffle(tickets)
        Random(seed).shuffle(agents)
        again = match(seen.rules, tickets, agents, seen.now)
        if again != seen.outcome:
            raise LawBroken("determinism", f"{again} is not {seen.outcome}")


def explanations_equal_decisions(seen: PassSeen) -> None:
    for ticket in seen.tickets:
        told = explain(seen.rules, seen.tickets, seen.agents, seen.now, ticket.key)
        got = seen.to.get(ticket.key)
        explained = [one.agent for one in told.candidates if one.reason is None]
        if explained != ([] if got is None else [got]):
            raise LawBroken(
                "explanation", f"{ticket.key}: {explained} explained, {got} decided"
            )
        if (told.match.agent if told.match else None) != got:
            raise LawBroken("explanation", f"{ticket.key}: {told.match} told, {got} decided")
        if sorted(one.agent for one in told.candidates) != sorted(seen.by_name):
            raise LawBroken("explanation", f"{ticket.key}: candidates are missing")
        if told.hopeless != (ticket.key in seen.outcome.unrouted):
            raise LawBroken("explanation", f"{ticket.key}: hopeless is {told.hopeless}")


def only_what_nobody_could_take_is_unrouted(seen: PassSeen) -> None:
    for ticket in seen.tickets:
        anybody = any(
            name not in ticket.excluded | ticket.earlier_handlers
            and all(agent.skills.get(one, 0) >= level for one, level in step.requirement.skills)
            and (not step.requirement.teams or bool(step.requirement.teams & agent.teams))
            for step in plan(seen.rules, ticket.queue, ticket.asked, vip=ticket.vip)
            for name, agent in seen.by_name.items()
        )
        if anybody == (ticket.key in seen.outcome.unrouted):
            raise LawBroken("unrouted", f"{ticket.key}: anybody is {anybody}")


LAWS: Sequence[Callable[[PassSeen], None]] = (
    nobody_is_above_capacity,
    nobody_gets_what_they_cannot_take,
    each_ticket_is_given_once,
    nobody_is_overtaken_by_a_later_one_of_the_class,
    nobody_stands_idle,
    equal_inputs_make_equal_outcomes,
    only_what_nobody_could_take_is_unrouted,
    explanations_equal_decisions,
)
