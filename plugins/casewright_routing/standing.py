"""How queues and agents stand now, for those who watch over them."""

from collections.abc import Iterable
from datetime import datetime

from casewright import SYSTEM, ListPeople, PluginDesk
from casewright_routing.agents import Agent, Requirement
from casewright_routing.answers import AgentStanding, QueueStanding
from casewright_routing.floor import Floor, agents_now, must_read_floor
from casewright_routing.matching import Pass
from casewright_routing.published import must_be_published
from casewright_routing.queries import GetAgents, GetQueues, ListStrangers
from casewright_routing.rules import UNROUTED, VIP
from casewright_routing.staffing import strangers as strangers_of
from casewright_routing.steps import AT_ONCE
from casewright_routing.waiting import Waiting


def queues(desk: PluginDesk, query: GetQueues) -> tuple[QueueStanding, ...]:
    """Return how each queue stands, `unrouted` where anything waits there; what excludes the asker is not counted."""
    floor = must_read_floor(desk)
    running = Pass(floor.rules, (), floor.agents.values(), desk.now)
    by_queue: dict[str, list[Waiting]] = {name: [] for name in (*floor.rules.queues, UNROUTED)}
    # Whoever a ticket is hidden from is among those whom it excludes: not even its number is told.
    seen = (one for one in floor.waiting if desk.actor.name not in one.excluded)
    for one in seen:
        by_queue.setdefault(one.queue, []).append(one)
    return tuple(
        _queue(floor, running, name, waiting)
        for name, waiting in by_queue.items()
        if waiting or name != UNROUTED
    )


def agents(desk: PluginDesk, query: GetAgents) -> tuple[AgentStanding, ...]:
    """Return how each agent stands."""
    rules = must_be_published(desk).rules
    return tuple(
        AgentStanding(
            agent=one.name,
            state=_state(one),
            load=one.load,
            capacity=one.capacity,
            idle_since=one.idle_since,
            busy=one.busy,
            skills=one.skills,
        )
        for one in agents_now(desk, rules)
    )


def strangers(desk: PluginDesk, query: ListStrangers) -> tuple[str, ...]:
    """Return the agents of the rules who are nobody active on the staff."""
    return strangers_of(must_be_published(desk).rules, desk.ask(ListPeople(actor=SYSTEM)))


def _queue(floor: Floor, running: Pass, name: str, waiting: list[Waiting]) -> QueueStanding:
    crew = running.crew
    queue = floor.rules.queues.get(name)
    own = (
        crew.meeting(Requirement(tuple(sorted(queue.skills.items())), queue.teams))
        if queue is not None
        else frozenset[int]()
    )
    there = [place for place in own if crew.agents[place].present]
    free = sum(crew.free(place) for place in there)
    return QueueStanding(
        queue=name,
        title=floor.rules.title_of(name),
        waiting=len(waiting),
        longest_since=_earliest(one.since for one in waiting),
        overflowed=sum(_overflows(running, one) for one in waiting),
        hopeless=sum(running.hopeless(one) for one in waiting),
        free=free,
        busy=len(there) - free,
    )


def _overflows(running: Pass, ticket: Waiting) -> bool:
    """Return whether a ticket is offered to others by now because it has waited for so long."""
    steps = running.lines.plan_of(ticket)
    waited = running.crew.now - ticket.since
    return any(step.name not in ("", VIP) and AT_ONCE < step.after <= waited for step in steps)


def _earliest(moments: Iterable[datetime]) -> datetime | None:
    return min(moments, default=None)


def _state(agent: Agent) -> str:
    if agent.away:
        return "away"
    if not agent.on_shift:
        return "off_shift"
    if agent.busy:
        return "busy"
    return "free" if agent.load < agent.capacity else "full"
