"""The ways through a workflow: which state leads where, and the shortest path between two."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping

from casewright.swift_dataclass import dataclass
from casewright.workflows.guesses import Guesses
from casewright.workflows.spec import Case, State, Workflow

LONGEST_SPOKEN = 20
"""The middle of a path with more steps is not spelt out, only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One step: by a transition, or by an approval's `granted` or `denied`."""

    name: str
    to: str


Ways = Mapping[str, tuple[Way, ...]]


def ways(workflow: Workflow, guesses: Guesses) -> Ways:
    """Return the ways out of every state; an unknown target counts as the state probably meant."""
    return {
        name: tuple(
            Way(name=by, to=to)
            for by, case in _exits(state)
            if (to := meant(workflow, case.to, guesses, beside=state.parent))
        )
        for name, state in workflow.states.items()
    }


def automatic_ways(workflow: Workflow, guesses: Guesses) -> Ways:
    """Return the ways that nobody needs to take: timed ones without a limit, approvals that may need no vote."""
    return {
        name: tuple(
            Way(name=by, to=to)
            for by, case in _automatic_exits(state)
            if (to := meant(workflow, case.to, guesses, beside=state.parent))
        )
        for name, state in workflow.states.items()
    }


def targets(workflow: Workflow, *, beside: str = "") -> dict[str, str]:
    """Return the states by every name that a target inside `beside` may call them."""
    found = {name: name for name in workflow.states}
    found |= {name: outer.start for name, outer in workflow.outers.items()}
    prefix = f"{beside}."
    siblings = {name.removeprefix(prefix): name for name in found if name.startswith(prefix)}
    return {**found, **siblings} if beside else found


def meant(workflow: Workflow, target: str, guesses: Guesses, *, beside: str = "") -> str | None:
    """Return the state that `target` names or was probably meant to name."""
    if target in workflow.states:
        return target
    known = targets(workflow, beside=beside)
    return known.get(guesses.nearest(target, known) or "")


def reachable(found: Ways, starts: Iterable[str]) -> set[str]:
    """Return the states that can be reached from `starts`, themselves included."""
    met: set[str] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in met:
            met.add(state)
            waiting.extend(way.to for way in found.get(state, ()))
    return met


def circling(found: Ways) -> Ways:
    """Return the ways between states that lie on a circle, or on a way from one circle to another."""
    onward = {name: [way.to for way in out] for name, out in found.items()}
    gone = _loose_ends(onward) | _loose_ends(_turned(onward))
    return {
        name: tuple(way for way in out if way.to not in gone)
        for name, out in found.items()
        if name not in gone
    }


def _loose_ends(onward: Mapping[str, list[str]]) -> set[str]:
    """Return the states that nothing leads to, and those that only such states lead to."""
    entries = Counter(to for out in onward.values() for to in out)
    waiting = [name for name in onward if not entries[name]]
    for name in waiting:
        entries.subtract(onward[name])
        waiting.extend(to for to in set(onward[name]) if not entries[to])
    return set(waiting)


def _turned(onward: Mapping[str, list[str]]) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {name: [] for name in onward}
    for name, out in onward.items():
        for to in out:
            back[to].append(name)
    return back


def traps(found: Ways, ends: Iterable[str]) -> list[set[str]]:
    """Return the groups of states that lead to each other, to no other state, and to none of `ends`.

    Every state that leads to no end leads into such a group. They are the groups that nothing leads to
    when all ways are turned round: those in which a second walk, in the order that the first one
    finished, has to begin anew (Kosaraju, Sharir).
    """
    back = _turned({name: [way.to for way in out] for name, out in found.items()})
    free = _walked(back, ends)
    met: set[str] = set(free)
    groups: list[set[str]] = []
    for name in reversed(_finished(back, free)):
        if name not in met:
            groups.append(reachable(found, [name]))
            met |= _walked(back, [name])
    return groups


def _walked(back: Mapping[str, list[str]], starts: Iterable[str]) -> set[str]:
    met: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in met:
            met.add(name)
            waiting.extend(back[name])
    return met


def _finished(back: Mapping[str, list[str]], skipped: Collection[str]) -> list[str]:
    """Return the states in the order in which a walk in depth is done with them."""
    order: list[str] = []
    met = set(skipped)
    for start in back:
        waiting = [(start, False)]
        while waiting:
            name, done = waiting.pop()
            if done:
                order.append(name)
            elif name not in met:
                met.add(name)
                waiting.append((name, True))
                waiting.extend((one, False) for one in back[name])
    return order


def shortest(
    found: Ways, starts: Collection[str], is_end: Callable[[str], bool], *, at_once: bool = True
) -> tuple[str, ...] | None:
    """Return the shortest path as alternating states and ways, or None; without `at_once` it has a step."""
    if at_once and (ends := [start for start in starts if is_end(start)]):
        return (ends[0],)
    before: dict[str, tuple[str, str]] = {}
    waiting = deque(starts)
    while waiting:
        state = waiting.popleft()
        for way in found.get(state, ()):
            if is_end(way.to):
                return (*_back_to(starts, state, before), way.name, way.to)
            if way.to not in before and way.to not in starts:
                before[way.to] = (state, way.name)
                waiting.append(way.to)
    return None


def _back_to(
    starts: Collection[str], state: str, before: Mapping[str, tuple[str, str]]
) -> tuple[str, ...]:
    path = [state]
    while state not in starts:
        state, way = before[state]
        path += [way, state]
    return tuple(reversed(path))


def spoken(path: tuple[str, ...]) -> str:
    """Return a path for people: `registered -accept-> investigating -conclude-> proposing`."""
    steps = [f" -{path[index]}-> {path[index + 1]}" for index in range(1, len(path) - 1, 2)]
    if len(steps) > LONGEST_SPOKEN:
        half = LONGEST_SPOKEN // 2
        steps = [*steps[:half], f" ... ({len(steps) - 2 * half}) ...", *steps[-half:]]
    return path[0] + "".join(steps)


def _exits(state: State) -> list[tuple[str, Case]]:
    found = [(one.name, case) for one in state.transitions.values() for case in one.cases]
    if state.approve:
        found += [("granted", case) for case in state.approve.granted]
        found.append(("denied", Case(to=state.approve.denied)))
    return found


def _automatic_exits(state: State) -> list[tuple[str, Case]]:
    found: list[tuple[str, Case]] = []
    for timed in state.after:
        transition = state.transitions.get(timed.transition)
        if transition and transition.limit is None:
            found += [(transition.name, case) for case in transition.cases]
    if state.approve and all(step.when for step in state.approve.steps):
        found += [("granted", case) for case in state.approve.granted]
    return found
