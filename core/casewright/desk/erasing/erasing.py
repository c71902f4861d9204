"""Erasing customers and tickets: refused or done in one transaction, noted outside the database first, traces removed after."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from casewright import compact_json
from casewright.access.reach import HIDDEN
from casewright.answers import Erasure
from casewright.commands import Command, EraseAgain, EraseCustomer, EraseTicket
from casewright.contributions import Erased
from casewright.desk import attachments
from casewright.desk.erasing.erased_tickets import ErasedTickets
from casewright.desk.erasing.erasure_ledger import Entry, ErasureLedger
from casewright.desk.keeping import forget_old
from casewright.desk.library import Library
from casewright.desk.plugging.plugged import Plugged
from casewright.desk.serving.customers import known_customer
from casewright.errors import (
    CommandRefused,
    DatabaseBusy,
    DatabaseUnusable,
    FileUnreadable,
    message,
)
from casewright.model import Customer, Person, Receipt
from casewright.plain_text import words_fault
from casewright.plugins.host import Plugins
from casewright.store import (
    arrivals,
    command_journal,
    customers,
    erasing,
    erasures,
    keeping,
    reaching,
    search,
    traces,
)
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

UNATTACHED = timedelta(days=1)
"""So long a file that was kept may wait to be attached."""
TRACES = "traces"
"""What the answer of a receipt says where something of the erased is still in files."""
MOST_NAMED = 20
"""So many tickets are named, where there may be more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """Erases at one desk; `attachments` is the folder of the files."""

    database: Database
    library: Library
    plugged: Plugged
    ledger: ErasureLedger
    attachments: Path

    def handles(self, kind: type[Command]) -> bool:
        """Return whether commands of this kind are carried out here."""
        return kind in (EraseCustomer, EraseTicket, EraseAgain)

    def carry_out(
        self, plugins: Plugins, command: Any, actor: Person, now: datetime
    ) -> Mapping[str, str]:
        """Carry one of these commands out in the transaction that is open; return what its receipt answers."""
        going = _Going(self, plugins, actor, now)
        if isinstance(command, EraseCustomer):
            return going.customer(command)
        if isinstance(command, EraseTicket):
            return going.ticket(command)
        return going.again(command.customer)

    def missing(self) -> tuple[str, ...]:
        """Return the customers of whom the ledger says that they are erased, and the database still has."""
        found = filter(self._is_missing, self.ledger.entries())
        return tuple(dict.fromkeys(entry.customer for entry in found))

    def remove_traces(self) -> bool:
        """Remove what erasures have left in files and free pages; return False where others still read what was there."""
        delete = partial(attachments.delete, self.attachments)
        return traces.remove(self.database, delete)

    def sweep(self, now: datetime) -> None:
        """Delete files that were kept and then attached to nothing, as when attaching them was refused, and old drafts."""
        forget_old(self.database, now)
        old = tuple(attachments.kept_until(self.attachments, now - UNATTACHED))
        if not old:
            return
        with self.database.write():
            attached = erasing.attached(self.database)
            for path in old:
                if attachments.digest_of(path) not in attached:
                    attachments.remove(path)

    def tidied(self, kind: type[Command], receipt: Receipt) -> Receipt:
        """Remove traces at once where a customer was erased and that is durable; return the receipt, which says so where some are left.

        Those are the worker's to remove.
        """
        if kind is not EraseCustomer or self._tidies():
            return receipt
        return replace(receipt, answer={**(receipt.answer or {}), TRACES: "left"})

    def _tidies(self) -> bool:
        if self.database.writing:
            return False
        try:
            return self.remove_traces()
        except (DatabaseBusy, DatabaseUnusable, FileUnreadable):
            return False  # What was erased is gone anyhow.

    def _is_missing(self, entry: Entry) -> bool:
        return not erasures.has(self.database, customer=entry.customer, at=entry.at)


