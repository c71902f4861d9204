"""Who acts, what they may do, and how far that reaches: `authorize` is asked before every command and every query."""

from dataclasses import replace
from datetime import datetime

from casewright.access.reach import Reach, reach
from casewright.access.roles import ALL, DEPARTMENT, OWN, QUEUES, TEAM, covered
from casewright.bilingual import Bilingual
from casewright.commands import SavePerson, WatchTicket
from casewright.desk.door import Door
from casewright.errors import Message, NotAllowed, NotFound, NotSignedIn, message
from casewright.model import ANY_STAFF, ONLY_SYSTEM, SYSTEM_PEOPLE, Person, is_system
from casewright.queries import GetTicket
from casewright.store import contacts, notices, reaching, tokens
from casewright.store.configuration import Configuration
from casewright.store.database import Database
from casewright.store.reaching import Condition
from casewright.swift_dataclass import dataclass

READ = GetTicket.permission
"""Without it, and outside its reach, a ticket is not there."""
PEOPLE = SavePerson.permission
UNREAD = frozenset({"audit.verify", "notice.retry"})
"""What keeps the records and the notices in order reaches tickets without showing what is in them."""
_BY_WATCHING = frozenset({READ, WatchTicket.permission})
"""What whoever watches a ticket may do for that alone: read it, and stop watching it."""
_REACHES = {
    OWN: Bilingual(en="what you are a party to", zh="本人相关"),
    TEAM: Bilingual(en="your team", zh="本班组"),
    DEPARTMENT: Bilingual(en="your department", zh="本部门"),
    QUEUES: Bilingual(en="your queues", zh="本人所属队列"),
}
_EVERYWHERE = frozenset({ALL})


@dataclass(frozen=True, slots=True)
class OfTicket:
    """A ticket by its key, as what a permission is asked for."""

    key: str


@dataclass(frozen=True, slots=True)
class OfNotice:
    """A notice by its number; whoever may not see its ticket does not see it either."""

    number: int


@dataclass(frozen=True, slots=True)
class OfPerson:
    """Somebody on the staff by name, as whom a permission is asked for."""

    name: str


@dataclass(frozen=True, slots=True)
class OfContact:
    """A contact by its number; whoever sees none of the tickets that it names does not see it either."""

    number: int


@dataclass(frozen=True, slots=True)
class OfToken:
    """A token by its number: one's own, or that of somebody whom one may edit; any other is not there."""

    number: int


