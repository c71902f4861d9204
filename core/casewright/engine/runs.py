"""The runs of a promise: one begins, ends, comes back; what is in between does not count."""

from dataclasses import replace
from datetime import datetime

from casewright.engine import supervising
from casewright.engine.draft import Draft, Work
from casewright.timekeeping import PromiseClock
from casewright.workflows.spec import Promise


def begin(
    work: Work, draft: Draft, promise: Promise, clock: PromiseClock | None
) -> PromiseClock:
    """Return the clock when what begins the promise has happened: its first run, a new one, or the one that goes on."""
    if clock is None:
        return _new(draft, promise, _start(work, draft, promise), run=1)
    if promise.again == "restart" or begun_anew(draft) or _of_an_earlier_life(clock):
        return _new(draft, promise, work.now, run=clock.run + 1)
    if clock.end == "cancelled" or (clock.end and promise.again == "continue"):
        return come_back(work, draft, promise, clock)
    return clock


def come_back(work: Work, draft: Draft, promise: Promise, clock: PromiseClock) -> PromiseClock:
    """The time in between does not count: it is a pause of nobody's."""
    if promise.again == "restart":
        return _new(draft, promise, work.now, run=clock.run + 1)
    if not clock.spans:  # what began and ended it happened at once, and took no time
        return replace(clock, started_at=work.now, ended_at=None, end="")
    assert clock.ended_at is not None
    last = clock.spans[-1]
    between = replace(
        last, since=clock.ended_at, paused=True, holder="closed", unit="", state="", by=""
    )
    return replace(clock, ended_at=None, end="", spans=(*clock.spans, between))


def ended(clock: PromiseClock, now: datetime, *, met: bool = False) -> PromiseClock:
    """Return the clock met, or cancelled with its figures kept."""
    return replace(
        clock,
        ended_at=now,
        end="met" if met else "cancelled",
        next_at=None,
        request=None,
        taken={},
        awaited={},
    )


def put_behind(clock: PromiseClock) -> PromiseClock:
    """Return an ended clock of a ticket that begins anew: no state brings it back, and its promise begins anew too."""
    return replace(clock, ran_in=()) if clock.end else clock


def begun_anew(draft: Draft) -> bool:
    """Return whether the ticket begins in this command, for the first time or from the start again."""
    return ("event", "opened") in draft.happened


def _of_an_earlier_life(clock: PromiseClock) -> bool:
    return bool(clock.end and clock.spans and not clock.ran_in)


def _start(work: Work, draft: Draft, promise: Promise) -> datetime:
    """A promise from the opening counts from the true time of receipt."""
    ticket = draft.ticket
    return (
        ticket.received_at if promise.begins == "opened" and draft.before is None else work.now
    )


def _new(draft: Draft, promise: Promise, start: datetime, *, run: int) -> PromiseClock:
    deadline = supervising.answer_due(draft) if promise.name == supervising.NAME else None
    return PromiseClock(promise=promise.name, run=run, started_at=start, deadline=deadline)
