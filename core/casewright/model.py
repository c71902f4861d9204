"""The values everything speaks of: people, customers, tickets, and the events that make them."""

from collections import deque
from collections.abc import Mapping
from dataclasses import field
from dataclasses import fields as fields_of
from datetime import datetime
from itertools import repeat
from operator import attrgetter, call
from types import MappingProxyType
from typing import Any

from casewright.swift_dataclass import dataclass
from casewright.timekeeping import Alarm, FollowUp, PromiseClock

EMPTY: Mapping[str, Any] = MappingProxyType({})
SYSTEM = "system"
"""The actor of the product itself, such as the set-up; no person can have this name, or one that begins with `system:`."""
TIMER = "system:timer"
"""The actor of what the clock does: a timer that has come due."""
WORKER = "system:worker"
"""The actor of what the worker notes: receipts of providers, notices that cannot arrive, the work of plugins."""
REPLAY = "system:replay"
"""The actor of a log that is run through the engine, and of a file of a former workspace."""
RETENTION = "system:retention"
"""The actor of what is erased because its time is over."""
INTAKE = "system:intake"
"""The actor of what comes in by mail, by a form on the web or from another system, before anybody on the staff has seen it."""
SYSTEM_ACTORS = (SYSTEM, TIMER, WORKER, REPLAY, RETENTION, INTAKE)
"""All actors who are nobody on the staff, by name; what they do needs no role."""
ANY_STAFF = "staff"
"""The permission of what every active member of staff may ask or do: how the work is set up, whether one is away."""
ONLY_SYSTEM = "system"
"""The permission of what only the product itself may say, such as that a timer has come due; no role holds it, not even `*`."""

EACH_ITS_OWN = "each its own"
"""The permission of a kind of commands or queries that is never asked itself: each of its kind names one."""


def must_name_a_permission(kind: type) -> None:
    """Raise TypeError unless a class of commands or queries says itself which permission it asks for."""
    if not kind.__dict__.get("permission"):
        raise TypeError(
            f"{kind.__module__}.{kind.__qualname__} names no permission:"
            f' write `permission: ClassVar[str] = "KIND.VERB"` in it'
        )


def is_system(name: str) -> bool:
    """Return whether `name` is an actor of the product, not one of the staff."""
    return name in SYSTEM_ACTORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A time in which somebody does not work, from `start` until before `end` (None: until further notice).

    `deputy` stands in meanwhile; "" is nobody, and the next level is asked.
    """

    start: datetime
    end: datetime | None = None
    deputy: str = ""

    def covers(self, moment: datetime) -> bool:
        """Return whether the person is away at `moment`."""
        return self.start <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of staff. `name` is the login; `en` and `zh` are what people read.

    `phone` is E.164 and no other active person's, `chat` an address as the chat channel has it,
    `language` is `en`, `zh` or "" for the workspace's. `deputy` stands in where an absence names nobody else.
    `queues` are those whose tickets the person serves; `calendar` names the working calendar that says when the
    person is on duty, "" for always.
    """

    name: str
    en: str
    zh: str
    roles: frozenset[str] = frozenset()
    team: str = ""
    department: str = ""
    active: bool = True
    phone: str = ""
    email: str = ""
    chat: str = ""
    language: str = ""
    deputy: str = ""
    absences: tuple[Absence, ...] = ()
    queues: tuple[str, ...] = ()
    calendar: str = ""

    def absence_at(self, moment: datetime) -> Absence | None:
        """Return the absence in which `moment` lies, or None."""
        return next((one for one in self.absences if one.covers(moment)), None)

    def absent(self, moment: datetime) -> bool:
        """Return whether the person is away at `moment`."""
        return self.absence_at(moment) is not None

    def deputy_at(self, moment: datetime) -> str:
        """Return who stands in for the person at `moment`; "" for nobody, or where nobody needs to."""
        absence = self.absence_at(moment)
        return "" if absence is None else absence.deputy


SYSTEM_PEOPLE: Mapping[str, Person] = {
    one.name: one
    for one in (
        Person(name=SYSTEM, en="casewright", zh="系统"),
        Person(name=TIMER, en="the clock", zh="系统定时"),
        Person(name=WORKER, en="the worker", zh="后台服务"),
        Person(name=REPLAY, en="the replay", zh="日志回放"),
        Person(name=RETENTION, en="retention", zh="到期清理"),
        Person(name=INTAKE, en="intake", zh="渠道受理"),
    )
}
"""Those who act without being anybody on the staff, by name, as people read them in histories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a customer is known by: a `phone` (E.164), an `email`, or the id that another system has, such as `crm`."""

    kind: str
    value: str


