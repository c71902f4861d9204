"""Who has read a version: receipts, and groups that were asked to read it."""

from collections.abc import Mapping
from datetime import timedelta

from casewright import (
    CommandRefused,
    NotFound,
    Person,
    PluginDesk,
    hint,
    message,
)
from casewright_knowledge import stored, stored_readings, telling
from casewright_knowledge.answers import Reader, Readers
from casewright_knowledge.article import may_read
from casewright_knowledge.commands import AskToRead
from casewright_knowledge.moments import moment_of, number_of
from casewright_knowledge.queries import GetReaders
from casewright_knowledge.stored_readings import EVERYBODY, KINDS

SHOWN_FOR = timedelta(days=30)


def ask(desk: PluginDesk, command: AskToRead) -> Mapping[str, str]:
    """Announce an article to groups, and keep that they are to read it."""
    known = stored.article(desk.store, command.article)
    one = None if known is None else stored.version(desk.store, command.article, known.version)
    if known is None or one is None or not known.visible:
        raise NotFound(kind=message("article"), name=command.article, hint=message(""))
    if not command.who:
        raise CommandRefused(reason=message("say who is to read it"))
    people = stored_readings.staff(desk)
    to: dict[str, None] = {}
    for who in command.who:
        _must_be_a_group(who)
        _must_have_people(who, people)
        readers = [
            person.name
            for person in people.values()
            if stored_readings.belongs(person, who)
            and may_read(one.content, person.roles, all_of_them=False)
        ]
        if not readers:
            raise CommandRefused(reason=message("nobody of '{who}' may read it", who=who))
        stored_readings.ask(
            desk.store,
            known.article,
            one.version,
            who,
            person=desk.actor.name,
            at=number_of(desk.now),
        )
        to |= dict.fromkeys(readers)
    said = {
        "en": f"Please read {known.article}, version {one.version}.",
        "zh": f"请阅读知识 {known.article}，第 {one.version} 版。",
    }
    telling.announce(desk, one, said, to=to, until=desk.now + SHOWN_FOR)
    return {"version": str(one.version), "readers": str(len(to))}


def readers(desk: PluginDesk, query: GetReaders) -> Readers:
    """Return who of a group has read a version, those who have not first."""
    known = stored.article(desk.store, query.article)
    number = query.version or (known.version if known is not None else 0)
    one = stored.version(desk.store, query.article, number)
    if known is None or one is None:
        raise NotFound(kind=message("article"), name=query.article, hint=message(""))
    groups = (
        [query.who] if query.who else stored_readings.asked(desk.store, known.article, number)
    )
    staff = stored_readings.staff(desk)
    for who in groups:
        _must_be_a_group(who)
        _must_have_people(who, staff)
    read = stored_readings.readers(desk.store, known.article, number)
    found = [
        Reader(person=name, at=moment_of(read.get(name, 0)))
        for name, person in staff.items()
        if any(stored_readings.belongs(person, who) for who in groups)
        and may_read(one.content, person.roles, all_of_them=False)
    ]
    found.sort(key=lambda one: (one.at is not None, one.at, one.person))
    return Readers(
        article=known.article, version=number, who=", ".join(groups), readers=tuple(found)
    )


def _must_have_people(who: str, staff: Mapping[str, Person]) -> None:
    if not any(stored_readings.belongs(person, who) for person in staff.values()):
        raise CommandRefused(reason=message("there is nobody in '{who}'", who=who))


def _must_be_a_group(who: str) -> None:
    kind, colon, name = who.partition(":")
    if who == EVERYBODY or (kind in KINDS and colon and name):
        return
    known = (EVERYBODY, *(f"{one}:" for one in KINDS))
    reason = message("'{who}' is no group{hint}", who=who, hint=hint(who, known))
    raise CommandRefused(reason=reason)
