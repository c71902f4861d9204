"""Answers about customers: those that fit, whoever is meant by a number or a name, the contacts with one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from casewright.addresses import phones_meant
from casewright.answers import Contact, ContactPage, CustomerPage
from casewright.customers.settings import settings_from_data
from casewright.desk.authorising import READ, Actor
from casewright.desk.serving.customers import known_customer
from casewright.model import Customer, Ticket
from casewright.queries import (
    LARGEST_PAGE,
    FindCustomers,
    ListContacts,
    ListCustomers,
)
from casewright.store import contacts, customers
from casewright.store.reaching import Condition
from casewright.store.tickets import Tickets

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

LONGEST_SOUGHT = 200
_ON_NONE = "(ticket_id IS NULL AND json_extract(record, '$.tickets') IS NULL)"


def list_customers(asking: "Asking", query: ListCustomers) -> CustomerPage:
    """Return a page of those that fit."""
    found, after = customers.page(asking.database, query)
    return CustomerPage(customers=found, after=after)


def find_customers(asking: "Asking", query: FindCustomers) -> CustomerPage:
    """Return whoever is meant: by id, else by what they are known by, else by name."""
    sought = " ".join(query.sought.split())[:LONGEST_SOUGHT]
    limit = max(1, min(query.limit, LARGEST_PAGE))
    found = _by_id(asking, sought) if not query.kind else ()
    found = found or _by_identity(asking, sought, query.kind, limit)
    if not found and not query.kind:
        found = customers.called(asking.database, sought, limit=limit)
    return CustomerPage(customers=found)


def list_contacts(asking: "Asking", query: ListContacts) -> ContactPage:
    """Return a page of the contacts with a customer; those on tickets that the asker may not see are left out."""
    customer = known_customer(asking.database, query.customer)
    limit = max(1, min(query.limit, LARGEST_PAGE))
    found, after = contacts.page(
        asking.database, customer.id, seen(asking.actor), after=query.after, limit=limit
    )
    sight = Sight(asking)
    return ContactPage(contacts=tuple(filter(None, map(sight.of, found))), after=after)


def seen(actor: Actor) -> Condition:
    """Return the condition that a contact was on no ticket, or on one that somebody may see."""
    reached, values = actor.among()
    named = (
        "SELECT 1 FROM ticket WHERE (ticket.id = customer_contact.ticket_id OR ticket.key IN"
        " (SELECT value FROM json_each(customer_contact.record, '$.tickets')))"
    )
    return f"({_ON_NONE} OR EXISTS ({named} AND {reached}))", values


class Sight:
    """Which tickets the asker may see; each is looked at once."""

    def __init__(self, asking: "Asking") -> None:
        self._actor = asking.actor
        self._tickets = Tickets(asking.database, asking.now)
        self._known: dict[str, bool] = {}
        self.reads_tickets = asking.actor.may(READ)

    def sees(self, key: str) -> bool:
        """Return whether the asker may see a ticket."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._actor.sees(key)
        return known

    def lineage(self, key: str) -> list[Ticket]:
        """Return the rounds of a lineage that the asker may see, the first one first."""
        return [one for one in self._tickets.lineage(key) if self.sees(one.key)]

    def of(self, contact: Contact) -> Contact | None:
        """Return a contact with the tickets that the asker may see; None when it was on one that they may not."""
        seen = tuple(key for key in contact.tickets if self.sees(key))
        return None if contact.tickets and not seen else replace(contact, tickets=seen)


def _by_id(asking: "Asking", sought: str) -> tuple[Customer, ...]:
    found = customers.current(asking.database, sought)
    return () if found is None else (found,)


def _by_identity(asking: "Asking", sought: str, kind: str, limit: int) -> tuple[Customer, ...]:
    """Look under the value as written, then under the numbers it may stand for."""
    if kind != "phone":
        found = customers.known_by(asking.database, sought, kind=kind, limit=limit)
        if found or kind:
            return found
    settings = settings_from_data(asking.library.configuration().customers)
    for number in phones_meant(sought, settings.country_code):
        found = customers.known_by(asking.database, number, kind="phone", limit=limit)
        if found:
            return found
    return ()
