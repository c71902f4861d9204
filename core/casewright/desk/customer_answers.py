"""Answers about customers: those that fit, whoever is meant by a number or a name, the contacts with one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from casewright.addresses import phones_meant
from casewright.answers import Contact, ContactPage, CustomerPage
from casewright.customers.settings import settings_from_data
from casewright.desk.customers import known_customer
from casewright.desk.transaction import situation
from casewright.engine import parties
from casewright.model import SYSTEM, Customer, Ticket
from casewright.queries import (
    LARGEST_PAGE,
    FindCustomers,
    GetTicket,
    ListContacts,
    ListCustomers,
)
from casewright.store import contacts, customers

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

LONGEST_SOUGHT = 200


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
    found, after = contacts.page(asking.database, customer.id, after=query.after, limit=limit)
    sight = Sight(asking)
    return ContactPage(contacts=tuple(filter(None, map(sight.of, found))), after=after)


class Sight:
    """Which tickets the asker may see; each is looked at once."""

    def __init__(self, asking: "Asking") -> None:
        self._name = asking.asker.name
        self._seen, self._tickets = situation(
            asking.database, asking.library, actor=asking.asker, now=asking.now
        )
        self._known: dict[str, bool] = {}
        settings = asking.library.configuration()
        self.reads_tickets = self._name == SYSTEM or settings.permits(
            asking.asker, GetTicket.permission
        )

    def sees(self, ticket: Ticket) -> bool:
        """Return whether the asker may see a ticket."""
        known = self._known.get(ticket.key)
        if known is None:
            known = self.reads_tickets and not parties.kept_from(self._name, ticket, self._seen)
            self._known[ticket.key] = known
        return known

    def lineage(self, key: str) -> list[Ticket]:
        """Return the rounds of a lineage that the asker may see, the first one first."""
        return [one for one in self._tickets.lineage(key) if self.sees(one)]

    def of(self, contact: Contact) -> Contact | None:
        """Return a contact with the tickets that the asker may see; None when it was on one that they may not."""
        seen = tuple(key for key in contact.tickets if self.sees(self._tickets.get(key)))
        return None if contact.kind and not seen else replace(contact, tickets=seen)


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
