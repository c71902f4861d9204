"""Answers about notices and timers: those of tickets that the asker may see."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from casewright import queries
from casewright.answers import (
    DeliveryAttempt,
    DeliveryPart,
    Notice,
    NoticeHop,
    NoticePage,
    NoticeStory,
    Timer,
)
from casewright.bilingual import Bilingual
from casewright.clock import from_microseconds, to_microseconds
from casewright.desk.transaction import situation
from casewright.desk.zones import zone_name
from casewright.engine import parties
from casewright.errors import CommandRefused, DatabaseDamaged, NotFound, message
from casewright.queries import LARGEST_PAGE
from casewright.store import deliveries, details, inbox, notices
from casewright.store.inbox import MOST_ATTEMPTS, Waiting
from casewright.store.notices import StoredNotice

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

TIMER_STATES = ("open", "due", "failed")
SHOWN_DIGITS = 4
"""So much of an address's end is shown: enough to know it again."""


def notice_page(asking: "Asking", query: queries.ListNotices) -> NoticePage:
    """A page from which those of tickets that the asker may not see are left out; it may then be a short one."""
    if query.ticket is not None:
        asking.visible(query.ticket)
    limit = max(1, min(query.limit, LARGEST_PAGE))
    found = notices.fitting(
        asking.database,
        state=query.state,
        recipient=asking.asker.name if query.mine else None,
        ticket=query.ticket,
        before=query.after,
        limit=limit + 1,
    )
    page, seeing = found[:limit], _Seeing(asking)
    return NoticePage(
        notices=tuple(_notice(one) for one in page if seeing.ticket(one.ticket)),
        after=page[-1].id if len(found) > limit else None,
    )


def notice_story(asking: "Asking", query: queries.GetNotice) -> NoticeStory:
    """A notice with every hop, every attempt and every part, so that it can be proved when somebody was told."""
    stored = notices.get(asking.database, query.notice)
    if stored is None or not _Seeing(asking).ticket(stored.ticket):
        raise NotFound(kind=message("notice"), name=str(query.notice), hint=message(""))
    hops = tuple(
        NoticeHop(
            state=hop.state, at=from_microseconds(hop.at), detail=details.read(hop.detail)
        )
        for hop in notices.hops(asking.database, stored)
    )
    if stored.delivery_id is None:
        return NoticeStory(notice=_notice(stored), hops=hops)
    handed = deliveries.get(asking.database, stored.delivery_id).handed
    return NoticeStory(
        notice=_notice(stored),
        hops=hops,
        address=_masked(handed["address"]),
        text=handed["text"],
        carried=notices.count_in(asking.database, stored.delivery_id),
        attempts=tuple(_attempts(asking, stored.delivery_id)),
        parts=tuple(_parts(asking, stored.delivery_id)),
    )


def timers(asking: "Asking", query: queries.ListTimers) -> tuple[Timer, ...]:
    """The timers of tickets that the asker may see, the next one first."""
    if query.state not in TIMER_STATES:
        reason = message("a timer is one of: {states}", states=TIMER_STATES)
        raise CommandRefused(reason=reason)
    if query.ticket is not None:
        asking.visible(query.ticket)
    limit = max(1, min(query.limit, LARGEST_PAGE))
    now = to_microseconds(asking.now)
    found = list(
        inbox.waiting(
            asking.database, failed=query.state == "failed", ticket=query.ticket, limit=limit
        )
    )
    if query.state != "failed" and len(found) < limit:
        found += inbox.open_timers(
            asking.database,
            until=now if query.state == "due" else None,
            ticket=query.ticket,
            limit=limit - len(found),
        )
    if query.state == "due":
        found = [one for one in found if one.due_at <= now]
    seeing = _Seeing(asking)
    return tuple(_timer(one, now, seeing) for one in found if seeing.timer(one.key))


class _Seeing:
    """What the asker may see of tickets, each looked up once."""

    def __init__(self, asking: "Asking") -> None:
        self._asker, self._site = asking.asker.name, asking.zone
        self._seen, self._tickets = situation(
            asking.database, asking.library, actor=asking.asker, now=asking.now
        )

    def ticket(self, key: str) -> bool:
        """Return whether the asker may see the ticket; one that cannot be read is seen by nobody."""
        try:
            return not parties.kept_from(self._asker, self._tickets.get(key), self._seen)
        except DatabaseDamaged:
            return False

    def timer(self, key: str) -> bool:
        """Return whether the asker may see that the ticket waits: where it is spoilt, somebody must."""
        try:
            self._tickets.get(key)
        except DatabaseDamaged:
            return True
        return self.ticket(key)

    def zone(self, key: str) -> str:
        """Return the zone in which the ticket's times are told."""
        try:
            workflow = self._seen.pinned(self._tickets.get(key).bundle).workflow
            calendar = self._seen.calendars.calendar(workflow.calendar)
        except (DatabaseDamaged, NotFound):
            return ""
        return zone_name(self._site, calendar)


def _notice(stored: StoredNotice) -> Notice:
    said = stored.said
    author = said.get("message")
    return Notice(
        number=stored.id,
        ticket=stored.ticket,
        recipient=stored.recipient,
        via=stored.via,
        reason=stored.reason,
        state=stored.state,
        created_at=from_microseconds(stored.created_at),
        send_at=from_microseconds(stored.send_at),
        due=None if stored.due_at is None else from_microseconds(stored.due_at),
        message=Bilingual(en=author["en"], zh=author["zh"]) if author else None,
        promise=said.get("promise", ""),
        run=said.get("run", 0),
        threshold=said.get("threshold", ""),
        occurrence=said.get("occurrence", 0),
        stands_for=said.get("stands_for", ""),
    )


def _attempts(asking: "Asking", delivery: int) -> Iterable[DeliveryAttempt]:
    for one in deliveries.attempts(asking.database, delivery):
        yield DeliveryAttempt(
            number=one.number,
            at=from_microseconds(one.at),
            ended_at=None if one.ended_at is None else from_microseconds(one.ended_at),
            outcome=one.outcome,
            detail=details.read(one.detail),
        )


def _parts(asking: "Asking", delivery: int) -> Iterable[DeliveryPart]:
    for one in deliveries.parts(asking.database, delivery):
        yield DeliveryPart(
            provider_id=one.provider_id, state=one.state, at=from_microseconds(one.at)
        )


def _timer(waiting: Waiting, now: int, seeing: _Seeing) -> Timer:
    if waiting.attempts >= MOST_ATTEMPTS:
        state = "failed"
    else:
        state = "due" if waiting.due_at <= now else "open"
    return Timer(
        ticket=waiting.key,
        name=waiting.name,
        due_at=from_microseconds(waiting.due_at),
        zone=seeing.zone(waiting.key),
        state=state,
        attempts=waiting.attempts,
        next_at=from_microseconds(waiting.next_at) if waiting.attempts else None,
        error=details.read(waiting.error),
    )


def _masked(address: str) -> str:
    shown = address[-SHOWN_DIGITS:] if len(address) > SHOWN_DIGITS * 2 else ""
    return "*" * (len(address) - len(shown)) + shown
