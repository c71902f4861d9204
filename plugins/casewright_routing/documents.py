"""What `--json` prints of routing's answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casewright import Texts
from casewright_routing.answers import (
    AgentStanding,
    CallAdvice,
    Decision,
    QueueStanding,
    RouteStory,
)
from casewright_routing.giving import sentence
from casewright_routing.simulation_report import SimulationReport


def story(texts: Texts, found: RouteStory) -> Mapping[str, Any]:
    """Return the story of a ticket's routing."""
    now = found.now
    return {
        "ticket": found.ticket,
        "handler": found.handler,
        "since": _moment(found.since),
        "decisions": [_decision(texts, one) for one in found.decisions],
        "resting": None if found.resting is None else texts.render(found.resting),
        "now": None
        if now is None
        else {
            "summary": texts.render(now.summary),
            "queue": now.queue,
            "agent": "" if now.match is None else now.match.agent,
            "step": "" if now.match is None else now.match.step,
            "before": now.before,
            "hopeless": now.hopeless,
            "candidates": [
                {
                    "agent": one.agent,
                    "reason": "" if one.reason is None else texts.render(one.reason),
                }
                for one in now.candidates
            ],
        },
    }


def queue(texts: Texts, one: QueueStanding) -> Mapping[str, Any]:
    """Return how a queue stands."""
    return {
        "queue": one.queue,
        "title": texts.value(one.title),
        "waiting": one.waiting,
        "longest_since": _moment(one.longest_since),
        "overflowed": one.overflowed,
        "hopeless": one.hopeless,
        "free": one.free,
        "busy": one.busy,
    }


def agent(one: AgentStanding) -> Mapping[str, Any]:
    """Return how an agent stands."""
    return {
        "agent": one.agent,
        "state": one.state,
        "load": one.load,
        "capacity": one.capacity,
        "idle_since": _moment(one.idle_since),
        "busy": one.busy,
        "skills": dict(one.skills),
    }


def call(texts: Texts, found: CallAdvice) -> Mapping[str, Any]:
    """Return who calls, and whom to ring."""
    one = found.call
    return {
        "number": one.number,
        "customer": one.customer,
        "customers": list(one.customers),
        "name": one.name,
        "tier": one.tier,
        "vip": one.vip,
        "brand": one.brand,
        "language": one.language,
        "queue": one.queue,
        "queue_title": texts.value(found.queue_title),
        "skills": dict(one.skills),
        "agent": found.agent,
        "step": found.step,
    }


def simulation(texts: Texts, found: SimulationReport) -> Mapping[str, Any]:
    """Return what came of a simulation; waits are seconds."""
    return {
        "start": _moment(found.start),
        "end": _moment(found.end),
        "queues": [
            {
                "queue": one.queue,
                "title": texts.value(one.title),
                "offered": one.offered,
                "served": one.served,
                "unserved": one.unserved,
                "hopeless": one.hopeless,
                "overflowed": one.overflowed,
                "wait_mean": one.wait_mean.total_seconds(),
                "wait_p50": one.wait_p50.total_seconds(),
                "wait_p90": one.wait_p90.total_seconds(),
                "wait_max": one.wait_max.total_seconds(),
            }
            for one in found.queues
        ],
        "agents": [
            {
                "agent": one.agent,
                "handled": one.handled,
                "occupancy": round(one.occupancy, 4),
            }
            for one in found.agents
        ],
    }


def _decision(texts: Texts, one: Decision) -> Mapping[str, Any]:
    return {
        "at": _moment(one.at),
        "way": one.way,
        "agent": one.agent,
        "queue": one.queue,
        "step": one.step,
        "since": _moment(one.since),
        "summary": texts.render(sentence(one)),
        "passed_over": [
            {
                "reason": texts.render(group.reason),
                "agents": list(group.agents),
                "count": group.count,
            }
            for group in one.passed_over
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
