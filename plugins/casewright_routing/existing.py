"""Whether facts in routing.yaml and in loads name what the workspace has: workflows, their states, the fields of their forms."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from casewright import Message, WorkflowNames, WorkspaceNames, hint, message
from casewright_routing.facts import CHANNEL, FIELD
from casewright_routing.rules import PRIORITIES

_SHOWN = 40
"""Characters of a faulty value that a sentence repeats."""


class Missing(NamedTuple):
    """A fact that names what is not there; `at` is the place of its value, with `key` of its name."""

    at: tuple[str | int, ...]
    reason: Message
    key: bool = False
    grave: bool = True


def missing(names: WorkspaceNames, facts: Mapping[Any, Any]) -> Iterator[Missing]:
    """Yield what these facts of one entry name and the workspace does not have."""
    kind = message("workflow")
    yield from _unknown(facts, "workflow", names.workflows, kind)
    yield from _unknown(facts, "priority", PRIORITIES, message("priority"))
    yield from _channels(names, facts)
    meant = _meant(names, facts)
    if meant:
        yield from _states(meant, facts)
        yield from _fields(meant, facts)


def _meant(names: WorkspaceNames, facts: Mapping[Any, Any]) -> Mapping[str, WorkflowNames]:
    """Return the workflows that the facts speak of; none where one of them is not there."""
    if "workflow" not in facts:
        return names.workflows
    written = [str(one) for _, one in _values(facts, "workflow")]
    if any(one not in names.workflows for one in written):
        return {}
    return {one: names.workflows[one] for one in written}


def _states(meant: Mapping[str, WorkflowNames], facts: Mapping[Any, Any]) -> Iterator[Missing]:
    known = _together([one.states for one in meant.values()])
    if known is None:
        return
    for at, name in _values(facts, "state"):
        if name not in known:
            template = "there is no state '{name}' in {workflows}{hint}"
            yield Missing(at, _said(template, name, meant, known))


def _fields(meant: Mapping[str, WorkflowNames], facts: Mapping[Any, Any]) -> Iterator[Missing]:
    known = _together([one.fields for one in meant.values()])
    if known is None:
        return
    for fact in facts:
        name = str(fact).removeprefix(FIELD)
        if str(fact).startswith(FIELD) and name not in known:
            template = "there is no field '{name}' in the forms of {workflows}{hint}"
            yield Missing((fact,), _said(template, name, meant, known), key=True)


def _said(
    template: str, name: object, meant: Mapping[str, WorkflowNames], known: Collection[str]
) -> Message:
    near = hint(str(name), known)
    return message(template, name=str(name)[:_SHOWN], workflows=sorted(meant), hint=near)


def _channels(names: WorkspaceNames, facts: Mapping[Any, Any]) -> Iterator[Missing]:
    """Warn of what looks like a slip: whoever opens a ticket may call its channel as they like."""
    known = {CHANNEL, *names.channels}
    for at, name in _values(facts, "channel"):
        near = hint(str(name), known)
        if name not in known and near.text:
            template = "neither calls nor casewright.toml have a channel '{name}'{hint}"
            reason = message(template, name=str(name)[:_SHOWN], hint=near)
            yield Missing(at, reason, grave=False)


def _unknown(
    facts: Mapping[Any, Any], fact: str, known: Collection[str], kind: Message
) -> Iterator[Missing]:
    for at, name in _values(facts, fact):
        if name not in known:
            template = "there is no {kind} '{name}'{hint}"
            near = hint(str(name), known)
            yield Missing(at, message(template, kind=kind, name=str(name)[:_SHOWN], hint=near))


def _values(facts: Mapping[Any, Any], fact: str) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield the values of a fact with their places; what is no plain value is refused elsewhere."""
    written = facts.get(fact, [])
    if not isinstance(written, list):
        yield from [((fact,), written)] if isinstance(written, str | int | float) else []
        return
    for index, one in enumerate(written):
        if isinstance(one, str | int | float):
            yield (fact, index), one


def _together(found: list[frozenset[str] | None]) -> frozenset[str] | None:
    """Return all of them, None where one of them may be anything."""
    known: set[str] = set()
    for one in found:
        if one is None:
            return None
        known |= one
    return frozenset(known)
