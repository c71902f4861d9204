"""Which tickets wait, and how: judged anew where a ticket, its customer or the rules have changed, else as stored.

A ticket waits while it is open, nobody handles it, and the rules do not leave it alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from casewright import (
    SYSTEM,
    Assignable,
    Event,
    GetHistory,
    ListAssignable,
    ListUnhandled,
    PluginDesk,
    Ticket,
)
from casewright_routing.facts import facts_of
from casewright_routing.published import Published
from casewright_routing.rules import Rules
from casewright_routing.stored_waiting import NO_QUEUE, Entry
from casewright_routing.waiting import Waiting, left_alone, waiting_of

_AT_ONCE = 1_000
MOST_ANEW = 1_000
"""So many tickets are judged anew where somebody waits for the answer; the job judges all."""


def lined_up(
    desk: PluginDesk, published: Published, stored: Mapping[str, Entry], *, whole: bool
) -> dict[str, Entry]:
    """Return an entry for each open ticket that nobody handles, in the order in which they were opened.

    Those stored are the same objects where nothing has changed. Not `whole`, of a long line some are as they
    were when they were last looked at, or left out where they never were.
    """
    found: dict[str, Entry] = {}
    anew = []
    for one in desk.ask(ListUnhandled(actor=SYSTEM)):
        entry = stored.get(one.ticket)
        if entry is not None:
            found[one.ticket] = entry
        if entry is None or (entry.stamp, entry.rules) != (one.stamp, published.digest):
            anew.append((one.ticket, one.stamp))
    stamps = dict(anew if whole else anew[:MOST_ANEW])
    for assignable in _assignable(desk, list(stamps)):
        key = assignable.ticket.key
        found[key] = _entry(desk, published, assignable, stamps[key], stored.get(key))
    return found


def _assignable(desk: PluginDesk, keys: Sequence[str]) -> Iterator[Assignable]:
    rest = iter(keys)
    while some := tuple(islice(rest, _AT_ONCE)):
        yield from desk.ask(ListAssignable(actor=SYSTEM, tickets=some))


def _entry(
    desk: PluginDesk,
    published: Published,
    one: Assignable,
    stamp: str,
    before: Entry | None,
) -> Entry:
    ticket = one.ticket
    waiting = _waiting(published.rules, one)
    # The same ticket by other rules has waited as long; a changed one only if it stays where it was.
    stays = before is not None and (
        before.stamp == stamp or before.ticket.queue == waiting.queue
    )
    if before is not None and stays and before.ticket.queue != NO_QUEUE:
        waiting = replace(waiting, since=before.ticket.since, overtaken=before.ticket.overtaken)
    else:
        waiting = replace(waiting, since=_came(desk, ticket))
    told = stays and before is not None and before.told
    return Entry(
        ticket=waiting, stamp=stamp, rules=published.digest, owner=ticket.owner, told=told
    )


def _waiting(rules: Rules, one: Assignable) -> Waiting:
    ticket = one.ticket
    found = waiting_of(
        rules,
        ticket,
        one.customer,
        since=ticket.entered_at,
        previous=one.previous,
        excluded=one.excluded,
    )
    alone = left_alone(rules, facts_of(ticket, one.customer))
    return replace(found, queue=NO_QUEUE) if alone else found


def _came(desk: PluginDesk, ticket: Ticket) -> datetime:
    """Return since when the ticket waits: since it entered its state, or was handed back in it."""
    if not ticket.handlers:
        return ticket.entered_at
    history: tuple[Event, ...] = desk.ask(GetHistory(actor=SYSTEM, ticket=ticket.key))
    for event in reversed(history):
        if event.changes.get("handler", "") is None:
            return max(event.at, ticket.entered_at)
    return ticket.entered_at
