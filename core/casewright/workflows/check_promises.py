"""Can every promise begin and be met, and does a ladder watch over it?"""

from casewright.document import Path
from casewright.errors import message
from casewright.nearest import nearest
from casewright.swift_dataclass import dataclass
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import Promise, Workflow
from casewright.workflows.ways import Way, Ways, reachable, shortest, spoken
from casewright.workflows.words import PROMISE_EVENTS, RESERVED_PROMISES


def check(inspection: Inspection) -> None:
    """Record ends that are never reached, names that are two things or none, promises without a ladder."""
    workflow = inspection.workflow
    for promise in workflow.promises.values():
        at: Path = ("promises", promise.name)
        _name_is_free(inspection, promise)
        fine = _named(inspection, promise)
        if fine and _starts_from_itself(workflow, promise):
            reason = message(
                "'{promise}' waits for itself to be met first", promise=promise.name
            )
            inspection.report("promise_circle", (*at, "from"), reason)
        elif fine:
            _reachable_end(inspection, promise)
        _pauses(inspection, promise)
        if promise.name not in workflow.ladder and not _ladder_is_meant(workflow, promise.name):
            template = "no ladder watches over '{promise}'"
            inspection.report(
                "no_ladder", at, message(template, promise=promise.name), key=True
            )
    for name in workflow.ladder:
        if name not in workflow.promises:
            template = "there is no promise '{name}'{hint}"
            reason = message(
                template, name=name, hint=inspection.guesses.hint(name, workflow.promises)
            )
            inspection.report("unknown_promise", ("ladder", name), reason, key=True)


def _name_is_free(inspection: Inspection, promise: Promise) -> None:
    if promise.name in RESERVED_PROMISES:
        template = "'{name}' is a clock of the product's own: call the promise something else"
        reason = message(template, name=promise.name)
        inspection.report("reserved_name", ("promises", promise.name), reason, key=True)


def _ladder_is_meant(workflow: Workflow, promise: str) -> bool:
    strays = [name for name in workflow.ladder if name not in workflow.promises]
    return any(nearest(name, workflow.promises) == promise for name in strays)


def _named(inspection: Inspection, promise: Promise) -> bool:
    at: Path = ("promises", promise.name)
    begins = _named_once(inspection, promise.begins, (*at, "from"), promises=True)
    return begins and all(
        [
            _named_once(inspection, name, (*at, "until", index), promises=False)
            for index, name in enumerate(promise.until)
        ]
    )


def _named_once(inspection: Inspection, name: str, path: Path, *, promises: bool) -> bool:
    meanings = _meanings(inspection, name, promises=promises)
    if not meanings:
        workflow = inspection.workflow
        known = [*PROMISE_EVENTS, *inspection.transitions, *workflow.states, *workflow.outers]
        known += workflow.promises if promises else ()
        inspection.unknown("event", path, name, known, message("event, transition or state"))
    elif len(meanings) > 1:
        template = "'{name}' is {one} and {other}: rename one of them"
        reason = message(
            template, name=name, one=message(meanings[0]), other=message(meanings[1])
        )
        inspection.report("ambiguous_name", path, reason)
    return len(meanings) == 1


def _meanings(inspection: Inspection, name: str, *, promises: bool) -> list[str]:
    """Return what `name` is. `closed` may be a state too: entering it is the event, if it is final."""
    workflow = inspection.workflow
    state = workflow.states.get(name)
    found = {
        "an event": name in PROMISE_EVENTS,
        "a transition": name in inspection.transitions,
        "a state": name in workflow.outers
        or (state is not None and not (name == "closed" and state.final)),
        "a promise": promises and name in workflow.promises,
    }
    return [what for what, holds in found.items() if holds]


def _pauses(inspection: Inspection, promise: Promise) -> None:
    states = inspection.workflow.states
    for index, name in enumerate(promise.pauses):
        if name not in states:
            path = ("promises", promise.name, "pauses", index)
            inspection.unknown("state", path, name, states, message("state"))


def _starts_from_itself(workflow: Workflow, promise: Promise) -> bool:
    met: set[str] = set()
    name = promise.begins
    while name in workflow.promises and name not in met:
        met.add(name)
        name = workflow.promises[name].begins
    return promise.name in met


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begin:
    """The states in which a clock may begin; `entered` when entering one of them is what begins it."""

    states: frozenset[str]
    entered: bool


def _reachable_end(inspection: Inspection, promise: Promise) -> None:
    found = _with_reopening(inspection)
    begin = _begin(inspection, found, promise.begins)
    if not begin.states or any(
        _is_met(inspection, found, begin, name) for name in promise.until
    ):
        return
    ends = ", ".join(f"'{name}'" for name in promise.until)
    way = shortest(found, inspection.starts, lambda state: state in begin.states)
    path = (
        message("; the way to its beginning: {path}", path=spoken(way)) if way else message("")
    )
    template = "'{promise}' can never be met: {ends} cannot be reached after '{begins}'{path}"
    reason = message(
        template, promise=promise.name, ends=ends, begins=promise.begins, path=path
    )
    inspection.report("promise_never_met", ("promises", promise.name, "until"), reason)


def _with_reopening(inspection: Inspection) -> Ways:
    """Return the ways through the workflow, with those by which a closed ticket comes back."""
    workflow = inspection.workflow
    found = dict(inspection.ways)
    if workflow.reopen.policy == "new ticket":
        return found
    if workflow.reopen.policy == "restart":
        back = list(inspection.starts)
    else:
        back = [workflow.reopen.to] if workflow.reopen.to else list(workflow.states)
    for name, state in workflow.states.items():
        if state.final:
            found[name] = tuple(Way(name="reopen", to=to) for to in back)
    return found


def _begin(inspection: Inspection, found: Ways, name: str) -> _Begin:
    workflow = inspection.workflow
    met = reachable(found, inspection.starts)
    if name in workflow.promises:
        parts = [_begin(inspection, found, one) for one in workflow.promises[name].until]
        return _Begin(states=frozenset().union(*(one.states for one in parts)), entered=False)
    if name in inspection.transitions:
        ends = {
            end
            for state in inspection.transitions[name]
            for end in _ends(workflow, state, name)
        }
        return _Begin(states=frozenset(ends & met), entered=False)
    if name in PROMISE_EVENTS:
        finals = frozenset(one for one, state in workflow.states.items() if state.final)
        by_event = {"opened": frozenset(inspection.starts), "closed": finals}
        return _Begin(states=by_event.get(name, frozenset(met)), entered=False)
    inner = [one for one in workflow.states if one == name or one.startswith(f"{name}.")]
    return _Begin(states=frozenset(inner) & met, entered=True)


def _ends(workflow: Workflow, state: str, transition: str) -> list[str]:
    taken = workflow.states[state].transitions.get(transition)  # a misspelt shared one is none
    return [case.to for case in taken.cases] if taken and taken.cases else [state]


def _is_met(inspection: Inspection, found: Ways, begin: _Begin, name: str) -> bool:
    if name in ("closed", "contacted", "answered", "assigned"):
        return True
    after = reachable(found, begin.states)
    if name in inspection.transitions:
        return any(state in after for state in inspection.transitions[name])
    if name == "opened":
        return False
    if not begin.entered:
        return name in after
    return any(
        shortest(found, (state,), lambda one: one == name, at_once=False)
        for state in begin.states
    )
