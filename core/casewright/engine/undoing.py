"""Whether an ended clock goes on, now that the ticket has come into a state: what ended it may be undone."""

from collections.abc import Iterator

from casewright.engine import supervising
from casewright.engine.draft import Draft
from casewright.timekeeping import PromiseClock
from casewright.workflows.spec import Promise, State

_FOR_GOOD = frozenset({"contacted", "answered", "assigned", supervising.ANSWERED[1]})
"""Ends that no way back through the states can undo."""


def undone(draft: Draft, promise: Promise, clock: PromiseClock, state: str) -> bool:
    """Whether the ticket came back to where the clock ran before; a contact that was made cannot be undone.

    What only the closing ended goes on wherever the ticket is opened again before the promise's end.
    """
    lasting = promise.again == "stay met" or not _FOR_GOOD.isdisjoint(promise.until)
    if clock.open or (clock.end == "met" and lasting):
        return False
    closed_at = draft.before.closed_at if draft.before is not None else None
    if closed_at is not None and clock.ended_at == closed_at:
        return state in _before_the_end(draft, promise, clock)
    return state in clock.ran_in


def _before_the_end(draft: Draft, promise: Promise, clock: PromiseClock) -> set[str]:
    """Return the states that can be reached from those the clock ran in without meeting the promise."""
    found, waiting = set(clock.ran_in), list(clock.ran_in)
    while waiting:
        for name, target in _ways(draft.compiled.workflow.states[waiting.pop()]):
            if name not in promise.until and target not in found.union(promise.until):
                found.add(target)
                waiting.append(target)
    return found


def _ways(state: State) -> Iterator[tuple[str, str]]:
    """Yield the ways out of a state, each with the transition taken ("" for a vote)."""
    for one in state.transitions.values():
        yield from ((one.name, case.to) for case in one.cases)
    if state.approve is not None:
        yield from (("", case.to) for case in state.approve.granted)
        yield "", state.approve.denied
