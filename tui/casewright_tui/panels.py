"""What a plugin brings to the terminal: panels as plain values, which ask a query and show its answer as lines.

A plugin lists them as `PANELS` in a module that it names under the entry point group `casewright.screens`, by its own name.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal

from casewright.model import EMPTY
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.commands import Command
    from casewright.queries import Query
    from casewright.texts import Texts
    from casewright_tui.lines import Lines

GROUP = "casewright.screens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """For whom a panel asks, in which language they read, and about what: a ticket's key, "" for a panel about none."""

    actor: str
    ticket: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a panel's answer is shown: in which language and zone, how wide, and what people are called, by login."""

    texts: "Texts"
    width: int
    names: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a chosen line puts into the answer to the customer: its text, and the command that says so, carried out at once."""

    command: "Command"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A panel: where it stands, what it asks, and how what is answered is shown.

    At `ticket` it is a pane beside a ticket, at `screen` a place of its own; `title` is a sentence in English that the
    plugin's texts have in Chinese. It is offered to whoever holds `permission`. A `screen` is asked again every `every`
    seconds. `go` returns for a chosen line's id the place it leads to and what about, such as `("ticket", {"ticket": key})`.
    At a ticket, `quote` may return instead what the line puts into the answer to the customer: of what was answered, by
    the line's id, for whom and about which ticket.
    """

    name: str
    title: str
    at: Literal["ticket", "screen"]
    permission: str
    ask: "Callable[[Asking], Query]"
    show: "Callable[[Any, Showing], Lines]"
    every: int = 5
    go: Callable[[str], tuple[str, Mapping[str, Any]] | None] = lambda id: None
    quote: Callable[[Any, str, Asking], Quote | None] = lambda answer, id, asking: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How somebody takes the next ticket: the command that does it; its receipt answers the `ticket`, or is refused."""

    permission: str
    make: Callable[[str], Any]
