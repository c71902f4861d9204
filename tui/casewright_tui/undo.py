"""Taking back what was done last: offered for ten seconds after it, and then no more."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from casewright.bilingual import Bilingual
from casewright.commands import TicketCommand, UndoTransition
from casewright.errors import CasewrightError, ServerUnreachable
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts, text
from casewright_tui.errands.errand import UNDONE_WITHIN
from casewright_tui.messages import Changed, Told

if TYPE_CHECKING:
    from casewright_tui.app import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """What can be taken back: which command, until when, and what had been filled in for it."""

    ticket: str
    command_id: str
    title: Bilingual
    until: datetime
    about: str = ""
    values: Mapping[str, Any]

    def left(self, now: datetime) -> int:
        """Return how many seconds are left; 0 or less when it is too late."""
        return -((now - self.until) // timedelta(seconds=1))


class Undo:
    """Holds what was done last, if it can be taken back."""

    def __init__(self, terminal: "Terminal") -> None:
        self._terminal = terminal
        self._last: Undoable | None = None

    def offer(
        self, command: TicketCommand, title: Bilingual, about: str, values: Mapping[str, Any]
    ) -> None:
        """Offer to take a transition back, from now on."""
        until = self._terminal.clock.now() + UNDONE_WITHIN
        self._last = Undoable(
            ticket=command.ticket, command_id=command.command_id, title=title, until=until,
            about=about, values=values,
        )  # fmt: skip

    def offered(self, texts: Texts) -> str:
        """Return what the status line says as long as something can be taken back, counting down; else ""."""
        now = self._terminal.clock.now()
        if self._last is None or (left := self._last.left(now)) <= 0:
            return ""
        return texts.say(
            "{title}: done. Undo with Ctrl+U ({left} s)", title=self._last.title, left=left
        )

    async def take_back(self) -> None:
        """Take back what was done last, and say so; what had been filled in is kept as a draft."""
        last, self._last = self._last, None
        terminal = self._terminal
        if last is None or last.left(terminal.clock.now()) <= 0:
            self._tell(text("There is nothing that can be undone."))
            return
        command = UndoTransition(
            actor=terminal.actor, ticket=last.ticket, undone=last.command_id
        )
        try:
            await terminal.say([command])
        except CasewrightError as error:
            if isinstance(error, ServerUnreachable):
                self._last = last
            terminal.on_told(Told(terminal.texts.error(error), bad=True, error=error))
            return
        if last.about and last.values:
            terminal.drafts.keep(last.about, last.ticket, last.values)
            self._tell(
                text("{ticket}: undone. What you had filled in is kept as a draft."),
                ticket=last.ticket,
            )
        else:
            self._tell(text("{ticket}: undone."), ticket=last.ticket)
        terminal.screen.post_message(Changed(None))

    def _tell(self, sentence: str, **values: object) -> None:
        terminal = self._terminal
        terminal.on_told(Told(terminal.texts.say(sentence, **values)))
