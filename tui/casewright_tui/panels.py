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
    """For whom a panel asks, in which language they read, and about what: a ticket's key, "" for a panel about none.

    `about` is what a panel at `about` was gone to for, `sought` what was typed where a panel `seeks`, `said` what was
    typed when a key asked for it.
    """

    actor: str
    ticket: str = ""
    language: str = "en"
    about: str = ""
    sought: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a panel's answer is shown: in which language and zone, how wide, and what people are called, by login."""

    texts: "Texts"
    width: int
    names: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a chosen line puts into the answer to the customer: its text, and the command that says so, carried out at once.

    Where there is no text the command alone is carried out.
    """

    command: "Command"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelKey:
    """A letter that does something with the chosen line of a panel, or with what a panel at `about` is about.

    `do` is given what was answered, the line's id ("" for none) and for whom, and returns a command, which is carried out at
    once, or the place it leads to and what about; None for nothing. Where it `asks`, a sentence that the plugin's texts have
    in Chinese, a line is typed first, which is `said`.
    """

    key: str
    title: str
    do: "Callable[[Any, str, Asking], Command | tuple[str, Mapping[str, Any]] | None]"
    asks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A panel: where it stands, what it asks, and how what is answered is shown.

    At `ticket` it is a pane beside a ticket, at `screen` a place of its own, at `about` the place of one thing, to which another
    panel leads: `("panel", {"panel": its name, "about": ..})`. `title` is a sentence in English that the plugin's texts have in
    Chinese. It is offered to whoever holds `permission`. A place is asked again every `every` seconds, 0 for never. Where it
    `seeks`, a line to type in stands over it, in which that sentence stands as long as it is empty; it is asked when Enter
    is pressed. `go` returns for a chosen line's id the place it leads to and what about, such as `("ticket", {"ticket": key})`.
    At a ticket, `quote` may return instead what the line puts into the answer to the customer: of what was answered, by
    the line's id, for whom and about which ticket. `keys` do more with a line. `noted` returns the command that notes what was
    answered to somebody who asked by hand, such as that nothing was found; None for nothing.
    """

    name: str
    title: str
    at: Literal["ticket", "screen", "about"]
    permission: str
    ask: "Callable[[Asking], Query]"
    show: "Callable[[Any, Showing], Lines]"
    every: int = 5
    go: Callable[[str], tuple[str, Mapping[str, Any]] | None] = lambda id: None
    quote: Callable[[Any, str, Asking], Quote | None] = lambda answer, id, asking: None
    seeks: str = ""
    keys: tuple[PanelKey, ...] = ()
    noted: "Callable[[Any, Asking], Command | None]" = lambda answer, asking: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How somebody takes the next ticket: the command that does it; its receipt answers the `ticket`, or is refused."""

    permission: str
    make: Callable[[str], Any]
