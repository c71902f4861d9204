"""How far somebody's permission reaches over tickets: by scopes, to what a ticket is found by."""

from collections.abc import Collection

from casewright.access.roles import ALL, DEPARTMENT, OWN, QUEUES, TEAM
from casewright.swift_dataclass import dataclass

PARTY, WATCHER, AT_DEPARTMENT, IN_QUEUE = "party", "watcher", "department", "queue"
"""By what a ticket is reached: who is a party to it, who watches it, which department it is with, its queue."""
HIDDEN = "hidden"
"""Who may never see it, whatever else it is reached by."""
RESERVED = "reserved"
"""For which roles it is: who has none of them sees it only as a party to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which tickets are reached: all, or those to which one of `people` is a party, at a department, in a queue.

    Or those that one of `watchers` watches. Never one that is hidden from `name`, whatever else holds; nor one that is reserved for
    other roles than `roles`, unless `name` is a party to it. None of them keeps anything from whose `roles` are None.
    """

    name: str
    everything: bool = False
    people: frozenset[str] = frozenset()
    watchers: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    roles: frozenset[str] | None = None

    @property
    def places(self) -> frozenset[tuple[str, str]]:
        """What it reaches tickets by, pairs of kind and name; where it reaches all, they say nothing."""
        return frozenset(
            (kind, name)
            for kind, names in (
                (PARTY, self.people),
                (WATCHER, self.watchers),
                (AT_DEPARTMENT, self.departments),
                (IN_QUEUE, self.queues),
            )
            for name in names
        )

    @property
    def nothing(self) -> bool:
        """Whether no ticket at all is reached."""
        return not (self.everything or self.places)

    def covers(self, places: Collection[tuple[str, str]]) -> bool:
        """Return whether a ticket that is found by `places`, pairs of kind and name, is reached."""
        if (HIDDEN, self.name) in places or self._is_reserved(places):
            return False
        return self.everything or not self.places.isdisjoint(places)

    def _is_reserved(self, places: Collection[tuple[str, str]]) -> bool:
        """Return whether a ticket found by `places` is for others."""
        roles = {name for kind, name in places if kind == RESERVED}
        return bool(
            roles
            and self.roles is not None
            and self.roles.isdisjoint(roles)
            and (PARTY, self.name) not in places
        )


def reach(
    name: str,
    scopes: Collection[str],
    *,
    stands_for: Collection[str],
    team: Collection[str],
    department: str,
    queues: Collection[str],
    watching: bool = False,
    roles: Collection[str] | None = None,
) -> Reach:
    """Return what a permission that is held in `scopes` reaches.

    `stands_for` are the person and those they are deputy of now, `team` who is in their team. A department's
    scope reaches what is at the department, not whatever a colleague has a part in: the head who answers for a complaint
    does not show it to the others. Whoever watches a ticket has no part in it: that serves where the permission is for
    `watching`, and held for one's own.
    """
    people: set[str] = set()
    if OWN in scopes or TEAM in scopes or DEPARTMENT in scopes:
        people |= set(stands_for)
    if TEAM in scopes:
        people |= set(team)
    return Reach(
        name=name,
        everything=ALL in scopes,
        people=frozenset(people),
        watchers=frozenset(stands_for if watching and OWN in scopes else ()),
        departments=frozenset({department} - {""} if DEPARTMENT in scopes else ()),
        queues=frozenset(queues if QUEUES in scopes else ()),
        roles=None if roles is None else frozenset(roles),
    )
