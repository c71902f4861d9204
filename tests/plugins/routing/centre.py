"""A small centre to route for: rules, agents and tickets drawn at random, and short ways to write them by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from casewright import Bilingual
from casewright_routing.agents import Agent
from casewright_routing.rules import Group, Overflow, Queue, Rules, VipRule
from casewright_routing.waiting import Waiting

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ORDER = ("urgent", "vip", "high", "normal", "low")
RANKS = {word: rank for rank, word in enumerate(ORDER)}
SKILLS = ("refunds", "english", "vip", "senior", "many")


def both(text: str) -> Bilingual:
    return Bilingual(en=text, zh=f"{text}。")


def queue(name: str, **words) -> Queue:
    return Queue(name=name, title=both(name), accepts=((),), **words)


SENIOR = Group(name="senior", title=both("senior agents"), skills={"senior": 1})
MANY = Group(
    name="many",
    title=both("many languages"),
    skills={"many": 1},
    stands_for=frozenset({"english"}),
)
VIPS = VipRule(skills={"vip": 1}, overflow=(Overflow(to="senior"),))


def rules(*queues: Queue, rise_after: int = 10) -> Rules:
    return Rules(
        queues={one.name: one for one in queues},
        order=ORDER,
        rise_after=rise_after,
        groups={"senior": SENIOR, "many": MANY},
        skills={name: both(name) for name in SKILLS},
    )


def agent(name: str, skills: Mapping[str, int] = {}, *, idle: int = 0, **words) -> Agent:
    """Return an agent who was given nothing for `idle` minutes."""
    return Agent(name=name, skills=skills, idle_since=NOW - idle * MINUTE, **words)


def ticket(key: str, queue: str = "q", *, word: str = "normal", waited: int = 0, **words):
    """Return a ticket of the class that `word` names, which has waited so many minutes."""
    return Waiting(key=key, queue=queue, rank=RANKS[word], since=NOW - waited * MINUTE, **words)


def any_rules(draw: Random) -> Rules:
    """Return rules of three queues that differ in all that queues can differ in."""
    queues = []
    for name in ("first", "second", "third"):
        wanted = draw.sample(("refunds", "english"), draw.randint(0, 2))
        delays = sorted(draw.choice((0, 5, 20)) for _ in range(draw.randint(0, 2)))
        targets = [one for one in ("first", "second", "third", "many", "senior") if one != name]
        queues.append(
            queue(
                name,
                skills={one: draw.randint(1, 2) for one in wanted},
                teams=frozenset(draw.sample(("red", "blue"), draw.randint(0, 1))),
                strategy=draw.choice(("longest_idle", "least_loaded", "weighted")),
                sticky=draw.random() < 0.3,
                vip=draw.choice((None, VIPS)),
                overflow=tuple(
                    Overflow(to=draw.choice(targets), after=delay * MINUTE) for delay in delays
                ),
            )
        )
    return rules(*queues, rise_after=draw.randint(1, 3))


def any_agents(draw: Random, most: int = 6) -> list[Agent]:
    return [
        Agent(
            name=f"agent_{number}",
            skills={one: draw.randint(1, 2) for one in draw.sample(SKILLS, draw.randint(0, 4))},
            teams=frozenset(draw.sample(("red", "blue"), draw.randint(0, 2))),
            capacity=draw.randint(1, 3),
            load=draw.choice((0, 0, 0, 1, 2)),
            weight=draw.randint(1, 3),
            idle_since=NOW - draw.randint(0, 3) * MINUTE,
            on_shift=draw.random() < 0.9,
            away=draw.random() < 0.1,
        )
        for number in range(draw.randint(0, most))
    ]


def any_tickets(draw: Random, agents: list[Agent], most: int = 12) -> list[Waiting]:
    return [
        any_ticket(draw, agents, key=f"T-{number:02}", since=NOW - draw.randint(0, 25) * MINUTE)
        for number in range(draw.randint(0, most))
    ]


def any_ticket(draw: Random, agents: list[Agent], *, key: str, since: datetime) -> Waiting:
    names = [one.name for one in agents] or ["nobody"]
    return Waiting(
        key=key,
        queue=draw.choice(("first", "second", "third", "unrouted")),
        rank=draw.randint(0, len(ORDER)),
        since=since,
        vip=draw.random() < 0.3,
        asked=(("english", 1),) if draw.random() < 0.2 else (),
        overtaken=draw.choice((0, 0, 1, 5)),
        previous=draw.choice((*names, "")),
        earlier_handlers=frozenset(draw.sample(names, draw.choice((0, 0, 1)))),
        excluded=frozenset(draw.sample(names, draw.choice((0, 0, 0, 1)))),
    )
