"""Who works in the centre: those on the workspace's staff, those who are taken on beside them, and in which parts."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from casewright.model import Person
from casewright.swift_dataclass import dataclass

FRONT, COMPLAINTS, BACK, QUALITY = "front", "complaints", "back_office", "quality"
CONTACT_CENTRE = "contact_centre"
_TEAM = 12
_SENIOR = 6
NEEDED = (
    "agent", "senior_agent", "team_leader", "back_office_clerk", "dispatcher", "monitor", "complaint_handler",
    "complaint_manager", "centre_manager", "department_handler", "callback_agent", "administrator",
)  # fmt: skip
"""Roles without which the shipped workflows cannot be worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The people by what they do, each by login; `departments` are those who sign for work orders, by department."""

    agents: tuple[str, ...]
    people: Mapping[str, Person]
    roles: Mapping[str, tuple[str, ...]]
    departments: Mapping[str, tuple[str, ...]]

    def of(self, role: str) -> tuple[str, ...]:
        """Return those who hold a role."""
        return self.roles.get(role, ())

    def deputy(self, name: str) -> str:
        """Return who stands in for somebody; "" for nobody."""
        return self.people[name].deputy if name in self.people else ""


def missing_roles(people: Sequence[Person]) -> list[str]:
    """Return the roles that nobody active holds and the shipped workflows need."""
    held = {role for one in people if one.active for role in one.roles}
    return [one for one in NEEDED if one not in held]


def staff_of(people: Sequence[Person], agents: int) -> Staff:
    """Return the staff of a simulation, of whom so many are at the phone."""
    active = [one for one in people if one.active]
    roles: dict[str, list[str]] = {}
    departments: dict[str, list[str]] = {}
    for one in active:
        for role in sorted(one.roles):
            roles.setdefault(role, []).append(one.name)
        if one.roles & {"department_handler", "department_head"}:
            departments.setdefault(one.department, []).append(one.name)
    return Staff(
        agents=tuple(one.name for one in active if _is_at_the_phone(one))[:agents],
        people={one.name: one for one in active},
        roles={name: tuple(them) for name, them in roles.items()},
        departments={name: tuple(them) for name, them in departments.items()},
    )


def recruits(people: Sequence[Person], agents: int) -> Iterator[Person]:
    """Yield whom a workspace has to take on so that so many agents, and all whose work theirs makes, are there."""
    known = {one.name for one in people}
    there = sum(1 for one in people if one.active and _is_at_the_phone(one))
    for one in (*_front(agents - there), *_behind(agents, people)):
        if one.name not in known:
            yield one


def _is_at_the_phone(person: Person) -> bool:
    return "agent" in person.roles and not person.roles & {"team_leader", "administrator"}


def _front(number: int) -> Iterator[Person]:
    for count in range(1, number + 1):
        team = f"front_{3 + (count - 1) // _TEAM}"
        roles = {"agent", "senior_agent"} if count % _SENIOR == 0 else {"agent"}
        queues = ("inquiries", "services")
        yield _recruit(f"agent_{count:03}", "Agent", "座席", count, roles, team, queues=queues)
        if count % _TEAM == 1:
            leads = {"agent", "team_leader"}
            place = (count - 1) // _TEAM + 1
            yield _recruit(
                f"leader_{place:03}", "Team leader", "班长", place, leads, team, queues=queues
            )


def _behind(agents: int, people: Sequence[Person]) -> Iterator[Person]:
    """Yield who is taken on behind the phones, in proportion to the calls that are answered there."""
    for role, login, en, zh, team, each, queue in _BEHIND:
        there = sum(1 for one in people if one.active and role in one.roles)
        for count in range(1, ceil(agents / each) - there + 1):
            queues = (queue,) if queue else ()
            yield _recruit(
                f"{login}_{count:03}", en, zh, count, {role}, team, queues=queues, deputies=True
            )
    for department in sorted({one.department for one in people if one.department}):
        of_it = [one for one in people if one.active and one.department == department]
        there = sum(1 for one in of_it if "department_handler" in one.roles)
        if not there or department == CONTACT_CENTRE:
            continue
        for count in range(1, ceil(agents / _A_DEPARTMENT) - there + 1):
            name = f"{department[:30]}_{count:03}"
            roles = {"department_handler"}
            yield _recruit(name, department, department, count, roles, department, department)


_BEHIND = (
    ("complaint_handler", "handler", "Handler", "投诉专员", COMPLAINTS, 5, "complaints"),
    ("back_office_clerk", "clerk", "Clerk", "处理员", BACK, 2.5, "services"),
    ("callback_agent", "callback", "Callback agent", "回访员", QUALITY, 15, ""),
    ("dispatcher", "dispatcher", "Dispatcher", "派单员", BACK, 40, "dispatch"),
)
"""Role, login, how they are called, team, for how many agents there is one, and the queue that they serve."""
_A_DEPARTMENT = 25


def _recruit(
    name: str,
    en: str,
    zh: str,
    count: int,
    roles: set[str],
    team: str,
    department: str = CONTACT_CENTRE,
    *,
    queues: tuple[str, ...] = (),
    deputies: bool = False,
) -> Person:
    deputy = f"{name[:-3]}{count - 1:03}" if deputies and count > 1 else ""
    return Person(
        name=name,
        en=f"{en} {count}",
        zh=f"{zh}{count}",
        roles=frozenset(roles),
        team=team,
        department=department,
        queues=queues,
        deputy=deputy,
        email=f"{name}@example.org",
    )
