"""The tickets that one erasure goes through: each loses its values and its index, and its history says so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casewright.desk.library import Library
from casewright.desk.transaction import record, situation
from casewright.engine.draft import Change, Outcome
from casewright.forms.outliving import outlives
from casewright.model import Event, Person, Ticket, altered
from casewright.store import arrivals, erasing, keeping, threads
from casewright.store.database import Database
from casewright.store.following import ERASED, ERASED_OF

_FIELD = "fields."
_KEPT = "customer"
"""The private value that stays: the customer's id, by which others count."""


class ErasedTickets:
    """Erases tickets in the transaction that is open, and counts what was erased."""

    def __init__(
        self, database: Database, library: Library, actor: Person, now: datetime
    ) -> None:
        self._database, self._library = database, library
        self._actor, self._now = actor, now
        _, self._tickets = situation(database, library, actor=actor, now=now)
        self.files: list[str] = []
        self._values = self._count = 0

    def get(self, key: str) -> Ticket:
        """Return a ticket; NotFound."""
        return self._tickets.get(key)

    @property
    def counted(self) -> Mapping[str, str]:
        """How many tickets, values and files there were, as a receipt answers it."""
        found = {"tickets": self._count, "values": self._values, "files": len(self.files)}
        return {name: str(count) for name, count in found.items()}

    def erase(self, key: str) -> None:
        """Erase what is personal in a ticket or was written freely; its history says so, unless nothing was left to erase."""
        ticket = self._tickets.get(key)
        forms = self._library.forms(ticket.bundle).values()

        def stays(name: str, value: Any) -> bool:
            if name.startswith(_FIELD):
                return value is None or outlives(name.removeprefix(_FIELD), value, forms)
            return name == _KEPT

        gone = erasing.erase_values(self._database, key, stays)
        erasing.erase_notices(self._database, key, self._now)
        threads.forget(self._database, key)
        keeping.erase_drafts_of(self._database, key)
        self.files += arrivals.erase_of_ticket(self._database, key)
        if not gone.values:
            return
        self._count += 1
        self._values += gone.values
        self.files += gone.files
        kept = {
            name: value
            for name, value in ticket.fields.items()
            if stays(f"{_FIELD}{name}", value)
        }
        facts = {
            "values": gone.values,
            "files": len(gone.files),
            ERASED_OF: {str(sequence): count for sequence, count in gone.of.items()},
        }
        self._write(ticket, kept, facts)

    def _write(
        self, ticket: Ticket, fields: Mapping[str, Any], facts: Mapping[str, Any]
    ) -> None:
        event = Event(
            ticket=ticket.key,
            sequence=ticket.sequence + 1,
            kind=ERASED,
            at=self._now,
            actor=self._actor.name,
            version=ticket.version + 1,
            facts=facts,
        )
        after = altered(
            ticket,
            {
                "fields": fields,
                "version": event.version,
                "sequence": event.sequence,
                "updated_at": event.at,
            },
        )
        change = Change(before=ticket, after=after, event=event)
        outcome = Outcome(changes=(change,), effects=())
        record(self._database, self._tickets, outcome, self._now)
