"""An agent as routing sees one, and what keeps an agent from a ticket: asked by the matching and by its explanation alike."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from casewright_routing.rules import NO_SKILLS, Skills

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody who takes tickets: `load` are those in hand, `idle_since` is when the last one was given or finished.

    `busy` is with what the agent said to be busy, "" when with nothing.
    """

    name: str
    skills: Skills = field(default_factory=lambda: NO_SKILLS)
    teams: frozenset[str] = frozenset()
    capacity: int = 1
    load: int = 0
    weight: int = 1
    idle_since: datetime = LONG_AGO
    on_shift: bool = True
    away: bool = False
    busy: str = ""

    @property
    def present(self) -> bool:
        """Whether the agent is at work and takes tickets."""
        return self.on_shift and not self.away and not self.busy


class Requirement(NamedTuple):
    """What somebody must have to take a ticket: each skill at its level, and one of the teams where some are named."""

    skills: tuple[tuple[str, int], ...] = ()
    teams: frozenset[str] = frozenset()


class Lacking(NamedTuple):
    """What an agent lacks: a skill at a level (`has` 0: not at all), or "" for being in none of the teams."""

    skill: str = ""
    level: int = 0
    has: int = 0


def lacking(agent: Agent, requirement: Requirement) -> Lacking | None:
    """Return the first thing that keeps the agent from meeting the requirement, or None."""
    for skill, level in requirement.skills:
        has = agent.skills.get(skill, 0)
        if has < level:
            return Lacking(skill, level, has)
    if requirement.teams and requirement.teams.isdisjoint(agent.teams):
        return Lacking()
    return None
