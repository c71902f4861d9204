"""More time for a promise: asked for before it is due, granted by whom the workflow names, told to whom it names."""

from dataclasses import replace
from datetime import timedelta

from casewright import durations
from casewright.commands import AskExtension, DecideExtension
from casewright.engine import aiming, parties, promising, telling
from casewright.engine.draft import Draft, Work
from casewright.engine.recording import must_be_open
from casewright.errors import DurationRefused, ExtensionRefused, Message, message
from casewright.nearest import hint
from casewright.sla import fold
from casewright.timekeeping import Extension, PromiseClock
from casewright.workflows.spec import Party, Promise, Who


def ask(work: Work, command: AskExtension) -> None:
    """Ask for more time; whoever may grant it is told."""
    draft = work.draft(command.ticket, "ExtensionAsked")
    promise, clock = _promised(draft, command.promise)
    refusal = (
        parties.must_answer_for(draft, work.situation)
        or _bar(work, draft, promise, clock)
        or _asking_bar(work, clock, command)
    )
    if refusal is not None:
        raise ExtensionRefused(ticket=command.ticket, promise=promise.title, reason=refusal)
    draft.private["reason"] = command.reason
    wanted = Extension(
        asked_by=command.actor,
        asked_at=work.now,
        sequence=draft.ticket.sequence + 1,
        amount=command.by,
        until=command.until,
    )
    _extended(work, clock, wanted)  # refused now where no calendar reaches so far
    _put(draft, replace(clock, request=wanted))
    draft.facts["promise"] = promise.name
    granters = _granters(work, draft, promise, clock, asker=command.actor)
    telling.tell(work, draft, granters, reason="extension_asked")


def decide(work: Work, command: DecideExtension) -> None:
    """Grant or deny what was asked; the old due time is kept beside the new one."""
    draft = work.draft(command.ticket, "ExtensionDecided")
    promise, clock = _promised(draft, command.promise)
    refusal = _bar(work, draft, promise, clock) or _deciding_bar(work, draft, promise, clock)
    if refusal is None and not command.grant and not command.reason.strip():
        refusal = message("a refusal needs a reason")
    if refusal is not None or clock.request is None:
        reason = refusal or message("no extension was asked for")
        raise ExtensionRefused(ticket=command.ticket, promise=promise.title, reason=reason)
    asked = clock.request
    draft.facts.update(promise=promise.name, decision="granted" if command.grant else "denied")
    if command.reason:
        draft.private["reason"] = command.reason
    if command.grant:
        _grant(work, draft, promise, clock, asked)
    else:
        _put(draft, replace(clock, request=None))
    who = (*promise.tell_extension, telling.relation("handler")) if command.grant else ()
    telling.tell(work, draft, (*who, Party("user", asked.asked_by)), reason="extension_decided")


def _grant(
    work: Work, draft: Draft, promise: Promise, clock: PromiseClock, asked: Extension
) -> None:
    versions, old = work.situation.calendars.version, clock.goal
    assert clock.due_at is not None
    target = _extended(work, clock, asked)
    longer = fold.settled(replace(clock, target=target, request=None), versions)
    if longer.due_at is None or longer.due_at <= clock.due_at:
        reason = message("the deadline came with the case; it cannot be moved here")
        raise ExtensionRefused(ticket=draft.ticket.key, promise=promise.title, reason=reason)
    granted = replace(
        asked,
        granted_by=work.situation.actor.name,
        granted_at=work.now,
        was_due=clock.due_at,
        due=longer.due_at,
    )
    longer = promising.moved(clock, aiming.rearmed(work, draft, longer, old), versions)
    _put(draft, replace(longer, extensions=(*clock.extensions, granted)))
    moved = {
        "promise": promise.name,
        "was": clock.due_at.isoformat(),
        "due": longer.due_at.isoformat() if longer.due_at else None,
        "cause": "extension",
    }
    draft.facts.setdefault("moved", []).append(moved)


def _extended(work: Work, clock: PromiseClock, asked: Extension) -> timedelta:
    """Return the working time promised from now on."""
    calendar = work.situation.calendars.version(clock.spans[-1].calendar)
    goal, due = clock.goal, clock.due_at
    assert goal is not None
    assert due is not None
    if asked.until is not None:
        return goal + calendar.elapsed(due, asked.until)
    return goal + calendar.working(due, durations.parse(asked.amount))


def _promised(draft: Draft, name: str) -> tuple[Promise, PromiseClock]:
    must_be_open(draft.ticket)
    promises = draft.compiled.workflow.promises
    promise = promises.get(name)
    if promise is None:
        raise ExtensionRefused(
            ticket=draft.ticket.key,
            promise=name,
            reason=message("there is no such promise{hint}", hint=hint(name, promises)),
        )
    clock = draft.ticket.clocks.get(name)
    if clock is None or not clock.open:
        reason = message("its clock does not run")
        raise ExtensionRefused(ticket=draft.ticket.key, promise=promise.title, reason=reason)
    return promise, clock


def _bar(work: Work, draft: Draft, promise: Promise, clock: PromiseClock) -> Message | None:
    if not promise.extensions:
        return message("its workflow grants no extension of it")
    if len(clock.extensions) >= len(promise.extensions):
        return message(
            "it was extended {count} time(s), which is the limit", count=len(clock.extensions)
        )
    if fold.breached(clock, work.situation.calendars.version, work.now).breached_at is not None:
        return message("it is overdue already; an extension is asked for before")
    if clock.due_at is None:
        return message("its clock stands still; ask when it runs again")
    return None


def _asking_bar(work: Work, clock: PromiseClock, command: AskExtension) -> Message | None:
    if clock.request is not None:
        return message("{person} has asked already", person=clock.request.asked_by)
    if not command.reason.strip():
        return message("a reason must be given")
    if bool(command.by) == (command.until is not None):
        return message("say either by how much (such as '2 days') or until when")
    if command.until is not None and clock.due_at and command.until <= clock.due_at:
        return message("the time is not later than the due time")
    return _amount_fault(command.by) if command.by else None


def _amount_fault(amount: str) -> Message | None:
    try:
        durations.parse(amount)
    except DurationRefused as refusal:
        return refusal.reason
    return None


def _deciding_bar(
    work: Work, draft: Draft, promise: Promise, clock: PromiseClock
) -> Message | None:
    actor = work.situation.actor
    if clock.request is None:
        return message("no extension was asked for")
    if actor.name == clock.request.asked_by:
        return message("nobody grants their own request")
    granters = _granters(work, draft, promise, clock, asker=clock.request.asked_by)
    if not parties.belongs(actor, granters, draft, work.situation):
        return message("only {who} may do this", who=parties.spoken(granters, work.situation))
    return None


def _granters(
    work: Work, draft: Draft, promise: Promise, clock: PromiseClock, *, asker: str
) -> Who:
    """Return who grants the next extension: the first, the second ... that the workflow names.

    Where that is the one who asks, the next; after the last, whoever answers for the workflow.
    """
    following = promise.extensions[len(clock.extensions) :] or promise.extensions[-1:]
    for party in following:
        names = parties.members((party,), draft, work.situation)
        people = (work.situation.people.get(name) for name in names if name != asker)
        if any(person is not None and person.active for person in people):
            return (party,)
    return draft.compiled.workflow.process_owner or following[:1]


def _put(draft: Draft, clock: PromiseClock) -> None:
    draft.change(clocks={**draft.ticket.clocks, clock.promise: clock})
