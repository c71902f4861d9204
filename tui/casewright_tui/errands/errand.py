"""Something to be done by filling in a form: what it is called, about which tickets, what is asked, what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from casewright.bilingual import Bilingual
from casewright.commands import Command
from casewright.errors import Message, message
from casewright.forms.spec import Form
from casewright.model import EMPTY, Receipt
from casewright.queries import Query
from casewright.swift_dataclass import dataclass
from casewright_tui.pure.field_kind import Choices

Values = Mapping[str, Any]
REASON = "reason"
"""The field that asks for a reason, where an errand has one."""
IDENTITY_CHECKED = "identity_checked"
"""The field that asks whether the caller's identity was checked, where only they may say something."""
TEMPLATE = "template"
"""The field in which a template of the workspace is picked, where an errand has one."""
UNDONE_WITHIN = timedelta(seconds=10)
"""So long what can be undone is offered to be taken back."""
UNDOABLE = message("can be undone for {seconds} s", seconds=UNDONE_WITHIN.seconds)
"""How an action that can be undone is marked where it is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Choices that only the desk knows: what it is asked, and what its answer offers at a moment."""

    ask: Query
    choices: Callable[[Any, datetime], Choices]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """An errand. `make` returns the commands that filled-in values come to, which are carried out together.

    `about` names it among drafts, such as `fire:CMP-2026-000042:accept`; "" keeps none. `tickets` are the keys it is about.
    `initial` fills fields beforehand; a form without fields is carried out at once where `at_once` says so. `preview` asks
    what the values would come to, where that can be asked. `undo` says that it can be taken back for ten seconds. `blocked`
    is why it cannot be done now: it is offered dimmed. `key` is the letter that does it at its ticket. `offers` gives
    fields their choices once the form is open; `done` says what was done, where that is more than the state of a ticket.
    `ahead` names the fields for a moment that must be still to come. `states` are the titles of the states it may lead to,
    by name. `arrives` says that the ticket it makes is gone to.
    """

    name: str
    title: Bilingual
    form: Form
    make: Callable[[Values], Sequence[Command]]
    about: str = ""
    tickets: tuple[str, ...] = ()
    initial: Values = field(default_factory=lambda: EMPTY)
    preview: Callable[[Values], Query] | None = None
    at_once: bool = False
    undo: bool = False
    key: str | None = None
    blocked: Message | None = None
    group: str = "actions"
    """Where a menu lists it: `actions` of the workflow first, then `contact`, `ticket`, `others`."""
    offers: Mapping[str, Offer] = field(default_factory=lambda: EMPTY)
    done: Callable[[Sequence[Receipt]], Message] | None = None
    states: Mapping[str, Bilingual] = field(default_factory=lambda: EMPTY)
    arrives: bool = False
    ahead: tuple[str, ...] = ()
    says: Callable[[Values], Sequence[Message]] | None = None
    """What the values come to, where that can be told without asking."""

    @property
    def remark(self) -> Message | str:
        """What a menu says beside it where it can be done now."""
        return UNDOABLE if self.undo else ""
