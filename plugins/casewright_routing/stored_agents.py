"""The table of agents: how much each had in hand when last looked at, since when they are idle, and whether busy."""

from collections.abc import Mapping
from datetime import datetime

from casewright import Store
from casewright_routing.agents import LONG_AGO
from casewright_routing.moments import moment_of, number_of
from casewright_routing.staffing import Work


def read(store: Store) -> dict[str, Work]:
    """Return what was stored, by agent."""
    rows = store.execute("SELECT agent, load, idle_since, busy FROM routing_agent")
    return {
        agent: Work(load=load, idle_since=moment_of(idle_since), busy=busy)
        for agent, load, idle_since, busy in rows
    }


def save(store: Store, agents: Mapping[str, Work]) -> None:
    """Store agents, over those of the same names."""
    for agent, work in agents.items():
        store.execute(
            "INSERT INTO routing_agent (agent, load, idle_since, busy) VALUES (?, ?, ?, ?) ON CONFLICT (agent)"
            " DO UPDATE SET load = excluded.load, idle_since = excluded.idle_since, busy = excluded.busy",
            (agent, work.load, number_of(work.idle_since), work.busy),
        )


def work_now(known: Work | None, load: int, now: datetime) -> Work:
    """Return how somebody stands who has so much in hand: idle since now if that has changed since they were looked at."""
    if known is None:
        return Work(load=load, idle_since=now if load else LONG_AGO)
    if known.load == load:
        return known
    return Work(load=load, idle_since=now, busy=known.busy)
