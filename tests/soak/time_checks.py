"""What can be wrong in a workspace after the storm, check by check; each has a sabotage that it finds."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from casewright.clock import to_microseconds
from casewright.desk.working.back_door import LEASE
from casewright.model import Event, Ticket

from .time_findings import Findings, Sent
from .time_site import ALONE, ERRAND_LASTS, OWNER

RECEIVED = ("accepted", "seen", "taken")


def faults(found: Findings) -> dict[str, list[str]]:
    """Return what is wrong, by the check that found it; a check that found nothing is not named."""
    checks = {
        "fired twice": _fired_twice(found),
        "not fired": _not_fired(found),
        "fired early": _fired_early(found),
        "not told": _not_told(found),
        "noted twice": _noted_twice(found),
        "told twice": _told_twice(found),
        "sent without a note": _sent_without_a_note(found),
        "audit": () if found.whole else ("the chain is broken",),
    }
    listed = {name: list(wrong) for name, wrong in checks.items()}
    return {name: wrong for name, wrong in listed.items() if wrong}


def two_workers(said: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return where a worker took the lease while another had it."""
    length = LEASE // timedelta(microseconds=1)
    turns = [
        *((one["until"] - length, one["held"], one["until"]) for one in said if "held" in one),
        *((one["at"], one["let_go"], one["at"]) for one in said if "let_go" in one),
    ]
    wrong: list[str] = []
    holder, held_until = "", 0
    for at, name, until in sorted(turns):
        if name != holder and at < held_until:
            wrong.append(f"{name} while {holder} had the lease")
        holder, held_until = name, until
    return wrong


def out_of_order(found: Findings) -> list[str]:
    """Return where a timer was fired after one that was due later, where all waited from the beginning."""
    wrong: list[str] = []
    latest = ""
    for key, event in found.fired:
        due = event.facts["due"]
        if due < latest:
            wrong.append(f"{key} was due at {due}, after {latest} had been fired")
        latest = max(latest, due)
    return wrong


def _fired_twice(found: Findings) -> Iterator[str]:
    times = Counter(
        (key, event.facts["timer"], event.facts["due"]) for key, event in found.fired
    )
    for key, event in found.fired:
        times.update((key, one) for one in event.facts.get("thresholds", ()))
    yield from (f"{what}: {count} times" for what, count in times.items() if count > 1)


def _not_fired(found: Findings) -> Iterator[str]:
    """Every matter that nobody touched went its whole way; nothing due is left."""
    for ticket, history in found.alone:
        missing = set(ALONE) - set(_moments(history))
        if missing:
            yield f"{ticket.key}: {sorted(missing)}"
        elif ticket.open:
            yield f"{ticket.key} is still open"
    if found.left:
        yield f"{found.left} timers are due and were not fired"


def _fired_early(found: Findings) -> Iterator[str]:
    for ticket, history in found.alone:
        moments = _moments(history)
        begun = {"drop": moments.get("expire", ticket.opened_at) - ALONE["expire"]}
        for name, at in moments.items():
            due = begun.get(name, ticket.opened_at) + ALONE[name]
            if at < due:
                yield f"{ticket.key}: '{name}' at {at}, due at {due}"
    for key, event in found.fired:
        opened = found.tickets[key].opened_at
        if event.facts["timer"] == "after:lapse" and event.at < opened + ERRAND_LASTS:
            yield f"{key}: at {event.at}, opened at {opened}"
        if event.at < datetime.fromisoformat(event.facts["due"]):
            yield f"{key}: {event.facts['timer']} at {event.at}"


def _not_told(found: Findings) -> Iterator[str]:
    """Each rung told handler and owner on both channels, once; each SMS that had a point is in the provider's book."""
    taken = {one.key for one in found.handed}
    told: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for one in found.sent:
        told[one.ticket, one.sequence].append((one.recipient, one.via))
        if one.via != "sms" or _is_pointless(one, found.tickets[one.ticket]):
            continue
        if one.key not in taken or one.state not in RECEIVED:
            yield f"notice {one.number} ({one.state}) did not reach {one.recipient}"
    for key, event in found.fired:
        if not event.facts.get("thresholds"):
            continue
        who = (found.tickets[key].handler, OWNER)
        wanted = sorted((str(one), via) for one in who for via in ("notice", "sms"))
        if sorted(told[key, event.sequence]) != wanted:
            yield f"{key}, event {event.sequence}: told {told[key, event.sequence]}"


def _is_pointless(sent: Sent, ticket: Ticket) -> bool:
    """Whether a notice was rightly cancelled: it still waited when its ticket was closed."""
    if sent.state != "cancelled" or sent.key is not None or ticket.closed_at is None:
        return False
    return sent.cancelled_at == to_microseconds(ticket.closed_at)


def _noted_twice(found: Findings) -> Iterator[str]:
    for one in found.sent:
        if one.via == "sms" and one.accepted > 1:
            yield f"notice {one.number}: accepted {one.accepted} times"


def _told_twice(found: Findings) -> Iterator[str]:
    """No telephone rang twice with the same text, and nothing was sent that nobody knows of."""
    shown = Counter((one.to, one.text) for one in found.handed if one.shown)
    yield from (f"{to}: {text}" for (to, text), count in shown.items() if count > 1)
    known = {one.key for one in found.sent}
    yield from (f"{one.key} is unknown" for one in found.handed if one.key not in known)


def _sent_without_a_note(found: Findings) -> Iterator[str]:
    noted = {one.key: one.attempts for one in found.sent}
    for key, times in Counter(one.key for one in found.handed).items():
        if times > noted.get(key, 0):
            yield f"{key}: {times} requests, {noted.get(key, 0)} attempts"


def _moments(history: Sequence[Event]) -> dict[str, datetime]:
    """Return when each thing that was to happen did."""
    found: dict[str, datetime] = {}
    for event in history:
        for threshold in event.facts.get("thresholds", ()):
            found[_SHORT.get(threshold, threshold)] = event.at
        if "timer" in event.facts and event.kind == "TransitionFired":
            found[event.facts["transition"]] = event.at
    return found


_SHORT = {"1 minute after": "+1m"}
