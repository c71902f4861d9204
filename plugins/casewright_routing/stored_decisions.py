"""The table of decisions: who was given which ticket and when, out of which queue, and why others were passed over."""

import json
from collections.abc import Sequence

from casewright import Store
from casewright_routing.answers import Decision, PassedOver
from casewright_routing.moments import moment_of, number_of
from casewright_routing.rules import Rules
from casewright_routing.sentences import from_data, to_data

_COLUMNS = "ticket, at, way, agent, queue, step, since, passed_over"


def write(store: Store, decision: Decision) -> None:
    """Add a decision."""
    store.execute(
        f"INSERT INTO routing_decision ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            decision.ticket,
            number_of(decision.at),
            decision.way,
            decision.agent,
            decision.queue,
            decision.step,
            number_of(decision.since),
            _text(decision.passed_over),
        ),
    )


def of_ticket(store: Store, rules: Rules, ticket: str) -> tuple[Decision, ...]:
    """Return what was decided about a ticket, oldest first; queues are called as the rules call them now."""
    rows = store.execute(
        f"SELECT {_COLUMNS} FROM routing_decision WHERE ticket = ? ORDER BY number", (ticket,)
    )
    return tuple(
        Decision(
            ticket=key,
            at=moment_of(at),
            way=way,
            agent=agent,
            queue=queue,
            queue_title=rules.title_of(queue),
            step=step,
            since=moment_of(since),
            passed_over=_passed_over(text),
        )
        for key, at, way, agent, queue, step, since, text in rows
    )


def _text(passed_over: Sequence[PassedOver]) -> str:
    data = [[to_data(one.reason), one.agents, one.count] for one in passed_over]
    return json.dumps(data, ensure_ascii=False) if data else ""


def _passed_over(text: str) -> tuple[PassedOver, ...]:
    return tuple(
        PassedOver(reason=from_data(reason), agents=tuple(agents), count=count)
        for reason, agents, count in (json.loads(text) if text else ())
    )
