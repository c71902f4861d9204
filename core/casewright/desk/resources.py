"""What a command or a query is about: the tickets, notices and people that it names, each judged before anything happens."""

from collections.abc import Iterator

from casewright.commands import (
    Command,
    HandOver,
    LogContact,
    ReleaseNotices,
    ResolveContact,
    RetryNotice,
    RevokeToken,
    SaveDraft,
    SavePerson,
    TicketCommand,
)
from casewright.desk.authorising import (
    READ,
    Actor,
    OfContact,
    OfNotice,
    OfPerson,
    OfTicket,
    OfToken,
    Resource,
    authorize,
)
from casewright.desk.people.limits import must_stay_within
from casewright.desk.people.staff import PEOPLE
from casewright.queries import GetAccessReport, Query

_SIDES = ("ticket", "other", "into")
"""The attributes of a command about a ticket that name one: links and merges have two."""


def must_be_allowed(actor: Actor, command: Command) -> None:
    """Raise NotAllowed or NotFound unless `actor` may do this with all that the command names."""
    for permission, resource in _of(actor, command):
        authorize(actor, permission, resource)
    must_stay_within(actor, command)


def must_be_answerable(actor: Actor, query: Query) -> None:
    """Raise NotAllowed or NotFound unless `actor` may be told of the ticket or the person that the query names."""
    ticket = getattr(query, "ticket", None)
    # Who looked at a ticket is told to those who watch over it, not to its readers.
    if isinstance(ticket, str) and ticket and not isinstance(query, GetAccessReport):
        authorize(actor, query.permission, OfTicket(ticket))
    if name := getattr(query, "name", "") if hasattr(query, "others") else "":
        authorize(actor, *_for_somebody(actor, query, name))


def _of(actor: Actor, command: Command) -> Iterator[tuple[str, Resource]]:
    if isinstance(command, TicketCommand):
        for side in _SIDES:
            if isinstance(key := getattr(command, side, None), str):
                yield command.permission, OfTicket(key)
        return
    match command:
        case HandOver():
            yield command.permission, OfPerson(command.handler)
        case SavePerson():
            yield command.permission, OfPerson(command.name)
        case SaveDraft():
            if command.ticket:
                yield READ, OfTicket(command.ticket)
        case LogContact():
            yield from ((READ, OfTicket(key)) for key in command.tickets)
        case ResolveContact():
            yield command.permission, OfContact(command.contact)
        case RevokeToken():
            yield command.permission, OfToken(command.token)
        case RetryNotice():
            yield command.permission, OfNotice(command.notice)
        case ReleaseNotices():
            yield from ((command.permission, OfNotice(one)) for one in command.notices)
        case _ if hasattr(command, "others"):
            yield _for_somebody(actor, command, getattr(command, "name", actor.name))
        case _:
            ticket = getattr(command, "ticket", None)
            if isinstance(ticket, str):
                yield READ, OfTicket(ticket)


def _for_somebody(actor: Actor, said: Command | Query, name: str) -> tuple[str, Resource]:
    """Return what is asked for: of oneself nothing but that one's token is for it, of others what the kind names, or to edit people."""
    others: str = said.others  # type: ignore[union-attr]
    if name == actor.name and actor.came_for(others):
        return said.permission, None
    asked = others if actor.may(others) or not actor.may(PEOPLE) else PEOPLE
    return asked, OfPerson(name)
