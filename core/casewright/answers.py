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
