"""Who can be asked now: the agents that routing.yaml names, as the staff and their work stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casewright import Person
from casewright_routing.agents import LONG_AGO, Agent
from casewright_routing.rules import Member, Rules
from casewright_routing.shifts import on_shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How many tickets somebody has in hand, since when they were neither given one nor finished one, and whether busy."""

    load: int = 0
    idle_since: datetime = LONG_AGO
    busy: str = ""


NO_WORK = Work()


def agents_of(
    rules: Rules, people: Iterable[Person], work: Mapping[str, Work], now: datetime
) -> tuple[Agent, ...]:
    """Return the active people who are agents, by name; a person's team counts beside those of routing.yaml."""
    found = []
    for person in sorted(people, key=lambda one: one.name):
        member = rules.members.get(person.name)
        if member is None or not person.active:
            continue
        agent = agent_of(
            rules,
            member,
            work.get(person.name, NO_WORK),
            now,
            team=person.team,
            away=person.absent(now),
        )
        found.append(agent)
    return tuple(found)


def agent_of(
    rules: Rules,
    member: Member,
    work: Work,
    now: datetime,
    *,
    team: str = "",
    away: bool = False,
) -> Agent:
    """Return one agent as of `now`."""
    shifts = [rules.shifts[name] for name in member.shifts]
    return Agent(
        name=member.name,
        skills=member.skills,
        teams=member.teams | ({team} if team else frozenset()),
        capacity=member.capacity,
        load=work.load,
        weight=member.weight,
        idle_since=work.idle_since,
        on_shift=not shifts or on_shift(shifts, now, rules.zone),
        away=away,
        busy=work.busy,
    )


def strangers(rules: Rules, people: Iterable[Person]) -> tuple[str, ...]:
    """Return the agents of routing.yaml who are no active people."""
    active = {one.name for one in people if one.active}
    return tuple(sorted(rules.members.keys() - active))
