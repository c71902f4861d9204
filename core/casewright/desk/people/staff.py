"""Commands about the staff: who they are, what they may do, how they are reached."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casewright.access.roles import ALL
from casewright.addresses import chat_fault, email_fault, phone_fault
from casewright.bilingual import LANGUAGES
from casewright.commands import DecidePublication, SavePerson
from casewright.desk.library import Library
from casewright.desk.names import must_be_a_name, name_fault
from casewright.errors import CommandRefused, Message, NotFound, message
from casewright.model import SYSTEM, Person
from casewright.nearest import hint
from casewright.plain_text import LONGEST_TITLE, words_fault
from casewright.sla.calendar import ALWAYS
from casewright.store import configuration, sessions, tokens, workload
from casewright.store.configuration import Configuration
from casewright.store.database import Database

PEOPLE = SavePerson.permission
NO_LONGER = "no_longer_approves"
LEFT = "open_tickets"
CUSTOMER = "customer"
"""What `customer` says in a workflow; somebody called so would pass for one."""
MOST_QUEUES = 100
_KEPT = (
    "en", "zh", "roles", "team", "department", "active", "phone", "email", "chat", "language", "deputy",
    "queues", "calendar",
)  # fmt: skip


def save_person(
    database: Database, library: Library, command: SavePerson, now: datetime
) -> Mapping[str, str] | None:
    """Add a member of staff, or change what the command says about one; CommandRefused.

    Whoever may no longer approve publications is named in the answer, and so in the journal of commands; of somebody who
    is let in no more it says how many open tickets are left in their hands.
    """
    must_be_a_name(command.name)
    if command.name in (SYSTEM, CUSTOMER):
        raise CommandRefused(reason=message("nobody can be called '{name}'", name=command.name))
    settings = library.configuration()
    if command.only_new and command.name in settings.people:
        template = "{name} is on the staff already: `casewright user edit {name}` changes them"
        raise CommandRefused(reason=message(template, name=command.name))
    given = _given(command)
    for name in _FAULTS.keys() & given.keys():
        if fault := given[name] and _FAULTS[name](given[name], command.name, settings):
            raise CommandRefused(reason=fault)
    person = changed(settings, command)
    _must_have_a_phone_of_their_own(settings, person)
    _must_leave_an_administrator(settings, person)
    configuration.save_person(database, person)
    if not person.active:
        sessions.end_all(database, person.name)
        tokens.revoke_all(database, person.name, now)
    former = settings.people.get(person.name)
    ended = (
        former is not None and _approves(settings, former) and not _approves(settings, person)
    )
    answer = {NO_LONGER: person.name} if ended else {}
    if command.active is False and (left := workload.in_hand_of(database, person.name)):
        answer[LEFT] = str(left)
    return answer or None


def person_of(settings: Configuration, name: str) -> Person:
    """Return somebody on the staff; NotFound."""
    person = settings.people.get(name)
    if person is None:
        raise NotFound(kind=message("person"), name=name, hint=hint(name, settings.people))
    return person


def may_set_passwords(settings: Configuration, person: Person) -> bool:
    """Return whether somebody is active and may change how everybody signs in."""
    return person.active and ALL in settings.scopes(person, PEOPLE)


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


def changed(settings: Configuration, command: SavePerson) -> Person:
    """Return the person as the command makes them, unchecked."""
    before = settings.people.get(command.name) or Person(name=command.name, en="", zh="")
    person = replace(before, **_given(command))
    en = person.en or command.name
    return replace(person, en=en, zh=person.zh or en, roles=frozenset(person.roles))


def _approves(settings: Configuration, person: Person) -> bool:
    roles = (settings.roles[role] for role in person.roles if role in settings.roles)
    return person.active and any(role.allows(DecidePublication.permission) for role in roles)


def _title_fault(text: str) -> Message | None:
    return words_fault(text, LONGEST_TITLE, lines=False)


def _given(command: SavePerson) -> Mapping[str, Any]:
    return {name: value for name in _KEPT if (value := getattr(command, name)) is not None}


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


def _queues_fault(queues: tuple[str, ...]) -> Message | None:
    if len(queues) > MOST_QUEUES or len(set(queues)) < len(queues):
        return message("name each queue once, and at most {limit}", limit=MOST_QUEUES)
    return next((fault for one in queues if (fault := name_fault(one)) is not None), None)


def _calendar_fault(calendar: str, settings: Configuration) -> Message | None:
    if calendar == ALWAYS.name or calendar in settings.calendars:
        return None
    near = hint(calendar, settings.calendars)
    return message("there is no published calendar '{name}'{hint}", name=calendar, hint=near)


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

    name, former = person.name, settings.people.get(person.name)
    if former is None or administers(person) or not administers(former):
        return
    if not any(administers(one) for one in settings.people.values() if one.name != name):
        raise CommandRefused(
            reason=message(
                "{person} is the only one who may change the staff; let somebody else first",
                person=name,
            )
        )


Fault = Callable[[Any, str, Configuration], Message | None]

_FAULTS: Mapping[str, Fault] = {
    "en": lambda text, name, settings: _title_fault(text),
    "zh": lambda text, name, settings: _title_fault(text),
    "team": lambda text, name, settings: _title_fault(text),
    "department": lambda text, name, settings: _title_fault(text),
    "roles": _role_fault,
    "phone": lambda phone, name, settings: phone_fault(phone),
    "email": lambda email, name, settings: email_fault(email),
    "chat": lambda chat, name, settings: chat_fault(chat),
    "language": _language_fault,
    "deputy": deputy_fault,
    "queues": lambda queues, name, settings: _queues_fault(queues),
    "calendar": lambda calendar, name, settings: _calendar_fault(calendar, settings),
}
"""By attribute of a person: what keeps a value that is not empty from being one."""