@dataclass(frozen=True, slots=True)
class _Going:
    """One command's work."""

    erasing: Erasing
    plugins: Plugins
    actor: Person
    now: datetime
    tickets: ErasedTickets = field(init=False)

    def __post_init__(self) -> None:
        own = self.erasing
        made = ErasedTickets(own.database, own.library, self.actor, self.now)
        object.__setattr__(self, "tickets", made)

    def customer(self, command: EraseCustomer) -> Mapping[str, str]:
        """Erase a customer; CommandRefused without a reason, or while tickets are open that are not to be erased."""
        database = self.erasing.database
        _must_say_why(command.reason)
        found = known_customer(database, command.customer)
        keys = erasing.tickets_of(database, found.id)
        self._must_be_nobody_avoided(keys)
        if not command.also_open:
            self._must_be_closed(found, keys)
        entry = Entry(
            at=self.now, actor=command.actor, customer=found.id, reason=command.reason.strip()
        )
        answer = self._erase(found, keys, entry)
        # Before the transaction is committed, and after all that may refuse it: the ledger names nobody who stays.
        self.erasing.ledger.add(entry, map(_entry, erasures.of_customers(database)))
        return answer

    def ticket(self, command: EraseTicket) -> Mapping[str, str]:
        """Erase what is personal in a closed ticket; CommandRefused for one that is open."""
        _must_say_why(command.reason)
        found = self.tickets.get(command.ticket)
        if found.open:
            reason = message("{ticket} is open again", ticket=found.key)
            raise CommandRefused(reason=reason)
        self.tickets.erase(found.key)
        self._note(ticket=found.key, at=self.now, actor=command.actor, reason=command.reason)
        left = self._forget(Erased(tickets=(found.key,)))
        return {**self.tickets.counted, **left}

    def again(self, customer: str) -> Mapping[str, str]:
        """Erase whoever the ledger names and the database still has; nobody while a plugin cannot be asked to forget them.

        What plugins know of somebody can only be found while it is known who that is.
        """
        done = 0
        if absent := self.erasing.plugged.absent(self.plugins):
            return {"customers": "0", "not_asked": ", ".join(absent)}
        for entry in self.erasing.ledger.entries():
            if customer not in ("", entry.customer) or not self.erasing._is_missing(entry):
                continue
            found = customers.current(self.erasing.database, entry.customer)
            if found is None:
                self._record(entry)
                continue
            done += 1
            self._erase(found, erasing.tickets_of(self.erasing.database, found.id), entry)
        return {"customers": str(done), **self.tickets.counted}

    def _erase(
        self, customer: Customer, keys: tuple[str, ...], entry: Entry
    ) -> Mapping[str, str]:
        database = self.erasing.database
        ids = (customer.id, *customers.merged_ids(database, customer.id))
        for key in keys:
            self.tickets.erase(key)
        erasing.erase_summaries(database, customer.id)
        self.tickets.files += arrivals.erase_from(
            database, map(customers.sought, customer.known_by)
        )
        keeping.erase_drafts_naming(database, _as_written(customer, ids))
        customers.erase(database, customer, entry.at)
        self._note(customer=customer.id, at=entry.at, actor=entry.actor, reason=entry.reason)
        if customer.id != entry.customer:
            self._record(entry)
        gone = Erased(customers=ids, known_by=customer.known_by, tickets=keys)
        left = self._forget(gone)
        elsewhere = self._elsewhere(customer)
        return {
            **self.tickets.counted,
            **left,
            **({"elsewhere": ", ".join(elsewhere)} if elsewhere else {}),
        }

    def _record(self, entry: Entry) -> None:
        self._note(customer=entry.customer, at=entry.at, actor=entry.actor, reason=entry.reason)

    def _note(
        self, *, at: datetime, actor: str, reason: str, customer: str = "", ticket: str = ""
    ) -> None:
        database = self.erasing.database
        erasures.add(
            database, at=at, actor=actor, customer=customer, ticket=ticket, reason=reason
        )
        erasing.forget_leftovers(database)
        command_journal.forget_salts(database, self.now + datetime.resolution)
        traces.note(database, self.tickets.files)

    def _forget(self, gone: Erased) -> Mapping[str, str]:
        left = self.erasing.plugged.forget(self.plugins, gone, self.actor, self.now)
        return {"not_asked": ", ".join(left)} if left else {}

    def _must_be_nobody_avoided(self, keys: tuple[str, ...]) -> None:
        """Raise CommandRefused where one of the tickets is hidden from the actor: nobody erases what was said about them."""
        if any(self._is_hidden(key) for key in keys):
            reason = message("you cannot erase this customer: somebody else has to do it")
            raise CommandRefused(reason=reason)

    def _is_hidden(self, key: str) -> bool:
        places = reaching.places_of(self.erasing.database, key) or ()
        return (HIDDEN, self.actor.name) in places

    def _must_be_closed(self, customer: Customer, keys: tuple[str, ...]) -> None:
        still = [key for key in keys if self.tickets.get(key).open]
        if still:
            template = (
                "tickets of {id} are open: {tickets}; close them first, or erase them as well"
                " (--also-open), which may leave them without what their next step needs"
            )
            named = still[:MOST_NAMED]
            raise CommandRefused(reason=message(template, id=customer.id, tickets=named))

    def _elsewhere(self, customer: Customer) -> list[str]:
        """Return tickets of others whose fields name the customer: nobody can tell whose words those are."""
        sought = filter(None, (customer.name, *(one.value for one in customer.known_by)))
        found: dict[str, None] = {}
        for value in sought:
            found.update(
                dict.fromkeys(search.named_in(self.erasing.database, value, limit=MOST_NAMED))
            )
        return list(found)[:MOST_NAMED]


def _entry(done: Erasure) -> Entry:
    return Entry(at=done.at, actor=done.actor, customer=done.customer, reason=done.reason)


def _as_written(customer: Customer, ids: tuple[str, ...]) -> Iterator[str]:
    """Yield what a draft may name a customer by, as JSON writes it."""
    for one in (*ids, customer.name, *(known.value for known in customer.known_by)):
        if one.strip():
            yield compact_json.encode(one)[1:-1]


def _must_say_why(reason: str) -> None:
    if not reason.strip():
        raise CommandRefused(reason=message("a reason must be given"))
    if fault := words_fault(reason):
        raise CommandRefused(reason=fault)
