"""The transitions door: one immutable state machine a workflow version, shared by every ticket and thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from casewright.workflows.spec import Case, Expression, State, Workflow

if TYPE_CHECKING:
    from transitions import EventData

Holds = Callable[[Expression], bool]

GRANTED = "approval granted"
DENIED = "approval denied"
"""Triggers of an approval; no transition of a workflow can have a name with a blank in it."""


ATTRIBUTE = "_state"


class _Token:
    """The least that the machine moves: a state, for the time of one trigger.

    Its attribute has a name that no transition can have, since the machine refuses one of the same name.
    """

    __slots__ = (ATTRIBUTE,)

    def __init__(self, state: str) -> None:
        self._state = state


class StateMachine:
    """Where a trigger leads from a state, given which conditions hold."""

    def __init__(self, workflow: Workflow) -> None:
        from transitions import Machine  # a list of tickets moves none

        self._machine = Machine(
            model=None,
            model_attribute=ATTRIBUTE,
            states=list(workflow.states),
            initial=workflow.start,
            transitions=[row for state in workflow.states.values() for row in _rows(state)],
            auto_transitions=False,
            send_event=True,
            queued=False,
        )
        self._sole: dict[tuple[str, str], str | None] = {
            (state.name, name): None
            for state in workflow.states.values()
            for name in _unconditional(state)
        }

    def target(self, state: str, trigger: str, holds: Holds) -> str | None:
        """Return the state that `trigger` leads to (`state` itself where it stays), None when no case holds."""
        known = self._sole.get((state, trigger))
        if known is not None:
            return known
        token = _Token(state)
        moved = self._machine.events[trigger].trigger(token, holds=holds)
        if (state, trigger) in self._sole:
            self._sole[state, trigger] = token._state
        return token._state if moved else None


def _rows(state: State) -> list[dict[str, Any]]:
    rows = []
    for transition in state.transitions.values():
        cases = transition.cases or (Case(to=state.name),)
        rows += [_row(transition.name, state, case) for case in cases]
    if state.approve is not None:
        rows += [_row(GRANTED, state, case) for case in state.approve.granted]
        rows.append(_row(DENIED, state, Case(to=state.approve.denied)))
    return rows


def _unconditional(state: State) -> list[str]:
    """Return the triggers that lead to one place whatever holds; the machine need be asked only once."""
    ways = {name: transition.cases for name, transition in state.transitions.items()}
    if state.approve is not None:
        ways[GRANTED] = state.approve.granted
    return [
        name for name, cases in ways.items() if all(case.when is None for case in cases[:1])
    ]


def _row(trigger: str, state: State, case: Case) -> dict[str, Any]:
    row: dict[str, Any] = {"trigger": trigger, "source": state.name, "dest": case.to}
    if case.when is not None:
        row["conditions"] = [_condition(case.when)]
    return row


def _condition(when: Expression) -> Callable[["EventData"], bool]:
    def holds(event: "EventData") -> bool:
        ask: Holds = event.kwargs["holds"]
        return ask(when)

    return holds
