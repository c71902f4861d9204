"""What the desk answers to queries: frozen values for front ends to show."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from casewright.bilingual import Bilingual
from casewright.errors import Message, Problem
from casewright.intake.arrival import Arrival
from casewright.model import Customer, Person, Ticket
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPage:
    """One page of tickets; `after` asks for the next one and is None at the end."""

    tickets: tuple[Ticket, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """How many tickets of a workflow stand in a state, and how many of those nobody handles."""

    workflow: str
    state: str
    title: Bilingual
    final: bool
    tickets: int
    unassigned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A ticket as a queue shows it; `position` is where it stands in the queue's order: what it is ordered by, its number.

    `subject` is the field of that name, else the title of its form, masked where it is personal; `customer` is the name,
    masked. `due_at` is the next deadline of its open promises, `promise` what that one is called; both are None where none
    runs. A `paused` clock has no deadline for now.
    """

    position: tuple[int, int]
    number: int
    key: str
    workflow: str
    state: str
    title: Bilingual
    subject: str
    priority: str
    handler: str | None
    owner: str
    customer: str
    channel: str
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    promise: Bilingual | None
    paused: bool
    version: int
    sequence: int
    round: int = 1
    level: int = 1
    children_open: int = 0
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Rows of a queue in its order; `earlier` and `later` tell whether there are more on either side."""

    rows: tuple[QueueRow, ...]
    earlier: bool
    later: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCount:
    """How many tickets a queue holds, and how many of them come before the position that was asked about."""

    tickets: int
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What awaits somebody: open tickets in hand, how many are overdue or due within the hour, what is not taken or read yet.

    `notices` are those told and neither seen nor taken, `announcements` those not read.
    """

    open: int
    overdue: int
    due_soon: int
    next_due: datetime | None
    notices: int
    announcements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSlot:
    """How many tickets are due in the quarter of an hour that begins then."""

    at: datetime
    tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBand:
    """How many open tickets of a workflow are of an age: opened at least `older_than` seconds ago, less than `younger_than`."""

    workflow: str
    older_than: int
    younger_than: int | None
    tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """Somebody's work: open tickets, how many of them are overdue or due within the hours asked for; and whether they are there.

    `signed_in` is whether they have a session at one of the doors; `away` whether they are absent, `deputy` who stands in.
    """

    name: str
    team: str
    open: int
    overdue: int
    due: int
    signed_in: bool
    away: bool
    deputy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKeeping:
    """How many clocks of a promise ended since the day began, and how many of those in time."""

    workflow: str
    promise: str
    title: Bilingual
    ended: int
    met: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallboard:
    """How the service stands: what is open, late, nobody's; since the day began opened and closed; kept promises; the load.

    The day is the site's. `due` are all quarters of an hour that were asked for, the first one begun already.
    """

    at: datetime
    open: int
    overdue: int
    unassigned: int
    paused: int
    opened_today: int
    closed_today: int
    due: tuple[DueSlot, ...]
    states: tuple[BoardRow, ...]
    ages: tuple[AgeBand, ...]
    people: tuple[PersonLoad, ...]
    promises: tuple[PromiseKeeping, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """What becomes of a promise's clock: `change` is `started`, `met`, `paused`, `resumed`, `moved`, `cancelled` or `breached`."""

    promise: str
    title: Bilingual
    change: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAhead:
    """Who would be told, over which channel; `recipient` is somebody's login, or `customer`."""

    recipient: str
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionPreview:
    """What a transition would come to: the state, who would handle and own the ticket, its clocks, who is told, what is opened.

    `opened` are the workflows of tickets that it opens, each once a ticket; `undo` says that it can be undone for a while.
    """

    state: str
    title: Bilingual
    final: bool
    handler: str | None
    owner: str
    priority: str
    clocks: tuple[ClockChange, ...]
    notices: tuple[NoticeAhead, ...]
    opened: tuple[str, ...] = ()
    undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraft:
    """What somebody filled in so far, and for what: `about` names it, such as `fire:CMP-2026-000042:accept`."""

    about: str
    ticket: str
    values: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file of the workspace: what is wrong in it, and what publishing it would change, `new`, `changed`, `same` or `gone`.

    `lines` are the change in words, each beginning with `+ ` or `- `; `content` is the file as it stands, None where it is
    gone or too large to be shown.
    """

    path: str
    kind: str
    name: str
    standing: str
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]
    content: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceCheck:
    """The files that publishing would take over, those with problems first, and whether it could be published as it stands."""

    files: tuple[CheckedFile, ...]
    publishable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unhandled:
    """An open ticket that nobody handles; `stamp` changes whenever the ticket or what is known of its customer does."""

    ticket: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An event of some ticket, by its number among all events; what it changed stands in the ticket's history."""

    number: int
    ticket: str
    sequence: int
    kind: str
    at: datetime
    actor: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """Changes in the order in which they happened, and the number to go on after.

    `more` follow at once. A number that is greater than the `newest` is of a workspace that has been put back since:
    whoever asked with it reads everything again, and goes on after `until`. `configuration` and `announcements` are
    other numbers whenever roles, people or workflows, or what is announced, have changed.
    """

    changes: tuple[Change, ...]
    until: int
    newest: int
    more: bool
    configuration: int
    announcements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignable:
    """A ticket and what decides who may handle it.

    The rules of avoidance keep `excluded` from it; `previous` handled the customer's newest other ticket
    that anybody handled, "" is nobody.
    """

    ticket: Ticket
    customer: Customer | None
    excluded: frozenset[str]
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOffer:
    """A transition or vote out of the ticket's state; `blocked` says why it may not be taken now, `undo` that it can be undone."""

    name: str
    title: Bilingual
    targets: tuple[str, ...]
    form: str | None
    needs: tuple[str, ...]
    key: str | None
    blocked: Message | None
    undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A `day` on which nobody works, such as `2026-05-01`; `name` is that of the holiday, None for a day of the week."""

    day: str
    name: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTemplate:
    """A template by its name; `takes_text` says whether it has a place for words of one's own."""

    name: str
    title: Bilingual
    takes_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPreview:
    """A reply as it would go out: over which channel, to which address (masked), in which words, with which files.

    `parts` and `units` say how long it is by SMS; 0 for a mail.
    """

    via: str
    kind: str
    address: str
    language: str
    subject: str
    text: str
    attachments: tuple[str, ...] = ()
    parts: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookStanding:
    """How another system stands that is told of events since `began_at`.

    `behind` events were not looked at yet, `waiting` ones are to be told, the oldest of them since `waiting_since`;
    `dead` ones were given up. `error` is why the last attempt failed, None where it did not.
    """

    name: str
    began_at: datetime
    delivered_at: datetime | None
    behind: int
    waiting: int
    waiting_since: datetime | None
    dead: int
    error: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An event of which another system could not be told, and why the last of the attempts failed."""

    webhook: str
    event: int
    ticket: str
    at: datetime
    attempts: int
    since: datetime
    error: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterPage:
    """A page of dead letters; `after` asks for the next one and is None at the end."""

    letters: tuple[DeadLetter, ...]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published workflow version; `open_tickets` is None where they were not to be counted."""

    name: str
    title: Bilingual
    digest: str
    published_at: datetime
    published_by: str
    current: bool
    open_tickets: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first event at which a history is not what was written, and what is wrong with it.

    Without a ticket it is a link of another `chain`, by its number: a `command` about no ticket, a row of the `access`
    log, or a `checkpoint`.
    """

    ticket: str
    sequence: int
    reason: Message
    chain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome of verifying histories; `commands` are those about no ticket, `looks` the rows of the access log.

    Both are 0 where one ticket was asked for. `checkpoints` were compared, the last of them made at `sealed_at`;
    `unsealed` events came after it. `remarks` say what is not proved, and what to do about it.
    """

    ok: bool
    tickets: int
    events: int
    commands: int
    first_broken: Broken | None
    looks: int = 0
    checkpoints: int = 0
    sealed_at: datetime | None = None
    unsealed: int = 0
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStatus:
    """The state of a workspace's database; `plugins` are the numbers of the newest migrations of plugins' tables.

    `last_at` is the last moment on record, by the clock that there was then; None where there is none yet.
    """

    path: str
    exists: bool
    version: int
    newest: int
    library: str
    pragmas: Mapping[str, str]
    warnings: tuple[Message, ...]
    plugins: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStanding:
    """How a plugin's scheduled work stands: when it is due, when it ran last, and why its last runs failed, if they did."""

    name: str
    due_at: datetime | None = None
    ran_at: datetime | None = None
    attempts: int = 0
    error: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginStanding:
    """How a plugin stands: whether casewright.toml names it, whether it is installed, whether it is asked, else why not.

    `disabled` is whether it waits for `EnablePlugin`: somebody disabled it, or it failed too often, or ended a process.
    `strikes` are the moments at which it failed of late, `hooks` those it implements. `migrated` is the number of its
    newest migration that was applied here; `jobs` are those that were laid down, by name.
    """

    name: str
    named: bool
    installed: bool
    active: bool
    reason: Message | None = None
    disabled: bool = False
    package: str = ""
    version: str = ""
    strikes: tuple[datetime, ...] = ()
    hooks: tuple[str, ...] = ()
    migrated: int = 0
    jobs: tuple[JobStanding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Something announced to groups, as one person has it: `read_at` is when that person confirmed it.

    `command_id` is that of the command that published it; moments are aware UTC, `end` None until it is withdrawn.
    """

    number: int
    command_id: str
    title: Bilingual
    text: Bilingual
    to: tuple[str, ...]
    pinned: bool
    start: datetime
    end: datetime | None
    published_at: datetime
    published_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    read_at: datetime | None = None

    def shown(self, now: datetime) -> bool:
        """Return whether those it is for may see it: it has begun, and nobody took it back."""
        return self.withdrawn_at is None and self.start <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementReaders:
    """Who has read an announcement and when, and who of those it is for now has not."""

    announcement: Announcement
    read: tuple[tuple[str, datetime], ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one person was told, or is to be told, over one channel; how it stands, and since when it was promised.

    `message` is what the workflow's author wrote, `due` the deadline it is about, `stands_for` the
    absent person whose notice it would have been.
    """

    number: int
    ticket: str
    recipient: str
    via: str
    reason: str
    state: str
    created_at: datetime
    send_at: datetime
    due: datetime | None = None
    message: Bilingual | None = None
    promise: str = ""
    run: int = 0
    threshold: str = ""
    occurrence: int = 0
    stands_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """One page of notices; `after` asks for the next one and is None at the end."""

    notices: tuple[Notice, ...]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeHop:
    """A notice's arrival in a state."""

    state: str
    at: datetime
    detail: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAttempt:
    """One try to hand a delivery over; without an end nobody knows what came of it."""

    number: int
    at: datetime
    ended_at: datetime | None
    outcome: str
    detail: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPart:
    """A part of a delivery by its provider's name for it, and what the last receipt said."""

    provider_id: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeStory:
    """A notice, its whole way, and the delivery that carried it: what was sent where (the address masked), and how often.

    The text is `withheld` from who may not see every ticket that the message is about, and did not get it.
    """

    notice: Notice
    hops: tuple[NoticeHop, ...]
    address: str = ""
    text: str = ""
    withheld: bool = False
    carried: int = 0
    attempts: tuple[DeliveryAttempt, ...] = ()
    parts: tuple[DeliveryPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How time is kept: the worker that works now ("" for none), what is late, and what was given up.

    Late is what should have been done more than a minute ago, the first of it at `late_since`;
    `given_up` are notices by the state that they ended in.
    """

    worker: str
    late_timers: int
    late_notices: int
    late_since: datetime | None
    failed_timers: int
    given_up: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A moment that a ticket waits for; one whose moment has come is `due`, one given up `failed`.

    `zone` is that of the ticket's workflow, empty where it has none of its own.
    """

    ticket: str
    name: str
    due_at: datetime
    zone: str
    state: str
    attempts: int = 0
    next_at: datetime | None = None
    error: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """One page of customers; `after` asks for the next one and is None at the end."""

    customers: tuple[Customer, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One interaction with a customer, on whatever channel; `resolved` is `yes`, `no` or `unknown`.

    `customer` is the id it was noted under. One that was recorded on a ticket has a `kind`: `query`,
    `supplement`, `chase` or `attempt`.
    """

    number: int = 0
    customer: str
    at: datetime
    channel: str
    direction: str
    agent: str
    resolved: str = "unknown"
    kind: str = ""
    duration: timedelta | None = None
    summary: str = ""
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage:
    """One page of contacts; `after` asks for the next one and is None at the end."""

    contacts: tuple[Contact, ...]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The last time a customer said how content they are: the answer, what it is worth (5 is best), and on which ticket."""

    ticket: str
    title: Bilingual
    points: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnReason:
    """A rule that holds for a customer, and how much it weighs."""

    name: str
    title: Bilingual
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnRisk:
    """How likely a customer is to leave by the workspace's rules, and why; the heaviest reason first.

    `level` is `high`, `medium` or `low`.
    """

    level: str
    points: int
    reasons: tuple[ChurnReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPromise:
    """A promise to a customer that was broken: on which ticket, when it was due, and whether it still stands open."""

    ticket: str
    title: Bilingual
    due: datetime
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """A matter that came back: its rounds, the first one first."""

    key: str
    rounds: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A customer as somebody should know them when the contact begins; what the asker may not see is left out.

    Each part holds the newest few, and `more` says by its name how many there are beyond them. `looked_at`
    is how many of the customer's tickets all this is said of: the newest, `older` are not looked at. `churn`
    is None where the workspace has no rules for it, or the asker may read no tickets.
    """

    customer: Customer
    asked: str
    client: Customer | None
    end_customers: int
    merged: tuple[str, ...]
    open_matters: tuple[Ticket, ...]
    contacts: tuple[Contact, ...]
    unresolved: tuple[Contact, ...]
    broken: tuple[BrokenPromise, ...]
    lineages: tuple[Lineage, ...]
    survey: Survey | None
    churn: ChurnRisk | None
    more: Mapping[str, int]
    looked_at: int
    older: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerImport:
    """What importing a file of customers comes to; `merged` lines are left out, being about ids that were merged,
    and `erased` ones, being about customers who were erased. `compared` are the ids of known customers whom it was about."""

    added: int
    changed: int
    unchanged: int
    merged: int = 0
    erased: int = 0
    problems: tuple[Problem, ...] = ()
    compared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """One look at customers' data, or one refusal: who, when, through which door, what, and what for.

    `kind` is `look`, `search`, `reveal`, `export`, `denied`, `signed_in`, `sign_in_refused` or `signed_out`; `subject` is
    what it was about in a word or two, such as the kind of the query; what was searched for is never in it.
    """

    number: int
    at: datetime
    actor: str
    door: str
    kind: str
    subject: str
    ticket: str = ""
    customers: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    purpose: str = ""
    permission: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage:
    """Rows of the access log, and the number to go on after."""

    rows: tuple[AccessRow, ...]
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Myself:
    """Who the asker is, through which door they came, and what they may do: by permission the scopes it holds in."""

    person: Person
    door: str
    permissions: Mapping[str, tuple[str, ...]]
    password: bool = False
    second_factor: bool = False
    session_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token by which a program acts for a person; the token itself is known to nobody."""

    number: int
    person: str
    label: str
    only: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKeyOnFile:
    """A public key by which a person comes in by SSH: what it is for, and the line that it was given as."""

    fingerprint: str
    person: str
    label: str
    line: str
    created_at: datetime
    created_by: str
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPublication:
    """What somebody proposed to publish, and what became of it.

    `workflows` are by name the digests proposed, `changes` is by kind (`workflow`, `table`, `role`, `calendar`,
    `template`, `file`) and name what would become of each: `new`, `changed` or `gone`. `alone` says that who proposed
    it also approved it, there being nobody else who may. Who takes their own back has it refused by themselves.
    `digest` is of all that was proposed. `details` are for who may propose or approve: by kind and name the lines that
    come (`+ all: people.edit`) and go (`-`); a list of publications has none.
    """

    number: int
    state: str
    proposed_at: datetime
    proposed_by: str
    note: str
    workflows: Mapping[str, str]
    changes: Mapping[str, Mapping[str, str]]
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    alone: bool = False
    digest: str = ""
    details: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A signed statement of how far the histories had come: the Merkle root (hex) of all heads at that moment."""

    number: int
    at: datetime
    tickets: int
    events: int
    root: str
    key: str
    written_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExport:
    """How much was written for an auditor."""

    events: int
    commands: int
    checkpoints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was erased, when, by whom and why; of a customer, or of one ticket whose time was over."""

    number: int
    at: datetime
    actor: str
    customer: str
    ticket: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database holds: its schema, its plugins' migrations, how many rows of each table, the heads of its chains.

    `heads` are by chain the number and the hash (hex) of its newest link; `histories` stands for the newest events of
    all tickets together. `checkpoint` is the number of the last one, 0 where there is none.
    """

    schema: int
    plugins: Mapping[str, int]
    rows: Mapping[str, int]
    heads: Mapping[str, tuple[int, str]]
    checkpoint: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """What was put to rest in a workspace that was restored, and how many customers were erased there once more.

    `held` notices wait for review, of `unknown` ones the receipts are waited for no more; the rest is gone or revoked.
    """

    held: int = 0
    unknown: int = 0
    leases: int = 0
    sessions: int = 0
    tokens: int = 0
    erased: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A closed ticket that its workflow does not keep any longer; `retention` is what that one says, such as `3 years`."""

    ticket: str
    workflow: str
    retention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSaid:
    """One thing that the customer said (`by` is `you`), or that was said to the customer (`us`), bilingual where it was written so.

    `kind` is `supplement`, `chase`, or "" for anything else; `text` None where it was erased, or nothing was said.
    """

    at: datetime
    by: str
    kind: str = ""
    text: str | Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """How a matter stands as its customer is told it: never an inner title, never who works on it.

    `words` are the customer's words for the state, `asked` what the customer is asked for now, `due` the moment by which
    something was promised and is not done yet. `acted` counts what the customer did here within the last day; `may` is what
    can be done here now. While nobody has sorted what came in there is no `ticket`.
    """

    reference: str
    words: Bilingual
    received_at: datetime
    ticket: str = ""
    title: Bilingual | None = None
    closed_at: datetime | None = None
    due: datetime | None = None
    asked: tuple[str, ...] = ()
    said: tuple[CustomerSaid, ...] = ()
    acted: int = 0
    may: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file that is attached to a ticket: what it was called when it was attached, and what is in it."""

    filename: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalRow:
    """Something that came in: over which channel, when, and what became of it; `reason` says why it waits or was dropped.

    `state` is `unsorted`, `sorted` or `dropped`. In lists the sender is masked.
    """

    number: int
    channel: str
    kind: str
    at: datetime
    state: str
    ticket: str = ""
    verdict: str = ""
    reason: Message | None = None
    reference: str = ""
    sender: str = ""
    subject: str = ""
    files: int = 0
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalPage:
    """One page of what came in; `after` asks for the next one and is None at the end."""

    arrivals: tuple[ArrivalRow, ...]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalStory:
    """Something that came in, whole: `said` is None once it was erased. `remarks` tell what is odd about it.

    `confirmation` is the state of the delivery that told its sender, "" where there is none.
    """

    row: ArrivalRow
    said: Arrival | None
    remarks: tuple[Message, ...] = ()
    confirmation: str = ""
