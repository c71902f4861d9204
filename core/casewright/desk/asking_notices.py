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
from casewright.desk.authorising import OfNotice, authorize
from casewright.desk.zones import zone_name
from casewright.errors import CommandRefused, DatabaseDamaged, NotFound, message
from casewright.masking import mask
from casewright.queries import LARGEST_PAGE
from casewright.store import deliveries, details, inbox, notices
from casewright.store.inbox import MOST_ATTEMPTS, Waiting
from casewright.store.notices import StoredNotice
from casewright.store.tickets import Tickets

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

TIMER_STATES = ("open", "due", "failed")


def notice_page(asking: "Asking", query: queries.ListNotices) -> NoticePage:
    """A page of the notices of tickets that the asker may see."""
    limit = max(1, min(query.limit, LARGEST_PAGE))
    found = notices.fitting(
        asking.database,
        state=query.state,
        recipient=asking.asker.name if query.mine else None,
        ticket=query.ticket,
        before=query.after,
        seen=asking.actor.among(query.permission),
        now=to_microseconds(asking.now),
        limit=limit + 1,
    )
    page = found[:limit]
    return NoticePage(
        notices=tuple(map(_notice, page)),
        after=page[-1].id if len(found) > limit else None,
    )


def notice_story(asking: "Asking", query: queries.GetNotice) -> NoticeStory:
    """A notice with every hop, every attempt and every part, so that it can be proved when somebody was told."""
    authorize(asking.actor, query.permission, OfNotice(query.notice))
    stored = notices.get(asking.database, query.notice)
    if stored is None:
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
    address, told = handed["address"], _is_told(asking, stored, stored.delivery_id)
    return NoticeStory(
        notice=_notice(stored),
        hops=hops,
        address=mask(address) if address else "",
        text=handed["text"] if told else "",
        withheld=not told,
        carried=notices.count_in(asking.database, stored.delivery_id),
        attempts=tuple(_attempts(asking, stored.delivery_id)),
        parts=tuple(_parts(asking, stored.delivery_id)),
    )


def _is_told(asking: "Asking", notice: StoredNotice, delivery: int) -> bool:
    """Return whether the asker may read a message: who got it, or who sees every ticket that it is about."""
    if notice.recipient == asking.asker.name:
        return True
    carried = {one.ticket for one in notices.of_delivery(asking.database, delivery)}
    return all(map(asking.actor.sees, sorted(carried)))


def timers(asking: "Asking", query: queries.ListTimers) -> tuple[Timer, ...]:
    """The timers of tickets that the asker may see, the next one first."""
    if query.state not in TIMER_STATES:
        reason = message("a timer is one of: {states}", states=TIMER_STATES)
        raise CommandRefused(reason=reason)
    limit = max(1, min(query.limit, LARGEST_PAGE))
    now, seen = to_microseconds(asking.now), asking.actor.among()
    until = now if query.state == "due" else None
    found = list(
        inbox.waiting(
            asking.database,
            failed=query.state == "failed",
            ticket=query.ticket,
            seen=seen,
            until=until,
            limit=limit,
        )
    )
    if query.state != "failed" and len(found) < limit:
        found += inbox.open_timers(
            asking.database,
            until=until,
            ticket=query.ticket,
            seen=seen,
            limit=limit - len(found),
        )
    zones = _Zones(asking)
    return tuple(_timer(one, now, zones) for one in found)


class _Zones:
    """In which zone the times of tickets are told."""

    def __init__(self, asking: "Asking") -> None:
        self._site, self._library = asking.zone, asking.library
        self._tickets = Tickets(asking.database, asking.now)

    def of(self, key: str) -> str:
        """Return the zone in which the ticket's times are told; "" where it cannot be read."""
        try:
            workflow = self._library.pinned(self._tickets.get(key).bundle).workflow
            calendar = self._library.calendar(workflow.calendar)
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


def _timer(waiting: Waiting, now: int, zones: _Zones) -> Timer:
    if waiting.attempts >= MOST_ATTEMPTS:
        state = "failed"
    else:
        state = "due" if waiting.due_at <= now else "open"
    return Timer(
        ticket=waiting.key,
        name=waiting.name,
        due_at=from_microseconds(waiting.due_at),
        zone=zones.of(waiting.key),
        state=state,
        attempts=waiting.attempts,
        next_at=from_microseconds(waiting.next_at) if waiting.attempts else None,
        error=details.read(waiting.error),
    )
