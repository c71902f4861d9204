"""Customers, contacts and the customer view as JSON has them."""

from typing import Any

from casewright.answers import Contact, CustomerView
from casewright.cli.refusal import plain, seconds
from casewright.cli.ticket_documents import ticket_document
from casewright.model import Customer
from casewright.texts import Texts


def customer_document(one: Customer) -> dict[str, Any]:
    """Return a customer."""
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "client": one.client,
        "tier": one.tier,
        "brand": one.brand,
        "language": one.language,
        "phone": one.phone,
        "email": one.email,
        "tags": list(one.tags),
        "known_by": [{"kind": id.kind, "value": id.value} for id in one.known_by],
        "erased_at": one.erased_at and one.erased_at.isoformat(),
    }


def contact_document(one: Contact) -> dict[str, Any]:
    """Return a contact; its length is in seconds."""
    return {
        "number": one.number,
        "customer": one.customer,
        "at": one.at.isoformat(),
        "channel": one.channel,
        "direction": one.direction,
        "agent": one.agent,
        "seconds": None if one.duration is None else seconds(one.duration),
        "kind": one.kind,
        "summary": one.summary,
        "tickets": list(one.tickets),
        "resolved": one.resolved,
    }


def view_document(view: CustomerView, texts: Texts) -> dict[str, Any]:
    """Return the customer view."""
    return {
        "customer": customer_document(view.customer),
        "asked": view.asked,
        "client": None if view.client is None else customer_document(view.client),
        "end_customers": view.end_customers,
        "merged": list(view.merged),
        "churn": plain(view.churn, texts),
        "survey": plain(view.survey, texts),
        "open_matters": [ticket_document(one, texts) for one in view.open_matters],
        "broken": [plain(one, texts) for one in view.broken],
        "unresolved": [contact_document(one) for one in view.unresolved],
        "lineages": [
            {"key": one.key, "rounds": [ticket.key for ticket in one.rounds]}
            for one in view.lineages
        ],
        "contacts": [contact_document(one) for one in view.contacts],
        "more": dict(view.more),
        "looked_at": view.looked_at,
        "older": view.older,
    }
