"""A customer: who they are, what is open, what was promised and broken, and what can be done for them."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from casewright_tui import controls
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.pure.action_keys import letter
from casewright_tui.pure.customer import called
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.screens.person_pane import PersonPane
from casewright_tui.widgets.lines_view import LinesView


class CustomerScreen(DeskScreen, inherit_bindings=False):
    """One customer."""

    PLACE = "customer"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("everywhere", "customer", letters=False)
    ]

    def __init__(self, customer: str) -> None:
        super().__init__()
        self._who = customer
        self._person = PersonPane(self, lambda: self.query_one("#body", LinesView).chosen)

    def body(self) -> ComposeResult:
        """Yield the sheet."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return who it is."""
        view = self._person.view
        return called(view.customer) if view is not None else self._who

    async def refreshed(self) -> None:
        """Ask who it is anew; that somebody looked goes on record."""
        await self._person.learn(self._who)
        self.framed()
        self._draw()

    async def changed(self, change: Changed) -> None:
        """What happens meanwhile is shown by F5: each time it is asked is a look on record."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Show it in the language of now."""
        self.framed()
        self._draw()

    def on_resize(self) -> None:
        """Show it in the width of now."""
        self.call_after_refresh(self._draw)

    async def on_key(self, event: events.Key) -> None:
        """Do what a letter does with the matter under the cursor, or for the customer."""
        if await self._person.letter(letter(event.character)):
            event.stop()
            event.prevent_default()

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Open a matter."""
        self._person.open(chosen.line.id)

    async def action_actions(self) -> None:
        """Offer what can be done."""
        await self._attempted(self._person.menu())

    async def action_new(self) -> None:
        """Offer to open a ticket."""
        await self._attempted(self._person.new())

    def action_note(self) -> None:
        """Log a contact that is about no matter."""
        self._person.log()

    def _draw(self) -> None:
        view = self.query_one("#body", LinesView)
        view.show(self._person.lines(max(20, view.size.width - 1)), look=self.look)
