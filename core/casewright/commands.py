"""Everything that can be asked to happen: one frozen value a command, each naming its actor and its permission."""

import os
import time
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from casewright.effects import Notify
from casewright.intake.arrival import Arrival
from casewright.model import (
    ANY_STAFF,
    EACH_ITS_OWN,
    ONLY_SYSTEM,
    CustomerLine,
    Identity,
    must_name_a_permission,
)
from casewright.swift_dataclass import dataclass

CONTACT_KINDS = ("query", "supplement", "chase", "attempt")


def new_id() -> str:
    """Return a fresh command id: 12 hex digits of the millisecond, 20 of chance; ids made later sort later."""
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every command says: who acts, and an id made by the client under which it happens at most once.

    A command names the permission that it asks for; one that does not cannot even be imported: TypeError.
    """

    permission: ClassVar[str] = EACH_ITS_OWN
    actor: str
    command_id: str = field(default_factory=new_id)

    def __init_subclass__(cls) -> None:
        must_name_a_permission(cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket(Command):
    """Open a ticket. `received_at` is the true time of receipt when it is entered late."""

    permission: ClassVar[str] = "ticket.open"
    workflow: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    customer: str | None = None
    channel: str = ""
    received_at: datetime | None = None
    owner: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCommand(Command):
    """A command about one ticket."""

    permission: ClassVar[str] = EACH_ITS_OWN
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTransition(TicketCommand):
    """Take a transition. A stale `version` is a `Conflict`; None asks for none in particular."""

    permission: ClassVar[str] = "ticket.fire"
    transition: str
    form: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoTransition(TicketCommand):
    """Take back the transition that the actor took last, within ten seconds and where its workflow says `undo: true`.

    `undone` is the id of the command that took it. What was to follow from it has not left yet and does not.
    """

    permission: ClassVar[str] = "ticket.fire"
    undone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote(TicketCommand):
    """Agree to, or refuse, what waits for approval."""

    permission: ClassVar[str] = "ticket.vote"
    grant: bool
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTicket(TicketCommand):
    """Make somebody the handler, or nobody."""

    permission: ClassVar[str] = "ticket.assign"
    handler: str | None
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditFields(TicketCommand):
    """Change fields of the ticket's form; None empties a field."""

    permission: ClassVar[str] = "ticket.edit"
    fields: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment(TicketCommand):
    """Write a comment; `internal` ones are never shown to customers."""

    permission: ClassVar[str] = "ticket.comment"
    text: str
    internal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachFile(TicketCommand):
    """Attach a file whose content the desk already keeps under its SHA-256 `digest`."""

    permission: ClassVar[str] = "ticket.attach"
    digest: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTicket(TicketCommand):
    """Begin or stop watching a ticket."""

    permission: ClassVar[str] = "ticket.watch"
    watching: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact(TicketCommand):
    """Record a contact: a customer's query, supplement or chase, or an attempt to reach the customer.

    `channel` is `call`, `sms`, `email` ...; `reached` tells whether an attempt found the customer.
    """

    permission: ClassVar[str] = "ticket.contact"
    kind: str
    text: str = ""
    channel: str = "call"
    reached: bool = False
    identity_checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToCustomer(TicketCommand):
    """Write to whoever the ticket is for, by e-mail or SMS: a text, a template, or a text in a template.

    `via` names a channel; empty takes the way the customer came by, or one that reaches them. `attachments` are numbers
    of the ticket's files, from 1; they go by mail only. `language` is that of the template, `subject` that of a mail.
    """

    permission: ClassVar[str] = "ticket.reply"
    text: str = ""
    template: str = ""
    via: str = ""
    subject: str = ""
    language: str = ""
    attachments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTickets(TicketCommand):
    """Link two tickets; both know of it."""

    permission: ClassVar[str] = "ticket.link"
    other: str
    role: str = "related"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeTickets(TicketCommand):
    """Merge `ticket` into `into`: children, watchers and links go over, and the ticket is closed as merged."""

    permission: ClassVar[str] = "ticket.merge"
    into: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawTicket(TicketCommand):
    """The customer takes the matter back; open children are withdrawn with it."""

    permission: ClassVar[str] = "ticket.withdraw"
    reason: str
    identity_checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTicket(TicketCommand):
    """The matter of a closed ticket comes back; the workflow's `reopen` says what becomes of it."""

    permission: ClassVar[str] = "ticket.reopen"
    reason: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateLevel(TicketCommand):
    """Escalate to the next level, whose people are told."""

    permission: ClassVar[str] = "ticket.escalate"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseTicket(TicketCommand):
    """Issue a supervision order: handler and owner are told, and owe an answer by `answer_due`."""

    permission: ClassVar[str] = "ticket.supervise"
    reason: str
    answer_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindMe(TicketCommand):
    """Follow up at the time agreed with the customer."""

    permission: ClassVar[str] = "ticket.remind"
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSupervision(TicketCommand):
    """Answer a supervision order."""

    permission: ClassVar[str] = "ticket.comment"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExtension(TicketCommand):
    """Ask, before it is due, that a promise may take longer: by so much (`2 days`) or until a moment."""

    permission: ClassVar[str] = "ticket.comment"
    promise: str
    by: str = ""
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideExtension(TicketCommand):
    """Grant or deny the extension that was asked for."""

    permission: ClassVar[str] = "ticket.comment"
    promise: str
    grant: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNotice(TicketCommand):
    """Take a notice: it is mine, done by `until`; without one, by the time it is due."""

    permission: ClassVar[str] = "ticket.read"
    notice: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseNotice(TicketCommand):
    """Refuse a notice with a reason; the next level is told."""

    permission: ClassVar[str] = "ticket.read"
    notice: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(TicketCommand):
    """A timer of the ticket has come due; `name` and `due_at` say which. Only the clock itself says this."""

    permission: ClassVar[str] = ONLY_SYSTEM
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFailed(TicketCommand):
    """A notice cannot reach its recipient: said by the delivery, told to whoever answers for the ticket."""

    permission: ClassVar[str] = ONLY_SYSTEM
    notice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTicket(TicketCommand):
    """A plugin did something about the ticket: `note` says what, `facts` go into the history in the clear.

    `answer` is what the receipt answers, `notices` are told with it.
    """

    permission: ClassVar[str] = ONLY_SYSTEM
    plugin: str
    note: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Notify, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunJob(Command):
    """A plugin's scheduled work is due, at `due_at`. Only the clock itself says this."""

    permission: ClassVar[str] = ONLY_SYSTEM
    plugin: str
    job: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EnablePlugin(Command):
    """Let a plugin be asked again that was disabled; its strikes are forgotten."""

    permission: ClassVar[str] = "plugin.manage"
    plugin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisablePlugin(Command):
    """Ask a plugin no more; what it decides is then refused."""

    permission: ClassVar[str] = "plugin.manage"
    plugin: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft(Command):
    """Keep what the actor has filled in so far, for themselves alone, under what it is `about`; over what was kept there.

    It is on no record and goes away a month after it was kept last, or when its ticket is erased.
    """

    permission: ClassVar[str] = ANY_STAFF
    about: str
    ticket: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardDraft(Command):
    """Keep a draft of the actor's no more; one that is not there is no fault."""

    permission: ClassVar[str] = ANY_STAFF
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePreference(Command):
    """Keep how the actor wants their front ends, by name such as `views`; a `value` of None forgets it. It is on no record."""

    permission: ClassVar[str] = ANY_STAFF
    name: str
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    """Hand a shift over: every open ticket of `handler` goes to `to`, all or none."""

    permission: ClassVar[str] = "ticket.hand_over"
    handler: str
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishWorkflow(Command):
    """Make a checked bundle the current version of its workflow; running tickets stay where they are.

    People say `ProposePublication`.
    """

    permission: ClassVar[str] = ONLY_SYSTEM
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishTables(Command):
    """Replace the workspace's lookup tables, roles and templates: each name with its checked data.

    `customers` is what `customers.yaml` says, `files` what is in the files that plugins read, by name.
    People say `ProposePublication`.
    """

    permission: ClassVar[str] = ONLY_SYSTEM
    tables: Mapping[str, Any]
    roles: Mapping[str, Any]
    templates: Mapping[str, Any] = field(default_factory=dict)
    customers: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCalendar(Command):
    """Make a checked calendar the current version of its name; the clocks that count on it are worked out again.

    People say `ProposePublication`.
    """

    permission: ClassVar[str] = ONLY_SYSTEM
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeNotices(Command):
    """Note that the actor has seen notices of theirs."""

    permission: ClassVar[str] = "ticket.read"
    notices: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryNotice(Command):
    """Send a notice again that was given up."""

    permission: ClassVar[str] = "notice.retry"
    notice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryWebhook(Command):
    """Tell another system anew of events that became dead letters: all of its, or those of these numbers.

    The receipt answers how many `events` that are.
    """

    permission: ClassVar[str] = "webhook.manage"
    webhook: str
    events: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptArrived(Command):
    """A provider says what became of something it accepted: `delivered`, `undelivered`, `expired` or `rejected`."""

    permission: ClassVar[str] = ONLY_SYSTEM
    channel: str
    provider_id: str
    state: str
    at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteArrival(TicketCommand):
    """Something came in about a ticket that moves nothing: an automatic reply, or words about a closed matter.

    With `tell` whoever handles the ticket, or else its owner, is told.
    """

    permission: ClassVar[str] = ONLY_SYSTEM
    arrival: int
    channel: str
    text: str = ""
    verdict: str = ""
    tell: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn(Command):
    """Something came in from outside: kept first, then judged by the rules of its channel in `intake.yaml`.

    The receipt answers the `outcome` (opened, attached, unsorted, dropped, repeated), the number of the `arrival`, the
    `ticket` if there is one, and the `reference` that the sender may be told. `differs` is answered where what is
    repeated says something else than what was taken in: that changes nothing.
    """

    permission: ClassVar[str] = ONLY_SYSTEM
    arrival: Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInRow(Command):
    """A row of a table came in over a channel, whose `map` in `intake.yaml` says what its `cells`, by column, mean.

    `row` is its id, such as the file's digest and the line: the same one adds nothing again. The receipt answers as that
    of `TakeIn` does.
    """

    permission: ClassVar[str] = "intake.sort"
    channel: str
    row: str
    cells: Mapping[str, str]
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SortArrival(Command):
    """Say what becomes of something that waits unsorted: exactly one of three is given.

    With `ticket` it is the customer's words about that one; with `workflow` it opens a ticket, whose `fields` go before
    what the rules make of it; with `drop` it is nothing, for that reason. `customer` names whose it is.
    """

    permission: ClassVar[str] = "intake.sort"
    arrival: int
    ticket: str | None = None
    workflow: str = ""
    drop: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    customer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePerson(Command):
    """Add a member of staff, or change one; what is None stays as it is, and is empty for somebody new.

    With `only_new` somebody who is on the staff already is not changed: CommandRefused. Answer: `no_longer_approves`, the
    name, where it takes away the permission to approve publications; `open_tickets`, how many are left in the hands of
    somebody who is made inactive; nothing otherwise.
    """

    permission: ClassVar[str] = "people.edit"
    name: str
    en: str | None = None
    zh: str | None = None
    roles: tuple[str, ...] | None = None
    team: str | None = None
    department: str | None = None
    active: bool | None = None
    phone: str | None = None
    email: str | None = None
    chat: str | None = None
    language: str | None = None
    deputy: str | None = None
    queues: tuple[str, ...] | None = None
    calendar: str | None = None
    only_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAbsence(Command):
    """Note that `name` is away from `start` (None: now) until `end` (None: until further notice).

    Everybody may say so of themselves; of others, who holds `people.absence` or `people.edit`. `deputy` None
    takes the person's standing deputy, "" nobody. What was noted for the same time before is replaced.
    """

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.absence"
    name: str
    start: datetime | None = None
    end: datetime | None = None
    deputy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAbsence(Command):
    """`name` is back now; somebody who is not away gives up the next absence that is planned."""

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.absence"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCustomer(Command):
    """Add a customer, or change one; what is None stays as it is, and is empty for a new one.

    `kind` is `end` or `client`. `known_by` are further phones, addresses and ids of other systems that are
    added to those there are; `no_longer_by` are taken away. Phone numbers may be written as people type them.
    The receipt's `done` is `added`, `changed` or `unchanged`.
    """

    permission: ClassVar[str] = "customer.edit"
    id: str
    name: str | None = None
    kind: str | None = None
    client: str | None = None
    tier: str | None = None
    brand: str | None = None
    language: str | None = None
    phone: str | None = None
    email: str | None = None
    tags: tuple[str, ...] | None = None
    known_by: tuple[Identity, ...] = ()
    no_longer_by: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCustomers(Command):
    """Say that `customer` is `into`: what it was known by, its tags and contacts are found there from now on."""

    permission: ClassVar[str] = "customer.merge"
    customer: str
    into: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCustomers(Command):
    """Add or change all customers of a file, or none: ProblemsFound tells what is wrong, line by line.

    A line without an id stands for the customer who is known by its identity of one of the kinds `keys`;
    where there is none it is a new one, who is given an id. A line about an id that was merged is left out.
    `source` is the file's name, `columns` says where it has what: by attribute, or `identities.KIND`, the number
    and the title of a column. The receipt answers how many were `added`, `changed`, `unchanged` and `merged`.
    """

    permission: ClassVar[str] = "customer.edit"
    lines: tuple[CustomerLine, ...]
    keys: tuple[str, ...] = ()
    source: str = ""
    columns: Mapping[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContact(Command):
    """Note a contact with a customer; the receipt answers its number as `contact`.

    `direction` is `in` or `out`; `agent` None is the actor, `started_at` None is now; `resolved` tells whether
    the customer got what they came for: `yes`, `no` or `unknown`.
    """

    permission: ClassVar[str] = "customer.contact"
    customer: str
    channel: str
    direction: str = "in"
    agent: str | None = None
    started_at: datetime | None = None
    duration: timedelta | None = None
    summary: str = ""
    tickets: tuple[str, ...] = ()
    resolved: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveContact(Command):
    """Note that the customer now has what they came for in a contact that was left unresolved."""

    permission: ClassVar[str] = "customer.contact"
    contact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishAnnouncement(Command):
    """Announce something to groups, from `start` (None: now) until `end` (None: until it is withdrawn).

    `title` and `text` are `{en: .., zh: ..}`; a group is `everybody`, `role:x`, `team:x`, `department:x` or `user:x`.
    Answer: its `number`.
    """

    permission: ClassVar[str] = "announcement.publish"
    title: Mapping[str, str]
    text: Mapping[str, str]
    to: tuple[str, ...]
    pinned: bool = False
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAnnouncement(Command):
    """Take an announcement back: nobody is shown it any more."""

    permission: ClassVar[str] = "announcement.publish"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnnouncement(Command):
    """Confirm that one has read an announcement; the first time counts."""

    permission: ClassVar[str] = ANY_STAFF
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword(Command):
    """Set how somebody proves who they are: `verifier` is what the password was hashed to, never the password; "" takes it away.

    Everybody may set their own; of others, who holds `people.edit`. All sessions and tokens of the person end; answer:
    `sessions` and `tokens`, how many. That of the last administrator who has one is not taken away.
    """

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    name: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSecondFactor(Command):
    """Ask somebody for a code of their authenticator beside the password; "" asks no more.

    Everybody may set their own `secret` (base 32); of others it may only be taken away, by who holds `people.edit`.
    All sessions of the person end.
    """

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    name: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeToken(Command):
    """Let a program act for `name` with a token whose SHA-256 is `digest`, until it expires.

    `only` are the permissions that it may use, as roles name them (`ticket.read`, `ticket.*`), never more than the
    person has. Everybody may make tokens of their own; of others, who holds `people.edit`. Answer: `token`, its number.
    """

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    name: str
    label: str
    digest: str
    only: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeToken(Command):
    """Let a token serve no more."""

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddKey(Command):
    """Let `name` come in by SSH with a public key, as its `.pub` file has it. Answer: `fingerprint`.

    Everybody may add keys of their own; to those of others, who holds `people.edit`.
    """

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    name: str
    key: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveKey(Command):
    """Let nobody come in with a key any more; `fingerprint` is as `ssh-keygen -l` shows it."""

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessions(Command):
    """End all sessions of somebody, wherever they are signed in, and all their tokens. Answer: `sessions`, `tokens`, how many."""

    permission: ClassVar[str] = ANY_STAFF
    others: ClassVar[str] = "people.edit"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePublication(Command):
    """Propose what the workspace should be set up with; it holds once somebody else has approved it.

    `workflows` are checked bundles, `calendars` checked contents by name; what is not named of these stays as it is. The
    others are whole, as in `PublishTables`, and None where they stay as they are. Where only one person may approve, that
    one approves their own, at once. Answer: `state`: `waiting`, `published`, or `unchanged` where it would change nothing,
    and `publication`, its number, unless it is unchanged.
    """

    permission: ClassVar[str] = "workflow.publish"
    workflows: tuple[bytes, ...] = ()
    calendars: Mapping[str, bytes] = field(default_factory=dict)
    tables: Mapping[str, Any] | None = None
    roles: Mapping[str, Any] | None = None
    templates: Mapping[str, Any] | None = None
    customers: Mapping[str, Any] | None = None
    files: Mapping[str, Any] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePublication(Command):
    """Approve what somebody else proposed, or refuse it with a reason; one's own only where nobody else may approve.

    `digest` is that of what was shown (or its first 12 characters); the publication is refused where it is another.
    """

    permission: ClassVar[str] = "workflow.approve"
    publication: int
    grant: bool
    reason: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPublication(Command):
    """Take back what one proposed oneself and nobody has decided yet."""

    permission: ClassVar[str] = "workflow.publish"
    publication: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCustomer(Command):
    """Erase what is known of a customer, in all the tickets too; what remains is the id, what was counted, and that it was erased.

    The histories stay whole: they hold commitments to what is gone. Refused while tickets of the customer are open,
    unless `also_open`. Answer: `tickets`, `values` and `files`, how many were erased; `elsewhere`, the keys of other
    tickets whose fields name the customer; `not_asked`, the plugins whose tables could not be asked; `traces` is `left`
    while somebody still reads what the files had in them, which the worker then removes.
    """

    permission: ClassVar[str] = "customer.erase"
    customer: str
    reason: str
    also_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseTicket(TicketCommand):
    """Erase the personal values of a closed ticket whose workflow says that their time is over. Answer: as `EraseCustomer`."""

    permission: ClassVar[str] = ONLY_SYSTEM
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseAgain(Command):
    """Erase what the ledger of erasures says was erased and is here again, as after the restoring of an older backup.

    With `customer`, only what it says of that one. While a plugin that has tables is not there to be asked, nobody is
    erased. Answer: `customers`, how many were erased again; `not_asked`, those plugins.
    """

    permission: ClassVar[str] = ONLY_SYSTEM
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCheckpoint(Command):
    """Seal what is on record by now with a signed checkpoint, and write it to the folders outside the database.

    `restored` says why the database was put back to an older state on purpose, where a folder outside has newer
    checkpoints; `new_key` begins to sign with another key. Answer: `checkpoint`, its number; `root`; `key`.
    """

    permission: ClassVar[str] = "audit.checkpoint"
    restored: str = ""
    new_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotices(Command):
    """Send notices that are held for review since the workspace was restored, or drop them; all that are held where none is named."""

    permission: ClassVar[str] = "notice.retry"
    notices: tuple[int, ...] = ()
    send: bool = True
