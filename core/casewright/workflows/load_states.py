"""States and transitions of a workflow file, read into values: nesting flattened, shorthand expanded."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from casewright import durations
from casewright.bilingual import Bilingual
from casewright.plugins.freezing import frozen
from casewright.workflows import values
from casewright.workflows.load_actions import actions
from casewright.workflows.parties import who
from casewright.workflows.spec import (
    CLOCK,
    HANDLER,
    Approval,
    Attempts,
    Outer,
    State,
    Step,
    Timed,
    Transition,
)
from casewright.workflows.values import StateNames
from casewright.workflows.words import STATE, TRANSITION, Word

BUILT_IN_TITLES: Mapping[str, Bilingual] = {
    "withdrawn": Bilingual(en="Withdrawn", zh="已撤单"),
    "merged": Bilingual(en="Merged", zh="已并案"),
}
"""The final states that every workflow has, whether it declares them or not."""


def states(
    data: Mapping[str, Any], names: StateNames, *, shared: Mapping[str, Any]
) -> dict[str, State]:
    """Return every state by its flat name, in file order; the built-in final states come last.

    `shared` are the transitions that states may name beside their own; their targets are states of the top.
    """
    common = {name: _transition(name, one, names, "") for name, one in shared.items()}
    found = {state.name: state for state in _states(data, names, common)}
    for name, title in BUILT_IN_TITLES.items():
        found.setdefault(name, State(name=name, title=title, final=True))
    return found


def outers(data: Mapping[str, Any], names: StateNames) -> dict[str, Outer]:
    """Return the outer states by name."""
    return {
        name: Outer(
            name=name,
            title=values.title(state.get("title"), name),
            start=names.starts[name],
            on_enter=actions(state.get("on_enter")),
            on_exit=actions(state.get("on_exit")),
        )
        for name, state in data.items()
        if name in names.starts
    }


def _states(
    data: Mapping[str, Any], names: StateNames, common: Mapping[str, Transition]
) -> Iterator[State]:
    for name, state in data.items():
        if name in names.starts:
            inherited = _transitions(state, names, name, common)
            for inner_name, inner in state["states"].items():
                full = f"{name}.{inner_name}"
                own = _transitions(inner, names, name, common)  # come first, and win
                yield _state(full, inner, names, outer=state, transitions=own | inherited | own)
        else:
            own = _transitions(state, names, "", common)
            yield _state(name, state, names, outer={}, transitions=own)


def _state(
    name: str,
    data: Mapping[str, Any],
    names: StateNames,
    *,
    outer: Mapping[str, Any],
    transitions: Mapping[str, Transition],
) -> State:
    parent, _, own = name.rpartition(".")
    approve = data.get("approve")
    after = _after(data)
    built_in = BUILT_IN_TITLES.get(name)
    return State(
        name=name,
        title=built_in
        if built_in and "title" not in data
        else values.title(data.get("title"), own),
        customer_title=values.optional_title(
            data.get("customer_title", outer.get("customer_title"))
        ),
        parent=parent,
        final=data.get("final", built_in is not None),
        rests=data.get("rests", False),
        waiting=data.get("waiting", outer.get("waiting")),
        needs=values.names(outer.get("needs")) + values.names(data.get("needs")),
        when=values.joined(
            values.condition(outer.get("when")), values.condition(data.get("when"))
        ),
        on_enter=actions(data.get("on_enter")),
        on_exit=actions(data.get("on_exit")),
        transitions=_with_the_clock(transitions, after),
        after=after,
        approve=_approval(approve, names, parent) if approve else None,
        words=frozen(_lent(outer, STATE) | _lent(data, STATE)),
    )


def _lent(data: Mapping[str, Any], own: Mapping[str, Word]) -> dict[str, Any]:
    """Return what is said in words of plugins, raw; an inner state's own words come after its outer state's."""
    return {word: one for word, one in data.items() if word not in own}


def _after(data: Mapping[str, Any]) -> tuple[Timed, ...]:
    return tuple(
        Timed(after=durations.parse(after), transition=transition)
        for after, transition in (data.get("after") or {}).items()
    )


def _with_the_clock(
    transitions: Mapping[str, Transition], after: tuple[Timed, ...]
) -> Mapping[str, Transition]:
    """Let the clock take what `after` names and only the handler could; a `by` of the author's says all itself."""
    timed = {one.transition for one in after}
    return {
        name: replace(one, by=(HANDLER, CLOCK))
        if name in timed and one.by == (HANDLER,)
        else one
        for name, one in transitions.items()
    }


def _transitions(
    data: Mapping[str, Any], names: StateNames, parent: str, common: Mapping[str, Transition]
) -> dict[str, Transition]:
    """Return the transitions that a state, inner or outer, has or names; its own before the shared ones."""
    own = data.get("transitions") or {}
    found = {name: _transition(name, one, names, parent) for name, one in own.items()}
    for name in values.names(data.get("shared")):
        if name in common:
            found.setdefault(name, common[name])
    return found


def _transition(name: str, data: Any, names: StateNames, parent: str) -> Transition:
    if isinstance(data, str):
        data = {"to": data}
    attempts = data.get("attempts")
    return Transition(
        name=name,
        title=values.title(data.get("title"), name),
        cases=names.cases(data.get("to"), beside=parent),
        by=who(data["by"]) if "by" in data else (HANDLER,),
        excepting=who(data.get("except")),
        when=values.condition(data.get("when")),
        refusal=values.optional_title(data.get("refusal")),
        needs=values.names(data.get("needs")),
        form=data.get("form"),
        attempts=Attempts(**attempts) if attempts else None,
        limit=data.get("limit"),
        do=actions(data.get("do")),
        key=data.get("key"),
        undo=data.get("undo", False),
        words=frozen(_lent(data, TRANSITION)),
    )


def _approval(data: Mapping[str, Any], names: StateNames, parent: str) -> Approval:
    steps = data.get("steps") or [data]
    return Approval(
        steps=tuple(_step(number, step) for number, step in enumerate(steps, start=1)),
        excepting=who(data.get("except")),
        granted=names.cases(data["granted"], beside=parent),
        denied=names.resolve(data["denied"], beside=parent),
    )


def _step(number: int, data: Mapping[str, Any]) -> Step:
    return Step(
        number=number,
        voters=who(data["voters"]),
        votes=values.number(data.get("votes", 1)),
        when=values.condition(data.get("when")),
    )
