"""Answers about what came in: what waits, and one thing whole."""

from typing import TYPE_CHECKING

from casewright.answers import ArrivalPage, ArrivalRow, ArrivalStory
from casewright.clock import from_microseconds
from casewright.desk.authorising import READ, OfTicket, authorize
from casewright.desk.intake.sorting import arrival_of, stored_arrival
from casewright.errors import CommandRefused, NotAllowed, NotFound, message
from casewright.intake.arrival import Arrival
from casewright.intake.remarks import REMARKS
from casewright.masking import mask
from casewright.queries import LARGEST_PAGE, GetArrival, ListArrivals
from casewright.store import arrivals, deliveries, details
from casewright.store.arrivals import STATES, StoredArrival

if TYPE_CHECKING:
    from casewright.desk.asking import Asking


def list_arrivals(asking: "Asking", query: ListArrivals) -> ArrivalPage:
    """Return a page of what came in, its senders masked; of tickets that the asker may not see only that there is one."""
    if query.state is not None and query.state not in STATES:
        raise CommandRefused(reason=message("'state' is one of: {known}", known=list(STATES)))
    limit = max(1, min(query.limit, LARGEST_PAGE))
    found = arrivals.page(
        asking.database,
        state=query.state,
        channel=query.channel,
        after=query.after,
        limit=limit + 1,
    )
    return ArrivalPage(
        arrivals=tuple(_masked(asking, one) for one in found[:limit]),
        after=found[limit - 1].id if len(found) > limit else None,
    )


def arrival(asking: "Asking", query: GetArrival) -> ArrivalStory:
    """Return one thing that came in, whole; NotFound, also where its ticket may not be seen."""
    stored = stored_arrival(asking.database, query.arrival)
    if not _sees(asking, stored):
        kind = message("arrival")
        raise NotFound(kind=kind, name=str(query.arrival), hint=message(""))
    said = arrival_of(stored) if stored.record else None
    remarks = said.remarks if said is not None else ()
    return ArrivalStory(
        row=_row(stored, said),
        said=said,
        remarks=tuple(REMARKS[one] for one in remarks if one in REMARKS),
        confirmation=deliveries.state_of(asking.database, stored.confirmed),
    )


def _masked(asking: "Asking", stored: StoredArrival) -> ArrivalRow:
    seen = _sees(asking, stored)
    said = arrival_of(stored) if stored.record and seen else None
    return _row(stored, said, masked=True, seen=seen)


def _row(
    stored: StoredArrival, said: Arrival | None, *, masked: bool = False, seen: bool = True
) -> ArrivalRow:
    sender = "" if said is None else _sender(said)
    return ArrivalRow(
        number=stored.id,
        channel=stored.channel,
        kind=stored.kind,
        at=from_microseconds(stored.at),
        state=stored.state,
        ticket=stored.ticket if seen else "",
        verdict=stored.verdict,
        reason=details.read(stored.reason) if seen else None,
        reference=stored.reference if seen else "",
        sender=str(mask(sender)) if masked and sender else sender,
        subject="" if said is None else said.subject,
        files=0 if said is None else len(said.attachments),
        erased=not stored.record,
    )


def _sender(said: Arrival) -> str:
    known = next((one.value for one in said.sender), "")
    return f"{said.name} <{known}>" if said.name and known else said.name or known


def _sees(asking: "Asking", stored: StoredArrival) -> bool:
    if not stored.ticket:
        return True
    try:
        authorize(asking.actor, READ, OfTicket(stored.ticket))
    except (NotAllowed, NotFound):
        return False
    return True
