"""What `decide` may look at: the moment, the tickets, the people and the workflow versions, all read-only."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, Protocol

from casewright.access.roles import Role, covered
from casewright.commands import ReplyToCustomer
from casewright.contributions import Done, Words
from casewright.effects import Effect
from casewright.engine.machine import StateMachine
from casewright.errors import CommandRefused, Message, message
from casewright.forms.check import FormChecker
from casewright.forms.spec import Form
from casewright.model import Customer, Event, Person, Ticket
from casewright.sla.calendar import Calendar
from casewright.swift_dataclass import dataclass
from casewright.workflows.authority import needed
from casewright.workflows.guard import Guards
from casewright.workflows.spec import Workflow


class People(Protocol):
    """The staff, as of the command's transaction."""

    def get(self, name: str) -> Person | None:
        """Return the person of that name, active or not, or None."""
        ...

    def with_role(self, role: str) -> Sequence[Person]:
        """Return the active people who hold `role`, by name."""
        ...


class Tickets(Protocol):
    """The stored tickets, as of the command's transaction."""

    def get(self, key: str) -> Ticket:
        """Return the ticket; NotFound."""
        ...

    def open_children(self, parent: str) -> Sequence[Ticket]:
        """Return the open children, by key."""
        ...

    def children(self, parent: str) -> Sequence[Ticket]:
        """Return all children, by key."""
        ...

    def lineage(self, root: str) -> Sequence[Ticket]:
        """Return the tickets of a lineage, by round."""
        ...

    def handled_by(self, name: str) -> Sequence[Ticket]:
        """Return the open tickets that `name` handles, by key."""
        ...

    def likely_duplicates(self, workflow: str, customer: str) -> Sequence[str]:
        """Return keys of tickets that may be about the same matter, newest first."""
        ...


class Calendars(Protocol):
    """The working calendars, as of the command's transaction."""

    def calendar(self, name: str) -> Calendar:
        """Return the version that clocks count on from now; NotFound."""
        ...

    def version(self, digest: str) -> Calendar:
        """Return a version by its digest."""
        ...


class PluginCalls(Protocol):
    """The plugins of the desk, as a decision asks them. PluginFailed where one does wrong, PluginMissing where it is not there."""

    @property
    def follows(self) -> bool:
        """Whether any of them lets something follow events."""
        ...

    def may_fire(
        self, ticket: Ticket, transition: str, words: Words, actor: Person, now: datetime
    ) -> Message | None:
        """Return why a transition may not be taken, or None."""
        ...

    def may_assign(
        self, ticket: Ticket, handler: Person, actor: Person, now: datetime
    ) -> Message | None:
        """Return why somebody may not be made the handler, or None."""
        ...

    def after_event(
        self, ticket: Ticket, event: Event, words: Words
    ) -> Sequence[tuple[str, Effect]]:
        """Return what should follow an event, each with the plugin that proposes it."""
        ...

    def perform(
        self,
        plugin: str,
        verb: str,
        ticket: Ticket,
        argument: Any,
        actor: Person,
        now: datetime,
    ) -> Done:
        """Return what an action of a plugin comes to."""
        ...

    def must_know_word(self, plugin: str, word: str) -> None:
        """Raise PluginMissing unless the plugin is there and has the word."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a decision may know of a notice: whose it is, of which ticket and clock, and how it stands.

    `twins` told the same person the same at the same time over other channels.
    """

    number: int
    ticket: str
    recipient: str
    via: str
    state: str
    reason: str
    promise: str = ""
    run: int = 0
    twins: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A workflow version ready to run: its machine, its guards, its forms and their checkers.

    `rights` are the permissions that cap what it does by itself, as roles write them: its author's when it was published.
    """

    workflow: Workflow
    forms: Mapping[str, Form]
    guards: Guards
    machine: StateMachine
    checkers: Mapping[str, FormChecker]
    rights: frozenset[str] = frozenset({"*"})

    def beyond_rights(self, verb: str) -> str:
        """Return the permission that its author lacked for an action of this verb, or ""."""
        return next((one for one in needed(verb) if not covered(one, self.rights)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedReply:
    """An answer to the customer as it will go out: over which channel, in which language and words, with which files.

    `registered` is what an SMS gateway has registered of it: `id`, `variables`, `signature`; empty for none.
    """

    via: str
    language: str
    text: str
    subject: str = ""
    registered: Mapping[str, Any] = field(default_factory=dict)


def _no_reply(command: ReplyToCustomer) -> WordedReply:
    raise CommandRefused(reason=message("nothing is sent from here"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a decision depends on, as of one moment inside one transaction.

    `sees` tells whether the actor may see a ticket, by key. `keys` are the rows' keys of each lookup table.
    `new_key(prefix, moment)` takes the next number of that prefix and year. `history` are the events of a ticket, by key.
    """

    now: datetime
    actor: Person
    tickets: Tickets
    people: People
    roles: Mapping[str, Role]
    keys: Mapping[str, Collection[str]]
    customer: Callable[[str], Customer | None]
    calendars: Calendars
    notice: Callable[[int], NoticeFacts | None]
    current: Callable[[str], Compiled]
    pinned: Callable[[str], Compiled]
    new_key: Callable[[str, datetime], tuple[str, int]]
    plugins: PluginCalls
    sees: Callable[[str], bool]
    reply: Callable[[ReplyToCustomer], WordedReply] = _no_reply
    history: Callable[[str], Sequence[Event]] = lambda key: ()
