"""Commands about announcements: publishing, withdrawing, reading."""

from collections.abc import Mapping
from datetime import datetime

from casewright import bilingual
from casewright.answers import Announcement
from casewright.bilingual import Bilingual
from casewright.commands import PublishAnnouncement, ReadAnnouncement, WithdrawAnnouncement
from casewright.desk.audience import addressed, group_fault
from casewright.desk.library import Library
from casewright.desk.moments import in_utc
from casewright.errors import CommandRefused, NotFound, message
from casewright.store import announcements
from casewright.store.database import Database

LONGEST_TITLE = 100


def publish_announcement(
    database: Database, library: Library, command: PublishAnnouncement, now: datetime
) -> Mapping[str, str]:
    """Publish an announcement and return its number; CommandRefused when it says nothing, to nobody, or for no time."""
    _must_have_readers(library, command.to)
    start = in_utc(command.start) if command.start else now
    end = in_utc(command.end) if command.end else None
    if end is not None and end <= max(start, now):
        reason = message("an announcement ends after it begins, and not in the past")
        raise CommandRefused(reason=reason)
    announcement = Announcement(
        number=0,
        command_id=command.command_id,
        title=_title(command.title),
        text=_both(command.text),
        to=tuple(dict.fromkeys(command.to)),
        pinned=command.pinned,
        start=start,
        end=end,
        published_at=now,
        published_by=command.actor,
    )
    return {"number": str(announcements.insert(database, announcement))}


def withdraw_announcement(
    database: Database, library: Library, command: WithdrawAnnouncement, now: datetime
) -> None:
    """Take an announcement back; CommandRefused when it was taken back before."""
    found = known(database, command.number, reader=command.actor)
    if found.withdrawn_at is not None:
        reason = message("announcement {number} is withdrawn already", number=found.number)
        raise CommandRefused(reason=reason)
    announcements.withdraw(database, found.number, by=command.actor, at=now)


def read_announcement(
    database: Database, library: Library, command: ReadAnnouncement, now: datetime
) -> None:
    """Note that the actor has read an announcement; NotFound unless it is for the actor."""
    found = known(database, command.number, reader=command.actor)
    actor = library.configuration().get(command.actor)
    if actor is None or not addressed(actor, found.to) or not found.shown(now):
        raise unknown(command.number)
    announcements.read_by(database, found.number, person=actor.name, at=now)


def known(database: Database, number: int, *, reader: str) -> Announcement:
    """Return an announcement; NotFound."""
    found = announcements.get(database, number, reader=reader)
    if found is None:
        raise unknown(number)
    return found


def unknown(number: int) -> NotFound:
    """Return the refusal that there is no such announcement for whoever asks."""
    return NotFound(kind=message("announcement"), name=str(number), hint=message(""))


def _must_have_readers(library: Library, groups: tuple[str, ...]) -> None:
    if not groups:
        reason = message("say whom it is for: everybody, role:x, team:x, department:x, user:x")
        raise CommandRefused(reason=reason)
    staff = tuple(library.configuration().people.values())
    for group in groups:
        if fault := group_fault(group, staff):
            raise CommandRefused(reason=fault)


def _title(data: Mapping[str, str]) -> Bilingual:
    title = _both(data)
    if max(len(title.en), len(title.zh)) > LONGEST_TITLE:
        reason = message("a title has {limit} characters at most", limit=LONGEST_TITLE)
        raise CommandRefused(reason=reason)
    return title


def _both(data: Mapping[str, str]) -> Bilingual:
    if fault := bilingual.fault(dict(data)):
        raise CommandRefused(reason=fault)
    return bilingual.from_data(data)
