"""The customer beside a ticket: asked for once somebody looks at that pane, since each look goes on record."""

from typing import TYPE_CHECKING

from casewright.answers import CustomerView
from casewright.errors import CasewrightError
from casewright_tui.known import Known
from casewright_tui.lines import Line, line, piece
from casewright_tui.pure import customer as customers
from casewright_tui.screens.ticket_asking import customer

if TYPE_CHECKING:
    from casewright_tui.screens.ticket import TicketScreen
    from casewright_tui.screens.ticket_asking import Sheet


class CustomerBeside:
    """Keeps who the customer of a ticket is, or why that is not told."""

    def __init__(self, screen: "TicketScreen") -> None:
        self._screen = screen
        self._found: tuple[CustomerView, Known] | CasewrightError | None = None

    def forget(self) -> None:
        """Have it asked for anew."""
        self._found = None

    def look(self, known: "Sheet") -> None:
        """Ask who it is, once."""
        id = known.ticket.customer
        if self._found is None and id is not None:
            self._screen.run_worker(self._ask(id), group="customer", exclusive=True)

    def lines(self, known: "Sheet", width: int) -> list[Line]:
        """Return the pane."""
        texts = self._screen.texts
        if known.ticket.customer is None:
            return [line(piece(texts.text("No customer is known."), "dim"))]
        if self._found is None:
            return [line(piece(texts.text("being asked for"), "dim"))]
        if isinstance(self._found, CasewrightError):
            return customers.refused(texts.error(self._found), width)
        view, names = self._found
        spoken = names.spoken(texts.in_zone(names.texts.zone))
        return customers.pane(spoken, view, self._screen.terminal.clock.now(), width)

    async def _ask(self, id: str) -> None:
        try:
            self._found = await customer(self._screen, id)
        except CasewrightError as error:
            self._found = error
        self._screen.draw()
