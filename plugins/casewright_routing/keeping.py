"""Keeping to the rules by hand: nobody is given more than they can hold, or what they lack the skill for.

It is asked about where a workspace is `strict`. What routing gives away keeps to them by itself; whoever holds
`routing.manage` may overrule them.
"""

from casewright import (
    SYSTEM,
    CasewrightError,
    Customer,
    FindCustomers,
    Message,
    Person,
    PluginDesk,
    Ticket,
    is_system,
    message,
)
from casewright_routing.agents import Agent, lacking
from casewright_routing.facts import facts_of
from casewright_routing.floor import agents_now
from casewright_routing.published import published
from casewright_routing.queries import MayOverrule
from casewright_routing.rules import UNROUTED, Rules
from casewright_routing.steps import plan
from casewright_routing.waiting import left_alone, waiting_of


def refusal(desk: PluginDesk, ticket: Ticket, handler: Person, actor: Person) -> Message | None:
    """Return why the rules keep somebody from handling the ticket, or None."""
    found = published(desk) if not is_system(actor.name) else None
    if found is None:
        return None
    reason = _against(desk, found.rules, ticket, handler)
    return reason if reason is not None and not _overrules(desk, actor) else None


def _against(desk: PluginDesk, rules: Rules, ticket: Ticket, handler: Person) -> Message | None:
    customer = _customer(desk, ticket)
    waiting = waiting_of(rules, ticket, customer, since=desk.now)
    if waiting.queue == UNROUTED or left_alone(rules, facts_of(ticket, customer)):
        return None
    agents = {one.name: one for one in agents_now(desk, rules)}
    agent = agents.get(handler.name)
    if agent is None:
        return message("they are not one of the agents that routing.yaml names")
    if agent.load >= agent.capacity:
        template = "they have {load} of {capacity} tickets in hand already"
        return message(template, load=agent.load, capacity=agent.capacity)
    steps = plan(rules, waiting.queue, waiting.asked, vip=waiting.vip)
    if any(lacking(agent, one.requirement) is None for one in steps):
        return None
    return _lacks(rules, agent, waiting.queue, steps[0].requirement.skills)


def _lacks(
    rules: Rules, agent: Agent, queue: str, asked: tuple[tuple[str, int], ...]
) -> Message:
    missing = [rules.skills[name] for name, level in asked if agent.skills.get(name, 0) < level]
    if not missing:
        template = "nobody of their teams is asked for the queue '{queue}'"
        return message(template, queue=rules.title_of(queue))
    template = "they lack what the queue '{queue}' asks for: {skills}"
    return message(template, queue=rules.title_of(queue), skills=missing)


def _customer(desk: PluginDesk, ticket: Ticket) -> Customer | None:
    if ticket.customer is None:
        return None
    found = desk.ask(FindCustomers(actor=SYSTEM, sought=ticket.customer, limit=1)).customers
    return found[0] if found else None


def _overrules(desk: PluginDesk, actor: Person) -> bool:
    try:
        return bool(desk.ask(MayOverrule(actor=actor.name)))
    except CasewrightError:
        return False
