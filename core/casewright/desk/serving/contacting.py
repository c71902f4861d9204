"""Commands about contacts with customers: noting one, and noting that one is resolved after all."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from casewright.answers import Contact
from casewright.commands import LogContact, ResolveContact
from casewright.desk.library import Library
from casewright.desk.moments import in_utc
from casewright.desk.people.staff import person_of
from casewright.desk.serving.customers import known_customer
from casewright.errors import CommandRefused, Message, NotFound, message
from casewright.model import is_system
from casewright.patterns import pattern
from casewright.store import contacts
from casewright.store.database import Database

DIRECTIONS = ("in", "out")
RESOLVED = ("yes", "no", "unknown")
LONGEST_SUMMARY = 4000
LONGEST = timedelta(hours=24)
MOST_TICKETS = 50
_CHANNEL = pattern(r"[a-z][a-z0-9_]{0,31}")


def log_contact(
    database: Database, library: Library, command: LogContact, now: datetime
) -> Mapping[str, str]:
    """Note a contact and answer its number; CommandRefused, NotFound."""
    length = command.duration or timedelta(0)
    started = in_utc(command.started_at) if command.started_at else now - length
    for fault in filter(None, (_word_fault(command), _time_fault(command, started, now))):
        raise CommandRefused(reason=fault)
    customer = known_customer(database, command.customer)
    agent = command.agent or command.actor
    if not is_system(agent):
        person_of(library.configuration(), agent)
    contact = Contact(
        customer=customer.id,
        at=started,
        channel=command.channel,
        direction=command.direction,
        agent=agent,
        resolved=command.resolved,
        duration=command.duration,
        summary=command.summary.strip(),
        tickets=tuple(dict.fromkeys(command.tickets)),
    )
    return {"contact": str(contacts.insert(database, contact))}


def resolve_contact(
    database: Database, library: Library, command: ResolveContact, now: datetime
) -> None:
    """Note that a contact is resolved; CommandRefused when it was not left unresolved."""
    found = contacts.get(database, command.contact)
    if found is None:
        kind = message("contact")
        raise NotFound(kind=kind, name=str(command.contact), hint=message(""))
    if found.resolved != "no":
        reason = message("contact {number} was not left unresolved", number=found.number)
        raise CommandRefused(reason=reason)
    contacts.settle(database, found.number)


def _word_fault(command: LogContact) -> Message | None:
    if not _CHANNEL.fullmatch(command.channel):
        template = "'{word}' is not a single word of small letters, digits and _"
        return message(template, word=command.channel[:40])
    if command.direction not in DIRECTIONS:
        return message("a contact goes in or out")
    if command.resolved not in RESOLVED:
        return message("whether it is resolved is yes, no or unknown")
    if len(command.summary) > LONGEST_SUMMARY:
        return message("the summary has more than {limit} characters", limit=LONGEST_SUMMARY)
    if len(command.tickets) > MOST_TICKETS:
        return message("a contact is about at most {limit} tickets", limit=MOST_TICKETS)
    return None


def _time_fault(command: LogContact, started: datetime, now: datetime) -> Message | None:
    length = command.duration or timedelta(0)
    if not timedelta(0) <= length <= LONGEST:
        return message("a contact lasts 24 hours at most")
    if started + length > now:
        return message("the contact lies in the future: it is noted when it is over")
    return None
