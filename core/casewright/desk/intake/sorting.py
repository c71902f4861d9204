"""Sorting by hand: what waits becomes part of a ticket, a ticket of its own, or nothing, as somebody says."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from casewright import compact_json
from casewright.commands import SortArrival
from casewright.desk.intake import attaching
from casewright.desk.intake.confirming import confirm
from casewright.desk.intake.opening import open_ticket
from casewright.desk.intake.senders import sender_of
from casewright.desk.intake.site import Place
from casewright.desk.serving.customers import known_customer
from casewright.errors import CommandRefused, NotFound, message
from casewright.intake.arrival import Arrival
from casewright.plain_text import words_fault
from casewright.store import arrivals, details
from casewright.store.arrivals import DROPPED, SORTED, UNSORTED, StoredArrival
from casewright.store.damage import reading
from casewright.store.database import Database
from casewright.wire.codec import read

if TYPE_CHECKING:
    from casewright.desk.intake.taking import Intake


def sort(intake: "Intake", command: SortArrival, now: datetime) -> Mapping[str, str]:
    """Do with an arrival what is said, and answer what became of it; CommandRefused, NotFound, and what refuses the rest."""
    stored = stored_arrival(intake.database, command.arrival)
    _must_be_sortable(stored, command)
    if command.drop:
        if fault := words_fault(command.drop):
            raise CommandRefused(reason=fault)
        reason = message("{detail}", detail=command.drop.strip())
        arrivals.settle(intake.database, stored.id, DROPPED, reason=details.written(reason))
        return {"outcome": "dropped", "arrival": str(stored.id), "reference": stored.reference}
    place = intake.place(command, arrival_of(stored), stored.id, now)
    key = _attached(place, command) if command.ticket else _opened(place, command)
    arrivals.settle(intake.database, stored.id, SORTED, ticket=key, reference=key)
    if not command.ticket:
        confirm(place, sender_of(place.database, place.library, place.arrival), key)
    return {
        "outcome": "attached" if command.ticket else "opened",
        "arrival": str(stored.id),
        "ticket": key,
        "reference": key,
    }


def stored_arrival(database: Database, number: int) -> StoredArrival:
    """Return an arrival by its number; NotFound."""
    found = arrivals.get(database, number)
    if found is None:
        raise NotFound(kind=message("arrival"), name=str(number), hint=message(""))
    return found


def arrival_of(stored: StoredArrival) -> Arrival:
    """Return what came in as it was kept; what was erased cannot be asked for. DatabaseDamaged."""
    with reading(message("arrival {number}", number=str(stored.id))):
        found: Arrival = read(compact_json.decode(stored.record), Arrival)
        return found


def _must_be_sortable(stored: StoredArrival, command: SortArrival) -> None:
    said = [one for one in (command.ticket, command.workflow, command.drop.strip()) if one]
    if len(said) != 1:
        raise CommandRefused(
            reason=message(
                "say one of: the ticket it belongs to, the workflow it opens, why it is dropped"
            )
        )
    if stored.state == SORTED:
        template = "arrival {number} is part of {ticket} already"
        reason = message(template, number=str(stored.id), ticket=stored.ticket)
        raise CommandRefused(reason=reason)
    if not stored.record:
        reason = message("arrival {number} was erased", number=str(stored.id))
        raise CommandRefused(reason=reason)
    if stored.state != UNSORTED and command.drop:
        reason = message("arrival {number} was dropped already", number=str(stored.id))
        raise CommandRefused(reason=reason)


def _attached(place: Place, command: SortArrival) -> str:
    ticket = place.tickets.get(command.ticket or "")
    key = attaching.add(place, ticket)
    attaching.complete(place, key)
    return key


def _opened(place: Place, command: SortArrival) -> str:
    sender = sender_of(place.database, place.library, place.arrival)
    customer = known_customer(place.database, command.customer).id if command.customer else None
    ruled, given = _ruled(place, command.workflow), command.fields
    key, _ = open_ticket(place, sender, command.workflow, ruled, given=given, customer=customer)
    attaching.complete(place, key)
    return key


def _ruled(place: Place, workflow: str) -> Mapping[str, object]:
    """Return what the channel's rules make of an arrival for a workflow, whatever their conditions."""
    rules = place.channel.rules
    return next((one.fields for one in rules if one.open == workflow), {})
