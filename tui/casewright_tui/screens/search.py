"""Search: customers and tickets by whatever somebody has of them, asked on Enter, since each search goes on record."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from casewright.answers import Assignable, CustomerPage, Published, TicketPage
from casewright.errors import NotAllowed
from casewright.model import Customer, Ticket
from casewright.queries import FindCustomers, ListAssignable, ListTickets, ListWorkflows
from casewright.texts import text
from casewright_tui import controls
from casewright_tui.known import Known, gathered
from casewright_tui.lines import Line, line, piece
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.pure.children import TICKET
from casewright_tui.pure.contact import found_lines, sought
from casewright_tui.pure.customer import CUSTOMER
from casewright_tui.pure.found import found_tickets
from casewright_tui.pure.sheet import heading
from casewright_tui.pure.ticket_numbers import needs_prefix, numbers_meant
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.widgets.lines_view import LinesView

PLACEHOLDER = text("text, key, name or number; also cust: phone: ref:")


class SearchScreen(DeskScreen, inherit_bindings=False):
    """One line to type in; below it the customers and the tickets that it means."""

    PLACE = "search"
    AUTO_FOCUS = "CaretInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("everywhere", letters=False),
        Binding("enter", "find", show=False),
        Binding("down", "list", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._customers: Sequence[Customer] | None = None
        self._tickets: Sequence[Ticket] = ()
        self._more = False
        self._names: Known | None = None

    def body(self) -> ComposeResult:
        """Yield the line and the list."""
        with Vertical(id="body"):
            yield CaretInput(placeholder=self.texts.text(PLACEHOLDER))
            yield LinesView(self.look, id="found")

    def titled(self) -> str:
        """Return what the place is called."""
        return self.texts.text("Search")

    async def refreshed(self) -> None:
        """Nothing is sought before somebody says so."""
        self._draw()

    async def changed(self, change: Changed) -> None:
        """Nothing is sought anew by itself: each search goes on record."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Show it in the language of now."""
        self.query_one(CaretInput).placeholder = self.texts.text(PLACEHOLDER)
        self.framed()
        self._draw()

    def on_resize(self) -> None:
        """Show it in the width of now."""
        self.call_after_refresh(self._draw)

    async def action_find(self) -> None:
        """Search."""
        where, what = sought(self.query_one(CaretInput).value)
        if what:
            await self._attempted(self._find(where, what))

    def action_list(self) -> None:
        """Go from the line to the list."""
        if self._customers is not None:
            self._list.focus()

    def action_back(self) -> None:
        """Go from the list to the line, and from there back."""
        if self._list.has_focus:
            self.query_one(CaretInput).focus()
        else:
            super().action_back()

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go to what was chosen."""
        id = chosen.line.id
        if id.startswith(TICKET):
            self.go("ticket", ticket=id.removeprefix(TICKET))
        elif id.startswith(CUSTOMER):
            self.go("customer", customer=id.removeprefix(CUSTOMER))

    # ---------------------------------------------------------------------------------------------

    @property
    def _list(self) -> LinesView:
        return self.query_one("#found", LinesView)

    async def _find(self, where: str, what: str) -> None:
        self._customers = () if where == "ticket" else await self._people(where, what)
        self._tickets, self._more = (), False
        if where in ("", "ticket"):
            self._tickets, self._more = await self._matters(what)
        site, texts = self.terminal.site, self.texts
        self._names = await gathered(site, self.actor, texts, self._tickets)
        self._draw()
        if self._customers or self._tickets:
            self._list.focus()

    async def _people(self, where: str, what: str) -> Sequence[Customer]:
        kind = where if where in ("phone", "email") else ""
        query = FindCustomers(actor=self.actor, sought=what, kind=kind)
        try:
            page: CustomerPage = await self.ask(query)
        except NotAllowed:
            if where:
                raise
            return ()
        return page.customers

    async def _matters(self, what: str) -> tuple[Sequence[Ticket], bool]:
        numbered = await self._numbered(what)
        if numbered and not what.isdigit():
            return numbered, False
        page: TicketPage = await self.ask(ListTickets(actor=self.actor, text=what))
        keys = {one.key for one in numbered}
        others = [one for one in page.tickets if one.key not in keys]
        return [*numbered, *others], page.after is not None

    async def _numbered(self, typed: str) -> Sequence[Ticket]:
        """Return the tickets of which a number, or a part of one, was typed."""
        prefixes = await self._prefixes() if needs_prefix(typed) else ()
        keys = numbers_meant(typed, prefixes, self.terminal.clock.now().year)
        found: Sequence[Assignable] = await self.ask(
            ListAssignable(actor=self.actor, tickets=keys)
        )
        return [one.ticket for one in found]

    async def _prefixes(self) -> Sequence[str]:
        site, actor = self.terminal.site, self.actor
        published: Sequence[Published] = await self.ask(
            ListWorkflows(actor=actor, counted=False)
        )
        names = dict.fromkeys(one.name for one in published if one.current)
        return [(await site.version(actor, name))[0].prefix for name in names]

    def _draw(self) -> None:
        width = max(20, self._list.size.width - 1)
        self._list.show(self._lines(width), look=self.look)

    def _lines(self, width: int) -> list[Line]:
        texts = self.texts
        if self._customers is None or self._names is None:
            said = texts.text("Enter searches; each search goes on record.")
            return [line(piece(said, "dim"))]
        lines: list[Line] = []
        if self._customers:
            lines += heading(texts.text("Customers"), first=True)
            lines += found_lines(self._customers, texts, width)
        if self._tickets:
            lines += heading(texts.text("Tickets"), first=not lines)
            lines += found_tickets(self._names.spoken(texts), self._tickets, width)
        if self._more:
            lines.append(line(piece(texts.text("There are more; type more of it."), "dim")))
        return lines or [line(piece(texts.text("Nothing is found."), "dim"))]
