"""What routing costs at a desk: 10,000 waiting tickets and 500 agents by default, read, matched and written.

The same centre as `routing.py`, written as a routing.yaml, with tickets and customers in a database of its own. First the
whole line is judged, then nothing has changed; then tickets are pushed, taken, explained, and calls answered.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins"))

from routing import BRANDS, BUSINESS, LANGUAGES, centre, crew

from casewright.commands import FireTransition, OpenTicket, SaveCustomer, SavePerson
from casewright.desk import Desk
from casewright.errors import CommandRefused
from casewright.model import SYSTEM
from casewright.queries import GetWorkload, ListTickets, ListUnhandled
from casewright.testing.plugged_desk import plugin_desk, run_jobs
from casewright_routing.agents import Agent
from casewright_routing.commands import TakeNext
from casewright_routing.queries import AdviseCall, ExplainRoute, GetQueues
from casewright_routing.rules import Rules

PER_COMMIT = 500
CUSTOMERS = 2_000
TAGS = {"mandarin": "zh", "cantonese": "yue", "english": "en"}
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
properties:
  business: {type: string, maxLength: 40, x-title: {en: Business, zh: 业务}}
  subject: {type: string, maxLength: 80, x-title: {en: Subject, zh: 主题}}
"""
WORKFLOW = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: user:ana
start: open
priority:
  - {set: high, when: "fields.business == 'business_1'"}
  - {set: normal}
states:
  open: {title: {en: Open, zh: 办理中}, transitions: {finish: {to: closed, by: anyone}}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""


def routing_yaml(rules: Rules, agents: list[Agent]) -> str:
    """Return the rules and agents as a routing.yaml; JSON is YAML."""
    skills = (*BUSINESS, *LANGUAGES, *BRANDS, "vip", "senior", "many")
    title = {"en": "x", "zh": "x"}
    data = {
        "capacity": 3,
        "vip": {"tiers": ["vip"], "skills": {"vip": 1}, "overflow": ["senior"]},
        "skills": {name: title for name in skills},
        "groups": {
            name: {
                "title": title,
                "skills": dict(group.skills),
                "stands_for": sorted(group.stands_for),
            }
            for name, group in rules.groups.items()
        },
        "asks": [{"when": {"customer.brand": one}, "skills": {one: 1}} for one in BRANDS],
        "queues": {name: _queue(rules, name, title) for name in rules.queues},
        "agents": {
            one.name: {"skills": dict(one.skills), "weight": one.weight} for one in agents
        },
    }
    return json.dumps(data)


def _queue(rules: Rules, name: str, title: dict[str, str]) -> dict[str, Any]:
    queue = rules.queues[name]
    business, _, language = name.rpartition("_")
    words: dict[str, Any] = {"sticky": "previous_handler"} if queue.sticky else {}
    return {
        "title": title,
        "accepts": [{"fields.business": business, "customer.language": TAGS[language]}],
        "skills": dict(queue.skills),
        "strategy": queue.strategy,
        "overflow": [{"after": "10 minutes", "to": "many"}],
        **words,
    }


def furnished(folder: Path, tickets: int, agents: int) -> Desk:
    """Return a desk with the centre's people, customers and waiting tickets."""
    people = crew(agents)
    desk = plugin_desk(
        folder,
        plugins=("routing",),
        files={
            "routing.yaml": routing_yaml(centre(), people),
            "forms/matter.yaml": FORM,
            "workflows/matter.yaml": WORKFLOW,
        },
        settings="deadline = 30\n[plugin.routing]\npush = true\n",
    )
    draw = random.Random(7)
    with desk.batch():
        for one in people:
            desk.execute_as_system(SavePerson(actor=SYSTEM, name=one.name, roles=("agent",)))
        for number in range(CUSTOMERS):
            desk.execute_as_system(_customer(draw, number))
    _open(desk, draw, tickets)
    return desk


def _customer(draw: random.Random, number: int) -> SaveCustomer:
    return SaveCustomer(
        actor=SYSTEM,
        id=f"C{number:05}",
        tier="vip" if draw.random() < 0.1 else "",
        language=TAGS[draw.choice(LANGUAGES)],
        brand=draw.choice(BRANDS) if draw.random() < 0.3 else "",
        phone=f"+86138{number:08}",
    )


def _open(desk: Desk, draw: random.Random, count: int) -> None:
    for beginning in range(0, count, PER_COMMIT):
        with desk.batch():
            for _ in range(min(PER_COMMIT, count - beginning)):
                fields = {"business": draw.choice(BUSINESS), "subject": "A matter"}
                customer = f"C{draw.randrange(CUSTOMERS):05}"
                desk.execute_as_system(
                    OpenTicket(
                        actor=SYSTEM, workflow="matter", fields=fields, customer=customer
                    )
                )


def figures(desk: Desk, agents: int, rounds: int) -> dict[str, float]:
    """Return milliseconds by what is measured."""
    names = iter(f"agent_{number:04}" for number in range(agents))
    found = {"first pass, 200 given": _once(lambda: run_jobs(desk, "routing"))}
    found["pass, 200 given"] = _median(rounds, lambda: run_jobs(desk, "routing"))
    while _given(desk):
        run_jobs(desk, "routing")
    found["pass, no hand free"] = _median(rounds, lambda: run_jobs(desk, "routing"))
    key = _waiting(desk)
    found["explain"] = _median(
        rounds, lambda: desk.ask_as_system(ExplainRoute(actor=SYSTEM, ticket=key))
    )
    found["queues"] = _median(rounds, lambda: desk.ask_as_system(GetQueues(actor=SYSTEM)))
    found["call"] = _median(
        rounds, lambda: desk.ask_as_system(AdviseCall(actor=SYSTEM, number="+8613800000042"))
    )
    _free_hands(desk, 3 * rounds)
    found["next"] = _median(rounds, lambda: _take(desk, names))
    return found


def _given(desk: Desk) -> bool:
    before = _loads(desk)
    run_jobs(desk, "routing")
    return _loads(desk) != before


def _loads(desk: Desk) -> int:
    return sum(desk.ask_as_system(GetWorkload(actor=SYSTEM)).values())


def _waiting(desk: Desk) -> str:
    found = desk.ask_as_system(ListUnhandled(actor=SYSTEM))
    return str(found[len(found) // 2].ticket)


def _free_hands(desk: Desk, count: int) -> None:
    for number in range(count):
        page = desk.ask_as_system(
            ListTickets(actor=SYSTEM, handler=f"agent_{number:04}", open=True)
        )
        for one in page.tickets:
            desk.execute(FireTransition(actor="ana", ticket=one.key, transition="finish"))


def _take(desk: Desk, names: Any) -> None:
    try:
        desk.execute(TakeNext(actor=next(names)))
    except CommandRefused as refusal:  # nothing waits that this one is asked for
        print(f"  {refusal}", file=sys.stderr)


def _once(run: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    run()
    return round((time.perf_counter() - begun) * 1e3, 1)


def _median(rounds: int, run: Callable[[], Any]) -> float:
    return round(statistics.median(_once(run) for _ in range(rounds)), 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--json", action="store_true", help="print figures for programs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with furnished(Path(folder), options.tickets, options.agents) as desk:
            found = figures(desk, options.agents, options.rounds)
    if options.json:
        print(json.dumps({"tickets": options.tickets, "agents": options.agents, "ms": found}))
        return
    print(f"{options.tickets} waiting tickets, {options.agents} agents, at a desk (ms)")
    for name, one in found.items():
        print(f"{name:<24} {one:>9}")


if __name__ == "__main__":
    main()
