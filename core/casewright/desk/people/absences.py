"""Commands about absences: when somebody is away, and who stands in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from casewright.commands import EndAbsence, SetAbsence
from casewright.desk.library import Library
from casewright.desk.moments import in_utc
from casewright.desk.people.staff import deputy_fault, person_of
from casewright.errors import CommandRefused, message
from casewright.model import Absence, Person
from casewright.store import configuration
from casewright.store.database import Database


def set_absence(
    database: Database, library: Library, command: SetAbsence, now: datetime
) -> None:
    """Note an absence, in the place of what was noted for the same time; CommandRefused."""
    settings = library.configuration()
    person = person_of(settings, command.name)
    absence = Absence(
        start=in_utc(command.start) if command.start else now,
        end=in_utc(command.end) if command.end else None,
        deputy=person.deputy if command.deputy is None else command.deputy,
    )
    if absence.end is not None and absence.end <= max(absence.start, now):
        reason = message("an absence ends after it begins, and not in the past")
        raise CommandRefused(reason=reason)
    if absence.deputy and (fault := deputy_fault(absence.deputy, person.name, settings)):
        raise CommandRefused(reason=fault)
    _must_leave_somebody(settings.people, person.name, absence, now)
    _save(database, person, (*_outside(person.absences, absence), absence))


def end_absence(
    database: Database, library: Library, command: EndAbsence, now: datetime
) -> None:
    """End the absence that lasts, or give up the next that is planned; CommandRefused when there is neither."""
    settings = library.configuration()
    person = person_of(settings, command.name)
    lasting = [one for one in person.absences if one.end is None or one.end > now]
    if not lasting:
        reason = message("{person} is not away, and no absence is planned", person=person.name)
        raise CommandRefused(reason=reason)
    gone = _first_stretch(lasting)
    kept = [one for one in person.absences if one not in gone]
    if gone[0].start < now:
        kept.append(replace(gone[0], end=now))
    _save(database, person, kept)


def _must_leave_somebody(
    people: Mapping[str, Person], name: str, absence: Absence, now: datetime
) -> None:
    """Raise CommandRefused when all who would stand in for each other are away at the same time."""
    ahead = replace(absence, start=max(absence.start, now))
    if circle := _circle(people, ahead, (name,)):
        reason = message(
            "nobody is left who stands in: {people} are each other's deputies and away at the same time; "
            "name another deputy, or none",
            people=circle,
        )
        raise CommandRefused(reason=reason)


def _circle(
    people: Mapping[str, Person], absence: Absence, way: tuple[str, ...]
) -> tuple[str, ...]:
    """Follow deputies who are away meanwhile; return the way when it comes back to somebody on it, else ()."""
    deputy = people.get(absence.deputy)
    if deputy is None:
        return ()
    if deputy.name in way:
        return way
    found = (
        _circle(people, span, (*way, deputy.name)) for span in _shared(absence, deputy.absences)
    )
    return next(filter(None, found), ())


def _shared(absence: Absence, others: tuple[Absence, ...]) -> Iterator[Absence]:
    """Yield the parts of the other absences that lie in `absence`."""
    for one in others:
        start = max(absence.start, one.start)
        ends = [end for end in (absence.end, one.end) if end is not None]
        if not ends or start < min(ends):
            yield replace(one, start=start, end=min(ends, default=None))


def _outside(absences: tuple[Absence, ...], new: Absence) -> Iterator[Absence]:
    """Yield what is left of the absences before and after the new one."""
    for one in absences:
        if one.start < new.start:
            ends = [end for end in (one.end, new.start) if end is not None]
            yield replace(one, end=min(ends))
        if new.end is not None and (one.end is None or one.end > new.end):
            yield replace(one, start=max(one.start, new.end))


def _first_stretch(absences: list[Absence]) -> list[Absence]:
    """Return the first of the absences, and those that follow it without a day's work between."""
    stretch = absences[:1]
    for one in absences[1:]:
        if one.start == stretch[-1].end:
            stretch.append(one)
    return stretch


def _save(database: Database, person: Person, absences: Iterable[Absence]) -> None:
    noted = tuple(sorted(absences, key=lambda one: one.start))
    configuration.save_person(database, replace(person, absences=noted))
