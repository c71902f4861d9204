"""Can a ticket get through? States that cannot be reached or left, and circles that turn by themselves."""

from collections.abc import Sequence

from casewright.document import Path
from casewright.errors import message
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import State
from casewright.workflows.ways import (
    LONGEST_SPOKEN,
    Ways,
    automatic_ways,
    circling,
    reachable,
    shortest,
    spoken,
    traps,
)
from casewright.workflows.words import BUILT_IN_FINALS


def check(inspection: Inspection) -> None:
    """Record unreachable states, states without a way out, final states with one, automatic circles."""
    found = inspection.ways
    _final_states(inspection)
    _unreachable(inspection, found)
    _no_way_out(inspection, found)
    _automatic_circles(inspection)


def _final_states(inspection: Inspection) -> None:
    for state in inspection.workflow.states.values():
        path = inspection.state_path(state.name)
        if state.name in BUILT_IN_FINALS and not state.final:
            reason = message("'{state}' is a final state in every workflow", state=state.name)
            inspection.report("not_final", (*path, "final"), reason)
        if state.final and (state.transitions or state.after or state.approve):
            written = inspection.at(path)
            words = ("transitions", "shared", "after", "approve")
            word = next((one for one in words if one in written), "transitions")
            reason = message(
                "'{state}' is final: nothing leads on from there", state=state.name
            )
            inspection.report("final_has_ways", (*path, word), reason, key=True)


def _unreachable(inspection: Inspection, found: Ways) -> None:
    workflow = inspection.workflow
    starts = inspection.starts
    lost_start = any(lost[:1] == ("start",) for lost in inspection.lost)
    if not starts or lost_start or _lossy_states(inspection):
        return
    met = reachable(found, {*starts, *BUILT_IN_FINALS, workflow.reopen.to or starts[0]})
    for name in workflow.states:
        if name not in met:
            template = "no way leads to '{state}' from {starts}"
            reason = message(template, state=name, starts=_quoted(starts))
            inspection.report(
                "unreachable_state", inspection.state_path(name), reason, key=True
            )


def _no_way_out(inspection: Inspection, found: Ways) -> None:
    ends = _may_stay(inspection, _lossy_states(inspection))
    for states in traps(found, ends):
        _report_trap(inspection, found, states)


def _report_trap(inspection: Inspection, found: Ways, trapped: set[str]) -> None:
    ordered = [one for one in inspection.workflow.states if one in trapped]
    way = shortest(found, inspection.starts, lambda state: state in trapped)
    path = message("; the way there: {path}", path=spoken(way)) if way else message("")
    template = "no way leads on from {states} to a final state{path}"
    reason = message(template, states=_quoted(ordered), path=path)
    inspection.report("no_way_out", inspection.state_path(ordered[0]), reason, key=True)


def _quoted(states: Sequence[str]) -> str:
    listed = ", ".join(f"'{one}'" for one in states[:LONGEST_SPOKEN])
    return listed + (f" ... ({len(states)})" if len(states) > LONGEST_SPOKEN else "")


def _may_stay(inspection: Inspection, lossy: set[str]) -> list[str]:
    """Return the states a ticket may stay in, and those whose ways out are not all known."""
    return [
        name
        for name, state in inspection.workflow.states.items()
        if state.final or state.rests or name in lossy or _leads_astray(inspection, state)
    ]


def _leads_astray(inspection: Inspection, state: State) -> bool:
    cases = [case.to for one in state.transitions.values() for case in one.cases]
    if state.approve:
        cases += [state.approve.denied, *(case.to for case in state.approve.granted)]
    return any(target not in inspection.workflow.states for target in cases)


def _lossy_states(inspection: Inspection) -> set[str]:
    """Return the states some way out of which could not be read."""
    found = {_dotted(path) for path in inspection.misspelt}
    for lost in inspection.lost:
        if lost[:1] == ("shared",) and _is_about_ways(["transitions", *map(str, lost[1:])]):
            found.update(
                _dotted(path)
                for path, names in inspection.naming.items()
                if not lost[1:] or lost[1] in names
            )
        if lost[:1] != ("states",) or len(lost) < 2:
            continue
        inner = len(lost) > 3 and lost[2] == "states"
        if _is_about_ways([str(step) for step in lost[4 if inner else 2 :]]):
            found.add(f"{lost[1]}.{lost[3]}" if inner else str(lost[1]))
    outers = inspection.workflow.outers
    return found | {
        name
        for name, state in inspection.workflow.states.items()
        if state.parent in found & set(outers)
    }


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path[1::2])


def _is_about_ways(rest: list[str]) -> bool:
    """Return whether what was lost inside a state, at `rest`, could have been a way out of it."""
    named_by_author = 1 if rest[:1] == ["transitions"] else None
    return not any(
        step in _SILENT_WORDS for index, step in enumerate(rest) if index != named_by_author
    )


_SILENT_WORDS = frozenset(
    {"title", "customer_title", "en", "zh", "on_enter", "on_exit", "needs", "when", "refusal", "waiting", "by",
     "except", "form", "attempts", "limit", "do", "key", "votes"}
)  # fmt: skip


def _automatic_circles(inspection: Inspection) -> None:
    found = circling(automatic_ways(inspection.workflow, inspection.guesses))
    reported: set[str] = set()
    for name in found:
        circle = None if name in reported else _circle(found, name)
        if circle is None:
            continue
        reported.update(circle[::2])
        template = (
            "the ticket goes round by itself without end: {path}; give a transition a 'limit'"
        )
        reason = message(template, path=spoken(circle))
        inspection.report("automatic_loop", inspection.state_path(name), reason, key=True)


def _circle(found: Ways, name: str) -> tuple[str, ...] | None:
    return shortest(found, (name,), lambda state: state == name, at_once=False)
