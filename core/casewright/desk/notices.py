"""What staff and providers say about notices without touching a ticket: seen, send it again, a receipt."""

from collections.abc import Mapping
from datetime import datetime

from casewright.clock import to_microseconds
from casewright.commands import ReleaseNotices, RetryNotice, SeeNotices
from casewright.desk.library import Library
from casewright.errors import NotFound, NoticeRefused, message
from casewright.store import held, notices
from casewright.store.database import Database
from casewright.store.notices import GIVEN_UP, StoredNotice


def see(database: Database, library: Library, command: SeeNotices, now: datetime) -> None:
    """Note that notices were seen by whom they are for; what was seen before stays so."""
    for number in command.notices:
        notice = _known(database, number)
        if notice.recipient != command.actor:
            reason = message("it was sent to somebody else")
            raise NoticeRefused(notice=number, reason=reason)
        notices.advance(database, notice, "seen", to_microseconds(now))


def retry(database: Database, library: Library, command: RetryNotice, now: datetime) -> None:
    """Let a notice that was given up begin anew, as a delivery of its own."""
    notice = _known(database, command.notice)
    if notice.state not in GIVEN_UP:
        reason = message(
            "it was not given up; only what is dead, rejected or expired is sent again"
        )
        raise NoticeRefused(notice=command.notice, reason=reason)
    notices.retry(database, notice, to_microseconds(now))


def release(
    database: Database, library: Library, command: ReleaseNotices, now: datetime
) -> Mapping[str, str]:
    """Send notices that are held for review, or drop them: all whose ticket is not hidden from the actor, unless some are named."""
    moment = to_microseconds(now)
    numbers = command.notices or held.all_held(database, command.actor)
    for number in dict.fromkeys(numbers):
        if _known(database, number).state != held.HELD:
            reason = message("it is not held; only what is held is released")
            raise NoticeRefused(notice=number, reason=reason)
        then = held.release if command.send else held.drop
        then(database, number, moment)
    return {"notices": str(len(numbers))}


def _known(database: Database, number: int) -> StoredNotice:
    notice = notices.get(database, number)
    if notice is None:
        raise NotFound(kind=message("notice"), name=str(number), hint=message(""))
    return notice
