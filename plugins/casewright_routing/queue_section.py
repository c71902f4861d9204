"""The part of routing.yaml that says whom each queue asks: groups, queues, what VIPs and overflow mean there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any, cast

from casewright import Bilingual, hint, message
from casewright_routing.reading import TEAM, Path, Reading
from casewright_routing.rules import (
    PRIORITIES,
    UNROUTED,
    VIP,
    Group,
    Overflow,
    Queue,
    Strategy,
    VipRule,
    When,
)

EVERYTHING = "everything"
_LIKE_OTHERS = "like_others"
_SHOWN = 40
"""Characters of a faulty value that a sentence repeats."""
STRATEGIES = ("longest_idle", "least_loaded", "weighted")
_QUEUE = (
    "title",
    "accepts",
    "skills",
    "teams",
    "strategy",
    "sticky",
    "never",
    "vip",
    "overflow",
)
_RESERVED = (*PRIORITIES, VIP, UNROUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names that a queue may use, and what VIPs mean where the queue does not say."""

    skills: Collection[str]
    teams: Collection[str]
    targets: Collection[str]
    vip: VipRule | None = None


def read_group(reading: Reading, known: Known, path: Path, name: str, data: Any) -> Group:
    """Return a skill group."""
    words = ("title", "skills", "teams", "stands_for")
    found = reading.words(path, data, words, required=("title", "skills"))
    stands = (*path, "stands_for")
    kind = message("skill")
    return Group(
        name=name,
        title=_title(reading, path, found),
        skills=reading.levels((*path, "skills"), found.get("skills", {}), known.skills),
        teams=_teams(reading, known, path, found),
        stands_for=frozenset(
            reading.names(stands, found.get("stands_for", []), known.skills, kind)
        ),
    )


def read_queue(reading: Reading, known: Known, path: Path, name: str, data: Any) -> Queue:
    """Return a queue."""
    if name in _RESERVED:
        reason = message("a queue cannot be called '{name}': the name has a meaning", name=name)
        reading.problem("reserved_name", path, reason, key=True)
    found = reading.words(path, data, _QUEUE, required=("title", "accepts"))
    strategy = reading.choice(
        (*path, "strategy"), found.get("strategy", STRATEGIES[0]), STRATEGIES
    )
    return Queue(
        name=name,
        title=_title(reading, path, found),
        accepts=_accepts(reading, (*path, "accepts"), found.get("accepts", EVERYTHING)),
        skills=reading.levels((*path, "skills"), found.get("skills", {}), known.skills),
        teams=_teams(reading, known, path, found),
        strategy=cast(Strategy, strategy),
        sticky=_flag(reading, path, found, "sticky", "previous_handler"),
        avoids_earlier_handlers=_flag(
            reading, path, found, "never", "earlier_handlers_of_lineage"
        ),
        vip=_queue_vip(reading, known, (*path, "vip"), found),
        overflow=read_overflow(reading, known, path, found.get("overflow", []), own=name),
    )


def read_vip(reading: Reading, known: Known, path: Path, found: Mapping[str, Any]) -> VipRule:
    """Return what `skills` and `overflow` say about VIPs."""
    return VipRule(
        skills=reading.levels((*path, "skills"), found.get("skills", {}), known.skills),
        overflow=read_overflow(reading, known, path, found.get("overflow", [])),
    )


def read_alternatives(reading: Reading, path: Path, data: Any) -> tuple[When, ...]:
    """Return a list of facts, one of which is to fit."""
    found = []
    for index, one in enumerate(reading.items(path, data)):
        if one == {}:
            reason = message("an entry without facts, which would fit every ticket")
            reading.problem("no_facts", (*path, index), reason)
        found.append(reading.facts((*path, index), one))
    return tuple(found)


def read_overflow(
    reading: Reading, known: Known, path: Path, data: Any, *, own: str = ""
) -> tuple[Overflow, ...]:
    """Return the overflow of a queue, the sooner first: names, or `{after: 10 minutes, to: name}`."""
    path = (*path, "overflow")
    found = [
        one
        for index, written in enumerate(reading.items(path, data))
        if (one := _overflow(reading, known, (*path, index), written, own)) is not None
    ]
    if any(later.after < earlier.after for earlier, later in pairwise(found)):
        reason = message("write the overflow that comes sooner first")
        reading.problem("wrong_order", path, reason, key=True)
    return tuple(found)


def _overflow(
    reading: Reading, known: Known, path: Path, data: Any, own: str
) -> Overflow | None:
    after, target, place = timedelta(), data, path
    if not isinstance(data, str):
        found = reading.words(path, data, ("after", "to"), required=("to",))
        if "after" in found:
            after = reading.duration((*path, "after"), found["after"])
        if "to" not in found:
            return None
        target, place = found["to"], (*path, "to")
    if not reading.known(place, target, known.targets, message("group or queue")):
        return None
    if target == own:
        reading.problem("own_queue", place, message("a queue cannot overflow to itself"))
        return None
    return Overflow(to=target, after=after)


def _accepts(reading: Reading, path: Path, data: Any) -> tuple[When, ...]:
    if data == EVERYTHING:
        return ((),)
    if not isinstance(data, list) or not data:
        template = "write a list of facts, one of which must fit, or: {everything}"
        reading.problem("wrong_shape", path, message(template, everything=EVERYTHING))
        return ()
    return read_alternatives(reading, path, data)


def _queue_vip(
    reading: Reading, known: Known, path: Path, queue: Mapping[str, Any]
) -> VipRule | None:
    if "vip" not in queue:
        return known.vip
    if queue["vip"] == _LIKE_OTHERS:
        return None
    if not isinstance(queue["vip"], dict):
        template = "'{value}' says nothing of VIPs{hint}: write {known}, or {{skills: {{..}}}}"
        value, near = str(queue["vip"])[:_SHOWN], hint(str(queue["vip"]), [_LIKE_OTHERS])
        reason = message(template, value=value, hint=near, known=_LIKE_OTHERS)
        reading.problem("unknown_choice", path, reason)
        return None
    found = reading.words(path, queue["vip"], ("skills", "overflow"), required=("skills",))
    return read_vip(reading, known, path, found)


def _title(reading: Reading, path: Path, found: Mapping[str, Any]) -> Bilingual:
    if "title" not in found:
        return Bilingual(en=str(path[-1]), zh=str(path[-1]))
    return reading.title((*path, "title"), found["title"])


def _teams(
    reading: Reading, known: Known, path: Path, found: Mapping[str, Any]
) -> frozenset[str]:
    names = reading.names((*path, "teams"), found.get("teams", []), known.teams, TEAM)
    return frozenset(names)


def _flag(
    reading: Reading, path: Path, found: Mapping[str, Any], word: str, value: str
) -> bool:
    """Return whether `word` is written; it has one value, so that the line can be said aloud."""
    return word in found and reading.choice((*path, word), found[word], (value,)) == value
