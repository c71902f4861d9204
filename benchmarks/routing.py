"""What one pass of routing costs: 10,000 waiting tickets and 500 agents by default, and what its parts cost.

The same centre every time: 24 queues of business and language, VIPs, skills asked by facts, overflow that is open for
some. Three variants run in interleaved rounds: everybody with a hand free, one free hand (as when a ticket was just
closed), and one agent who pulls. `--help` tells the options.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from interleaved import Measured, Variant, measure

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins"))

from casewright import Bilingual
from casewright_routing.agents import Agent
from casewright_routing.matching import match, pull
from casewright_routing.rules import Group, Overflow, Queue, Rules, Strategy, VipRule
from casewright_routing.waiting import Waiting

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STRATEGIES: tuple[Strategy, ...] = ("longest_idle", "least_loaded", "weighted")
BUSINESS = tuple(f"business_{number}" for number in range(8))
LANGUAGES = ("mandarin", "cantonese", "english")
BRANDS = tuple(f"brand_{number}" for number in range(4))
CAPACITY = 3


def centre() -> Rules:
    """Return the rules of a centre with 24 queues, VIP agents, senior agents and a multi-language group."""
    vip = VipRule(skills={"vip": 1}, overflow=(Overflow(to="senior"),))
    queues = {
        f"{business}_{language}": Queue(
            name=f"{business}_{language}",
            title=_both(business),
            accepts=((),),
            skills={business: 1 + number % 2, language: 1},
            strategy=STRATEGIES[number % 3],
            sticky=number % 4 == 0,
            vip=vip,
            overflow=(Overflow(to="many", after=timedelta(minutes=10)),),
        )
        for number, business in enumerate(BUSINESS)
        for language in LANGUAGES
    }
    groups = {
        "senior": Group(name="senior", title=_both("senior"), skills={"senior": 1}),
        "many": Group(
            name="many",
            title=_both("many"),
            skills={"many": 1},
            stands_for=frozenset(LANGUAGES),
        ),
    }
    return Rules(queues=queues, groups=groups, rise_after=10)


def crew(count: int) -> list[Agent]:
    """Return agents with a few skills each."""
    draw = random.Random(4)
    return [
        Agent(
            name=f"agent_{number:04}",
            skills=_skills(draw),
            capacity=CAPACITY,
            weight=1 + number % 2,
            idle_since=NOW - timedelta(seconds=draw.randrange(3_600)),
            on_shift=draw.random() < 0.95,
        )
        for number in range(count)
    ]


def line_up(count: int, queues: Sequence[str], agents: Sequence[Agent]) -> list[Waiting]:
    """Return tickets that came within the last hour."""
    draw = random.Random(5)
    return [
        Waiting(
            key=f"T-{number:06}",
            queue=draw.choice(queues),
            rank=draw.choice((0, 1, 1, 2, 3, 3, 3, 3, 4)),
            since=NOW - timedelta(seconds=draw.randrange(3_600)),
            vip=draw.random() < 0.1,
            asked=((draw.choice(BRANDS), 1),) if draw.random() < 0.3 else (),
            overtaken=draw.randrange(12),
            previous=draw.choice(agents).name,
            earlier_handlers=_earlier(draw, agents),
        )
        for number in range(count)
    ]


def _earlier(draw: random.Random, agents: Sequence[Agent]) -> frozenset[str]:
    return frozenset({draw.choice(agents).name}) if draw.random() < 0.05 else frozenset()


def _skills(draw: random.Random) -> dict[str, int]:
    skills = {one: draw.randint(1, 3) for one in draw.sample(BUSINESS, 3)}
    skills |= {one: draw.randint(1, 3) for one in draw.sample(LANGUAGES, 2)}
    skills |= {one: 1 for one in draw.sample(BRANDS, 2)}
    rare = {"vip": 0.1, "senior": 0.15, "many": 0.1}
    return skills | {name: 1 for name, share in rare.items() if draw.random() < share}


def _both(text: str) -> Bilingual:
    return Bilingual(en=text, zh=text)


def variants(tickets: int, agents: int) -> tuple[list[Variant], dict[str, int]]:
    """Return what is measured, and how many tickets each variant gives."""
    rules, people = centre(), crew(agents)
    waiting = line_up(tickets, tuple(rules.queues), people)
    busy = [_with_load(one, CAPACITY) for one in people]
    free = next(one for one in people if one.on_shift)
    one_free = [free if one.name == free.name else one for one in busy]
    runs: dict[str, Callable[[], int]] = {
        "all hands free": lambda: len(match(rules, waiting, people, NOW).given),
        "one hand free": lambda: len(match(rules, waiting, one_free, NOW).given),
        "pull": lambda: int(pull(rules, waiting, one_free, NOW, free.name).match is not None),
    }
    given = {name: run() for name, run in runs.items()}
    return [Variant(name=name, run=_times(run)) for name, run in runs.items()], given


def _with_load(agent: Agent, load: int) -> Agent:
    return Agent(name=agent.name, skills=agent.skills, capacity=CAPACITY, load=load)


def _times(run: Callable[[], int]) -> Callable[[int], None]:
    def several(times: int) -> None:
        for _ in range(times):
            run()

    return several


def main() -> None:
    """Measure and print."""
    options = _options()
    found, given = variants(options.tickets, options.agents)
    measured = measure(found, rounds=options.rounds, operations=1)
    figures = {
        name: {
            "given": given[name],
            "ms": round(measured.seconds(name) * 1e3, 1),
            "us_per_ticket": round(measured.seconds(name) * 1e6 / options.tickets, 2),
        }
        for name in given
    }
    if options.json:
        print(
            json.dumps({"tickets": options.tickets, "agents": options.agents, "pass": figures})
        )
        return
    _print(options, measured, figures)


def _print(
    options: argparse.Namespace, measured: Measured, figures: dict[str, dict[str, float]]
) -> None:
    print(
        f"{options.tickets} waiting tickets, {options.agents} agents, rounds: {measured.taken}"
    )
    for name, one in figures.items():
        print(
            f"{name:<16} {one['ms']:>8} ms a pass {one['us_per_ticket']:>7} us a ticket"
            f" {one['given']:>6} given"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--json", action="store_true", help="print figures for programs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
