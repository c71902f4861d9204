"""Answers about queues: pages of rows, how many there are, and what awaits the asker."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from casewright import compact_json
from casewright.answers import QueueCount, QueuePage, QueueRow, Summary
from casewright.bilingual import Bilingual
from casewright.clock import from_microseconds, to_microseconds
from casewright.desk.announcement_answers import list_announcements
from casewright.desk.authorising import READ
from casewright.desk.library import Library
from casewright.errors import CommandRefused, message
from casewright.masking import mask
from casewright.queries import (
    ORDERS,
    CountQueue,
    GetSummary,
    ListAnnouncements,
    ListQueue,
    Queue,
)
from casewright.store import deadlines, notices, queue_counts, queueing
from casewright.store.queueing import QueuedTicket

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

SUBJECT = "subject"
"""The field that says in a line what a ticket is about."""
_LARGEST = 2**63 - 1


def list_queue(asking: "Asking", query: ListQueue) -> QueuePage:
    """Return the rows from a place in a queue; CommandRefused where two places are named, or an order that there is not."""
    _must_be_sound(query, query.after, query.before)
    if sum((query.after is not None, query.before is not None, query.skip != 0)) > 1:
        reason = message(
            "a page of a queue begins at one place: name 'after', 'before' or 'skip'"
        )
        raise CommandRefused(reason=reason)
    now, reach = to_microseconds(asking.now), asking.actor.reach(READ)
    found = queueing.page(asking.database, query, now, reach, _team(asking, query))
    lang = asking.asker.language
    rows = tuple(_row(asking.library, one, query.order, lang) for one in found.tickets)
    return QueuePage(rows=rows, earlier=found.earlier, later=found.later)


def count_queue(asking: "Asking", query: CountQueue) -> QueueCount:
    """Return how many tickets a queue holds, and how many stand before a place; CommandRefused."""
    _must_be_sound(query, query.up_to)
    now, reach = to_microseconds(asking.now), asking.actor.reach(READ)
    tickets, before = queueing.count(asking.database, query, now, reach, _team(asking, query))
    return QueueCount(tickets=tickets, before=before)


def summary(asking: "Asking", query: GetSummary) -> Summary:
    """Return what awaits the asker; of tickets that they may not see nothing is counted."""
    now, reach = to_microseconds(asking.now), asking.actor.reach(READ)
    hand = queue_counts.in_hand(asking.database, asking.asker.name, now, reach)
    unread = list_announcements(asking, ListAnnouncements(actor=asking.asker.name))
    seen = asking.actor.among(number="notice.ticket_id")
    told = 0 if reach.nothing else notices.unseen(asking.database, asking.asker.name, now, seen)
    return Summary(
        open=hand.open,
        overdue=hand.overdue,
        due_soon=hand.due_soon,
        next_due=None if hand.next_due is None else from_microseconds(hand.next_due),
        notices=told,
        announcements=sum(one.read_at is None for one in unread),
    )


def _must_be_sound(query: Queue, *places: tuple[int, int] | None) -> None:
    if query.order not in ORDERS:
        reason = message("a queue is ordered by one of: {orders}", orders=list(ORDERS))
        raise CommandRefused(reason=reason)
    numbers = [abs(number) for place in places if place is not None for number in place]
    if max((*numbers, abs(getattr(query, "skip", 0)))) > _LARGEST:
        raise CommandRefused(reason=message("no ticket stands at such a place in a queue"))


def _team(asking: "Asking", query: Queue) -> Collection[str]:
    if not query.team:
        return ()
    staff = asking.library.configuration().people.values()
    return [one.name for one in staff if one.team == query.team]


def _row(library: Library, one: QueuedTicket, order: str, lang: str) -> QueueRow:
    record = compact_json.decode(one.record)
    return QueueRow(
        position=queueing.position(one, order),
        number=one.id,
        key=one.key,
        workflow=one.workflow,
        state=one.state,
        title=_title(library, one.bundle, one.state),
        subject=_subject(library, one, lang),
        priority=one.priority,
        handler=one.handler,
        owner=one.owner,
        customer=mask(one.customer) if one.customer else "",
        channel=record.get("channel", ""),
        opened_at=from_microseconds(one.opened_at),
        updated_at=from_microseconds(one.updated_at),
        closed_at=None if one.closed_at is None else from_microseconds(one.closed_at),
        due_at=from_microseconds(one.due_at) if one.due_at < deadlines.NEVER else None,
        promise=_promise(library, one.bundle, one.promise),
        paused=bool(one.paused),
        version=one.version,
        sequence=one.sequence,
        round=record.get("round", 1),
        level=record.get("level", 1),
        children_open=record.get("children_open", 0),
        parent=one.parent,
    )


def _title(library: Library, bundle: str, state: str) -> Bilingual:
    found = library.workflow(bundle).states.get(state)
    return found.title if found else Bilingual(en=state, zh=state)


def _promise(library: Library, bundle: str, name: str) -> Bilingual | None:
    if not name:
        return None
    found = library.workflow(bundle).promises.get(name)
    return found.title if found else Bilingual(en=name, zh=name)


def _subject(library: Library, one: QueuedTicket, lang: str) -> str:
    """Return what a ticket is about, masked where its form calls it personal; else what its form is called."""
    fields: Mapping[str, Any] = compact_json.decode(one.fields)
    said = fields.get(SUBJECT)
    if said not in (None, ""):
        personal = SUBJECT in library.personal(one.bundle)
        return str(mask(said) if personal else said)
    version = library.pinned(one.bundle)
    form = version.forms.get(version.workflow.form or "")
    return (form.title if form else version.workflow.title).of(lang)
