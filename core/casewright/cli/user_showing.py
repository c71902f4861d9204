"""`casewright user list` and `show`: the staff, how they are reached, who is away and who stands in."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given
from casewright.cli.output import pad, table, width
from casewright.cli.reading import Reader, known_roles
from casewright.cli.session import Session
from casewright.clock import SystemClock
from casewright.errors import Message, NotFound, message
from casewright.model import Absence, Person
from casewright.nearest import hint
from casewright.queries import ListPeople
from casewright.texts import text


def people(session: Session, *, role: str | None = None) -> Mapping[str, Person]:
    """Return the staff by login name."""
    found = session.desk.ask(ListPeople(actor=session.actor, role=role))
    return {one.name: one for one in found}


def person_named(session: Session, name: str) -> Person:
    """Return one member of staff; NotFound."""
    known = people(session)
    if name not in known:
        raise NotFound(kind=message("person"), name=name, hint=hint(name, known))
    return known[name]


def list_people(session: Session, given: Given) -> Answer:
    """Answer with the staff."""
    texts, now = session.texts, SystemClock().now()
    staff = people(session, role=given.text("role")).values()
    found = [one for one in staff if one.absent(now) or not given.flag("away")]
    titles = [
        texts.text(one)
        for one in (
            text("login"),
            text("name"),
            text("roles"),
            text("department"),
            text("now"),
        )
    ]
    return Answer(
        document={"users": [_document(one, now) for one in found]},
        lines=table(titles, list(_rows(session, found, now)), whole=(1,))
        if found
        else [texts.text("Nobody fits.")],
    )


def show(session: Session, given: Given) -> Answer:
    """Answer with one member of staff."""
    now = SystemClock().now()
    person = person_named(session, given.needed("name"))
    facts = [
        (session.texts.text(title), value)
        for title, value in _facts(session, person, now)
        if value
    ]
    wide = max(width(title) for title, _ in facts)
    return Answer(
        document={"user": _document(person, now)},
        lines=[f"{pad(title, wide)}  {value}" for title, value in facts],
    )


def absence_told(session: Session, absence: Absence) -> Message:
    """Return when an absence is and who stands in: `from .. until ..; .. stands in`."""
    times: dict[str, object] = {"start": absence.start, "end": absence.end}
    if not absence.deputy:
        alone = message("from {start} until further notice; nobody stands in", **times)
        return (
            message("from {start} until {end}; nobody stands in", **times)
            if absence.end
            else alone
        )
    times["deputy"] = Reader(session).person(absence.deputy)
    if absence.end is None:
        return message("from {start} until further notice; {deputy} stands in", **times)
    return message("from {start} until {end}; {deputy} stands in", **times)


def absence_document(absence: Absence) -> dict[str, Any]:
    """Return an absence as JSON has it."""
    return {
        "from": absence.start.isoformat(),
        "until": absence.end.isoformat() if absence.end else None,
        "deputy": absence.deputy or None,
    }


def _document(person: Person, now: datetime) -> dict[str, Any]:
    return {
        "name": person.name,
        "en": person.en,
        "zh": person.zh,
        "roles": sorted(person.roles),
        "team": person.team,
        "department": person.department,
        "active": person.active,
        "phone": person.phone,
        "email": person.email,
        "chat": person.chat,
        "language": person.language,
        "deputy": person.deputy or None,
        "queues": list(person.queues),
        "calendar": person.calendar,
        "absent": person.absent(now),
        "stands_in": person.deputy_at(now) or None,
        "absences": [absence_document(one) for one in _to_come(person, now)],
    }


def _rows(
    session: Session, people: list[Person], now: datetime
) -> Iterator[tuple[object, ...]]:
    reader, texts, roles = Reader(session), session.texts, _role_titles(session)
    for one in people:
        yield (
            one.name,
            reader.words_of(one),
            texts.listing(roles.get(role, role) for role in sorted(one.roles)),
            reader.department(one.department) if one.department else "",
            _standing(session, reader, one, now),
        )


def _standing(session: Session, reader: Reader, person: Person, now: datetime) -> str:
    """Return what keeps somebody from being given work now: that they left, or who stands in while they are away."""
    texts, absence = session.texts, person.absence_at(now)
    if not person.active:
        return texts.text("left")
    if absence is None:
        return ""
    if not absence.deputy:
        return texts.text("away")
    return texts.say("away: {deputy}", deputy=reader.calls(absence.deputy))


def _facts(session: Session, person: Person, now: datetime) -> Iterator[tuple[str, str]]:
    reader, texts, roles = Reader(session), session.texts, _role_titles(session)
    yield text("login"), person.name
    yield text("name"), reader.words_of(person)
    yield text("roles"), texts.listing(roles.get(one, one) for one in sorted(person.roles))
    yield text("team"), person.team
    yield text("department"), person.department
    yield text("phone"), person.phone
    yield text("email"), person.email
    yield text("chat"), person.chat
    yield text("language"), person.language
    yield text("deputy"), reader.person(person.deputy) if person.deputy else ""
    yield text("queues"), texts.listing(person.queues)
    yield text("calendar"), person.calendar
    yield text("active"), "" if person.active else texts.text("no")
    for one in _to_come(person, now):
        title = text("away") if one.covers(now) else text("will be away")
        yield title, texts.render(absence_told(session, one))


def _to_come(person: Person, now: datetime) -> list[Absence]:
    return [one for one in person.absences if one.end is None or one.end > now]


def _role_titles(session: Session) -> Mapping[str, str]:
    lang = session.texts.lang
    return {name: role.title.of(lang) for name, role in known_roles(session).items()}
