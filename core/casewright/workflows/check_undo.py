"""Can what says `undo` be taken back honestly? Not where it reaches other tickets, or where nobody takes it."""

from collections.abc import Iterator

from casewright.errors import Message, message
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import CLOCK, Action, State, Transition, Workflow


def check(inspection: Inspection) -> None:
    """Record transitions that say `undo` and could not be taken back, with the reason."""
    for path, (_, transition) in inspection.written.items():
        if transition.undo:
            for reason in _reasons(inspection.workflow, transition):
                inspection.report("undo_impossible", (*path, "undo"), reason)


def _reasons(workflow: Workflow, transition: Transition) -> Iterator[Message]:
    if transition.by == (CLOCK,):
        yield message("only the clock takes it, and the clock takes nothing back")
    for place, action in _done(workflow, transition):
        if action.verb == "open":
            template = "'{place}' opens tickets on the way, and these cannot be taken back"
            yield message(template, place=place)
        elif action.verb == "link":
            template = (
                "'{place}' links it on the way, and the other ticket keeps its side of that"
            )
            yield message(template, place=place)


def _done(workflow: Workflow, transition: Transition) -> Iterator[tuple[str, Action]]:
    """Yield what may be done on its way, from whichever state it is taken, with where that is written."""
    yield from ((transition.name, one) for one in transition.do)
    targets = [case.to for case in transition.cases]
    left = [one for one in workflow.states.values() if transition.name in one.transitions]
    for state in left if targets else ():
        yield from ((state.name, one) for one in state.on_exit)
        yield from _of_outer(workflow, state, entering=False)
    for name in targets:
        if name in workflow.states:
            state = workflow.states[name]
            yield from ((state.name, one) for one in state.on_enter)
            yield from _of_outer(workflow, state, entering=True)


def _of_outer(
    workflow: Workflow, state: State, *, entering: bool
) -> Iterator[tuple[str, Action]]:
    outer = workflow.outers.get(state.parent)
    if outer is not None:
        actions = outer.on_enter if entering else outer.on_exit
        yield from ((outer.name, one) for one in actions)
