"""What is said of one agent, in routing.yaml as in a load to simulate: skills, teams, capacity, weight, shifts."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from casewright import message
from casewright_routing.reading import TEAM, Path, Reading
from casewright_routing.rules import Member

HIGHEST = 1_000
"""The highest capacity and weight, and the most often a ticket may be overtaken before it rises."""
MEMBER = ("skills", "teams", "capacity", "weight", "shift")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberNames:
    """The names that may be used of an agent, and the capacity of those of whom nothing is said."""

    skills: Collection[str]
    teams: Collection[str]
    shifts: Collection[str]
    capacity: int = 1


def read_member(
    reading: Reading, known: MemberNames, path: Path, name: str, data: Any
) -> Member:
    """Return an agent."""
    found = reading.words(path, data, MEMBER)
    written = found.get("shift", [])
    shifts = written if isinstance(written, list) else [written]
    teams = found.get("teams", [])
    capacity = found.get("capacity", known.capacity)
    return Member(
        name=name,
        skills=reading.levels((*path, "skills"), found.get("skills", {}), known.skills),
        teams=frozenset(reading.names((*path, "teams"), teams, known.teams, TEAM)),
        capacity=reading.whole((*path, "capacity"), capacity, HIGHEST),
        weight=reading.whole((*path, "weight"), found.get("weight", 1), HIGHEST),
        shifts=reading.names((*path, "shift"), shifts, known.shifts, message("shift")),
    )
