"""What the desk answers to queries: frozen values for front ends to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casewright.bilingual import Bilingual
from casewright.errors import Message
from casewright.model import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPage:
    """One page of tickets; `after` asks for the next one and is None at the end."""

    tickets: tuple[Ticket, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOffer:
    """A transition or vote out of the ticket's state; `blocked` says why it may not be taken now."""

    name: str
    title: Bilingual
    targets: tuple[str, ...]
    form: str | None
    needs: tuple[str, ...]
    key: str | None
    blocked: Message | None


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
class Published:
    """A published workflow version."""

    name: str
    title: Bilingual
    digest: str
    published_at: datetime
    published_by: str
    current: bool
    open_tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first event at which a history is not what was written, and what is wrong with it."""

    ticket: str
    sequence: int
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome of verifying histories."""

    ok: bool
    tickets: int
    events: int
    first_broken: Broken | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStatus:
    """The state of a workspace's database."""

    path: str
    exists: bool
    version: int
    newest: int
    library: str
    pragmas: Mapping[str, str]
    warnings: tuple[Message, ...]


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
    """A notice, its whole way, and the delivery that carried it: what was sent where (the address masked), and how often."""

    notice: Notice
    hops: tuple[NoticeHop, ...]
    address: str = ""
    text: str = ""
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
