"""By what a ticket is found: who is a party to it or watches it, which department and queue it is at, and from whom it is hidden."""

from collections.abc import Iterator
from operator import attrgetter

from casewright.access.reach import AT_DEPARTMENT, HIDDEN, IN_QUEUE, PARTY, RESERVED, WATCHER
from casewright.engine import parties
from casewright.engine.draft import Draft
from casewright.engine.situation import Compiled, Situation
from casewright.model import Ticket, is_system
from casewright.workflows.spec import Expression

Places = frozenset[tuple[str, str]]
"""Pairs of kind and name, as `access.reach` names the kinds."""


def places(ticket: Ticket, situation: Situation) -> Places:
    """Return all that a ticket is found by, and from whom it is hidden, as it stands in `situation`."""
    compiled = situation.pinned(ticket.bundle)
    found = {(kind, name) for kind, name in _people(ticket) if name and not is_system(name)}
    found.update((RESERVED, role.name) for role in compiled.workflow.only_for)
    found_by = tuple(expressions(compiled))
    if found_by:
        draft = Draft(ticket=ticket, compiled=compiled, kind="", before=ticket)
        for kind, expression in found_by:
            named = parties.expressed(expression, draft, situation)
            found.update((kind, name) for name in named)
    return frozenset(found)


def may_have_moved(before: Ticket | None, after: Ticket, compiled: Compiled) -> bool:
    """Return whether what a ticket is found by may be other than before; most events leave it as it is."""
    if before is None:
        return True
    if _named(before) != _named(after) and _people(before) != _people(after):
        return True
    refilled = before.fields is not after.fields and before.fields != after.fields
    return any(
        refilled or not compiled.guards.reads(expression) <= _FILLED
        for _, expression in expressions(compiled)
    )


def expressions(compiled: Compiled) -> Iterator[tuple[str, Expression]]:
    """Yield the workflow's expressions that say where a ticket is found, each with the kind of what it names."""
    workflow = compiled.workflow
    if workflow.department is not None:
        yield AT_DEPARTMENT, workflow.department
    if workflow.queue is not None:
        yield IN_QUEUE, workflow.queue
    for party in workflow.exclude:
        if party.kind == "expression":
            yield HIDDEN, Expression(party.name)


_FILLED = frozenset({"fields"})


_named = attrgetter("opener", "handler", "owner", "submitter", "watchers")


def _people(ticket: Ticket) -> set[tuple[str, str | None]]:
    *parties, watchers = _named(ticket)
    return {(PARTY, name) for name in parties} | {(WATCHER, name) for name in watchers}
