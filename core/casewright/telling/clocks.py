"""How a ticket's promises stand, in words; and what else the ticket waits for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.model import Ticket
from casewright.sla.calendar import ALWAYS
from casewright.telling.names import Names
from casewright.telling.time_words import duration, holder, length, rest
from casewright.texts import Texts, text
from casewright.timekeeping import Extension, PromiseClock

if TYPE_CHECKING:
    from casewright.sla.explain import Share
    from casewright.sla.standing import Standing, TicketTime

CAUSES = {
    "extension": text("an extension"),
    "target": text("another target"),
    "deadline": text("another external deadline"),
    "calendar": text("the working calendar changed"),
}


def moved_words(
    texts: Texts,
    *,
    was: datetime | None,
    due: datetime | None,
    cause: str,
) -> str:
    """Return how a due time moved, and why."""
    open_end = texts.text("none")
    return texts.say(
        "due time moved from {was} to {due} ({cause})",
        was=was or open_end,
        due=due or open_end,
        cause=texts.text(CAUSES.get(cause, cause)),
    )


def clock_pairs(
    names: Names, texts: Texts, clocks: "Iterable[Standing]"
) -> Iterator[tuple[str, str]]:
    """Yield each promise by its name, with all that is to be said of it, a line each."""
    for one in clocks:
        title = names.words(one.title)
        first = texts.say("{title}: {standing}", title=title, standing=stands(texts, one))
        yield one.clock.promise, "\n".join((first, *_details(names, texts, one)))


def stands(texts: Texts, one: "Standing") -> str:
    """Return in one sentence how a promise stands."""
    clock, goal = one.clock, one.clock.goal
    values = {
        "due": clock.due_at,
        "ended": clock.ended_at,
        "goal": length(texts, goal) if goal is not None else "",
        "left": rest(texts, one.remaining) if one.remaining is not None else "",
        "spent": length(texts, one.consumed),
        "percent": one.percent,
    }
    template = _template(one)
    return texts.say(template, **values)


def waiting_lines(
    names: Names, texts: Texts, ticket: Ticket, time: "TicketTime"
) -> Iterator[str]:
    """Yield what happens by itself and when, and what the names wanted to be reminded of."""
    for name, alarm in sorted(ticket.alarms.items(), key=lambda one: one[1].at):
        template = (
            text("{at}: {transition} could not happen by itself; it is tried again")
            if alarm.refused
            else text("{at}: {transition}, by itself")
        )
        title = names.transition(ticket, name)
        yield texts.say(template, at=alarm.at, transition=title)
    for follow_up, words in time.follow_ups:
        if words:
            yield texts.say("{at}: your follow-up: “{words}”", at=follow_up.at, words=words)
        else:
            yield texts.say("{at}: your follow-up", at=follow_up.at)


def share_words(names: Names, texts: Texts, share: "Share") -> str:
    """Return what is booked to somebody."""
    name = holder(names, texts, share.holder)
    counted, waited = length(texts, share.counted), length(texts, share.waited)
    if not share.waited:
        return texts.say("{name} {counted}", name=name, counted=counted)
    if not share.counted:
        return texts.say("{name} {waited} of waiting", name=name, waited=waited)
    template = text("{name} {counted}, and {waited} of waiting")
    return texts.say(template, name=name, counted=counted, waited=waited)


def wanted(texts: Texts, clock: PromiseClock, request: Extension) -> str:
    """Return how much more time is asked for, in the days of the clock's calendar."""
    if request.until is None:
        always = bool(clock.spans) and clock.spans[-1].calendar == ALWAYS.digest
        return duration(texts, request.amount, working=not always)
    return texts.say("until {moment}", moment=request.until)


def _template(one: "Standing") -> str:
    clock = one.clock
    if clock.state == "breached":
        return _OVERDUE[clock.end or ("paused" if clock.paused else "")]
    if clock.state == "running" and clock.due_at is None:
        return text("running; when it is due cannot be worked out from the fields")
    if clock.goal is None:
        return _WITHOUT_GOAL[clock.state]
    return _WITH_GOAL[clock.state]


_OVERDUE: Mapping[str, str] = {
    "": text("overdue since {due}, by {left} (promised within {goal})"),
    "paused": text("overdue since {due}, by {left} (promised within {goal}); paused"),
    "met": text("met late, on {ended}: it was due {due}, overdue by {left}"),
    "cancelled": text("cancelled on {ended}; overdue since {due}, by {left}"),
}
_WITH_GOAL: Mapping[str, str] = {
    "running": text("running, due {due}: {left} left, {percent} % of {goal} passed"),
    "paused": text("paused: {left} of {goal} left"),
    "met": text("kept on {ended}, after {spent} of {goal}"),
    "cancelled": text("cancelled on {ended}, after {spent} of {goal}"),
}
_WITHOUT_GOAL: Mapping[str, str] = {
    "paused": text("paused"),
    "met": text("kept on {ended}"),
    "cancelled": text("cancelled on {ended}"),
}


def _details(names: Names, texts: Texts, one: "Standing") -> Iterator[str]:
    clock = one.clock
    if clock.open and one.holder:
        name = holder(names, texts, one.holder)
        waits = clock.paused or one.holder in ("customer", "partner", "department")
        template = text("waits for {name}") if waits else text("with {name}")
        yield texts.say(template, name=name)
    if clock.state == "breached" and one.shares:
        words = [share_words(names, texts, share) for share in one.shares]
        yield texts.say("whose time until it was due: {shares}", shares=words)
    if clock.extensions:
        yield _extended(names, texts, one)
    elif clock.original_due is not None and clock.due_at not in (None, clock.original_due):
        yield texts.say("it was due {due} at first", due=clock.original_due)
    if clock.provisional and clock.open and clock.due_at is not None:
        year = clock.due_at.astimezone(texts.timezone).year
        template = text("provisional: the holidays of {year} are not published yet")
        yield texts.say(template, year=str(year))
    if clock.request is not None:
        yield _request(names, texts, one, clock.request)


def _extended(names: Names, texts: Texts, one: "Standing") -> str:
    last, first = one.clock.extensions[-1], one.clock.original_due
    template = text("extended {count} time(s), last by {person}; due {due} at first")
    return texts.say(
        template,
        count=len(one.clock.extensions),
        person=names.calls(last.granted_by),
        due=first or "-",
    )


def _request(names: Names, texts: Texts, one: "Standing", request: Extension) -> str:
    template = text("{person} asks for more time: {wanted}; because: {reason}")
    return texts.say(
        template,
        person=names.calls(request.asked_by),
        wanted=wanted(texts, one.clock, request),
        reason=one.reason,
    )
