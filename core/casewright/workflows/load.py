"""From a workflow file to the workflow the engine runs: its shape checked, then built of frozen values."""

from collections.abc import Mapping
from typing import Any

from casewright import durations
from casewright.contributions import NO_VOCABULARY, Vocabulary
from casewright.document import Document
from casewright.errors import Problem
from casewright.plugins.freezing import frozen
from casewright.workflows import values
from casewright.workflows.borrowed import Borrowed
from casewright.workflows.load_promises import ladder_step, promise
from casewright.workflows.load_states import outers, states
from casewright.workflows.parties import who
from casewright.workflows.retention import Retention, retention
from casewright.workflows.shape import Shaped, shape
from casewright.workflows.spec import (
    Expression,
    Levels,
    Party,
    PriorityRule,
    Reopen,
    Workflow,
)
from casewright.workflows.values import StateNames
from casewright.workflows.words import WORKFLOW

ALWAYS = "always"
"""The calendar on which every minute counts."""


def read_workflow(
    document: Document, vocabulary: Vocabulary = NO_VOCABULARY
) -> tuple[Workflow | None, list[Problem]]:
    """Return the workflow of a file and what is wrong with its shape; `vocabulary` is what plugins add to the language.

    What has a wrong shape is left out of the workflow, so that the rest can be checked too; it is
    None when what remains is none. Names are resolved as far as they are known: `check` finds the others.
    """
    shaped = shape(document, vocabulary)
    return build(shaped), list(shaped.problems)


def build(shaped: Shaped) -> Workflow | None:
    """Return the workflow of what was found well shaped, or None when too little was."""
    if shaped.data is None:
        return None
    return workflow_from_data(shaped.data["workflow"], shaped.data)


def workflow_from_data(
    name: str,
    data: Mapping[str, Any],
    *,
    digest: str = "",
    borrowed: Borrowed = Borrowed(),  # noqa: B008 - a frozen value
) -> Workflow:
    """Return the workflow of data that was checked before, without looking for problems again.

    What is no word of the core is a plugin's.
    """
    known = StateNames.of(data["states"])
    calendar = data.get("calendar", ALWAYS)
    found = states(data["states"], known, shared=data.get("shared") or {})
    begins = known.cases(data["start"])
    form = data.get("form")
    taken = (one.form for state in found.values() for one in state.transitions.values())
    return Workflow(
        name=name,
        title=values.title(data.get("title"), name),
        prefix=data["prefix"],
        form=form,
        start=next((case.to for case in begins if case.when is None), begins[-1].to),
        states=found,
        outers=outers(data["states"], known),
        owner=who(data["owner"]),
        reopen=_reopen(data.get("reopen", "new ticket"), known),
        description=values.optional_title(data.get("description")),
        calendar=calendar,
        process_owner=who(data.get("process_owner")),
        handler=who(data.get("handler")),
        levels=_levels(data["levels"]) if "levels" in data else None,
        exclude=who(data.get("exclude")),
        only_for=who(data.get("only_for")),
        department=values.said(data.get("department")),
        queue=values.said(data.get("queue")),
        priority=tuple(
            PriorityRule(set=rule["set"], when=values.condition(rule.get("when")))
            for rule in data.get("priority") or ()
        ),
        promises={
            one: promise(one, promised, calendar=calendar, states=known)
            for one, promised in (data.get("promises") or {}).items()
        },
        ladder={
            one: tuple(ladder_step(step) for step in steps)
            for one, steps in (data.get("ladder") or {}).items()
        },
        review=data.get("review"),
        retention=_retention(data.get("retention")),
        forms=tuple(dict.fromkeys(one for one in (form, *taken) if one)),
        starts=() if isinstance(data["start"], str) else begins,
        words=frozen({word: one for word, one in data.items() if word not in WORKFLOW}),
        borrowed=borrowed,
        digest=digest,
    )


def _reopen(data: Any, known: StateNames) -> Reopen:
    if isinstance(data, str):
        return Reopen(policy=data)
    within = data.get("within")
    return Reopen(
        policy=data["policy"],
        within=durations.parse(within) if within is not None else None,
        by=who(data["by"]) if "by" in data else (Party("relation", "anyone"),),
        needs=values.names(data.get("needs")),
        to=known.resolve(data["to"]) if "to" in data else None,
    )


def _retention(written: str | None) -> Retention | None:
    found = None if written is None else retention(written)
    return found if isinstance(found, Retention) else None


def _levels(data: Mapping[str, Any]) -> Levels:
    start = data.get("start")
    return Levels(
        roles=who(data["roles"]),
        start=None if start is None else Expression(str(start)),
    )
