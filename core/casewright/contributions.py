"""What a plugin may bring besides hooks: words, actions, functions, tables, commands, jobs. Plain values, no behaviour."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from casewright.commands import Command
from casewright.effects import Notify
from casewright.errors import Message
from casewright.model import EMPTY, Identity, Person, Receipt, Ticket
from casewright.queries import Query
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.settings.options import Option

Construct = Literal["workflow", "state", "transition"]
"""Where in a workflow file a word may stand."""

Kind = Literal["text", "integer", "decimal", "boolean", "texts"]
"""What a guard function takes and gives, in the words of forms; None stands for a field that is not filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowWord:
    """A word that workflow files may use: where it may stand, and what its value must be.

    `schema` is a JSON Schema (2020-12) without `$ref`; `doc` is one line for editors and the language page.
    """

    name: str
    on: tuple[Construct, ...]
    schema: Mapping[str, Any]
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a workflow file says in a plugin's words: of the workflow, of a state, of a transition; empty where it says nothing."""

    workflow: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    state: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    transition: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an action comes to: fields to fill (None empties one), comments to write, people to tell, who handles it.

    `handler` None leaves the handler alone, "" takes it away.
    """

    fields: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    comments: tuple[str, ...] = ()
    notices: tuple[Notify, ...] = ()
    handler: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowAction:
    """A verb for `do:`, `on_enter:` and `on_exit:`. `perform` is pure: what it returns is done in the ticket's transaction.

    `perform(ticket, argument, actor, now)` is given the ticket as the actions before it left it.
    """

    verb: str
    schema: Mapping[str, Any]
    doc: str
    perform: Callable[[Ticket, Any, Person, datetime], Done]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFunction:
    """A function for conditions and `=` expressions; its name begins with the plugin's and `_`. `call` is pure."""

    name: str
    parameters: tuple[Kind, ...]
    result: Kind
    doc: str
    call: Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A step of a plugin's own schema, numbered from 1 without gaps; its tables begin with the plugin's name and `_`.

    Each statement ends with a semicolon at the end of its line. One that was released never changes.
    """

    number: int
    name: str
    sql: str


class Store(Protocol):
    """A plugin's own tables, inside the transaction that is open; nothing else can be read or written through it."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows. PluginFailed where it reaches past the plugin's tables.

        What SQLite and PostgreSQL both know: `ON CONFLICT` in place of `INSERT OR`, and no `rowid`.
        """
        ...

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]], /) -> None:
        """Run one statement for each of the rows, which return nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundText:
    """A document that was found, by the name it was put under; `rank` is larger where it fits better."""

    name: str
    rank: float


class TextIndex(Protocol):
    """A plugin's own documents in the full-text index, inside the transaction that is open.

    A text is found by each run of its Han characters and by the beginning of each of its words, on every database alike.
    """

    def put(self, name: str, texts: Sequence[str], *, labels: Sequence[str] = ()) -> None:
        """Put a document there, in place of the one of that name: up to three texts, of which the first counts most."""
        ...

    def remove(self, name: str) -> None:
        """Take a document away, if it is there."""
        ...

    def find(
        self,
        *,
        every: Sequence[str] = (),
        some: Sequence[str] = (),
        least: int = 1,
        labels: Sequence[Sequence[str]] = (),
        limit: int = 100,
    ) -> list[FoundText]:
        """Return documents in which `every` text stands and of `some`, if there are any, at `least` so many; the most fitting first.

        Of each list in `labels` they have one. PluginFailed where more than 200 words are sought.
        """
        ...


