"""Somebody calls: who it is, with their open matters, one Enter after what they said of themselves."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from casewright.answers import CustomerPage
from casewright.model import Customer
from casewright.queries import FindCustomers
from casewright.texts import text
from casewright_tui import controls
from casewright_tui.lines import Line, line, piece
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.pure.action_keys import letter
from casewright_tui.pure.contact import found_lines, sought
from casewright_tui.pure.customer import CUSTOMER
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.screens.person_pane import PersonPane
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.widgets.lines_view import LinesView

PLACEHOLDER = text("number, name or id of whoever calls")


class ContactScreen(DeskScreen, inherit_bindings=False):
    """The beginning of a contact: a line to type in, and below it whom it means."""

    PLACE = "contact"
    AUTO_FOCUS = "CaretInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("everywhere", "contact", letters=False),
        Binding("enter", "find", show=False),
        Binding("down", "list", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._person = PersonPane(self, lambda: self._list.chosen)
        self._found: Sequence[Customer] | None = None

    def body(self) -> ComposeResult:
        """Yield the line and the list."""
        with Vertical(id="body"):
            yield CaretInput(placeholder=self.texts.text(PLACEHOLDER))
            yield LinesView(self.look, id="found")

    def titled(self) -> str:
        """Return what the place is called."""
        return self.texts.text("New contact")

    async def refreshed(self) -> None:
        """Ask anew who it is that was found."""
        if self._person.view is not None:
            await self._person.learn(self._person.view.customer.id)
        self._draw()

    async def changed(self, change: Changed) -> None:
        """Show what one has done oneself; all else is shown by F5: each time it is asked is a look on record."""
        if change.page is None:
            await self.refreshed()

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Show it in the language of now."""
        self.query_one(CaretInput).placeholder = self.texts.text(PLACEHOLDER)
        self.framed()
        self._draw()

    def on_resize(self) -> None:
        """Show it in the width of now."""
        self.call_after_refresh(self._draw)

    async def on_key(self, event: events.Key) -> None:
        """Do what a letter does, once somebody is found."""
        if self._list.has_focus and await self._person.letter(letter(event.character)):
            event.stop()
            event.prevent_default()

    async def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Take the customer that is meant, or open a matter."""
        id = chosen.line.id
        if id.startswith(CUSTOMER):
            await self._attempted(self._take(id.removeprefix(CUSTOMER)))
        else:
            self._person.open(id)

    async def action_find(self) -> None:
        """Find whom it means."""
        where, what = sought(self.query_one(CaretInput).value)
        if what:
            await self._attempted(self._find(where, what))

    def action_list(self) -> None:
        """Go from the line to the list."""
        if self._found is not None:
            self._list.focus()

    def action_back(self) -> None:
        """Go from the list to the line, and from there back."""
        if self._list.has_focus:
            self.query_one(CaretInput).focus()
        else:
            super().action_back()

    async def action_actions(self) -> None:
        """Offer what can be done."""
        await self._attempted(self._person.menu())

    async def action_new(self) -> None:
        """Offer to open a ticket."""
        await self._attempted(self._person.new())

    def action_note(self) -> None:
        """Log a contact that is about no matter."""
        self._person.log()

    # ---------------------------------------------------------------------------------------------

    @property
    def _list(self) -> LinesView:
        return self.query_one("#found", LinesView)

    async def _find(self, where: str, what: str) -> None:
        kind = where if where in ("phone", "email") else ""
        page: CustomerPage = await self.ask(
            FindCustomers(actor=self.actor, sought=what, kind=kind)
        )
        self._person.forget()
        self._found = page.customers
        if len(page.customers) == 1:
            await self._take(page.customers[0].id)
        else:
            self._draw()
            if page.customers:
                self._list.focus()

    async def _take(self, id: str) -> None:
        await self._person.learn(id)
        self._draw()
        self._list.focus()

    def _draw(self) -> None:
        width = max(20, self._list.size.width - 1)
        if self._person.view is not None:
            lines: list[Line] = self._person.lines(width)
        elif self._found is not None:
            lines = found_lines(self._found, self.texts, width)
        else:
            said = self.texts.text("Enter finds them; each search goes on record.")
            lines = [line(piece(said, "dim"))]
        self._list.show(lines, look=self.look)
