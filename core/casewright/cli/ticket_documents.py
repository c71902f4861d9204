"""Tickets, events and offers as JSON has them: every attribute under its own name."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casewright.answers import ActionOffer
from casewright.cli.form_reading import field_document
from casewright.cli.refusal import plain
from casewright.model import Event, Ticket
from casewright.texts import Texts
from casewright.timekeeping import PromiseClock

if TYPE_CHECKING:
    from casewright.forms.spec import Form


def ticket_document(ticket: Ticket, texts: Texts) -> dict[str, Any]:
    """Return a ticket's attributes; `tried`, `ballot` and `links` as objects, of its clocks how they stand."""
    document: dict[str, Any] = plain(ticket, texts)
    document["clocks"] = {name: _clock(one, texts) for name, one in ticket.clocks.items()}
    document["links"] = [{"role": role, "ticket": key} for role, key in ticket.links]
    return {**document, "open": ticket.open}


def event_document(event: Event, texts: Texts) -> dict[str, Any]:
    """Return an event's attributes, what it keeps in private as well."""
    document: dict[str, Any] = plain(event, texts)
    return document


def offers_document(
    offers: Iterable[ActionOffer], forms: "Mapping[str, Form]", texts: Texts
) -> list[dict[str, Any]]:
    """Return what may be done; `asks_for` are the required fields, `blocked` is the reason why not, or null."""
    return [
        {
            "name": offer.name,
            "title": {"en": offer.title.en, "zh": offer.title.zh},
            "targets": list(offer.targets),
            "form": offer.form,
            "asks_for": _asked(forms.get(offer.form or "")),
            "needs": list(offer.needs),
            "key": offer.key,
            "blocked": texts.render(offer.blocked) if offer.blocked else None,
        }
        for offer in offers
    ]


def _clock(clock: PromiseClock, texts: Texts) -> dict[str, Any]:
    known = ("run", "state", "due_at", "original_due", "provisional", "breached_at", "ended_at")
    return {name: plain(getattr(clock, name), texts) for name in known}


def _asked(form: "Form | None") -> list[dict[str, Any]]:
    fields = form.fields.values() if form else ()
    return [field_document(field) for field in fields if field.required]
