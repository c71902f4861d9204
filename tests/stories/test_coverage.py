"""What the stories leave out of the shipped workflows: no transition, no vote, no final state."""

import inspect
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from casewright.queries import GetWorkflow
from casewright.workflows.spec import Workflow

from . import test_complaint, test_inquiry, test_service_request, test_work_order
from .centre import Centre

STORIES = (test_complaint, test_inquiry, test_service_request, test_work_order)
WORKFLOWS = ("complaint", "inquiry", "service_request", "work_order")

Step = tuple[str, ...]


def test_every_transition_vote_and_final_state_occurs_in_a_story(new_desk, clock):
    taken: set[Step] = set()
    began = clock.now()
    for story, arguments in _stories():
        clock.set(began)
        centre = Centre(new_desk(), clock)
        story(centre, **arguments)
        taken.update(_taken(centre))

    wanted = set()
    for name in WORKFLOWS:
        workflow, _ = centre.desk.ask(GetWorkflow(actor="mao_ning", workflow=name))
        wanted.update(_wanted(workflow))

    assert sorted(wanted - taken) == []
    assert sorted(taken - wanted) == []


def _stories() -> Iterator[tuple[Callable[..., None], dict[str, Any]]]:
    for module in STORIES:
        for name, story in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_"):
                yield from ((story, arguments) for arguments in _arguments(story))


def _arguments(story: Callable[..., None]) -> list[dict[str, Any]]:
    marks = [mark for mark in getattr(story, "pytestmark", ()) if mark.name == "parametrize"]
    rows = [list(_rows(*mark.args)) for mark in marks]
    return [
        {name: one for row in chosen for name, one in row.items()} for chosen in product(*rows)
    ]


def _rows(names: str | tuple[str, ...], values: list[Any]) -> Iterator[dict[str, Any]]:
    for value in values:
        yield {names: value} if isinstance(names, str) else dict(zip(names, value, strict=True))


def _wanted(workflow: Workflow) -> Iterator[Step]:
    for state in workflow.states.values():
        if state.final:
            yield (workflow.name, "closed as", state.name)
        for transition in state.transitions.values():
            for to in {case.to for case in transition.cases} or {state.name}:
                yield (workflow.name, state.name, transition.name, to)
        for step in state.approve.steps if state.approve else ():
            for decision in ("granted", "denied"):
                yield (workflow.name, state.name, f"step {step.number}", decision)


def _taken(centre: Centre) -> Iterator[Step]:
    for ticket in centre.tickets():
        state = ""
        for event in centre.history(ticket.key):
            after = event.changes.get("state", state)
            if event.kind == "TransitionFired":
                yield (ticket.workflow, state, event.facts["transition"], after)
            elif event.kind == "VoteCast":
                step = f"step {event.facts['step']}"
                yield (ticket.workflow, state, step, event.facts["decision"])
            state = after
        if not ticket.open:
            yield (ticket.workflow, "closed as", state)
