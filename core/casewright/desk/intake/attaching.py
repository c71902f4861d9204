"""Adding an arrival to a ticket: the customer's words, the files, and the thread that its mail belongs to."""

from casewright.clock import to_microseconds
from casewright.commands import (
    AttachFile,
    LinkTickets,
    NoteArrival,
    RecordContact,
    ReopenTicket,
)
from casewright.desk.intake.site import Place
from casewright.model import INTAKE, Ticket
from casewright.store import threads

LONGEST_REASON = 200


def add(place: Place, ticket: Ticket) -> str:
    """Add an arrival to a ticket and return the key of where it went; CasewrightError when refused."""
    if place.arrival.verdict in ("auto_reply", "bounce"):
        _note(place, ticket.key, tell=False)
        return ticket.key
    if ticket.open:
        _supplement(place, ticket.key)
    elif place.channel.closed == "reopen":
        return _reopened(place, ticket.key)
    else:
        _note(place, ticket.key, tell=True)
    return ticket.key


def complete(place: Place, ticket: str, *, answered: bool = True) -> None:
    """Attach the files to a ticket, and let answers to the mail find it; CasewrightError when refused."""
    for number, one in enumerate(place.arrival.attachments, 1):
        command = AttachFile(
            actor=place.actor,
            command_id=place.named(f"file{number}"),
            ticket=ticket,
            digest=one.digest,
            filename=one.filename,
            size=one.size,
        )
        place.execute(command)
    if answered and place.arrival.message_id:
        at = to_microseconds(place.now)
        threads.note(place.database, place.arrival.message_id, ticket, direction="in", at=at)


def link(place: Place, ticket: str, other: str) -> None:
    """Link a new ticket with the closed one that it was an answer to."""
    command = LinkTickets(
        actor=place.actor, command_id=place.named("link"), ticket=ticket, other=other
    )
    place.execute(command)


def words(place: Place) -> str:
    """Return what the sender says: the text, or the subject where there is none."""
    return place.arrival.text.strip() or place.arrival.subject.strip()


def _supplement(place: Place, ticket: str) -> None:
    command = RecordContact(
        actor=place.actor,
        command_id=place.named("supplement"),
        ticket=ticket,
        kind="supplement",
        text=words(place),
        channel=place.channel.says,
        identity_checked=True,
    )
    place.execute(command)


def _note(place: Place, ticket: str, *, tell: bool) -> None:
    command = NoteArrival(
        actor=INTAKE,
        command_id=place.named("note"),
        ticket=ticket,
        arrival=place.number,
        channel=place.channel.says,
        text=words(place),
        verdict=place.arrival.verdict,
        tell=tell,
    )
    place.execute(command)


def _reopened(place: Place, ticket: str) -> str:
    """Bring a closed matter back as its workflow says, and add to what it became."""
    reason = place.arrival.subject[:LONGEST_REASON] or place.channel.says
    command = ReopenTicket(
        actor=place.actor, command_id=place.named("reopen"), ticket=ticket, reason=reason
    )
    made = place.execute(command)
    key = made.opened[0] if made.opened else ticket
    _supplement(place, key)
    return key