SHARED_IDENTITIES = ("phone", "email")
"""Kinds of identity that several customers may share; of every other kind an id is one customer's."""
END_CUSTOMER, CLIENT = "end", "client"
"""The two sides of a contact centre: those who use the service, and the organisations that commission it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whoever a ticket is for: an id that other systems share, a tier such as `vip`, a language tag.

    `kind` is `end` or `client`; `client` is the id of the organisation that an end customer belongs to.
    `phone` (E.164) and `email` are where notices go; with `identities` they are what the customer is
    found by. `merged_into` is the id of the customer that this one turned out to be. Once `erased_at`
    nothing but the id, the kind, the client, the tier and the brand is known any more.
    """

    id: str
    name: str = ""
    kind: str = END_CUSTOMER
    client: str = ""
    tier: str = ""
    brand: str = ""
    language: str = ""
    phone: str = ""
    email: str = ""
    tags: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    merged_into: str = ""
    erased_at: datetime | None = None

    @property
    def known_by(self) -> tuple[Identity, ...]:
        """All that the customer is found by, its own addresses first."""
        own = (
            Identity(kind=kind, value=value)
            for kind, value in (("phone", self.phone), ("email", self.email))
            if value
        )
        return tuple(dict.fromkeys((*own, *self.identities)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLine:
    """What one line of a file says of a customer, as people typed it; what is empty says nothing."""

    line: int
    id: str = ""
    name: str = ""
    kind: str = ""
    client: str = ""
    tier: str = ""
    brand: str = ""
    language: str = ""
    phone: str = ""
    email: str = ""
    tags: tuple[str, ...] = ()
    known_by: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Contact attempts since the state was entered; `days` are dates in UTC, each once."""

    calls: int = 0
    messages: int = 0
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """Where an approval stands: its step (from 1) and who has agreed in it. Step 0: no approval is open."""

    step: int = 0
    granted: tuple[str, ...] = ()


NO_ATTEMPTS = Tried()
NO_BALLOT = Ballot()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A matter the desk tracks, as it stands after `sequence` events.

    `version` counts changes of state, fields or handler. `bundle` is the digest of the workflow
    version it is pinned to. Moments are aware UTC.
    """

    key: str
    workflow: str
    bundle: str
    state: str
    priority: str
    version: int
    sequence: int
    opener: str
    opened_at: datetime
    received_at: datetime
    entered_at: datetime
    updated_at: datetime
    owner: str
    number: int = 0
    closed_at: datetime | None = None
    handler: str | None = None
    channel: str = ""
    customer: str | None = None
    parent: str | None = None
    role: str = ""
    children_open: int = 0
    children_count: int = 0
    children_since_entry: int = 0
    lineage: str = ""
    round: int = 1
    level: int = 1
    floor: str = "low"
    submitter: str | None = None
    before_final: str | None = None
    merged_into: str | None = None
    fields: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    times: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    contacts: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    tried: Tried = NO_ATTEMPTS
    ballot: Ballot = NO_BALLOT
    watchers: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    attachments: int = 0
    handlers: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    lineage_handlers: tuple[str, ...] = ()
    lineage_approvers: tuple[str, ...] = ()
    clocks: Mapping[str, PromiseClock] = field(default_factory=lambda: EMPTY)
    alarms: Mapping[str, Alarm] = field(default_factory=lambda: EMPTY)
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the ticket still needs somebody."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact in a ticket's history: one for every ticket that a command touched.

    `changes` are the ticket's attributes as they are afterwards (never its fields); `facts` are
    further things worth telling. Of `clocks` only those that
    changed are named, None for one that is not there any more. `private` holds forms, texts and customers' values: the history keeps
    a salted commitment of each, the value lives beside it. A key `fields.x` in it changes field x.
    """

    ticket: str
    sequence: int
    kind: str
    at: datetime
    actor: str
    version: int
    command_id: str | None = None
    digest: str = ""
    changes: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    facts: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    private: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


_VALUES = attrgetter(*(one.name for one in fields_of(Ticket)))
_SETTERS = {one.name: getattr(Ticket, one.name).__set__ for one in fields_of(Ticket)}
_ALL_SETTERS = tuple(_SETTERS.values())


def altered(ticket: Ticket, changes: Mapping[str, Any]) -> Ticket:
    """Return a copy of `ticket` with these attributes changed: `dataclasses.replace` in a third of its time."""
    made = object.__new__(Ticket)
    deque(map(call, _ALL_SETTERS, repeat(made), _VALUES(ticket)), maxlen=0)
    alter(made, changes)
    return made


def alter(own: Ticket, changes: Mapping[str, Any]) -> None:
    """Change a ticket in place: for the copy of one that nobody else holds, such as a draft's."""
    for name, value in changes.items():
        _SETTERS[name](own, value)


VERSIONED = frozenset({"state", "handler"})
"""Attributes whose change, like that of a field, counts as a new version."""


def evolve(ticket: Ticket, event: Event) -> Ticket:
    """Return `ticket` after `event`; the stored ticket is always this fold over its history."""
    fields = ticket.fields
    customer = ticket.customer
    if event.private:
        changed = {
            name[7:]: value
            for name, value in event.private.items()
            if name.startswith("fields.")
        }
        if changed:
            merged = {**fields, **changed}
            fields = {name: value for name, value in merged.items() if value is not None}
        customer = event.private.get("customer", customer)
    changes = {
        **event.changes,
        "fields": fields,
        "customer": customer,
        "version": event.version,
        "sequence": event.sequence,
        "updated_at": event.at,
    }
    if "clocks" in event.changes:
        clocks = {**ticket.clocks, **event.changes["clocks"]}
        changes["clocks"] = {name: one for name, one in clocks.items() if one is not None}
    return altered(ticket, changes)


def born(event: Event) -> Ticket:
    """Return the ticket that a `TicketOpened` event makes."""
    blank = Ticket(
        key=event.ticket,
        workflow="",
        bundle="",
        state="",
        priority="normal",
        version=0,
        sequence=0,
        opener=event.actor,
        opened_at=event.at,
        received_at=event.at,
        entered_at=event.at,
        updated_at=event.at,
        owner="",
    )
    return evolve(blank, event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a command came to: the ticket it was about as it stands, and what else it made."""

    ticket: str
    state: str = ""
    version: int = 0
    sequence: int = 0
    opened: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    answer: Mapping[str, str] | None = None
    repeated: bool = False


def receipt_of(event: Event, state: str, *, repeated: bool = False) -> Receipt:
    """Return the receipt that `event`, the first of its command, stands for."""
    return Receipt(
        ticket=event.ticket,
        state=str(event.facts.get("state", state)),
        version=event.version,
        sequence=event.sequence,
        opened=tuple(event.facts.get("opened", ())),
        duplicates=tuple(event.facts.get("duplicates", ())),
        answer=event.facts.get("answer"),
        repeated=repeated,
    )
