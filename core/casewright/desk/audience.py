"""Whom an announcement is for: `everybody`, `role:x`, `team:x`, `department:x` and `user:x`."""

from collections.abc import Iterable

from casewright.errors import Message, message
from casewright.model import Person
from casewright.nearest import hint

EVERYBODY = "everybody"


def groups_of(person: Person) -> frozenset[str]:
    """Return every group that somebody is in."""
    groups = {EVERYBODY, f"user:{person.name}", *(f"role:{role}" for role in person.roles)}
    if person.team:
        groups.add(f"team:{person.team}")
    if person.department:
        groups.add(f"department:{person.department}")
    return frozenset(groups)


def addressed(person: Person, groups: Iterable[str]) -> bool:
    """Return whether somebody is in one of the groups."""
    return not groups_of(person).isdisjoint(groups)


def group_fault(group: str, staff: Iterable[Person]) -> Message | None:
    """Return what keeps `group` from being read by anybody who is active, or None when nothing does."""
    known = {one for person in staff if person.active for one in groups_of(person)}
    if group in known:
        return None
    return message(
        "'{group}' is no group that anybody active is in{hint}",
        group=group,
        hint=hint(group, sorted(known)),
    )