class PluginDesk(Protocol):
    """What a plugin's own command, query or job works with: one moment, one transaction, one actor."""

    @property
    def now(self) -> datetime:
        """The moment, aware UTC."""
        ...

    @property
    def today(self) -> date:
        """The day it is at the site: in the zone of its settings, else of the machine."""
        ...

    @property
    def actor(self) -> Person:
        """Who acts or asks; for a job the system."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """The plugin's section of `casewright.toml`, checked, with every setting it registered."""
        ...

    @property
    def files(self) -> Mapping[str, Any]:
        """The files of the workspace that the plugin registered, as they were published, by name."""
        ...

    @property
    def store(self) -> Store:
        """The plugin's own tables; in a query they can only be read."""
        ...

    @property
    def index(self) -> TextIndex:
        """The plugin's own documents in the full-text index; in a query they can only be sought."""
        ...

    def ask(self, query: Query) -> Any:
        """Answer any query, of the core or of a plugin: as the actor, or as the system, which sees everything.

        What the system saw, the plugin answers for: it tells the actor no more than they may see.
        """
        ...

    def execute(self, command: Command) -> Receipt:
        """Carry out a command as the actor or as the system, in this transaction; not in a query."""
        ...

    def note(
        self,
        ticket: str,
        facts: Mapping[str, Any],
        *,
        notices: Sequence[Notify] = (),
    ) -> Receipt:
        """Write an event into a ticket's history and put notices into the outbox; not in a query."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandHandler:
    """How a command of the plugin is carried out: `run(desk, command)` returns what its receipt answers, or None.

    A `TicketCommand` also becomes an event of its ticket; what `run` returns are the event's facts.
    Its permission must begin with the plugin's name and a dot.
    """

    command: type[Command]
    run: Callable[[PluginDesk, Any], Mapping[str, str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryHandler:
    """How a query of the plugin is answered: `run(desk, query)`."""

    query: type[Query]
    run: Callable[[PluginDesk, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Scheduled work: `run(desk)` once every `every` (a duration as in workflow files) on a working calendar.

    A run is one transaction. "" as `every` runs it only when a hook's `Wake` asks for it.
    """

    name: str
    every: str
    run: Callable[[PluginDesk], None]
    calendar: str = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure is about: a customer under all of its ids with what it was known by, and the tickets erased with it.

    Of a ticket whose time was over nobody is named but itself.
    """

    customers: tuple[str, ...] = ()
    known_by: tuple[Identity, ...] = ()
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """How the plugin's own tables forget: `run(desk, erased)` in the erasure's transaction; `what` says what they know."""

    what: str
    run: Callable[[PluginDesk, Erased], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDriver:
    """A kind of channel that `[channels.NAME]` may name as its driver; the plugin's `deliver` sends for it.

    `kind` says which text and which of a person's addresses it takes; `options` are its words in the section.
    """

    name: str
    kind: Literal["sms", "email", "chat"]
    help: str
    options: "tuple[Option, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowNames:
    """The states of a workflow and the fields of its forms; None where they cannot be read, and may be anything."""

    states: frozenset[str] | None = None
    fields: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceNames:
    """What a workspace has by its files, so that a file of a plugin can be refused that names what is not there.

    `channels` are those of casewright.toml.
    """

    workflows: Mapping[str, WorkflowNames] = field(default_factory=lambda: EMPTY)
    channels: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFile:
    """A YAML file of the workspace that the plugin reads, such as `routing.yaml`: checked and published with the workflows.

    `check(document, names)` returns all that is wrong with it; `names` are the `WorkspaceNames` that stand around it.
    `starter` is what `plugin adopt` writes where there is none.
    """

    name: str
    check: "Callable[[Any, WorkspaceNames], Sequence[Any]]"
    starter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """A workflow, form or table that the plugin offers: `plugin adopt` copies it into a workspace, to be edited there.

    `path` is relative to the workspace, such as `workflows/recall.yaml`.
    """

    path: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What plugins add to the workflow language, each by name with the plugin that brought it.

    The functions and actions in it may be called as they are: the host has put its watch around them.
    """

    words: Mapping[str, tuple[str, WorkflowWord]] = field(default_factory=lambda: EMPTY)
    actions: Mapping[str, tuple[str, WorkflowAction]] = field(default_factory=lambda: EMPTY)
    functions: Mapping[str, tuple[str, GuardFunction]] = field(default_factory=lambda: EMPTY)


NO_VOCABULARY = Vocabulary()


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginState:
    """What a workspace remembers of a plugin: `hooks` are those it decides by, `strikes` when it failed of late.

    One that is disabled, since `disabled_at`, is not asked any more until somebody enables it.
    """

    version: str = ""
    hooks: tuple[str, ...] = ()
    strikes: tuple[datetime, ...] = ()
    disabled_at: datetime | None = None
    disabled_because: Message | None = None
