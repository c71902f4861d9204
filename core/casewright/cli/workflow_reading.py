"""A published workflow as it reads: its states, the ways between them, its approvals, promises and ladders."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from casewright.cli.answer import Heading
from casewright.cli.ladder_reading import ladder_lines, length_of
from casewright.durations import Duration, told
from casewright.sla.calendar import ALWAYS
from casewright.texts import Texts

if TYPE_CHECKING:
    from casewright.forms.spec import Form
    from casewright.workflows.spec import (
        Approval,
        LadderStep,
        Promise,
        State,
        Target,
        Transition,
        Workflow,
    )


def workflow_document(workflow: "Workflow", forms: "Mapping[str, Form]") -> dict[str, Any]:
    """Return a workflow as JSON has it: names, titles, ways, and the fields of its forms."""
    return {
        "name": workflow.name,
        "title": {"en": workflow.title.en, "zh": workflow.title.zh},
        "digest": workflow.digest,
        "prefix": workflow.prefix,
        "form": workflow.form,
        "start": workflow.start,
        "starts": [
            {"to": case.to, "when": case.when.source if case.when else None}
            for case in workflow.starts
        ],
        "states": [_state_document(state) for state in workflow.states.values()],
        "promises": [
            {"name": one.name, "from": one.begins, "until": list(one.until)}
            for one in workflow.promises.values()
        ],
        "forms": {
            name: [
                {"name": field.name, "kind": field.kind, "required": field.required}
                for field in form.fields.values()
            ]
            for name, form in forms.items()
        },
    }


def workflow_lines(workflow: "Workflow", texts: Texts) -> Iterator[str]:
    """Yield the workflow as people read it, from top to bottom."""
    title = workflow.title.of(texts.lang)
    yield Heading(
        texts.say(
            "{name}: {title} ({digest})",
            name=workflow.name,
            title=title,
            digest=workflow.digest[:12],
        )
    )
    if workflow.description:
        yield workflow.description.of(texts.lang)
    yield texts.say(
        "Tickets are called {prefix}-YEAR-NUMBER and begin in '{start}'.",
        prefix=workflow.prefix,
        start=" / ".join(case.to for case in workflow.starts) or workflow.start,
    )
    for state in workflow.states.values():
        yield ""
        yield from _state(workflow, state, texts)
    if workflow.promises:
        yield ""
        yield Heading(texts.text("Promises"))
        for promise in workflow.promises.values():
            yield from _promise(promise, workflow.ladder.get(promise.name, ()), texts)


def _state(workflow: "Workflow", state: "State", texts: Texts) -> Iterator[str]:
    notes = [
        texts.text("final") if state.final else "",
        texts.text("may rest") if state.rests else "",
        texts.say("waits for the {whom}", whom=texts.text(state.waiting))
        if state.waiting
        else "",
    ]
    shown = texts.listing(filter(None, notes))
    yield Heading(
        texts.say("{name}: {title} ({notes})", name=state.name, title=state.title, notes=shown)
        if shown
        else texts.say("{name}: {title}", name=state.name, title=state.title)
    )
    for transition in state.transitions.values():
        yield from _transition(transition, texts)
    if state.approve:
        yield from _approval(state.approve, texts)
    for timed in state.after:
        yield texts.say(
            "  after {duration}: {transition}",
            duration=told(timed.after, working=workflow.calendar != ALWAYS.name),
            transition=timed.transition,
        )


def _transition(transition: "Transition", texts: Texts) -> Iterator[str]:
    targets = " / ".join(case.to for case in transition.cases) or "·"
    yield texts.say(
        "  {name} ({title}) → {targets}, by {who}",
        name=transition.name,
        title=transition.title,
        targets=targets,
        who=list(map(str, transition.by)),
    )
    if transition.when:
        yield texts.say("      only when {condition}", condition=transition.when.source)
    if transition.needs or transition.form:
        wants = [
            *transition.needs,
            *([texts.say("form {name}", name=transition.form)] if transition.form else []),
        ]
        yield texts.say("      asks for {wants}", wants=wants)


def _approval(approval: "Approval", texts: Texts) -> Iterator[str]:
    for step in approval.steps:
        votes = getattr(step.votes, "value", None) or getattr(step.votes, "source", "")
        yield texts.say(
            "  approval, step {number}: {votes} vote(s) of {voters}",
            number=step.number,
            votes=votes,
            voters=list(map(str, step.voters)),
        )
    granted = " / ".join(case.to for case in approval.granted)
    yield texts.say(
        "  granted → {granted}; denied → {denied}", granted=granted, denied=approval.denied
    )


def _promise(
    promise: "Promise", ladder: "tuple[LadderStep, ...]", texts: Texts
) -> Iterator[str]:
    within = [
        texts.say("{priority}: {length}", priority=one.priority, length=length)
        if one.priority
        else length
        for one in promise.targets
        for length in (_within(one, promise, texts),)
    ]
    yield texts.say(
        "  {name} ({title}): from {begins} until {until}, within {within}",
        name=promise.name,
        title=promise.title,
        begins=promise.begins,
        until=list(promise.until),
        within=within,
    )
    for line in ladder_lines(promise, ladder, texts):
        yield f"      {line}"


def _within(target: "Target", promise: "Promise", texts: Texts) -> str:
    if isinstance(target.within, Duration):
        return texts.render(length_of(target.within, promise))
    return target.within.source


def _state_document(state: "State") -> dict[str, Any]:
    return {
        "name": state.name,
        "title": {"en": state.title.en, "zh": state.title.zh},
        "final": state.final,
        "transitions": [
            {
                "name": one.name,
                "title": {"en": one.title.en, "zh": one.title.zh},
                "to": [case.to for case in one.cases],
                "by": [str(party) for party in one.by],
                "form": one.form,
                "needs": list(one.needs),
            }
            for one in state.transitions.values()
        ],
        "approval": [[str(party) for party in step.voters] for step in state.approve.steps]
        if state.approve
        else None,
    }
