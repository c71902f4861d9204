"""What people enter: forms checked, tables asked, and the fields that follow from them."""

from collections.abc import Mapping
from typing import Any

from casewright.engine import parties
from casewright.engine.draft import Draft
from casewright.engine.situation import Compiled, Situation
from casewright.errors import CommandRefused, FormRefused, message
from casewright.model import EMPTY, Ticket, is_system
from casewright.patterns import pattern
from casewright.workflows.words import PRIORITIES

NORMAL = "normal"
_WORD = pattern(r"[a-z][a-z0-9_]{0,31}")


def check(
    compiled: Compiled, form: str | None, values: Mapping[str, Any], situation: Situation
) -> None:
    """Raise FormRefused unless `values` satisfy the form and name rows of the tables it picks from."""
    if form is None:
        if values:
            raise FormRefused(
                form=compiled.workflow.name,
                form_title=compiled.workflow.title,
                summary=message("nothing is to be filled in here"),
                faults=(),
            )
        return
    compiled.checkers[form].check(values, tables=situation.keys)


def completed(
    compiled: Compiled,
    form: str | None,
    values: Mapping[str, Any],
    known: Mapping[str, Any] = EMPTY,
) -> Mapping[str, Any]:
    """Return `values` with the form's defaults where nothing was entered and nothing is `known` yet."""
    fields = compiled.forms[form].fields.values() if form is not None else ()
    defaults = {one.name: one.default for one in fields if one.default is not None}
    left_out = {
        name: default
        for name, default in defaults.items()
        if name not in values and name not in known
    }
    return {**left_out, **values} if left_out else values


def must_be_a_word(text: str) -> None:
    """Raise CommandRefused unless a channel or role is one word: it stands in events, where nothing typed may."""
    if text and not _WORD.fullmatch(text):
        raise CommandRefused(
            reason=message(
                "'{word}' is not a single word of small letters, digits and _", word=text[:40]
            )
        )


def filled(ticket: Ticket, name: str) -> bool:
    """Return whether a field says something: blanks and empty lists do not, `false` and 0 do."""
    value = ticket.fields.get(name)
    return bool(value.strip()) if isinstance(value, str) else value is not None and value != []


def set_priority(draft: Draft, situation: Situation) -> None:
    """Set the priority by the workflow's rules; what was raised stays a floor.

    Where none holds it is normal, so that it depends on the fields and not on what they were before.
    """
    rules = draft.compiled.workflow.priority
    held = (rule.set for rule in rules if parties.holds(rule.when, draft, situation))
    wanted = max(next(held, NORMAL), draft.ticket.floor, key=PRIORITIES.index)
    if wanted != draft.ticket.priority:
        draft.change(priority=wanted)


def hand_to(draft: Draft, name: str | None) -> None:
    """Make `name` the handler, or nobody, and remember who ever was."""
    if draft.ticket.handler == name:
        return
    draft.change(handler=name)
    if name is not None:
        draft.happen("event", "assigned")
    if name is not None and not is_system(name) and name not in draft.ticket.handlers:
        draft.change(handlers=(*draft.ticket.handlers, name))
