"""Commands about the staff: who they are, what they may do, how they are reached."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casewright.addresses import chat_fault, email_fault, phone_fault
from casewright.bilingual import LANGUAGES
from casewright.commands import SavePerson
from casewright.desk.names import must_be_a_name
from casewright.desk.transaction import Library
from casewright.errors import CommandRefused, Message, NotFound, message
from casewright.model import SYSTEM, Person
from casewright.nearest import hint
from casewright.store import configuration
from casewright.store.configuration import Configuration
from casewright.store.database import Database

PEOPLE = SavePerson.permission
CUSTOMER = "customer"
"""What `customer` says in a workflow; somebody called so would pass for one."""
_KEPT = (
    "en", "zh", "roles", "team", "department", "active", "phone", "email", "chat", "language", "deputy",
)  # fmt: skip


def save_person(
    database: Database, library: Library, command: SavePerson, now: datetime
) -> None:
    """Add a member of staff, or change what the command says about one; CommandRefused."""
    must_be_a_name(command.name)
    if command.name in (SYSTEM, CUSTOMER):
        raise CommandRefused(reason=message("nobody can be called '{name}'", name=command.name))
    settings = library.configuration()
    if command.only_new and command.name in settings.people:
        template = "{name} is on the staff already: `casewright user edit {name}` changes them"
        raise CommandRefused(reason=message(template, name=command.name))
    given = {name: value for name in _KEPT if (value := getattr(command, name)) is not None}
    for name in _FAULTS.keys() & given.keys():
        if fault := given[name] and _FAULTS[name](given[name], command.name, settings):
            raise CommandRefused(reason=fault)
    person = _changed(settings.people.get(command.name), command.name, given)
    _must_have_a_phone_of_their_own(settings, person)
    _must_leave_an_administrator(settings, person)
    configuration.save_person(database, person)


def person_of(settings: Configuration, name: str) -> Person:
    """Return somebody on the staff; NotFound."""
    person = settings.people.get(name)
    if person is None:
        raise NotFound(kind=message("person"), name=name, hint=hint(name, settings.people))
    return person


def deputy_fault(deputy: str, name: str, settings: Configuration) -> Message | None:
    """Return what keeps `deputy` from standing in for `name`, or None when nothing does."""
    if deputy == name:
        return message("nobody stands in for themselves; name somebody else as deputy")
    known = settings.people.get(deputy)
    if known is None:
        return message(
            "the deputy '{deputy}' is not on the staff{hint}",
            deputy=deputy,
            hint=hint(deputy, settings.people),
        )
    if not known.active:
        return message("the deputy '{deputy}' is no longer active; name another", deputy=deputy)
    return None


def _changed(before: Person | None, name: str, given: Mapping[str, Any]) -> Person:
    person = replace(before or Person(name=name, en="", zh=""), **given)
    en = person.en or name
    return replace(person, en=en, zh=person.zh or en, roles=frozenset(person.roles))


def _role_fault(roles: tuple[str, ...], name: str, settings: Configuration) -> Message | None:
    known = settings.roles
    unknown = next((role for role in roles if role not in known), None)
    if unknown is None:
        return None
    return message("unknown role '{role}'{hint}", role=unknown, hint=hint(unknown, known))


def _language_fault(language: str, name: str, settings: Configuration) -> Message | None:
    if language in LANGUAGES:
        return None
    return message("'{language}' is no language of casewright: en or zh", language=language)


def _must_have_a_phone_of_their_own(settings: Configuration, person: Person) -> None:
    """Raise CommandRefused when somebody else active has the number: replies by SMS are told apart by it."""
    if not person.phone or not person.active:
        return
    for one in settings.people.values():
        if one.phone == person.phone and one.active and one.name != person.name:
            reason = message(
                "{phone} is the number of {person}; replies by SMS are told apart by it, so it can be nobody else's",
                phone=person.phone,
                person=one.name,
            )
            raise CommandRefused(reason=reason)


def _must_leave_an_administrator(settings: Configuration, person: Person) -> None:
    """Raise CommandRefused when nobody could let anybody in again after this change."""

    def administers(one: Person) -> bool:
        roles = (settings.roles[role] for role in one.roles if role in settings.roles)
        return one.active and any(role.allows(PEOPLE) for role in roles)

    before = [one.name for one in settings.people.values() if administers(one)]
    if before == [person.name] and not administers(person):
        name = person.name
        raise CommandRefused(
            reason=message(
                "{person} is the only one who may change the staff; let somebody else first",
                person=name,
            )
        )


Fault = Callable[[Any, str, Configuration], Message | None]

_FAULTS: Mapping[str, Fault] = {
    "roles": _role_fault,
    "phone": lambda phone, name, settings: phone_fault(phone),
    "email": lambda email, name, settings: email_fault(email),
    "chat": lambda chat, name, settings: chat_fault(chat),
    "language": _language_fault,
    "deputy": deputy_fault,
}
"""By attribute of a person: what keeps a value that is not empty from being one."""
