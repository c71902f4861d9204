"""What routing.yaml says, as frozen values: who is asked for which ticket, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from casewright import Bilingual, Message, message

Strategy = Literal["longest_idle", "least_loaded", "weighted"]
Skills = Mapping[str, int]
"""Skills by name, each with its level: the least that is asked for, or what somebody has."""
When = tuple[tuple[str, tuple[object, ...]], ...]
"""Facts and the values of which each must have one; () fits every ticket."""
Hours = tuple[int, int]
"""Minutes after midnight; an end past 24 hours lies on the next day."""

PRIORITIES = ("urgent", "high", "normal", "low")
VIP = "vip"
UNROUTED = "unrouted"
"""The queue of tickets that fit no other queue, or that nobody could take."""
UNROUTED_TITLE = message("Unrouted")
NO_SKILLS: Skills = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A skill group that queues overflow to; its people need none of the skills that it `stands_for`."""

    name: str
    title: Bilingual
    skills: Skills = field(default_factory=lambda: NO_SKILLS)
    teams: frozenset[str] = frozenset()
    stands_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """The group or queue that is asked as well once a ticket has waited `after`."""

    to: str
    after: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class VipRule:
    """Who is asked for a VIP before anybody else: people with these skills, then each overflow while all before it are busy."""

    skills: Skills
    overflow: tuple[Overflow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Tickets that wait for the same people. `vip` None treats VIPs like everybody else."""

    name: str
    title: Bilingual
    accepts: tuple[When, ...]
    skills: Skills = field(default_factory=lambda: NO_SKILLS)
    teams: frozenset[str] = frozenset()
    strategy: Strategy = "longest_idle"
    sticky: bool = False
    avoids_earlier_handlers: bool = False
    vip: VipRule | None = None
    overflow: tuple[Overflow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Skills that tickets with these facts ask for, whatever their queue."""

    when: When
    skills: Skills


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Hours of work by weekday, Monday first, in the zone of the rules."""

    name: str
    title: Bilingual
    week: tuple[tuple[Hours, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is said of one agent; without a shift an agent is always on duty."""

    name: str
    skills: Skills = field(default_factory=lambda: NO_SKILLS)
    teams: frozenset[str] = frozenset()
    capacity: int = 1
    weight: int = 1
    shifts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All of routing.yaml. `order` says who is served first: priorities, `vip` and names of queues.

    Tickets that fit one of `leaves_alone` are none of routing's business, and stand in no queue.
    """

    queues: Mapping[str, Queue]
    order: tuple[str, ...] = ("urgent", VIP, "high", "normal", "low")
    rise_after: int = 10
    zone: str = "UTC"
    vip_tiers: frozenset[str] = frozenset({VIP})
    skills: Mapping[str, Bilingual] = field(default_factory=dict)
    teams: Mapping[str, Bilingual] = field(default_factory=dict)
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    asks: tuple[Ask, ...] = ()
    leaves_alone: tuple[When, ...] = ()
    members: Mapping[str, Member] = field(default_factory=dict)

    def title_of(self, queue: str) -> Bilingual | Message:
        """Return what a queue is called; one that the rules no longer have, by its name."""
        found = self.queues.get(queue)
        if found is not None:
            return found.title
        return UNROUTED_TITLE if queue == UNROUTED else Bilingual(en=queue, zh=queue)
