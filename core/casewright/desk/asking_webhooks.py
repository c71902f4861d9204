"""Answers about other systems that are told of events."""

from datetime import datetime
from typing import TYPE_CHECKING

from casewright import queries
from casewright.answers import DeadLetter, DeadLetterPage, WebhookStanding
from casewright.clock import from_microseconds
from casewright.store import codec, details, webhooks
from casewright.store.damage import UNREADABLE

if TYPE_CHECKING:
    from casewright.desk.asking import Asking


def list_webhooks(asking: "Asking", query: queries.ListWebhooks) -> tuple[WebhookStanding, ...]:
    """How all stand that a worker has begun to tell, by name."""
    return tuple(
        WebhookStanding(
            name=one.name,
            began_at=from_microseconds(one.began_at),
            delivered_at=None
            if one.delivered_at is None
            else from_microseconds(one.delivered_at),
            behind=one.behind,
            waiting=one.waiting,
            waiting_since=None if one.oldest is None else from_microseconds(one.oldest),
            dead=one.dead,
            error=details.read(one.error),
        )
        for one in webhooks.standings(asking.database)
    )


def list_dead_letters(asking: "Asking", query: queries.ListDeadLetters) -> DeadLetterPage:
    """A page of the events that were given up; nothing of a customer is in them."""
    limit = max(1, min(query.limit, queries.LARGEST_PAGE))
    found = webhooks.dead(
        asking.database, name=query.webhook, after=query.after, limit=limit + 1
    )
    page = found[:limit]
    if len(found) <= limit:
        return DeadLetterPage(letters=tuple(map(_letter, page)), after=None)
    last = page[-1].event
    # The next page begins behind an event: so all letters about the last one stand on this page.
    page = [one for one in page if one.event != last]
    page += webhooks.dead(asking.database, name=query.webhook, event=last)
    return DeadLetterPage(letters=tuple(map(_letter, page)), after=last)


def _letter(one: webhooks.Letter) -> DeadLetter:
    return DeadLetter(
        webhook=one.webhook,
        event=one.event,
        ticket=one.ticket,
        at=_at(one),
        attempts=one.attempts,
        since=from_microseconds(one.begun_at),
        error=details.read(one.detail),
    )


def _at(one: webhooks.Letter) -> datetime:
    """Return when it happened; of an event that is spoilt, since when it was to be told."""
    try:
        return codec.unseal(one.body, None).at
    except UNREADABLE:
        return from_microseconds(one.begun_at)
