"""Everything that can be asked of the desk: one frozen value a question, each naming who asks and its permission."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, ClassVar

from casewright.model import (
    ANY_STAFF,
    EACH_ITS_OWN,
    ONLY_SYSTEM,
    CustomerLine,
    must_name_a_permission,
)
from casewright.swift_dataclass import dataclass

PAGE = 50
LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What every question says: who asks. It names the permission that it asks for, else it cannot be imported: TypeError.

    A plugin's query whose answer shows customers' data says so with `look`: `look` or, where they are found by what they
    are known by, `search`. Each goes on record before it is answered; of the core's queries it is known. As `answer` it
    names the type of what it is answered with, such as `tuple[Standing, ...]`: a server cannot answer it otherwise.
    """

    permission: ClassVar[str] = EACH_ITS_OWN
    look: ClassVar[str] = ""
    answer: ClassVar[Any] = Any
    actor: str

    def __init_subclass__(cls) -> None:
        must_name_a_permission(cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTicket(Query):
    """One ticket. Answer: `Ticket`."""

    permission: ClassVar[str] = "ticket.read"
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetHistory(Query):
    """One ticket's history. Answer: tuple of `Event`, oldest first."""

    permission: ClassVar[str] = "ticket.read"
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetFile(Query):
    """One attached file of a ticket, by its number: 1 is the one attached first. Answer: `AttachedFile`."""

    permission: ClassVar[str] = "ticket.read"
    ticket: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetActions(Query):
    """What may be done with a ticket now. Answer: tuple of `ActionOffer`, blocked ones with their reason."""

    permission: ClassVar[str] = "ticket.read"
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetClocks(Query):
    """How a ticket's promises stand now, and what else it waits for. Answer: `TicketTime`."""

    permission: ClassVar[str] = "ticket.read"
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetLedger(Query):
    """Why a ticket's promises are due when they are, interval by interval. Answer: tuple of `Account`.

    All promises unless one is named, its last run unless `run` names another, until now unless `at` says until when.
    """

    permission: ClassVar[str] = "ticket.read"
    ticket: str
    promise: str | None = None
    run: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTickets(Query):
    """Tickets that fit, newest first, a page at a time. Answer: `TicketPage`.

    `older_than` and `younger_than` are seconds since opening; `after` is the key that ended the page before.
    """

    permission: ClassVar[str] = "ticket.read"
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
class ExportTickets(ListTickets):
    """Tickets as `ListTickets` lists them, to be taken away in a file. Answer: `TicketPage`."""

    permission: ClassVar[str] = "ticket.export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Query):
    """Which tickets a queue holds, and in which order; what is None does not matter.

    `handler`, `owner` and `customer` name somebody, "" nobody; `team` is whose people handle them, `watcher` who watches
    them. Those `due_within` so many seconds are due until then, the overdue ones among them; with 0 only these. Of those
    that are `paused` no clock runs for now. `text` is looked for as `ListTickets` does; `tickets` are the keys of the only
    ones that matter. `order` is one of `ORDERS`; those that have nothing to be ordered by come last, and among equals the
    older ticket comes first. `descending` is exactly
    that order turned round.
    """

    permission: ClassVar[str] = EACH_ITS_OWN
    open: bool | None = True
    workflow: str | None = None
    state: str | None = None
    handler: str | None = None
    team: str | None = None
    owner: str | None = None
    watcher: str | None = None
    customer: str | None = None
    priority: str | None = None
    due_within: int | None = None
    older_than: int | None = None
    younger_than: int | None = None
    paused: bool | None = None
    text: str | None = None
    tickets: tuple[str, ...] | None = None
    order: str = "due"
    descending: bool = False


ORDERS = ("due", "opened", "updated", "priority")
"""By what a queue may be ordered: the next deadline, when it was opened, when it last changed, how urgent it is (and then due)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQueue(Queue):
    """The rows of a queue from a place in it. Answer: `QueuePage`.

    `after` and `before` are positions of rows: the page begins right behind the one, or ends right before the other
    (`including` that row, if it is still there). `skip` begins so many rows from the beginning or, where it is negative,
    ends at the end: -1 is the last page. Only one of these is given.
    """

    permission: ClassVar[str] = "ticket.read"
    after: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    including: bool = False
    skip: int = 0
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQueue(Queue):
    """How many tickets a queue holds and, with `up_to`, how many of them stand before that position. Answer: `QueueCount`."""

    permission: ClassVar[str] = "ticket.read"
    up_to: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetSummary(Query):
    """What awaits the asker, in numbers. Answer: `Summary`."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class GetWallboard(Query):
    """How the service stands now and what is due within so many `hours`, of one workflow or of all. Answer: `Wallboard`."""

    permission: ClassVar[str] = "ticket.read"
    workflow: str | None = None
    hours: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewTransition(Query):
    """What taking a transition, or a vote (`grant`, `deny`), would come to if it were done now. Answer: `TransitionPreview`.

    A refusal is the one that the command would get.
    """

    permission: ClassVar[str] = "ticket.fire"
    ticket: str
    transition: str
    form: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDrafts(Query):
    """What the asker began to fill in and did not submit, the newest first. Answer: tuple of `SavedDraft`."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPreferences(Query):
    """How the asker has set up their own front ends: views, keys, macros, theme. Answer: mapping of plain data by name."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWorkspace(Query):
    """All that is wrong with the workspace's files, and in words what publishing them would change. Answer: `WorkspaceCheck`."""

    permission: ClassVar[str] = "workflow.check"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUnhandled(Query):
    """All open tickets that nobody handles, in the order in which they were opened. Answer: tuple of `Unhandled`."""

    permission: ClassVar[str] = "ticket.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges(Query):
    """What happened to the tickets that the asker may see, after the event numbered `since`. Answer: `ChangePage`.

    Without `since` nothing but the number to go on from: the newest event there is.
    """

    permission: ClassVar[str] = "ticket.read"
    since: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAssignable(Query):
    """Tickets by key, each with what decides who may handle it. Answer: tuple of `Assignable`, in the order asked.

    A ticket that is not there, or that the asker may not see, is left out.
    """

    permission: ClassVar[str] = "ticket.read"
    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetWorkload(Query):
    """How many open tickets each person handles. Answer: mapping of counts by name; who handles none is not in it."""

    permission: ClassVar[str] = "ticket.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class GetBoard(Query):
    """How many tickets stand where. Answer: tuple of `BoardRow`, one for each state of each version that has any."""

    permission: ClassVar[str] = "ticket.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPeople(Query):
    """The staff. Answer: tuple of `Person`, by name."""

    permission: ClassVar[str] = ANY_STAFF
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWorkflows(Query):
    """The published workflows. Answer: tuple of `Published`, by name.

    Their open tickets are told where they are to be `counted`: all tickets are gone through for it.
    """

    permission: ClassVar[str] = ANY_STAFF
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GetWorkflow(Query):
    """A published workflow, the current version or the one named by `digest`. Answer: `Workflow` and its forms."""

    permission: ClassVar[str] = ANY_STAFF
    workflow: str
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetIntake(Query):
    """What the published `intake.yaml` says, as it is written there. Answer: mapping, empty where there is none."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class GetStatusPage(Query):
    """How a matter stands, as its customer is shown it behind a signed link: what came in under a number, and its ticket.

    With `of_ticket` it is the ticket of that key, as long as it is still of the `customer` to whom the link was sent.
    `asks` are the fields that say what the customer is asked for, `promise` the one whose deadline the customer is told.
    Who is `unproven` has only said who they are: they see that it was received. Answer: `StatusPage`.
    """

    permission: ClassVar[str] = ONLY_SYSTEM
    arrival: int = 0
    of_ticket: str = ""
    customer: str = ""
    unproven: bool = False
    asks: tuple[str, ...] = ()
    promise: str = ""


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
class ExportCustomers(ListCustomers):
    """Customers as `ListCustomers` lists them, to be taken away in a file. Answer: `CustomerPage`."""

    permission: ClassVar[str] = "customer.export"


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

    permission: ClassVar[str] = "ticket.read"
    state: str | None = None
    mine: bool = False
    ticket: str | None = None
    after: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportNotices(ListNotices):
    """Notices as `ListNotices` lists them, to be taken away in a file. Answer: `NoticePage`."""

    permission: ClassVar[str] = "ticket.export"


@dataclass(frozen=True, slots=True, kw_only=True)
class GetNotice(Query):
    """One notice and all that became of it. Answer: `NoticeStory`."""

    permission: ClassVar[str] = "ticket.read"
    notice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetHealth(Query):
    """Whether a worker keeps time here, what is late, and what was given up. Answer: `Health`."""

    permission: ClassVar[str] = "ticket.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWebhooks(Query):
    """How the other systems stand that are told of events. Answer: tuple of `WebhookStanding`, by name."""

    permission: ClassVar[str] = "webhook.manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDeadLetters(Query):
    """The events of which another system could not be told, oldest first, a page at a time. Answer: `DeadLetterPage`.

    Of all systems unless one is named; `after` is the event that ended the page before.
    """

    permission: ClassVar[str] = "webhook.manage"
    webhook: str = ""
    after: int = 0
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTimers(Query):
    """Timers, the next one first. Answer: tuple of `Timer`.

    `state` is `open` (all that tickets wait for), `due` (its moment has come) or `failed` (given up).
    """

    permission: ClassVar[str] = "ticket.read"
    state: str = "open"
    ticket: str | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDaysOff(Query):
    """The days without work from `first` to `last`, written as `2026-03-02`. Answer: tuple of `DayOff`, in order.

    They are those of the asker's own calendar, else of the one that most workflows count on.
    """

    permission: ClassVar[str] = ANY_STAFF
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTemplates(Query):
    """The templates in which a customer may be answered. Answer: tuple of `ReplyTemplate`, by name."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewReply(Query):
    """What `ReplyToCustomer` would send, to the letter, and over which channel. Answer: `ReplyPreview`."""

    permission: ClassVar[str] = "ticket.reply"
    ticket: str
    text: str = ""
    template: str = ""
    via: str = ""
    subject: str = ""
    language: str = ""
    attachments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealFields(Query):
    """The personal fields of a ticket in the clear; the look and its purpose go on record. Answer: mapping of values by field.

    All that are filled unless some are named.
    """

    permission: ClassVar[str] = "ticket.reveal"
    ticket: str
    fields: tuple[str, ...] = ()
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAccessReport(Query):
    """Who looked at what, newest first, a page at a time: of a customer, a ticket or a person. Answer: `AccessPage`.

    `after` is the number that ended the page before.
    """

    permission: ClassVar[str] = "access.read"
    customer: str = ""
    ticket: str = ""
    person: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAccess(GetAccessReport):
    """The access log as `GetAccessReport` tells it, to be taken away in a file. Answer: `AccessPage`."""

    permission: ClassVar[str] = "access.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoAmI(Query):
    """Who the asker is and what they may do. Answer: `Myself`."""

    permission: ClassVar[str] = ANY_STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTokens(Query):
    """The tokens of a person, the asker's own unless another is named. Answer: tuple of `Token`, newest first."""

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKeys(Query):
    """The SSH keys of a person, the asker's own unless another is named. Answer: tuple of `SshKeyOnFile`, oldest first."""

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPublications(Query):
    """What was proposed, newest first. Answer: tuple of `ProposedPublication`.

    `state` is `waiting`, `published`, `refused` or "" for all; `before` the number that the page before ended with.
    """

    permission: ClassVar[str] = ANY_STAFF
    state: str = ""
    before: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPublication(Query):
    """What was proposed, with what it would change. Answer: `ProposedPublication`."""

    permission: ClassVar[str] = ANY_STAFF
    publication: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCheckpoints(Query):
    """The checkpoints of the histories, newest first. Answer: tuple of `Checkpoint`."""

    permission: ClassVar[str] = "audit.verify"
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAudit(Query):
    """All events with their hashes and the checkpoints, written to a new `file` for an auditor; that it is made goes on record.

    No private value is in it. Answer: `AuditExport`; FileUnreadable where the file is there, or cannot be written.
    """

    permission: ClassVar[str] = "audit.export"
    file: str
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListErasures(Query):
    """What was erased, newest first. Answer: tuple of `Erasure`."""

    permission: ClassVar[str] = "access.read"
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareBackup(Query):
    """What a backup of the whole workspace holds by now; that it is taken goes on record. Answer: `Contents`."""

    permission: ClassVar[str] = "workspace.backup"
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareExport(Query):
    """What an export of the whole workspace holds by now; that it is made, and what for, goes on record. Answer: `Contents`."""

    permission: ClassVar[str] = "workspace.export"
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOverdue(Query):
    """The closed tickets that their workflows do not keep any longer, and that the worker will erase. Answer: tuple of `Overdue`."""

    permission: ClassVar[str] = "access.read"
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListArrivals(Query):
    """What came in from outside, newest first, a page at a time. Answer: `ArrivalPage`.

    `state` is `unsorted`, `sorted` or `dropped`; `after` is the number that ended the page before.
    """

    permission: ClassVar[str] = "intake.read"
    state: str | None = None
    channel: str | None = None
    after: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class GetArrival(Query):
    """Something that came in, whole, with what is odd about it. Answer: `ArrivalStory`."""

    permission: ClassVar[str] = "intake.read"
    arrival: int
