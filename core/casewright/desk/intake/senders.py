"""Who sent something: the customer whom the sender is known as, and whether a ticket is theirs."""

from casewright.addresses import phones_meant
from casewright.customers.settings import settings_from_data
from casewright.desk.library import Library
from casewright.intake.arrival import Arrival
from casewright.model import Customer, Identity, Ticket
from casewright.store import arrivals, customers
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

MOST = 20
"""Customers who may share an address and still be told apart by a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The sender of an arrival: by what they are known, and as whom."""

    known_by: tuple[Identity, ...]
    customers: tuple[Customer, ...]
    address: str

    @property
    def customer(self) -> Customer | None:
        """The one customer whom they are known as; None for nobody, and for several."""
        return self.customers[0] if len(self.customers) == 1 else None


def sender_of(database: Database, library: Library, arrival: Arrival) -> Sender:
    """Return who sent an arrival, as far as the desk knows them."""
    code = settings_from_data(library.configuration().customers).country_code
    known_by = tuple(
        Identity(kind=one.kind, value=meant)
        for one in arrival.sender
        for meant in (
            phones_meant(one.value, code) if one.kind == "phone" else (one.value.strip(),)
        )
        if meant
    )
    ids = (found for one in known_by for found in customers.holders(database, one))
    current = (customers.current(database, one) for one in dict.fromkeys(ids))
    found = {one.id: one for one in current if one is not None}
    address = next(iter(arrival.addresses), "")
    return Sender(known_by=known_by, customers=tuple(found.values())[:MOST], address=address)


def owns(database: Database, sender: Sender, ticket: Ticket) -> bool:
    """Return whether a ticket is the sender's: they are its customer, or what they sent before belongs to it."""
    of_ticket = customers.current(database, ticket.customer) if ticket.customer else None
    if of_ticket is not None and any(one.id == of_ticket.id for one in sender.customers):
        return True
    return arrivals.wrote_about(database, sender.address, ticket.key)
