"""From an arrival to a new ticket: its customer, and the values of its form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casewright.commands import AddComment, OpenTicket, SaveCustomer
from casewright.desk.intake.senders import Sender
from casewright.desk.intake.site import Place
from casewright.errors import CommandRefused
from casewright.forms.spec import Form
from casewright.intake.mapping import mapped
from casewright.model import EMPTY, INTAKE
from casewright.store import customers

CUT = " …"
"""What stands at the end of a text that was longer than its field takes."""


def open_ticket(
    place: Place,
    sender: Sender,
    workflow: str,
    fields: Mapping[str, Any],
    *,
    given: Mapping[str, Any] = EMPTY,
    customer: str | None = None,
) -> tuple[str, bool]:
    """Open a ticket and return its key, and whether something was too long for its form; CasewrightError when refused.

    `fields` are as rules say them; what is `given` goes before.
    """
    values = {**mapped(place.arrival, fields, place.channel.fields), **given}
    fitted = _fitted(values, _form(place, workflow))
    opened = place.execute(
        OpenTicket(
            actor=place.actor,
            command_id=place.named("open"),
            workflow=workflow,
            fields=fitted,
            customer=customer or _customer(place, sender),
            channel=place.channel.says,
            received_at=min(place.arrival.at, place.now),
        )
    )
    shortened = fitted != values
    if shortened:
        _tell_all(place, opened.ticket)
    return opened.ticket, shortened


def _customer(place: Place, sender: Sender) -> str | None:
    if sender.customer is not None:
        return sender.customer.id
    if sender.customers or not sender.known_by or place.channel.unknown != "make":
        return None
    made = SaveCustomer(
        actor=INTAKE,
        command_id=place.named("customer"),
        id=customers.new_id(place.database),
        name=place.arrival.name,
        email=_first(sender, "email"),
        phone=_first(sender, "phone"),
        known_by=sender.known_by,
        language=place.arrival.language or None,
    )
    try:
        place.execute(made)
    except CommandRefused:  # whoever sends it chooses the name
        place.execute(replace(made, command_id=place.named("unnamed_customer"), name=""))
    return made.id


def _first(sender: Sender, kind: str) -> str | None:
    return next((one.value for one in sender.known_by if one.kind == kind), None)


def _form(place: Place, workflow: str) -> Form | None:
    found = place.library.current(workflow)
    return found.forms[found.workflow.form] if found.workflow.form else None


def _fitted(values: Mapping[str, Any], form: Form | None) -> dict[str, Any]:
    """Return the values with texts no longer than their fields take."""
    asked = form.schema.get("properties", {}) if form is not None else {}
    return {
        name: _cut(one, asked.get(name, {}).get("maxLength")) for name, one in values.items()
    }


def _cut(value: Any, longest: int | None) -> Any:
    if not isinstance(value, str) or longest is None or len(value) <= longest:
        return value
    return value[: max(0, longest - len(CUT))] + CUT if longest > len(CUT) else value[:longest]


def _tell_all(place: Place, ticket: str) -> None:
    """Write the whole of what was too long into a comment."""
    arrival = place.arrival
    said = "\n\n".join(one for one in (arrival.subject, arrival.text) if one)
    command = AddComment(
        actor=place.actor, command_id=place.named("whole"), ticket=ticket, text=said
    )
    place.execute(command)
