"""Why a ticket's promises are due when they are: the account of one of them, or of all."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.model import Ticket
from casewright.queries import GetLedger, ListAssignable
from casewright.sla.standing import Account
from casewright.texts import text
from casewright_tui import controls
from casewright_tui.known import Known, gathered
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.pure.ledger import accounts_lines
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView


class LedgerScreen(DeskScreen):
    """The account of a promise, told interval by interval; F3 tells every single one where days were summed up."""

    PLACE = "ledger"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("ledger")]

    def __init__(self, ticket: str, promise: str = "") -> None:
        super().__init__()
        self.key, self._promise = ticket, promise
        self._every = False
        self._found: tuple[Ticket, Sequence[Account], Known] | None = None

    def body(self) -> ComposeResult:
        """Yield the account."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return whose account it is."""
        return f"{self.key} {self.texts.text(text('Why it is due then'))}"

    async def refreshed(self) -> None:
        """Ask for the account anew; no look at the ticket is needed for it."""
        query = ListAssignable(actor=self.actor, tickets=(self.key,))
        accounts: Sequence[Account] = await self.ask(
            GetLedger(actor=self.actor, ticket=self.key, promise=self._promise or None)
        )
        ticket: Ticket = (await self.ask(query))[0].ticket
        zone = accounts[0].standing.zone if accounts else ""
        names = await gathered(
            self.terminal.site, self.actor, self.texts.in_zone(zone), (ticket,)
        )
        self._found = ticket, accounts, names
        self._draw()

    async def changed(self, change: Changed) -> None:
        """Ask anew if it is this ticket that changed."""
        if change.page is None or self.key in change.tickets:
            await self.refreshed()

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Tell it in the language of now."""
        self.framed()
        self._draw()

    def on_resize(self) -> None:
        """Tell it in the width of now."""
        self.call_after_refresh(self._draw)

    def action_every(self) -> None:
        """Tell every interval, or a day or month in a line again."""
        self._every = not self._every
        self._draw()

    def _draw(self) -> None:
        if self._found is None or not self.is_attached:
            return
        ticket, accounts, names = self._found
        view = self.query_one("#body", LinesView)
        spoken = names.spoken(self.texts.in_zone(names.texts.zone))
        lines = accounts_lines(spoken, ticket, accounts, view.size.width - 1, every=self._every)
        view.show(lines, look=self.look)
