"""To which ticket an arrival belongs, and whether its sender may add to it. A ticket's key alone proves nothing."""

from casewright.desk.intake.senders import Sender, owns
from casewright.desk.intake.site import Place
from casewright.errors import NotFound
from casewright.intake.keys import is_key
from casewright.model import Ticket
from casewright.store import threads
from casewright.store.tickets import Tickets
from casewright.swift_dataclass import dataclass

MOST_MERGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """The ticket that an arrival belongs to, or the remark why it belongs to none though it names one; neither: it is new."""

    ticket: Ticket | None = None
    remark: str = ""


def belonging(place: Place, sender: Sender) -> Belonging:
    """Return what an arrival belongs to, by what it answers and by the keys in its subject."""
    database, tickets, arrival = place.database, place.tickets, place.arrival
    ids = tuple(one for one in arrival.answers if not is_key(one))
    for mail in threads.known(database, ids):
        ticket = _current(tickets, mail.ticket)
        if ticket is None:
            continue
        # Nobody else can know what a mail of ours is called than whom it was sent to.
        if mail.direction == "out" or arrival.proven or owns(database, sender, ticket):
            return Belonging(ticket=ticket)
        return Belonging(remark="stranger")
    return _by_keys(place, tickets, sender)


def joined(place: Place, sender: Sender, workflow: str) -> Ticket | None:
    """Return the sender's newest open ticket of a workflow that is not older than the channel says, or None."""
    within, tickets = place.channel.joins_within, place.tickets
    if within is None or sender.customer is None:
        return None
    for key in tickets.likely_duplicates(workflow, sender.customer.id):
        ticket = tickets.get(key)
        if ticket.open and ticket.opened_at >= place.now - within:
            return ticket
    return None


def _by_keys(place: Place, tickets: Tickets, sender: Sender) -> Belonging:
    keys = [one for one in place.arrival.answers if is_key(one)]
    if not keys:
        return Belonging()
    found = {one.key: one for key in keys if (one := _current(tickets, key)) is not None}
    proven, database = place.arrival.proven, place.database
    own = [one for one in found.values() if proven or owns(database, sender, one)]
    if len(own) == 1:
        return Belonging(ticket=own[0])
    # Whether there is a ticket of that key is told to nobody whose it is not: both wait alike.
    remark = "several_tickets" if own else "stranger" if found else "no_such_ticket"
    return Belonging(remark=remark)


def _current(tickets: Tickets, key: str) -> Ticket | None:
    """Return the ticket of a key, or the one that it was merged into at last."""
    for _ in range(MOST_MERGES):
        try:
            ticket = tickets.get(key)
        except NotFound:
            return None
        if ticket.merged_into is None:
            return ticket
        key = ticket.merged_into
    return None
