"""The staff of a workspace as its database knows it, to be put on a stage."""

from collections.abc import Iterable
from pathlib import Path

from casewright.clock import SystemClock
from casewright.commands import SavePerson, SetAbsence
from casewright.config import FILE, read_config
from casewright.desk import Desk, open_desk
from casewright.model import SYSTEM, Person
from casewright.queries import ListPeople

FEWEST = 2
"""One person alone is whoever founded the workspace; nothing can be rehearsed with them."""


def known_staff(root: Path) -> tuple[Person, ...]:
    """Return the staff of the workspace at `root`, empty where it has no database or only its founder."""
    if not (root / FILE).is_file():
        return ()
    config = read_config(root)
    if not config.database.exists():
        return ()
    with open_desk(config) as desk:
        people: tuple[Person, ...] = desk.ask_as_system(ListPeople(actor=SYSTEM))
    active = tuple(one for one in people if one.active)
    return active if len(active) >= FEWEST else ()


def add_known(desk: Desk, people: Iterable[Person]) -> None:
    """Put people on the staff of a desk, with their absences."""
    known = list(people)
    with desk.batch():
        for one in known:
            desk.execute_as_system(_person(one))
        for one in known:
            if one.deputy:
                deputy = SavePerson(actor=SYSTEM, name=one.name, deputy=one.deputy)
                desk.execute_as_system(deputy)
        for one in known:
            _absences(desk, one)


def _person(person: Person) -> SavePerson:
    return SavePerson(
        actor=SYSTEM,
        name=person.name,
        en=person.en,
        zh=person.zh,
        roles=tuple(sorted(person.roles)),
        team=person.team,
        department=person.department,
        phone=person.phone,
        email=person.email,
        chat=person.chat,
        language=person.language,
    )


def _absences(desk: Desk, person: Person) -> None:
    now = SystemClock().now()
    for absence in person.absences:
        if absence.end is not None and absence.end <= now:
            continue
        command = SetAbsence(
            actor=SYSTEM,
            name=person.name,
            start=absence.start,
            end=absence.end,
            deputy=absence.deputy,
        )
        desk.execute_as_system(command)
