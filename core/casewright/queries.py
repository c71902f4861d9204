"""Everything that can be asked of the desk: one frozen value a question, each naming who asks and its permission."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from casewright.model import ANY_STAFF, CustomerLine

PAGE = 50
LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What every question says: who asks."""

    permission: ClassVar[str] = "ticket.read"
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTicket(Query):
    """One ticket. Answer: `Ticket`."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetHistory(Query):
    """One ticket's history. Answer: tuple of `Event`, oldest first."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetActions(Query):
    """What may be done with a ticket now. Answer: tuple of `ActionOffer`, blocked ones with their reason."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetClocks(Query):
    """How a ticket's promises stand now, and what else it waits for. Answer: `TicketTime`."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetLedger(Query):
    """Why a ticket's promises are due when they are, interval by interval. Answer: tuple of `Account`.

    All promises unless one is named, its last run unless `run` names another, until now unless `at` says until when.
    """

    ticket: str
    promise: str | None = None
    run: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTickets(Query):
    """Tickets that fit, newest first, a page at a time. Answer: `TicketPage`.

    `older_than` and `younger_than` are seconds since opening; `after` is the key that ended the page before.
    """

    workflow: str | None = None
    state: str | None = None
    handler: str | None = None
    owner: str | None = None
    customer: str | None = None
    parent: str | None = None
    text: str | None = None
    open: bool | None = None
    older_than: int | None = None
    younger_than: int | None = None
    after: str | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUnhandled(Query):
    """All open tickets that nobody handles, in the order in which they were opened. Answer: tuple of `Unhandled`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAssignable(Query):
    """Tickets by key, each with what decides who may handle it. Answer: tuple of `Assignable`, in the order asked.

    A ticket that is not there, or that the asker may not see, is left out.
    """

    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetWorkload(Query):
    """How many open tickets each person handles. Answer: mapping of counts by name; who handles none is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GetBoard(Query):
    """How many tickets stand where. Answer: tuple of `BoardRow`, one for each state of each version that has any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPeople(Query):
    """The staff. Answer: tuple of `Person`, by name."""

    permission: ClassVar[str] = ANY_STAFF
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWorkflows(Query):
    """The published workflows. Answer: tuple of `Published`, by name."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class GetWorkflow(Query):
    """A published workflow, the current version or the one named by `digest`. Answer: `Workflow` and its forms."""

    permission: ClassVar[str] = ANY_STAFF
    workflow: str
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTables(Query):
    """The lookup tables, for pickers and for what their keys are called. Answer: `Table` by name."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCustomers(Query):
    """Customers that fit, by id, a page at a time, without those that were merged. Answer: `CustomerPage`.

    `text` is looked for in names; `after` is the id that ended the page before.
    """

    permission: ClassVar[str] = "customer.read"
    kind: str | None = None
    client: str | None = None
    tier: str | None = None
    brand: str | None = None
    tag: str | None = None
    text: str | None = None
    after: str | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCustomers(Query):
    """Whoever is meant by an id, a phone number as people type it, an address, another system's id, or a name.

    `kind` looks among identities of that kind alone. Answer: `CustomerPage`, without an `after`.
    """

    permission: ClassVar[str] = "customer.read"
    sought: str
    kind: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class GetCustomerView(Query):
    """A customer at the start of a contact, by any id the customer has had. Answer: `CustomerView`."""

    permission: ClassVar[str] = "customer.read"
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContacts(Query):
    """The contacts with a customer, newest first, a page at a time. Answer: `ContactPage`.

    `after` is the number of the contact that ended the page before.
    """

    permission: ClassVar[str] = "customer.read"
    customer: str
    after: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckImport(Query):
    """What importing these lines would come to, and all that is wrong with them. Answer: `CustomerImport`."""

    permission: ClassVar[str] = "customer.edit"
    lines: tuple[CustomerLine, ...]
    keys: tuple[str, ...] = ()
    source: str = ""
    columns: Mapping[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlugins(Query):
    """The plugins that are named or that the workspace remembers. Answer: tuple of `PluginStanding`, by name."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAudit(Query):
    """Whether every history is whole. Answer: `Verification`."""

    permission: ClassVar[str] = "audit.verify"
    ticket: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAnnouncements(Query):
    """What is announced to the asker now, unread before read, pinned before others, newest first.

    `every` asks for all there ever were, newest first, of whoever may publish. Answer: tuple of `Announcement`.
    """

    permission: ClassVar[str] = ANY_STAFF
    every: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAnnouncement(Query):
    """One announcement, to those it is for and to whoever may publish. Answer: `Announcement`."""

    permission: ClassVar[str] = ANY_STAFF
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAnnouncementReaders(Query):
    """Who has read an announcement and who has not. Answer: `AnnouncementReaders`."""

    permission: ClassVar[str] = "announcement.publish"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNotices(Query):
    """Notices that fit, newest first, a page at a time. Answer: `NoticePage`.

    `mine` are those for the asker; `after` is the number that ended the page before.
    """

    state: str | None = None
    mine: bool = False
    ticket: str | None = None
    after: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class GetNotice(Query):
    """One notice and all that became of it. Answer: `NoticeStory`."""

    notice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetHealth(Query):
    """Whether a worker keeps time here, what is late, and what was given up. Answer: `Health`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTimers(Query):
    """Timers, the next one first. Answer: tuple of `Timer`.

    `state` is `open` (all that tickets wait for), `due` (its moment has come) or `failed` (given up).
    """

    state: str = "open"
    ticket: str | None = None
    limit: int = PAGE
