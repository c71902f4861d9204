"""Somebody else was faster: what they did stands beside what one had filled in, and one says what becomes of it."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.errors import Conflict
from casewright.model import Event, Ticket
from casewright.queries import GetHistory, GetTicket
from casewright_tui import controls
from casewright_tui.errands import finding
from casewright_tui.errands.errand import Errand
from casewright_tui.known import gathered
from casewright_tui.pure.conflict import conflict_lines, since
from casewright_tui.pure.entries import Entry
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView


class ConflictScreen(DeskScreen):
    """Both sides, and three ways on: take it anew with one's own values, keep them as a draft, drop them."""

    PLACE = "conflict"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("conflict", letters=False)]

    def __init__(
        self, errand: Errand, entries: Mapping[str, Entry], conflict: Conflict
    ) -> None:
        super().__init__()
        self.errand, self._entries, self._conflict = errand, entries, conflict

    def body(self) -> ComposeResult:
        """Yield the pane."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return what happened."""
        return self.texts.say("Someone was faster: {ticket}", ticket=self._conflict.ticket)

    async def refreshed(self) -> None:
        """Ask what happened meanwhile, and show both sides."""
        key = self._conflict.ticket
        ticket: Ticket = await self.ask(GetTicket(actor=self.actor, ticket=key))
        history: tuple[Event, ...] = await self.ask(GetHistory(actor=self.actor, ticket=key))
        names = await gathered(self.terminal.site, self.actor, self.texts, [ticket])
        pane = self.query_one(LinesView)
        events = since(history, self._conflict.expected)
        width = max(20, self.app.size.width - 2)
        lines = conflict_lines(self.errand, self._entries, ticket, events, names, width)
        pane.show(lines, look=self.look)

    async def action_take(self) -> None:
        """Fill in the same anew on the ticket as it stands now, where that is still offered."""
        offered = await finding.of(self.terminal, self._conflict.ticket)
        same = (one for one in offered if one.about == self.errand.about and not one.blocked)
        errand = next(same, None)
        if errand is None:
            self.tell(
                "This can no longer be done with the ticket; what you had filled in is kept."
            )
            return
        self.go("form", instead=True, errand=errand, entries=self._entries)

    def action_drop(self) -> None:
        """Throw away what was filled in."""
        self.terminal.drafts.drop(self.errand.about)
        self.action_back()
