"""From routing.yaml to `Rules`, or to everything that is wrong with it at once, each with its place."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from casewright import Document, Problem, WorkspaceNames, hint, message
from casewright_routing.agents import Agent, lacking
from casewright_routing.member_section import HIGHEST, MemberNames, read_member
from casewright_routing.queue_section import (
    Known,
    read_alternatives,
    read_group,
    read_overflow,
    read_queue,
    read_vip,
)
from casewright_routing.reading import Path, Reading, each
from casewright_routing.rules import (
    PRIORITIES,
    VIP,
    Ask,
    Member,
    Queue,
    Rules,
    Shift,
    VipRule,
)
from casewright_routing.shifts import read_shift
from casewright_routing.steps import plan

NAME = "routing.yaml"
_WORDS = (
    "order",
    "rise_after",
    "zone",
    "capacity",
    "vip",
    "skills",
    "teams",
    "shifts",
    "groups",
    "asks",
    "leaves_alone",
    "queues",
    "agents",
)


def read_rules(
    path: FilePath, *, file: str | None = None, names: WorkspaceNames | None = None
) -> tuple[Rules | None, list[Problem]]:
    """Return the rules of a file, None when something is wrong with them, and all that is.

    Raises `YamlRefused` or `FileUnreadable` as `read_yaml` does.
    """
    from casewright import read_yaml  # whoever reads what was published reads no YAML

    return rules_of(read_yaml(path, file=file), names)


def rules_of(
    document: Document, names: WorkspaceNames | None = None
) -> tuple[Rules | None, list[Problem]]:
    """Return the rules of a document, None when something is grave, and all problems in the order of their places.

    Without `names` the rules may name workflows and fields that the workspace does not have.
    """
    reading = Reading(document.data, document, names=names)
    rules = _rules(reading)
    problems = sorted(reading.problems, key=lambda one: one.place)
    return (None if any(one.grave for one in problems) else rules), problems


def check(document: Document, names: WorkspaceNames) -> list[Problem]:
    """Return all problems of a document in a workspace that has `names`."""
    return rules_of(document, names)[1]


def rules_from_data(data: Mapping[str, Any]) -> Rules:
    """Return the rules of data in which `check` found nothing grave, such as those that were published."""
    return _rules(Reading(data, file=NAME))


def _rules(reading: Reading) -> Rules:
    found = reading.words((), reading.data, _WORDS, required=("queues",))
    skills = reading.titles(("skills",), found.get("skills", {}))
    teams = reading.titles(("teams",), found.get("teams", {}))
    groups = reading.named(("groups",), found.get("groups", {}))
    queues = reading.named(("queues",), found.get("queues", {}))
    _two_meanings(reading, groups, queues)
    targets = (*groups, *queues)
    tiers, vip = _vip(reading, found, Known(skills=skills, teams=teams, targets=targets))
    known = Known(skills=skills, teams=teams, targets=targets, vip=vip)
    read_one = partial(read_shift, reading)
    shifts = each(reading.named(("shifts",), found.get("shifts", {})), ("shifts",), read_one)
    rules = Rules(
        queues=each(queues, ("queues",), partial(read_queue, reading, known)),
        order=_order(reading, found, queues),
        rise_after=reading.whole(("rise_after",), found.get("rise_after", 10), HIGHEST),
        zone=_zone(reading, found),
        vip_tiers=tiers,
        skills=skills,
        teams=teams,
        shifts=shifts,
        groups=each(groups, ("groups",), partial(read_group, reading, known)),
        asks=_asks(reading, known, found.get("asks", [])),
        leaves_alone=read_alternatives(
            reading, ("leaves_alone",), found.get("leaves_alone", [])
        ),
        members=_members(reading, known, shifts, found),
    )
    if not reading.problems:
        _unreachable(reading, rules)
        _unstaffed(reading, rules)
    return rules


def _two_meanings(
    reading: Reading, groups: Mapping[str, Any], queues: Mapping[str, Any]
) -> None:
    for name in queues:
        if name in groups:
            reason = message("'{name}' is the name of a group already", name=name)
            reading.problem("two_meanings", ("queues", name), reason, key=True)


def _order(
    reading: Reading, found: Mapping[str, Any], queues: Mapping[str, Any]
) -> tuple[str, ...]:
    if "order" not in found:
        return ("urgent", VIP, "high", "normal", "low")
    known = (*PRIORITIES, VIP, *queues)
    return reading.names(("order",), found["order"], known, message("priority or queue"))


def _zone(reading: Reading, found: Mapping[str, Any]) -> str:
    if "zone" not in found:
        if found.get("shifts"):
            reason = message(
                "'{word}' is missing: the hours of shifts are hours of a place", word="zone"
            )
            reading.problem("missing_word", ("shifts",), reason, key=True)
        return "UTC"
    try:
        return ZoneInfo(found["zone"]).key
    except (LookupError, ValueError, OSError, TypeError):
        near = hint(str(found["zone"]), available_timezones())
        reason = message(
            "there is no time zone '{zone}'{hint}", zone=str(found["zone"])[:64], hint=near
        )
        reading.problem("unknown_zone", ("zone",), reason)
        return "UTC"


def _vip(
    reading: Reading, found: Mapping[str, Any], known: Known
) -> tuple[frozenset[str], VipRule | None]:
    if "vip" not in found:
        return frozenset({VIP}), None
    words = reading.words(("vip",), found["vip"], ("tiers", "skills", "overflow"))
    tiers = reading.items(("vip", "tiers"), words.get("tiers", [VIP]))
    rule = read_vip(reading, known, ("vip",), words) if "skills" in words else None
    if rule is None and "overflow" in words:
        reading.problem("missing_word", ("vip",), message("'{word}' is missing", word="skills"))
        read_overflow(reading, known, ("vip",), words["overflow"])
    return frozenset(str(one) for one in tiers), rule


def _asks(reading: Reading, known: Known, data: Any) -> tuple[Ask, ...]:
    asks = []
    for index, one in enumerate(reading.items(("asks",), data)):
        path: Path = ("asks", index)
        found = reading.words(path, one, ("when", "skills"), required=("when", "skills"))
        when = reading.facts((*path, "when"), found.get("when", {}))
        skills = reading.levels((*path, "skills"), found.get("skills", {}), known.skills)
        asks.append(Ask(when=when, skills=skills))
    return tuple(asks)


def _members(
    reading: Reading, known: Known, shifts: Mapping[str, Shift], found: Mapping[str, Any]
) -> dict[str, Member]:
    names = MemberNames(
        skills=known.skills,
        teams=known.teams,
        shifts=shifts,
        capacity=reading.whole(("capacity",), found.get("capacity", 1), HIGHEST),
    )
    data = reading.named(("agents",), found.get("agents", {}))
    return each(data, ("agents",), partial(read_member, reading, names))


def _unreachable(reading: Reading, rules: Rules) -> None:
    names = list(rules.queues)
    for at, (name, queue) in enumerate(rules.queues.items()):
        if () in queue.accepts and at + 1 < len(names):
            template = "'{queue}' accepts everything, so no ticket comes to '{next}' below it"
            reason = message(template, queue=name, next=names[at + 1])
            reading.problem("unreachable", ("queues", names[at + 1]), reason, key=True)
            return


def _unstaffed(reading: Reading, rules: Rules) -> None:
    """Warn of queues whose tickets none of the agents could take; `asks` may ask for more than is seen here."""
    agents = [
        Agent(name=one.name, skills=one.skills, teams=one.teams)
        for one in rules.members.values()
    ]
    for name, queue in rules.queues.items() if agents else ():
        for vip in (False, True) if queue.vip else (False,):
            if not _staffed(rules, queue, agents, vip=vip):
                template = (
                    "none of the agents could take a VIP's ticket of '{queue}'"
                    if vip
                    else "none of the agents could take a ticket of '{queue}'"
                )
                reason = message(template, queue=name)
                reading.problem("unstaffed", ("queues", name), reason, key=True, grave=False)


def _staffed(rules: Rules, queue: Queue, agents: list[Agent], *, vip: bool) -> bool:
    return any(
        lacking(agent, step.requirement) is None
        for step in plan(rules, queue.name, (), vip=vip)
        for agent in agents
    )
