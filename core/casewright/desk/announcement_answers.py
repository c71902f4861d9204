"""Answers about announcements: those for oneself, all of them, and who has read one."""

from typing import TYPE_CHECKING

from casewright.answers import Announcement, AnnouncementReaders
from casewright.commands import PublishAnnouncement
from casewright.desk.announcing import known, unknown
from casewright.desk.audience import addressed
from casewright.errors import NotAllowed, message
from casewright.queries import GetAnnouncement, GetAnnouncementReaders, ListAnnouncements
from casewright.store import announcements

if TYPE_CHECKING:
    from casewright.desk.asking import Asking


def list_announcements(asking: "Asking", query: ListAnnouncements) -> tuple[Announcement, ...]:
    """Return those that hold now for the asker, or every one there ever was; NotAllowed."""
    if query.every:
        _must_publish(asking)
        return announcements.every(asking.database, reader=asking.asker.name)
    found = announcements.valid(asking.database, asking.now, reader=asking.asker.name)
    own = [one for one in found if addressed(asking.asker, one.to)]
    return tuple(sorted(own, key=lambda one: (one.read_at is not None, not one.pinned)))


def announcement(asking: "Asking", query: GetAnnouncement) -> Announcement:
    """Return one that is for the asker, or any to whoever publishes; NotFound."""
    found = known(asking.database, query.number, reader=asking.asker.name)
    own = addressed(asking.asker, found.to) and found.shown(asking.now)
    if not own and not _publishes(asking):
        raise unknown(query.number)
    return found


def announcement_readers(
    asking: "Asking", query: GetAnnouncementReaders
) -> AnnouncementReaders:
    """Return who has read one, and who of those it is for has not."""
    found = known(asking.database, query.number, reader=asking.asker.name)
    read = announcements.readings(asking.database, found.number)
    done = {person for person, _ in read}
    staff = asking.library.configuration().people.values()
    unread = (
        one.name
        for one in staff
        if one.active and one.name not in done and addressed(one, found.to)
    )
    return AnnouncementReaders(announcement=found, read=read, unread=tuple(unread))


def _publishes(asking: "Asking") -> bool:
    settings = asking.library.configuration()
    return settings.permits(asking.asker, PublishAnnouncement.permission)


def _must_publish(asking: "Asking") -> None:
    if not _publishes(asking):
        raise NotAllowed(
            actor=asking.asker.name,
            permission=PublishAnnouncement.permission,
            reason=message("none of the person's roles permits it"),
        )
