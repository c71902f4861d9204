"""What people do about a notice: take it, refuse it; and what follows when one cannot reach them."""

from dataclasses import replace
from datetime import datetime

from casewright.commands import NoticeFailed, RefuseNotice, TakeNotice
from casewright.engine import parties, telling
from casewright.engine.draft import Draft, Hop, Work
from casewright.engine.replying import REPLIED
from casewright.engine.situation import NoticeFacts
from casewright.engine.telling import Wording
from casewright.errors import Message, NotFound, NoticeRefused, message
from casewright.timekeeping import PromiseClock

UNDELIVERABLE = "undeliverable"
REFUSED = "notice_refused"
OVER = frozenset({"taken", "refused", "cancelled"})


def take(work: Work, command: TakeNotice) -> None:
    """Take a notice: it silences the nagging of its promise for the taker until then, or until it is due."""
    draft, notice = _noticed(work, command.ticket, command.notice, "NoticeTaken")
    clock = _clock(draft, notice)
    refusal = _standing_bar(notice) or _until_bar(work, clock, command.until)
    if refusal is not None:
        raise NoticeRefused(notice=notice.number, reason=refusal)
    until = command.until or _due_ahead(work, clock)
    draft.facts["notice"] = notice.number
    if until is not None:
        draft.facts["until"] = until.isoformat()
    if clock is not None:
        taken = {**clock.taken, command.actor: until} if until is not None else clock.taken
        takers = tuple(dict.fromkeys((*clock.takers, command.actor)))
        _put(draft, replace(clock, taken=taken, takers=takers, awaited={}))
    detail = until.isoformat() if until is not None else ""
    _answer(work, notice, "taken", detail)


def refuse(work: Work, command: RefuseNotice) -> None:
    """Refuse a notice with a reason; the next level is told at once."""
    draft, notice = _noticed(work, command.ticket, command.notice, "NoticeRefused")
    refusal = _standing_bar(notice)
    if refusal is None and not command.reason.strip():
        refusal = message("a reason must be given")
    if refusal is not None:
        raise NoticeRefused(notice=notice.number, reason=refusal)
    draft.facts["notice"] = notice.number
    draft.private["reason"] = command.reason
    _answer(work, notice, "refused")
    clock = _clock(draft, notice)
    wording = Wording(
        reason=REFUSED, promise=notice.promise, due=clock.due_at if clock else None
    )
    above = parties.next_level(draft, work.situation)
    telling.tell_people(work, draft, above, via=("notice", "sms"), wording=wording)


def fail(work: Work, command: NoticeFailed) -> None:
    """A notice did not arrive: the owner and the next level are told on screen, so that it does not pass unseen."""
    notice = _known(work, command.ticket, command.notice)
    draft = work.draft(command.ticket, "NoticeFailed")
    draft.facts.update(notice=notice.number, to=notice.recipient, via=notice.via)
    if notice.reason == UNDELIVERABLE:
        return
    names = (draft.ticket.owner, *parties.next_level(draft, work.situation))
    if notice.reason == REPLIED and draft.ticket.handler is not None:
        names = (draft.ticket.handler, *names)
    others = [name for name in dict.fromkeys(names) if name != notice.recipient]
    wording = Wording(reason=UNDELIVERABLE, promise=notice.promise)
    telling.tell_people(work, draft, others, via=("notice",), wording=wording)


def _due_ahead(work: Work, clock: PromiseClock | None) -> datetime | None:
    """Return until when whoever names no time is left in peace; once it is due, nobody is."""
    due = clock.due_at if clock is not None else None
    return due if due is not None and due > work.now else None


def _answer(work: Work, notice: NoticeFacts, state: str, detail: str = "") -> None:
    """What is said of a notice holds for those that said the same over other channels."""
    for number in (notice.number, *notice.twins):
        work.hops.append(Hop(notice=number, state=state, detail=detail))


def _noticed(work: Work, ticket: str, number: int, kind: str) -> tuple[Draft, NoticeFacts]:
    notice = _known(work, ticket, number)
    if notice.recipient != work.situation.actor.name:
        reason = message("it was sent to somebody else")
        raise NoticeRefused(notice=number, reason=reason)
    return work.draft(ticket, kind), notice


def _known(work: Work, ticket: str, number: int) -> NoticeFacts:
    notice = work.situation.notice(number)
    if notice is None or notice.ticket != ticket:
        raise NotFound(kind=message("notice"), name=str(number), hint=message(""))
    return notice


def _standing_bar(notice: NoticeFacts) -> Message | None:
    if notice.state == "taken":
        return message("it was taken already")
    if notice.state == "refused":
        return message("it was refused already")
    return message("it counts no more") if notice.state in OVER else None


def _until_bar(
    work: Work, clock: PromiseClock | None, until: datetime | None
) -> Message | None:
    if until is None:
        return None
    if until <= work.now:
        return message("the time lies in the past")
    if clock is not None and clock.due_at is not None and until > clock.due_at > work.now:
        return message(
            "that is after it is due, at {due}; ask for an extension instead",
            due=clock.due_at.isoformat(),
        )
    return None


def _clock(draft: Draft, notice: NoticeFacts) -> PromiseClock | None:
    """Return the clock that the notice is about, if that run of it still goes on."""
    clock = draft.ticket.clocks.get(notice.promise)
    return clock if clock is not None and clock.open and clock.run == notice.run else None


def _put(draft: Draft, clock: PromiseClock) -> None:
    draft.change(clocks={**draft.ticket.clocks, clock.promise: clock})
