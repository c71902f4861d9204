"""Answers about time: how a ticket's clocks stand, and the account of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.bilingual import Bilingual
from casewright.desk.zones import zone_name
from casewright.engine import supervising
from casewright.engine.draft import Work
from casewright.errors import NotFound, message
from casewright.model import Event, Ticket
from casewright.nearest import hint
from casewright.queries import GetClocks, GetLedger
from casewright.sla import explain
from casewright.sla.standing import Account, Move, Said, Standing, TicketTime, standing
from casewright.store import history
from casewright.timekeeping import PromiseClock, Span

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

_FIELD = "fields."


def clocks(asking: "Asking", query: GetClocks) -> TicketTime:
    """Return how the ticket's clocks stand, the soonest due first, and the asker's own follow-ups."""
    work, ticket = asking.visible(query.ticket)
    own = [one for one in ticket.follow_ups if one.person == asking.asker.name]
    asked = any(clock.request is not None for clock in ticket.clocks.values())
    events = history.events(asking.database, ticket.key) if own or asked else ()
    zone = _zone(asking, work, ticket)
    found = [
        _standing(work, ticket, clock, events, asking.now, zone)
        for clock in ticket.clocks.values()
    ]
    return TicketTime(
        zone=zone,
        clocks=tuple(sorted(found, key=_urgency)),
        follow_ups=tuple((one, _words(events, one.sequence, "text")) for one in own),
    )


def ledger(asking: "Asking", query: GetLedger) -> tuple[Account, ...]:
    """Return the accounts asked for, those of open promises first; NotFound for a promise or run that never was."""
    work, ticket = asking.visible(query.ticket)
    events, at = history.events(asking.database, ticket.key), query.at or asking.now
    zone = _zone(asking, work, ticket)
    found = []
    for name in _named(ticket, query.promise):
        runs = _runs(events, name)
        clock = runs[-1] if query.run is None else _run(runs, query.run)
        found.append(_account(work, ticket, clock, runs, events, at, zone))
    return tuple(sorted(found, key=lambda one: _urgency(one.standing)))


def _account(
    work: Work,
    ticket: Ticket,
    clock: PromiseClock,
    runs: Sequence[PromiseClock],
    events: Sequence[Event],
    at: datetime,
    zone: str,
) -> Account:
    versions = work.situation.calendars.version
    shown = _standing(work, ticket, clock, events, at, zone)
    intervals = explain.intervals(shown.clock, versions, at) if shown.clock.spans else ()
    others = (one for one in runs if one.run != clock.run)
    return Account(
        at=at,
        standing=shown,
        intervals=intervals,
        ahead=explain.ahead(shown.clock, versions, at),
        shares=explain.shares(intervals),
        moves=tuple(_moves(shown.clock, events, at)),
        said=_said(shown.clock, events),
        runs=tuple(_standing(work, ticket, one, events, at, zone) for one in others),
    )


def _standing(
    work: Work,
    ticket: Ticket,
    clock: PromiseClock,
    events: Sequence[Event],
    at: datetime,
    zone: str,
) -> Standing:
    workflow = work.situation.pinned(ticket.bundle).workflow
    promise = workflow.promises.get(clock.promise)
    if clock.promise == supervising.NAME:
        promise = supervising.promise(workflow.calendar)
    wanted = clock.request
    return standing(
        clock,
        work.situation.calendars.version,
        at,
        title=promise.title if promise else Bilingual(en=clock.promise, zh=clock.promise),
        zone=zone,
        extendable=promise is not None
        and clock.open
        and len(clock.extensions) < len(promise.extensions),
        reason=_words(events, wanted.sequence, "reason") if wanted is not None else "",
    )


def _zone(asking: "Asking", work: Work, ticket: Ticket) -> str:
    """Return the one zone in which all of a ticket's times are told; "" is the machine's."""
    calendars, workflow = work.situation.calendars, work.situation.pinned(ticket.bundle)
    own = [one.spans[-1].calendar for one in ticket.clocks.values() if one.spans]
    on = (calendars.calendar(workflow.workflow.calendar), *map(calendars.version, own))
    return next(filter(None, (zone_name(asking.zone, one) for one in on)), "")


def _urgency(one: Standing) -> tuple[bool, bool, datetime]:
    clock = one.clock
    return not clock.open, clock.due_at is None, clock.due_at or clock.started_at


def _named(ticket: Ticket, promise: str | None) -> tuple[str, ...]:
    if promise is None:
        return tuple(ticket.clocks)
    if promise not in ticket.clocks:
        known = hint(promise, ticket.clocks)
        raise NotFound(kind=message("promise"), name=promise[:80], hint=known)
    return (promise,)


def _runs(events: Sequence[Event], promise: str) -> tuple[PromiseClock, ...]:
    """Return the runs of a promise, each as it was last; one that was begun anew while it ran ended then."""
    found: dict[int, PromiseClock] = {}
    for event in events:
        changed: Mapping[str, PromiseClock | None] = event.changes.get("clocks", {})
        if promise not in changed:
            continue
        clock = changed[promise]
        # What a transition began that was taken back has never run.
        for run in [one for one in found if clock is None or one > clock.run]:
            del found[run]
        if clock is None:
            continue
        before = found.get(clock.run - 1)
        if before is not None and before.open:
            found[before.run] = replace(
                before, ended_at=event.at, end="cancelled", next_at=None
            )
        found[clock.run] = clock
    return tuple(found[run] for run in sorted(found))


def _run(runs: Sequence[PromiseClock], number: int) -> PromiseClock:
    for clock in runs:
        if clock.run == number:
            return clock
    raise NotFound(kind=message("run of the promise"), name=str(number), hint=message(""))


def _moves(clock: PromiseClock, events: Sequence[Event], at: datetime) -> Iterator[Move]:
    until = at if clock.ended_at is None else min(at, clock.ended_at)
    for event in events:
        if not clock.started_at <= event.at <= until:
            continue
        for moved in event.facts.get("moved", ()):
            if moved["promise"] == clock.promise:
                yield Move(
                    at=event.at,
                    by=event.actor,
                    was=_moment(moved["was"]),
                    due=_moment(moved["due"]),
                    cause=moved["cause"],
                )


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def _said(clock: PromiseClock, events: Sequence[Event]) -> Mapping[datetime, Said]:
    """Return what was said for each pause: with the transition into it, or with the request that was voted on."""
    found = {}
    for span in clock.spans:
        if not span.paused or span.holder == "closed":
            continue
        said = [_said_with(event) for event in _entering(events, span)]
        found[span.since] = Said(
            reason=next((one.reason for one in said if one.reason), ""),
            fields={name: value for one in said for name, value in one.fields.items()},
        )
    return found


def _entering(events: Sequence[Event], span: Span) -> Sequence[Event]:
    """Return the event that brought the ticket into the span's state, and the one that asked for it to be voted on."""
    moving = [one for one in events if one.at <= span.since and "state" in one.changes]
    while moving and moving[-1].changes["state"] != span.state:
        moving.pop()
    if not moving or moving[-1].at != span.since:
        return ()
    return moving[-2:] if moving[-1].kind == "VoteCast" else moving[-1:]


def _said_with(event: Event) -> Said:
    fields = {
        name.removeprefix(_FIELD): value
        for name, value in event.private.items()
        if name.startswith(_FIELD) and value is not None
    }
    return Said(reason=str(event.private.get("reason", "")), fields=fields)


def _words(events: Sequence[Event], sequence: int, name: str) -> str:
    found = (one for one in events if one.sequence == sequence)
    return next((str(one.private.get(name, "")) for one in found), "")
