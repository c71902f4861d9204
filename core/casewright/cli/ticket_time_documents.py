"""What a ticket knows of time as JSON has it: moments with the site's offset, working time in seconds."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from casewright.cli.refusal import plain, seconds
from casewright.model import Ticket
from casewright.telling.time_words import iso
from casewright.texts import Texts
from casewright.timekeeping import Extension

if TYPE_CHECKING:
    from casewright.sla.explain import Interval, Share
    from casewright.sla.standing import Account, Standing, TicketTime


def time_document(time: "TicketTime", ticket: Ticket, texts: Texts) -> dict[str, Any]:
    """Return what a ticket knows of time: `clocks` by promise, `alarms` by transition, the asker's `follow_ups`."""
    return {
        "clocks": {one.clock.promise: standing_document(one, texts) for one in time.clocks},
        "alarms": {
            name: {"at": iso(alarm.at, time.zone), "refused": alarm.refused}
            for name, alarm in ticket.alarms.items()
        },
        "follow_ups": [
            {"number": one.number, "at": iso(one.at, time.zone), "text": words}
            for one, words in time.follow_ups
        ],
    }


def standing_document(one: "Standing", texts: Texts) -> dict[str, Any]:
    """Return a promise as JSON has it: moments with the site's offset, working time in seconds."""
    clock, zone = one.clock, one.zone
    return {
        "promise": clock.promise,
        "title": plain(one.title, texts),
        "run": clock.run,
        "state": clock.state,
        "open": clock.open,
        "paused": clock.paused and clock.open,
        "zone": zone,
        "started_at": iso(clock.started_at, zone),
        "due_at": iso(clock.due_at, zone),
        "original_due": iso(clock.original_due, zone),
        "deadline": iso(clock.deadline, zone),
        "provisional": clock.provisional,
        "asked": clock.asked,
        "goal_seconds": _seconds(clock.goal),
        "consumed_seconds": _seconds(one.consumed),
        "remaining_seconds": _seconds(one.remaining),
        "percent": one.percent,
        "holder": one.holder,
        "ended_at": iso(clock.ended_at, zone),
        "end": clock.end,
        "breached_at": iso(clock.breached_at, zone),
        "noticed_at": iso(clock.noticed_at, zone),
        "shares": shares_document(one.shares),
        "request": {**_extension(clock.request, zone), "reason": one.reason}
        if clock.request
        else None,
        "extensions": [_extension(extension, zone) for extension in clock.extensions],
    }


def account_document(account: "Account", texts: Texts) -> dict[str, Any]:
    """Return an account as JSON has it: every interval, those `ahead` of the due time apart."""
    zone = account.standing.zone
    return {
        **standing_document(account.standing, texts),
        "at": iso(account.at, zone),
        "intervals": [_interval(one, zone, texts) for one in account.intervals],
        "ahead": [_interval(one, zone, texts) for one in account.ahead],
        "booked": shares_document(account.shares),
        "moves": [
            {
                "at": iso(move.at, zone),
                "by": move.by,
                "was": iso(move.was, zone),
                "due": iso(move.due, zone),
                "cause": move.cause,
            }
            for move in account.moves
        ],
        "said": {
            str(iso(moment, zone)): {"reason": said.reason, "fields": plain(said.fields, texts)}
            for moment, said in account.said.items()
        },
        "runs": [standing_document(run, texts) for run in account.runs],
    }


def shares_document(shares: "Iterable[Share]") -> list[dict[str, Any]]:
    """Return whose time it was as JSON has it."""
    return [
        {
            "holder": one.holder,
            "unit": one.unit,
            "counted_seconds": seconds(one.counted),
            "waited_seconds": seconds(one.waited),
        }
        for one in shares
    ]


def _interval(one: "Interval", zone: str, texts: Texts) -> dict[str, Any]:
    return {
        "from": iso(one.start, zone),
        "to": iso(one.end, zone),
        "seconds": seconds(one.length),
        "counted": one.counted,
        "booked_seconds": seconds(one.booked),
        "total_seconds": seconds(one.total),
        "why": one.why,
        "name": plain(one.name, texts),
        "holder": one.holder,
        "unit": one.unit,
        "state": one.state,
        "by": one.by,
        "since": iso(one.since, zone),
        "calendar": one.calendar,
    }


def _extension(extension: Extension, zone: str) -> dict[str, Any]:
    return {
        "asked_by": extension.asked_by,
        "asked_at": iso(extension.asked_at, zone),
        "amount": extension.amount,
        "until": iso(extension.until, zone),
        "granted_by": extension.granted_by,
        "granted_at": iso(extension.granted_at, zone),
        "was_due": iso(extension.was_due, zone),
        "due": iso(extension.due, zone),
    }


def _seconds(time: timedelta | None) -> int | float | None:
    return None if time is None else seconds(time)
