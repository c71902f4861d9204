"""A ladder that fires: a breach is stamped, whom the rungs reached name is told, and what they ask for is done."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from casewright.bilingual import Bilingual
from casewright.engine import actions, ladder, moving, parties, telling
from casewright.engine.draft import Draft, Work
from casewright.engine.ladder import Rung
from casewright.engine.promises import steps_of
from casewright.engine.telling import Wording
from casewright.errors import CasewrightError, NothingChanges, message
from casewright.sla import fold
from casewright.swift_dataclass import dataclass
from casewright.timekeeping import PromiseClock
from casewright.workflows.spec import Action

WARNING = "warning"
BREACH = "breach"
OVERDUE = "after_breach"
NEXT_LEVEL = "next_level"
NOBODY = "nobody_to_tell"
DEADLINE_PASSED = "deadline_passed"
_DEADLINE_IN_A_PAUSE = Bilingual(
    en="The deadline that came with the case has passed while its clock stands still.",
    zh="外部规定的期限已到，而本单仍在暂停计时。",
)
FIRE = "fire"
UNTAKEN = "untaken"
"""A threshold of every ladder: a notice that nobody took, or that was taken and not done."""


@dataclass(slots=True, kw_only=True)
class _Ringing:
    """A clock while its ladder fires: who has been told by which channel, so that nobody is told twice."""

    clock: PromiseClock
    told: set[tuple[str, str]]


def ring(
    work: Work, draft: Draft, clock: PromiseClock, refusal: CasewrightError | None
) -> None:
    """Stamp a breach, tell whom the rungs reached name, and do what they ask for.

    Rungs missed together are told as one, the last of them; what each asks to be done is done.
    """
    versions = work.situation.calendars.version
    clock = fold.breached(clock, versions, work.now)
    spent = fold.consumed(clock, versions, work.now)
    found = ladder.rungs(clock, steps_of(draft, clock.promise), versions)
    due = ladder.passed(found, clock, spent)
    ringing = _Ringing(clock=clock, told=set())
    just_breached = clock.breached_at is not None and ladder.DUE not in clock.fired
    if ladder.deadline_passed(clock, work.now):
        _tell_of_the_deadline(work, draft, clock)
        return
    if not due and not just_breached and not _overdue_promises(clock, work):
        raise NothingChanges(
            ticket=draft.ticket.key,
            reason=message("nothing of '{name}' is due", name=clock.promise),
        )
    if just_breached:
        draft.facts["breached"] = clock.promise
        draft.facts["booked"] = _shares(work, clock)
    _tell_rungs(work, draft, ringing, due)
    if just_breached and clock.told and not clock.takers:
        _tell_next_level(work, draft, ringing, due)
    _remind_of_taken(work, draft, ringing)
    _fired(work, draft, ringing, due)
    if refusal is not None:
        draft.facts["not_done"] = refusal.code
        tell_refused(work, draft, "ladder_refused")
        return
    stood = draft.ticket.state
    for rung in due:
        _perform(work, draft, rung.step.do, stood)


def _tell_of_the_deadline(work: Work, draft: Draft, clock: PromiseClock) -> None:
    """Tell handler and owner that the deadline of the case passes although the clock stands still."""
    who = (telling.relation("handler"), telling.relation("owner"))
    wording = Wording(
        reason=DEADLINE_PASSED,
        message=_DEADLINE_IN_A_PAUSE,
        promise=clock.promise,
        run=clock.run,
        threshold=ladder.DEADLINE,
        occurrence=clock.told.get(ladder.DEADLINE, 0) + 1,
        due=clock.deadline,
    )
    names = parties.members(who, draft, work.situation)
    telling.tell_people(work, draft, names, via=("notice", "sms"), wording=wording)
    told = {**clock.told, ladder.DEADLINE: wording.occurrence}
    clock = replace(clock, told=told, fired=(*clock.fired, ladder.DEADLINE))
    draft.facts.update(promise=clock.promise, run=clock.run, thresholds=[ladder.DEADLINE])
    draft.change(clocks={**draft.ticket.clocks, clock.promise: clock})


def _perform(work: Work, draft: Draft, wanted: Iterable[Action], stood: str) -> None:
    """Do what a rung asks for; the ticket stood in `stood` before the rungs that were missed together."""
    for action in wanted:
        if not draft.ticket.open:  # what ended the ticket ended its ladder
            return
        if action.verb != FIRE:
            actions.perform(work, draft, (action,))
        elif parties.holds(action.when, draft, work.situation) and actions.may_do(draft, FIRE):
            transition = str(action.argument)
            if draft.ticket.state == stood or transition in _ways_out(draft):
                moving.take_by_itself(work, draft, transition)


def _ways_out(draft: Draft) -> Collection[str]:
    return draft.compiled.workflow.states[draft.ticket.state].transitions


def _shares(work: Work, clock: PromiseClock) -> dict[str, int]:
    """Return whose seconds came to the breach, by holder; what was paused came to nothing."""
    calendars, shares = work.situation.calendars, dict[str, timedelta]()
    for span, end in fold.pieces(clock, clock.breached_at or work.now):
        if not span.paused:
            time = calendars.version(span.calendar).elapsed(span.since, end)
            shares[span.holder] = shares.get(span.holder, fold.NOTHING) + time
    return {holder: int(time.total_seconds()) for holder, time in shares.items()}


def _tell_rungs(work: Work, draft: Draft, ringing: _Ringing, due: list[Rung]) -> None:
    """Tell the last rung first: whoever hears of it is not told of the ones before."""
    for rung in reversed(due):
        names = parties.members(rung.step.tell, draft, work.situation)
        heeded = [
            name for name in names if not _left_in_peace(work, draft, ringing, rung, name)
        ]
        told = _tell(work, draft, ringing, rung, heeded)
        if not told and rung.step.tell and len(heeded) == len(names):
            _tell_somebody(work, draft, ringing, rung)


def _left_in_peace(work: Work, draft: Draft, ringing: _Ringing, rung: Rung, name: str) -> bool:
    """Whether somebody, or who stands in, took a notice of this clock: it spares neither the owner nor anybody the due time."""
    person = work.situation.people.get(name)
    deputy = person.deputy_at(work.now) if person is not None else ""
    until = ringing.clock.taken.get(deputy or name)
    goal = ringing.clock.goal
    if until is None or until <= work.now or name == draft.ticket.owner:
        return False
    if goal is not None and not rung.before_due(goal):
        return False
    draft.facts["left_in_peace"] = sorted({*draft.facts.get("left_in_peace", ()), name})
    return True


def _tell(
    work: Work, draft: Draft, ringing: _Ringing, rung: Rung, names: Iterable[str]
) -> tuple[str, ...]:
    told: list[str] = []
    for channel in rung.step.via:
        wanted = [name for name in names if (name, channel) not in ringing.told]
        wording = _wording(ringing.clock, rung)
        before = len(work.effects)
        telling.tell_people(work, draft, wanted, via=(channel,), wording=wording)
        told += _keep_once(work, ringing, before)
        told += [name for name in names if (name, channel) in ringing.told]
    return tuple(told)


def _keep_once(work: Work, ringing: _Ringing, before: int) -> list[str]:
    """Drop what somebody was told already at this moment, such as a deputy who is the owner too."""
    fresh, told = [], []
    for effect in work.effects[before:]:
        known = (effect.to, effect.via) in ringing.told
        ringing.told.add((effect.to, effect.via))
        told.append(effect.to)
        if not known:
            fresh.append(effect)
    work.effects[before:] = fresh
    return told


def _wording(clock: PromiseClock, rung: Rung) -> Wording:
    goal = clock.goal
    if goal is None or rung.point < goal:
        reason = WARNING
    else:
        reason = BREACH if rung.point == goal else OVERDUE
    return Wording(
        reason=reason,
        template=rung.step.template,
        promise=clock.promise,
        run=clock.run,
        threshold=rung.name,
        occurrence=clock.told.get(rung.name, 0) + 1,
        due=clock.due_at,
    )


def _tell_somebody(work: Work, draft: Draft, ringing: _Ringing, rung: Rung) -> None:
    """An escalation that reaches nobody goes to whoever answers for the workflow, with a warning."""
    workflow = draft.compiled.workflow
    names = parties.members(workflow.process_owner, draft, work.situation)
    wording = replace(_wording(ringing.clock, rung), reason=NOBODY)
    before = len(work.effects)
    telling.tell_people(work, draft, names, via=rung.step.via, wording=wording)
    key = "reached_process_owner" if _keep_once(work, ringing, before) else "reached_nobody"
    draft.facts.setdefault(key, []).append(rung.name)


def _tell_next_level(work: Work, draft: Draft, ringing: _Ringing, due: list[Rung]) -> None:
    """Nobody has taken a notice by the time it is due: the next level hears of it too."""
    via = due[-1].step.via if due else ("notice",)
    _tell_above(work, draft, ringing, via)


def _tell_above(work: Work, draft: Draft, ringing: _Ringing, via: tuple[str, ...]) -> None:
    clock = ringing.clock
    names = parties.next_level(draft, work.situation)
    wording = Wording(
        reason=NEXT_LEVEL,
        promise=clock.promise,
        run=clock.run,
        threshold=UNTAKEN,
        occurrence=clock.told.get(UNTAKEN, 0) + 1,
        due=clock.due_at,
    )
    before = len(work.effects)
    telling.tell_people(work, draft, names, via=via, wording=wording)
    _keep_once(work, ringing, before)
    times = {**clock.told, UNTAKEN: clock.told.get(UNTAKEN, 0) + 1}
    ringing.clock = replace(clock, told=times)


def _remind_of_taken(work: Work, draft: Draft, ringing: _Ringing) -> None:
    """What was taken and not done by the time promised, or not taken in time, goes to the next level."""
    clock, now = ringing.clock, work.now
    if not _overdue_promises(clock, work):
        return
    late = [name for name, until in clock.taken.items() if until <= now]
    ringing.clock = replace(
        clock,
        taken={name: until for name, until in clock.taken.items() if until > now},
        awaited={name: until for name, until in clock.awaited.items() if until > now},
    )
    if late:
        draft.facts["not_done_in_time"] = sorted(late)
    _tell_above(work, draft, ringing, ("notice", "sms"))


def _overdue_promises(clock: PromiseClock, work: Work) -> bool:
    """Whether something was taken and not done, or not taken, by the time promised."""
    return any(until <= work.now for until in (*clock.taken.values(), *clock.awaited.values()))


def _fired(work: Work, draft: Draft, ringing: _Ringing, due: list[Rung]) -> None:
    clock = ringing.clock
    told, awaited = dict(clock.told), dict(clock.awaited)
    for rung in due:
        told[rung.name] = told.get(rung.name, 0) + 1
        if rung.step.taken_within is not None and not clock.takers:
            calendar = work.situation.calendars.version(clock.spans[-1].calendar)
            wait = calendar.working(work.now, rung.step.taken_within)
            awaited[rung.name] = calendar.due(work.now, wait)
    names = [rung.name for rung in due]
    if clock.breached_at is not None:
        names.append(ladder.DUE)
    fired = tuple(dict.fromkeys((*clock.fired, *names)))
    clock = replace(clock, fired=fired, told=told, awaited=awaited)
    if due:
        draft.facts.update(
            promise=clock.promise, run=clock.run, thresholds=[one.name for one in due]
        )
    draft.change(clocks={**draft.ticket.clocks, clock.promise: clock})


def tell_refused(work: Work, draft: Draft, reason: str) -> None:
    """Tell handler and owner that something could not be done; whoever answers for the workflow where neither is there."""
    wording = Wording(reason=reason)
    near = (telling.relation("handler"), telling.relation("owner"))
    for who in (near, draft.compiled.workflow.process_owner):
        names = parties.members(who, draft, work.situation)
        if telling.tell_people(work, draft, names, via=("notice",), wording=wording):
            return
