"""A load as YAML: `arrivals` one by one, `streams` of what comes again and again, and the `agents` who are there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from casewright import Document, Problem, WorkspaceNames, message
from casewright_routing.facts import Facts
from casewright_routing.load import (
    A_DAY,
    MOST_ARRIVALS,
    NEVER,
    Arrival,
    Load,
    load_of,
    moment_of,
    too_many,
)
from casewright_routing.member_section import MEMBER, MemberNames, read_member
from casewright_routing.reading import Path, Reading
from casewright_routing.rules import Member, Rules

MOST_ALIKE = 10_000
"""How many agents one entry may stand for."""
_STREAM = ("from", "for", "every", "handling", "facts", "random")


def read_streams(
    document: Document, rules: Rules, seed: int, names: WorkspaceNames | None = None
) -> tuple[Load | None, list[Problem]]:
    """Return the load of a YAML file as far as it could be read, and all problems."""
    reading = Reading(document.data, document, names=names)
    found = reading.words((), document.data, ("arrivals", "streams", "agents"))
    draw = Random(seed)
    arrivals = [
        _listed(reading, ("arrivals", at), one, rules)
        for at, one in enumerate(reading.items(("arrivals",), found.get("arrivals", [])))
    ]
    for at, one in enumerate(reading.items(("streams",), found.get("streams", []))):
        arrivals += _stream(
            reading, ("streams", at), one, rules, draw, MOST_ARRIVALS - len(arrivals)
        )
    members = _members(reading, found["agents"], rules) if "agents" in found else None
    problems = sorted(reading.problems, key=lambda one: one.place)
    problems += too_many(len(arrivals), document.file)
    return load_of(arrivals, members), problems


def _listed(reading: Reading, path: Path, data: Any, rules: Rules) -> Arrival:
    needed = ("at", "handling")
    found = reading.words(path, data, (*needed, "facts"), required=needed)
    return Arrival(
        at=_at(reading, (*path, "at"), found.get("at"), rules),
        handling=_length(reading, path, found, "handling"),
        facts=_facts(reading, path, found),
    )


def _stream(
    reading: Reading, path: Path, data: Any, rules: Rules, draw: Random, most: int
) -> list[Arrival]:
    """Return what a stream brings: at even distances, or where `random` is true with the distances and handling times of chance."""
    found = reading.words(path, data, _STREAM, required=_STREAM[:4])
    at = _at(reading, (*path, "from"), found.get("from"), rules)
    length = _length(reading, path, found, "for")
    every = _length(reading, path, found, "every")
    handling = _length(reading, path, found, "handling")
    facts = _facts(reading, path, found)
    chance = found.get("random", False)
    if not isinstance(chance, bool):
        reading.problem("bad_value", (*path, "random"), message("write true or false"))
    arrivals: list[Arrival] = []
    end = at + length
    while not reading.problems and at < end and len(arrivals) <= most:
        took = _drawn(draw, handling) if chance else handling
        arrivals.append(Arrival(at=at, facts=facts, handling=took))
        at += _drawn(draw, every) if chance else every
    return arrivals


def _drawn(draw: Random, mean: timedelta) -> timedelta:
    """Return a length of time drawn from the exponential distribution, at least a microsecond."""
    return max(timedelta(microseconds=1), mean * draw.expovariate(1.0))


def _at(reading: Reading, path: Path, data: Any, rules: Rules) -> datetime:
    moment = moment_of(data, rules.zone)
    if moment is None:
        reading.problem("bad_moment", path, message("write the time as 2026-03-02T09:30"))
    return moment or NEVER


def _length(reading: Reading, path: Path, found: Mapping[str, Any], word: str) -> timedelta:
    return reading.duration((*path, word), found[word]) if word in found else A_DAY


def _facts(reading: Reading, path: Path, found: Mapping[str, Any]) -> Facts:
    """Return the facts of arrivals, each with the one value written."""
    written = found.get("facts", {})
    reading.facts((*path, "facts"), written)
    return (
        {str(name): value for name, value in written.items()}
        if isinstance(written, dict)
        else {}
    )


def _members(reading: Reading, data: Any, rules: Rules) -> dict[str, Member]:
    """Return agents; `count` makes several of the same, called `NAME_1`, `NAME_2` and so on."""
    known = MemberNames(skills=rules.skills, teams=rules.teams, shifts=rules.shifts)
    members: dict[str, Member] = {}
    for name, written in reading.named(("agents",), data).items():
        path: Path = ("agents", name)
        found = reading.words(path, written, ("count", *MEMBER))
        count = reading.whole((*path, "count"), found.pop("count", 1), MOST_ALIKE)
        member = read_member(reading, known, path, name, found)
        names = [name] if count == 1 else [f"{name}_{number}" for number in range(1, count + 1)]
        members |= {one: replace(member, name=one) for one in names}
    return members