Resource = OfTicket | OfNotice | OfContact | OfToken | OfPerson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody at the desk in the transaction that is open: who they are, and what they may, through which door."""

    person: Person
    settings: Configuration
    database: Database
    now: datetime
    door: Door

    @property
    def name(self) -> str:
        """Their name."""
        return self.person.name

    def scopes(self, permission: str) -> frozenset[str]:
        """Return the scopes in which they hold a permission here; none where they do not."""
        if permission == ANY_STAFF or is_system(self.person.name):
            return _EVERYWHERE
        if self.door.only is not None and not self.came_for(permission):
            return frozenset()
        return self.settings.scopes(self.person, permission)

    def came_for(self, permission: str) -> bool:
        """Return whether the token that they came with is for `permission`; who came without one came for everything."""
        return self.door.only is None or covered(permission, self.door.only)

    def may(self, permission: str) -> bool:
        """Return whether they hold a permission in any scope."""
        return bool(self.scopes(permission))

    def reach(self, permission: str) -> Reach:
        """Return which tickets a permission of theirs reaches now."""
        person, settings, scopes = self.person, self.settings, self.scopes(permission)
        roles = None if is_system(person.name) else frozenset(person.roles)
        if ALL in scopes or not scopes:
            return Reach(name=person.name, everything=bool(scopes), roles=roles)
        return reach(
            person.name,
            scopes,
            stands_for={person.name} | settings.stood_for_by(person.name, self.now),
            team=settings.team_of(person),
            department=person.department,
            queues=person.queues,
            watching=permission in _BY_WATCHING,
            roles=roles,
        )

    def among(self, permission: str = READ, number: str = "ticket.id") -> Condition:
        """Return the condition that the ticket of `number` is one they may see, and reach with `permission`."""
        wanted = {self.reach(permission), self.sight(permission)}
        found = [reaching.among(one, number) for one in wanted]
        values = [value for _, given in found for value in given]
        return " AND ".join(condition for condition, _ in found), values

    def sight(self, permission: str) -> Reach:
        """Return which tickets they may see while they do what asks for `permission`.

        A token that is for commenting alone serves where its owner reads: it need not be for reading too.
        """
        if permission == READ or self.door.only is None:
            return self.reach(READ)
        return replace(self, door=replace(self.door, only=None)).reach(READ)

    def sees(self, key: str, *, doing: str = READ) -> bool:
        """Return whether they may see a ticket, `doing` what asks for a permission; one that is not there is seen by nobody."""
        found = reaching.places_of(self.database, key)
        return found is not None and self.sight(doing).covers(found)


def authorize(actor: Actor, permission: str, resource: Resource = None) -> None:
    """Raise NotAllowed unless `actor` may do what asks for `permission`, with `resource` where one is named.

    A ticket that they may not see is NotFound, exactly as one that is not there.
    """
    if not actor.may(permission):
        raise _denied(actor, permission, _why_not(actor, permission))
    if isinstance(resource, OfTicket):
        _authorize_ticket(actor, permission, resource.key)
    elif isinstance(resource, OfNotice):
        _authorize_notice(actor, permission, resource.number)
    elif isinstance(resource, OfContact):
        _authorize_contact(actor, permission, resource.number)
    elif isinstance(resource, OfToken):
        _authorize_token(actor, resource.number)
    elif isinstance(resource, OfPerson):
        _authorize_person(actor, permission, resource.name)


def _authorize_contact(actor: Actor, permission: str, number: int) -> None:
    contact = contacts.get(actor.database, number)
    named = () if contact is None else contact.tickets
    if contact is None or (
        named and not any(actor.sees(one, doing=permission) for one in named)
    ):
        raise NotFound(kind=message("contact"), name=str(number), hint=message(""))


def _authorize_token(actor: Actor, number: int) -> None:
    token = tokens.by_number(actor.database, number)
    if token is not None and token.person == actor.name:
        return
    try:
        authorize(actor, PEOPLE, OfPerson("" if token is None else token.person))
    except NotAllowed:
        token = None
    if token is None:
        raise NotFound(kind=message("token"), name=str(number), hint=message(""))


def _authorize_notice(actor: Actor, permission: str, number: int) -> None:
    notice = notices.get(actor.database, number)
    try:
        _authorize_ticket(actor, permission, "" if notice is None else notice.ticket)
    except NotFound as missing:
        kind = message("notice")
        raise NotFound(kind=kind, name=str(number), hint=message("")) from missing


def _authorize_ticket(actor: Actor, permission: str, key: str) -> None:
    found = reaching.places_of(actor.database, key)
    sight = actor.reach(permission) if permission in UNREAD else actor.sight(permission)
    if found is None or not sight.covers(found):
        raise NotFound(kind=message("ticket"), name=key, hint=message(""))
    if not actor.reach(permission).covers(found):
        template = "you see this ticket, but may do this only within {scopes}"
        raise _denied(actor, permission, message(template, scopes=_told(actor, permission)))


def _authorize_person(actor: Actor, permission: str, name: str) -> None:
    scopes, settings = actor.scopes(permission), actor.settings
    if permission != PEOPLE and name not in settings.people:
        return  # Nobody is kept from anybody who is not there; whoever carries it out says so.
    within = (
        name == actor.name
        or ALL in scopes
        or (TEAM in scopes and name in settings.team_of(actor.person))
        or (DEPARTMENT in scopes and name in settings.colleagues_of(actor.person))
    )
    if not within:
        template = "{person} is not among those for whom you may do this: {scopes}"
        told = message(template, person=name, scopes=_told(actor, permission))
        raise _denied(actor, permission, told)


def authorised(
    settings: Configuration,
    name: str,
    permission: str,
    *,
    door: Door,
    database: Database,
    now: datetime,
) -> Actor:
    """Return who acts under `name`; NotAllowed unless they are on the staff and hold `permission` through this door.

    NotSignedIn when the session or the token that they came with is over by now.
    """
    if door.until is not None and door.until <= now and not is_system(name):
        raise NotSignedIn(reason=message("the session or token that you came with is over"))
    person = SYSTEM_PEOPLE.get(name) or settings.get(name)
    fault = _nobody(person, name, permission, door)
    if person is None or fault is not None:
        reason = fault or message("")
        raise NotAllowed(actor=name, permission=permission, reason=reason)
    actor = Actor(person=person, settings=settings, database=database, now=now, door=door)
    authorize(actor, permission)
    return actor


def refuse_the_system(actor: str, permission: str) -> None:
    """Raise NotAllowed for what somebody else says in the system's name."""
    if is_system(actor):
        reason = message("it is nobody's name")
        raise NotAllowed(actor=actor, permission=permission, reason=reason)


def _nobody(person: Person | None, name: str, permission: str, door: Door) -> Message | None:
    """Return why nobody can act under a name here, or None."""
    if is_system(name):
        return None
    if permission == ONLY_SYSTEM:
        return message("only casewright itself says this")
    if door.actor is not None and door.actor != name:
        return message("you came in as {actor}, and act for nobody else", actor=door.actor)
    if person is None:
        return message(
            "there is no such person on the staff; --as USER or CASEWRIGHT_USER says who acts"
        )
    return None if person.active else message("the person is no longer active")


def _why_not(actor: Actor, permission: str) -> Message:
    if not actor.came_for(permission):
        return message("the token that you came with is not for this")
    return message("none of the person's roles permits it")


def _told(actor: Actor, permission: str) -> list[Bilingual]:
    scopes = actor.scopes(permission)
    return [words for scope, words in _REACHES.items() if scope in scopes]


def _denied(actor: Actor, permission: str, reason: Message) -> NotAllowed:
    return NotAllowed(actor=actor.name, permission=permission, reason=reason)
