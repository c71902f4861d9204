"""Which promises a ticket is held to, and the ladder that watches over each."""

from collections.abc import Mapping

from casewright.engine import supervising
from casewright.engine.draft import Draft
from casewright.workflows.spec import LadderStep, Promise


def promises_of(draft: Draft) -> Mapping[str, Promise]:
    """Return the promises of the ticket's workflow, and the one of a supervision order where there was one."""
    promises = draft.compiled.workflow.promises
    if (
        supervising.NAME not in draft.ticket.clocks
        and supervising.ORDERED not in draft.happened
    ):
        return promises
    order = supervising.promise(draft.compiled.workflow.calendar)
    return {**promises, supervising.NAME: order}


def steps_of(draft: Draft, promise: str) -> tuple[LadderStep, ...]:
    """Return the ladder of a promise: a running one never changes, since the ticket is pinned to its version."""
    if promise == supervising.NAME:
        return supervising.LADDER
    return draft.compiled.workflow.ladder.get(promise, ())
