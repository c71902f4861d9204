"""Masked values that come back in a form: they leave the field as it is, and never become its value."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casewright.commands import (
    Command,
    EditFields,
    FireTransition,
    OpenTicket,
    ReopenTicket,
    TicketCommand,
)
from casewright.desk.records.masked_answers import masked_value, personal_fields
from casewright.engine.situation import Situation
from casewright.errors import CommandRefused, message
from casewright.forms.spec import Field
from casewright.masking import is_masked
from casewright.model import EMPTY, is_system


def without_masks(command: Command, seen: Situation) -> Command:
    """Return the command with what the fields hold in place of their masks; CommandRefused for any other mask.

    That the actor may see the ticket was made sure of before.
    """
    name = _ENTERED.get(type(command))
    if name is None or is_system(command.actor):
        return command
    entered: Mapping[str, Any] = getattr(command, name)
    if not any(map(is_masked, entered.values())):
        return command
    personal, known = _known(command, seen)
    values: Any = {
        field: _meant(personal[field], value, known.get(field)) if field in personal else value
        for field, value in entered.items()
    }
    return replace(command, **{name: values})


def _known(command: Command, seen: Situation) -> tuple[Mapping[str, Field], Mapping[str, Any]]:
    """Return the personal fields of what the command is about, and what they all hold now; NotFound."""
    if isinstance(command, TicketCommand):
        ticket = seen.tickets.get(command.ticket)
        return personal_fields(seen.pinned(ticket.bundle).forms), ticket.fields
    if isinstance(command, OpenTicket):
        return personal_fields(seen.current(command.workflow).forms), EMPTY
    return EMPTY, EMPTY


def _meant(field: Field, value: Any, held: Any) -> Any:
    if not is_masked(value) or value == held:
        return value
    if held is not None and value == masked_value(field, held):
        return held
    template = "'{field}' is masked here ({value}); leave it out, or write it in full"
    raise CommandRefused(reason=message(template, field=field.name, value=str(value)[:80]))


_ENTERED: Mapping[type[Command], str] = {
    OpenTicket: "fields",
    FireTransition: "form",
    EditFields: "fields",
    ReopenTicket: "fields",
}
"""Under what name commands hold what was entered in a form."""
