"""Commands about single customers: saving one, and saying that one is another."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from casewright.commands import MergeCustomers, SaveCustomer
from casewright.customers.settings import settings_from_data
from casewright.desk.library import Library
from casewright.desk.names import must_be_a_name
from casewright.desk.serving.customer_values import (
    GIVEN,
    changed,
    relation_fault,
    side_fault,
    united,
    value_fault,
    whole_number,
    with_whole_numbers,
)
from casewright.errors import CommandRefused, Message, NotFound, message
from casewright.model import Customer, Identity
from casewright.store import customers
from casewright.store.database import Database


class Stored:
    """The customers of the database, as a check needs them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.told: set[str] = set()
        """The ids of those of whom a check learned that they are there."""

    def current(self, identity: str) -> Customer | None:
        """Return the customer that an id stands for now, or None."""
        found = customers.current(self._database, identity)
        if found is not None:
            self.told.add(found.id)
        return found

    def holders(self, identity: Identity) -> Collection[str]:
        """Return the ids of those who are known by an identity."""
        found = customers.holders(self._database, identity)
        self.told.update(found)
        return found

    def end_customers(self, client: str) -> int:
        """Return how many end customers belong to a client organisation."""
        return customers.end_customers(self._database, client)


def save_customer(
    database: Database, library: Library, command: SaveCustomer, now: datetime
) -> Mapping[str, str]:
    """Add a customer, or change what the command says about one, and answer which was `done`; CommandRefused."""
    command = _in_full(command, library)
    must_be_a_name(command.id)
    stored = customers.get(database, command.id)
    if stored is not None and stored.merged_into:
        template = "{id} was merged into {into}: change that one"
        _refuse(message(template, id=command.id, into=stored.merged_into))
    _refuse(erased_fault(stored))
    given = {name: value for name in GIVEN if (value := getattr(command, name)) is not None}
    _refuse(value_fault(given, command.known_by))
    before = stored or Customer(id=command.id)
    after = changed(before, given, command.known_by, command.no_longer_by)
    known = Stored(database)
    _refuse(side_fault(before, after, known) or relation_fault(after, known))
    after = _with_current_client(after, known)
    if after == stored:
        return {"done": "unchanged"}
    customers.save(database, after)
    return {"done": "changed" if stored else "added"}


def merge_customers(
    database: Database, library: Library, command: MergeCustomers, now: datetime
) -> None:
    """Say that a customer is another one; CommandRefused, NotFound."""
    customer = known_customer(database, command.customer, follow=False)
    into = known_customer(database, command.into)
    if customer.id == into.id and command.into != into.id:
        template = "{into} was merged into {id}: they are one customer already"
        _refuse(message(template, into=command.into, id=into.id))
    _refuse(erased_fault(customer) or erased_fault(into))
    _refuse(_merge_fault(customer, into, command.reason))
    customers.merge(
        database,
        customer,
        absorbed(customer, into),
        by=command.actor,
        at=now,
        reason=command.reason,
    )


def absorbed(customer: Customer, into: Customer) -> Customer:
    """Return `into` with what `customer` was known by, its tags, and what `into` does not say of itself."""
    own = ("name", "client", "tier", "brand", "language", "phone", "email")
    missing = {name: getattr(customer, name) for name in own if not getattr(into, name)}
    filled = replace(into, tags=united(into.tags, customer.tags), **missing)
    return changed(filled, {}, customer.known_by)


def known_customer(database: Database, identity: str, *, follow: bool = True) -> Customer:
    """Return a customer by id, or whoever it was merged into; NotFound."""
    find = customers.current if follow else customers.get
    found = find(database, identity)
    if found is None:
        raise NotFound(kind=message("customer"), name=identity[:80], hint=message(""))
    return found


def erased_fault(customer: Customer | None) -> Message | None:
    """Return why nothing more is kept of a customer who was erased, or None."""
    if customer is None or customer.erased_at is None:
        return None
    template = "{id} was erased on {day}; nothing more is kept under this id"
    return message(template, id=customer.id, day=customer.erased_at.date())


def _in_full(command: SaveCustomer, library: Library) -> SaveCustomer:
    """Return the command with its phone numbers in full, as far as they are numbers."""
    code = settings_from_data(library.configuration().customers).country_code
    return replace(
        command,
        phone=command.phone and whole_number(command.phone, code),
        known_by=with_whole_numbers(command.known_by, code),
        no_longer_by=with_whole_numbers(command.no_longer_by, code),
    )


def _merge_fault(customer: Customer, into: Customer, reason: str) -> Message | None:
    if customer.merged_into == into.id:
        return message("{id} is merged into {into} already", id=customer.id, into=into.id)
    if customer.merged_into:
        template = "{id} was merged into {into}: merge that one"
        return message(template, id=customer.id, into=customer.merged_into)
    if customer.id == into.id:
        return message("{id} would be merged into itself", id=customer.id)
    if customer.kind != into.kind:
        return message("an end customer and a client organisation are never the same")
    if customer.client and into.client and customer.client != into.client:
        return message(
            "{id} belongs to {client} and {into} to {other}: they are two customers",
            id=customer.id,
            client=customer.client,
            into=into.id,
            other=into.client,
        )
    if not reason.strip():
        return message("a reason must be given")
    return None


def _with_current_client(customer: Customer, known: Stored) -> Customer:
    client = known.current(customer.client) if customer.client else None
    return replace(customer, client=client.id) if client else customer


def _refuse(fault: Message | None) -> None:
    if fault is not None:
        raise CommandRefused(reason=fault)
