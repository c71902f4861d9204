"""Does everything that a workflow names exist? States, transitions, forms, fields, roles, workflows, calendars."""

from collections.abc import Iterable

from casewright.document import Path
from casewright.errors import Message, message
from casewright.workflows import uses
from casewright.workflows.check_fields import spoken_kind
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import Case, State
from casewright.workflows.ways import targets

GIVEN_WITH_A_COMMAND = ("reason", "attachment")
"""What `needs` may ask for besides fields."""


def check(inspection: Inspection) -> None:
    """Record every name that names nothing."""
    _targets(inspection)
    _timed(inspection)
    _keys(inspection)
    _forms(inspection)
    _needs(inspection)
    _parties(inspection)
    _calendars(inspection)
    _department(inspection)
    _ladder_fires(inspection)


def _targets(inspection: Inspection) -> None:
    workflow = inspection.workflow
    _start(inspection)
    if workflow.reopen.to:
        _state(inspection, workflow.reopen.to, ("reopen", "to"))
    for path, (name, one) in inspection.written.items():
        beside = "" if path[0] == "shared" else workflow.states[name].parent
        _cases(inspection, one.cases, (*path, "to"), beside=beside)
    for state in workflow.states.values():
        if state.approve:
            at = (*inspection.state_path(state.name), "approve")
            _cases(inspection, state.approve.granted, (*at, "granted"), beside=state.parent)
            _state(inspection, state.approve.denied, (*at, "denied"), beside=state.parent)


def _start(inspection: Inspection) -> None:
    workflow = inspection.workflow
    if not workflow.starts:
        _state(inspection, workflow.start, ("start",))
        return
    otherwise = message("the last case has a condition: the ticket begins there all the same")
    _cases(inspection, workflow.starts, ("start",), beside="", otherwise=otherwise)


_STAYS = message("the last case has a condition: the ticket stays when none holds")


def _cases(
    inspection: Inspection,
    cases: tuple[Case, ...],
    path: Path,
    *,
    beside: str,
    otherwise: Message = _STAYS,
) -> None:
    for index, case in enumerate(cases):
        _state(inspection, case.to, (*path, index, "to"), beside=beside)
    conditions = [case.when for case in cases]
    if cases and conditions[-1] is not None:
        inspection.report("no_last_case", path, otherwise)
    if None in conditions[:-1]:
        reason = message("a case after one without a condition is never taken")
        inspection.report("dead_case", (*path, conditions.index(None) + 1), reason)


def _state(inspection: Inspection, name: str, path: Path, *, beside: str = "") -> None:
    if name not in inspection.workflow.states:
        known = targets(inspection.workflow, beside=beside)
        inspection.unknown("state", path, name, known, message("state"))


def _timed(inspection: Inspection) -> None:
    for state in inspection.workflow.states.values():
        for timed in state.after:
            if timed.transition not in state.transitions:
                path = _after_path(inspection, state, timed.transition)
                what = message("transition out of '{state}' called", state=state.name)
                inspection.unknown(
                    "transition", path, timed.transition, state.transitions, what
                )


def _after_path(inspection: Inspection, state: State, transition: str) -> Path:
    at = (*inspection.state_path(state.name), "after")
    written = inspection.at(at)
    return next(((*at, one) for one in written if written[one] == transition), at)


def _keys(inspection: Inspection) -> None:
    for state in inspection.workflow.states.values():
        taken: dict[str, str] = {}
        for one in state.transitions.values():
            if one.key is None:
                continue
            first = taken.setdefault(one.key, one.name)
            if first != one.name:
                path = (*inspection.transition_path(state.name, one.name), "key")
                template = "the key '{key}' is taken by '{transition}' in '{state}'"
                reason = message(template, key=one.key, transition=first, state=state.name)
                inspection.report("duplicate_key", path, reason)


def _forms(inspection: Inspection) -> None:
    workflow = inspection.workflow
    if workflow.form:
        _form(inspection, workflow.form, ("form",))
    for path, (_, one) in inspection.written.items():
        if one.form:
            _form(inspection, one.form, (*path, "form"))


def _form(inspection: Inspection, name: str, path: Path) -> None:
    around = inspection.surroundings
    form = around.forms.get(name)
    if form is None and name not in around.broken:
        inspection.unknown("form", path, name, around.forms, message("form"))
    for one in form.fields.values() if form else ():
        known = inspection.fields[one.name]
        if known.kind != one.kind:
            template = "the field '{field}' holds {kind} in this form and {other} in another of the workflow"
            reason = message(
                template, field=one.name, kind=spoken_kind(one), other=spoken_kind(known)
            )
            inspection.report("field_kinds_differ", path, reason)
        if one.lookup and one.lookup not in around.tables and one.lookup not in around.broken:
            what = message("table (asked for by the field '{field}') called", field=one.name)
            inspection.unknown("table", path, one.lookup, around.tables, what)


def _needs(inspection: Inspection) -> None:
    workflow = inspection.workflow
    _needed(inspection, workflow.reopen.needs, ("reopen",))
    for state in workflow.states.values():
        _needed(inspection, state.needs, inspection.state_path(state.name))
    for path, (_, one) in inspection.written.items():
        _needed(inspection, one.needs, path)


def _needed(inspection: Inspection, names: Iterable[str], path: Path) -> None:
    known = (*inspection.fields, *GIVEN_WITH_A_COMMAND)
    for name in names:
        if name not in known and inspection.fields_are_known:
            at = _where_needed(inspection, name, path)
            inspection.unknown("field", at, name, known, message("field"))


def _where_needed(inspection: Inspection, name: str, path: Path) -> Path:
    """Return where `name` is asked for: here, or by the outer state (whose path is two steps long)."""
    for at in ((*path, "needs"), (*path[:2], "needs")):
        written = inspection.at(at)
        if isinstance(written, list) and name in written:
            return (*at, written.index(name))
        if written == name:
            return at
    return path


def _parties(inspection: Inspection) -> None:
    roles = inspection.surroundings.roles
    known = {*roles, *inspection.surroundings.broken_roles}
    for use in uses.parties(inspection):
        if use.party.kind == "role" and roles and use.party.name not in known:
            inspection.unknown("role", use.path, use.party.name, known, message("role"))
        elif (
            use.party.kind == "relation"
            and use.party.name == "level"
            and not inspection.workflow.levels
        ):
            reason = message("'level' is nobody: the workflow has no 'levels'")
            inspection.report("unknown_party", use.path, reason)


def _calendars(inspection: Inspection) -> None:
    known = inspection.surroundings.calendars
    workflow = inspection.workflow
    named: list[tuple[str, Path]] = [(workflow.calendar, ("calendar",))]
    named += [
        (one.calendar, ("promises", one.name, "calendar"))
        for one in workflow.promises.values()
        if one.calendar != workflow.calendar
    ]
    for name, path in named:
        if name not in known:
            inspection.unknown("calendar", path, name, known, message("calendar"))


def _department(inspection: Inspection) -> None:
    """Look a department that is named up in the table; one that an expression gives is known only with the ticket."""
    name = inspection.at(("department",))
    table = inspection.surroundings.tables.get("departments")
    if not isinstance(name, str) or name.startswith("=") or table is None:
        return
    if name not in table.rows:
        inspection.unknown(
            "department", ("department",), name, table.rows, message("department")
        )


def _ladder_fires(inspection: Inspection) -> None:
    for use in uses.actions(inspection):
        name = use.action.argument
        if use.action.verb == "fire" and name not in inspection.transitions:
            path = (*use.path, "fire")
            inspection.unknown(
                "transition", path, str(name), inspection.transitions, message("transition")
            )
