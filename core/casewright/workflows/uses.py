"""Where a workflow uses what: every action, every expression and every party in it, with its path in the file."""

from collections.abc import Iterable, Iterator

from casewright.document import Path
from casewright.forms.spec import Field
from casewright.swift_dataclass import dataclass
from casewright.workflows.guard import Want
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import (
    Action,
    Approval,
    Case,
    Expression,
    Party,
    Promise,
    State,
    Step,
    Value,
    Who,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionUse:
    """An action and where it stands."""

    action: Action
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionUse:
    """An expression, what it must give, where it stands, and whether `each` is known there."""

    expression: Expression
    want: Want
    path: Path
    has_each: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyUse:
    """Somebody named, and where."""

    party: Party
    path: Path


def actions(inspection: Inspection) -> Iterator[ActionUse]:
    """Yield every action: on entering, on leaving, with a transition, on a ladder."""
    workflow = inspection.workflow
    for outer in workflow.outers.values():
        yield from _listed(outer.on_enter, ("states", outer.name, "on_enter"))
        yield from _listed(outer.on_exit, ("states", outer.name, "on_exit"))
    for state in workflow.states.values():
        at = inspection.state_path(state.name)
        yield from _listed(state.on_enter, (*at, "on_enter"))
        yield from _listed(state.on_exit, (*at, "on_exit"))
    for path, (_, one) in inspection.written.items():
        yield from _listed(one.do, (*path, "do"))
    for promise, steps in workflow.ladder.items():
        for index, step in enumerate(steps):
            yield from _listed(step.do, ("ladder", promise, index, "do"))


def expressions(inspection: Inspection) -> Iterator[ExpressionUse]:
    """Yield every expression with what it must give."""
    workflow = inspection.workflow
    if workflow.levels:
        yield from _maybe(workflow.levels.start, "number", ("levels", "start"))
    yield from _cases(workflow.starts, ("start",))
    yield from _maybe(workflow.department, "text", ("department",))
    yield from _maybe(workflow.queue, "text", ("queue",))
    for index, rule in enumerate(workflow.priority):
        yield from _maybe(rule.when, "condition", ("priority", index, "when"))
    for state in workflow.states.values():
        yield from _state_expressions(inspection, state)
    for path, (_, one) in inspection.written.items():
        yield from _maybe(one.when, "condition", (*path, "when"))
        yield from _cases(one.cases, (*path, "to"))
    for promise in workflow.promises.values():
        yield from _promise_expressions(promise)
    for use in actions(inspection):
        yield from _action_expressions(use, inspection)
    for named in parties(inspection):
        if named.party.kind == "expression":
            want: Want = "value" if named.path[0] == "exclude" else "people"
            yield from _maybe(Expression(named.party.name), want, named.path)


def parties(inspection: Inspection) -> Iterator[PartyUse]:
    """Yield everybody who is named anywhere."""
    workflow = inspection.workflow
    yield from _who(workflow.owner, ("owner",))
    yield from _who(workflow.process_owner, ("process_owner",))
    yield from _who(workflow.handler, ("handler",))
    yield from _who(workflow.exclude, ("exclude",))
    yield from _who(workflow.only_for, ("only_for",))
    yield from _who(workflow.reopen.by, ("reopen", "by"))
    if workflow.levels:
        yield from _who(workflow.levels.roles, ("levels", "roles"))
    for path, (_, one) in inspection.written.items():
        yield from _who(one.by, (*path, "by"))
        yield from _who(one.excepting, (*path, "except"))
    for state in workflow.states.values():
        if state.approve:
            yield from _approval_parties(inspection, state.name, state.approve)
    for promise in workflow.promises.values():
        yield from _who(promise.extensions, ("promises", promise.name, "extend", "granted_by"))
        yield from _who(promise.tell_extension, ("promises", promise.name, "extend", "tell"))
    for name, steps in workflow.ladder.items():
        for index, step in enumerate(steps):
            yield from _who(step.tell, ("ladder", name, index, "tell"))
    for use in actions(inspection):
        if use.action.verb in ("tell", "assign") and isinstance(use.action.argument, tuple):
            yield from _who(use.action.argument, (*use.path, use.action.verb))


def steps_of(
    inspection: Inspection, state: str, approval: Approval
) -> Iterator[tuple[Path, Step]]:
    """Yield the steps of an approval; one without `steps:` is its own only step."""
    at = (*inspection.state_path(state), "approve")
    written_out = "steps" in inspection.at(at)
    for index, step in enumerate(approval.steps):
        yield ((*at, "steps", index) if written_out else at), step


def _listed(found: Iterable[Action], path: Path) -> Iterator[ActionUse]:
    for index, action in enumerate(found):
        yield ActionUse(action=action, path=(*path, index))


def _who(who: Who, path: Path) -> Iterator[PartyUse]:
    for index, one in enumerate(who):
        yield PartyUse(party=one, path=(*path, index))


def _maybe(
    value: Value | None, want: Want, path: Path, *, each: bool = False
) -> Iterator[ExpressionUse]:
    if isinstance(value, Expression):
        yield ExpressionUse(expression=value, want=want, path=path, has_each=each)


def _cases(cases: Iterable[Case], path: Path) -> Iterator[ExpressionUse]:
    for index, case in enumerate(cases):
        yield from _maybe(case.when, "condition", (*path, index, "when"))


def _state_expressions(inspection: Inspection, state: State) -> Iterator[ExpressionUse]:
    at = inspection.state_path(state.name)
    yield from _maybe(state.when, "condition", (*at, "when"))
    if state.approve:
        for path, step in steps_of(inspection, state.name, state.approve):
            yield from _maybe(step.when, "condition", (*path, "when"))
            yield from _maybe(step.votes, "number", (*path, "votes"))
        yield from _cases(state.approve.granted, (*at, "approve", "granted"))


def _promise_expressions(promise: Promise) -> Iterator[ExpressionUse]:
    at: Path = ("promises", promise.name)
    yield from _maybe(promise.due, "deadline", (*at, "due"))
    for index, target in enumerate(promise.targets):
        yield from _maybe(target.when, "condition", (*at, "within", index, "when"))
        if isinstance(target.within, Expression):
            yield from _maybe(target.within, "text", (*at, "within"))


def _action_expressions(use: ActionUse, inspection: Inspection) -> Iterator[ExpressionUse]:
    action, each = use.action, use.action.each is not None
    yield from _maybe(action.when, "condition", (*use.path, "when"), each=each)
    yield from _maybe(action.each, "list", (*use.path, "each"))
    child = inspection.opened_with(str(action.argument)) if action.verb == "open" else {}
    for name, value in action.fields.items():
        want = _held(child.get(name))
        yield from _maybe(value, want, (*use.path, "fields", name), each=each)
    if isinstance(action.argument, Expression):
        yield from _maybe(action.argument, "text", (*use.path, action.verb), each=each)
    elif action.verb == "set" and isinstance(action.argument, dict):
        for name, value in action.argument.items():
            want = _held(inspection.fields.get(name))
            yield from _maybe(value, want, (*use.path, action.verb, name), each=each)


def _held(field: Field | None) -> Want:
    """Return what an expression must give that fills `field`; anything where the field is not known."""
    return field.kind if field else "value"


def _approval_parties(
    inspection: Inspection, state: str, approval: Approval
) -> Iterator[PartyUse]:
    at = (*inspection.state_path(state), "approve")
    yield from _who(approval.excepting, (*at, "except"))
    for path, step in steps_of(inspection, state, approval):
        yield from _who(step.voters, (*path, "voters"))
