"""Attempts to hand deliveries to their channels: noted before they are made, and what came of them, each once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from casewright.clock import to_microseconds
from casewright.delivery.channel import (
    Accepted,
    Answer,
    Delivered,
    Failed,
    Outgoing,
    Rejected,
    Unknown,
    from_data,
)
from casewright.delivery.retry import LONGEST_WAIT, MOST_ATTEMPTS, next_attempt
from casewright.delivery.sayings import OWN
from casewright.desk import attachments
from casewright.desk.working import pace
from casewright.desk.working.site import Site
from casewright.errors import Message, message
from casewright.store import deliveries, details, notices
from casewright.store.damage import UNREADABLE
from casewright.store.database import Database
from casewright.store.deliveries import NEVER, StoredDelivery
from casewright.swift_dataclass import dataclass

ANSWER_WITHIN = timedelta(minutes=2)
"""An attempt of which nothing was heard for so long is made again; every channel's own limit is shorter."""
LONGEST_PAUSE = LONGEST_WAIT * 2
Looked = Literal["attempt", "held", "expired", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One attempt that is to be made now: which, over which channel, and what is handed over."""

    delivery: int
    attempt: int
    via: str
    outgoing: Outgoing


def begin(site: Site, free: Mapping[str, int]) -> list[Task]:
    """Note the attempts that are to be made now and return them, at most so many for each channel.

    A delivery whose receipt is overdue expires, one whose attempts are used up is dead.
    """
    tasks: list[Task] = []
    now = to_microseconds(site.now)
    for via in deliveries.channels_under_way(site.database, now):
        left = free.get(via, 0)
        for delivery in deliveries.under_way(
            site.database, now, via=via, limit=left + _LOOKED_AHEAD
        ):
            if left <= 0 and delivery.state != "accepted" and via in free:
                break
            task = _look(site, delivery)
            if task is not None:
                left -= 1
                tasks.append(task)
    return tasks


def conclude(site: Site, task: tuple[int, int], answer: Answer) -> bool:
    """Note what came of an attempt; return False when that was noted before.

    A late answer that is good counts, whatever was tried since; a late failure changes nothing.
    """
    number, attempt = task
    now = to_microseconds(site.now)
    outcome, said = _OUTCOMES[type(answer)], _said(answer)
    if not deliveries.end(site.database, number, attempt, now, outcome, details.written(said)):
        return False
    delivery = deliveries.get(site.database, number)
    waiting = delivery.state == "submitted" and delivery.attempts == attempt
    if waiting or (_is_good(answer) and delivery.state in ("queued", "submitted")):
        _PARTS[type(answer)](site, delivery, answer)
    return True


def settle(database: Database, delivery: StoredDelivery, now: datetime) -> None:
    """Bring a delivery, and the notices it carries, into the state that its parts are in."""
    states = {part.state for part in deliveries.parts(database, delivery.id)}
    failed = next((one for one in _PART_FAILED if one in states), None)
    if states == {"delivered"}:
        _arrive(database, delivery, "delivered", now)
    elif failed is not None and delivery.state in ("accepted", "submitted", "queued"):
        state, reason = _PART_FAILED[failed]
        _arrive(database, delivery, state, now, reason)


_LOOKED_AHEAD = 100
"""Deliveries looked at beyond those that can be sent: some are held, some expire."""


def _look(site: Site, delivery: StoredDelivery) -> Task | None:
    """Do what is due for a delivery; return the attempt that is to be made."""
    if delivery.state == "accepted":
        _arrive(
            site.database, delivery, "expired", site.now, message("no receipt came in time")
        )
        return None
    if delivery.attempts >= MOST_ATTEMPTS:
        _arrive(site.database, delivery, "dead", site.now, _used_up(delivery.attempts))
        return None
    if site.channel(delivery.via) is None:
        gone = message("there is no channel '{name}' in casewright.toml", name=delivery.via)
        _arrive(site.database, delivery, "dead", site.now, gone)
        return None
    moment = pace.earliest(
        site, recipient=delivery.recipient, via=delivery.via, but=delivery.id
    )
    if moment > site.now:
        deliveries.put(site.database, delivery.id, "queued", to_microseconds(moment))
        return None
    try:
        outgoing = _with_paths(site, from_data(delivery.handed))
    except UNREADABLE:
        spoilt = message("what was to be sent is not in the database as it was written")
        _arrive(site.database, delivery, "dead", site.now, spoilt)
        return None
    now = to_microseconds(site.now)
    attempt = deliveries.begin(site.database, delivery, now, now + _microseconds(ANSWER_WITHIN))
    notices.advance_all(site.database, delivery.id, "submitted", now)
    return Task(
        delivery=delivery.id,
        attempt=attempt,
        via=delivery.via,
        outgoing=outgoing,
    )


def _with_paths(site: Site, outgoing: Outgoing) -> Outgoing:
    """Return it with the place of each file that goes with it."""
    if not outgoing.enclosed:
        return outgoing
    folder = site.config.attachments
    enclosed = (
        replace(one, path=str(attachments.place(folder, one.digest)))
        for one in outgoing.enclosed
    )
    return replace(outgoing, enclosed=tuple(enclosed))


def _arrive(
    database: Database,
    delivery: StoredDelivery,
    state: str,
    now: datetime,
    reason: Message | None = None,
) -> None:
    """Bring a delivery and its notices into a state in which nothing more is done for it."""
    deliveries.put(database, delivery.id, state, NEVER)
    notices.advance_all(database, delivery.id, state, to_microseconds(now), reason)


def _accepted(site: Site, delivery: StoredDelivery, answer: Accepted) -> None:
    """The provider answers for it: receipts are waited for, if there can be any."""
    now = to_microseconds(site.now)
    within = _microseconds(site.config.worker.receipt_within)
    until = now + within if answer.provider_ids and answer.awaited else NEVER
    deliveries.put(site.database, delivery.id, "accepted", until)
    notices.advance_all(site.database, delivery.id, "accepted", now)
    deliveries.name_parts(site.database, delivery, answer.provider_ids, now)
    if answer.provider_ids:
        settle(site.database, deliveries.get(site.database, delivery.id), site.now)


def _unknown(site: Site, delivery: StoredDelivery, answer: Unknown) -> None:
    _arrive(site.database, delivery, "unknown", site.now, _said(answer))


def _delivered(site: Site, delivery: StoredDelivery, answer: Delivered) -> None:
    _arrive(site.database, delivery, "delivered", site.now)


def _rejected(site: Site, delivery: StoredDelivery, answer: Rejected) -> None:
    if answer.permanent:
        _arrive(site.database, delivery, "rejected", site.now, _said(answer))
    else:
        _again(site, delivery, _said(answer))


def _failed(site: Site, delivery: StoredDelivery, answer: Failed) -> None:
    _again(site, delivery, _said(answer))


def _again(site: Site, delivery: StoredDelivery, reason: Message | None) -> None:
    """Try again later, or give up after the last attempt."""
    moment = next_attempt(delivery.key, attempt=delivery.attempts, at=site.now)
    if moment is None:
        _arrive(site.database, delivery, "dead", site.now, reason)
        return
    deliveries.put(site.database, delivery.id, "queued", to_microseconds(moment))
    now = to_microseconds(site.now)
    notices.advance_all(site.database, delivery.id, "queued", now, reason)


def _used_up(attempts: int) -> Message:
    return message("it was tried {attempts} times", attempts=attempts)


def _said(answer: Answer) -> Message | None:
    text = getattr(answer, "reason", "") or getattr(answer, "detail", "")
    return (OWN.get(text) or details.said_by_others(text)) if text else None


def _is_good(answer: Answer) -> bool:
    return isinstance(answer, Accepted | Unknown | Delivered)


_OUTCOMES: Mapping[type[Answer], str] = {
    Accepted: "accepted",
    Unknown: "unknown",
    Delivered: "delivered",
    Rejected: "rejected",
    Failed: "failed",
}
_PARTS: Mapping[type[Answer], Callable[..., None]] = {
    Accepted: _accepted,
    Unknown: _unknown,
    Delivered: _delivered,
    Rejected: _rejected,
    Failed: _failed,
}
_PART_FAILED: Mapping[str, tuple[str, Message]] = {
    "rejected": ("rejected", message("the provider rejected it afterwards")),
    "undelivered": ("dead", message("the provider could not deliver it")),
    "expired": ("expired", message("the provider gave up delivering it")),
}


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
