"""How a ticket's place is drawn: its head, its promises as they tick, and the panes; nothing is asked here."""

from typing import TYPE_CHECKING

from casewright.texts import text
from casewright_tui.lines import Line
from casewright_tui.look import Look
from casewright_tui.pure import children, clocks, fields, header, timeline
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.widgets.panes import Panes

if TYPE_CHECKING:
    from casewright_tui.screens.ticket import TicketScreen
    from casewright_tui.screens.ticket_asking import Sheet

MATTER, TIMELINE, CUSTOMER = "matter", "timeline", "customer"
PANES = (MATTER, TIMELINE, CUSTOMER)
TITLES = (text("Matter"), text("Timeline"), text("Customer"))
MOST_CLOCKS = 4
"""So many promises stand above the panes at most; the others are reached by scrolling."""


class Drawing:
    """Draws what is known of a ticket, in the language, look and width of now."""

    def __init__(self, screen: "TicketScreen") -> None:
        self._screen = screen
        self._filter: timeline.Filter = "all"
        self._drawn_as: tuple[str, Look] | None = None

    @property
    def is_of_now(self) -> bool:
        """Whether what stands there is in the language and the look of now."""
        return (self._screen.texts.lang, self._screen.look) == self._drawn_as

    def next_filter(self) -> None:
        """Leave the next kind of things in the timeline."""
        at = timeline.FILTERS.index(self._filter)
        self._filter = timeline.FILTERS[(at + 1) % len(timeline.FILTERS)]

    def all(self, known: "Sheet") -> None:
        """Draw all that is shown."""
        screen = self._screen
        panes, look = screen.query_one(Panes), screen.look
        self._drawn_as = screen.texts.lang, look
        top = header.head(
            known.names,
            known.ticket,
            known.events,
            known.offers,
            look.glyphs,
            screen.size.width,
        )
        screen.query_one("#head", LinesView).show(top, look=look)
        self.clocks(known)
        panes.call([*(screen.texts.text(one) for one in TITLES), *screen.beside.titles])
        for name in panes.shown:
            if name in PANES:
                panes.show(name, self._lines(name, known, panes.width_of(name)), look=look)
        screen.beside.draw(panes, known)

    def clocks(self, known: "Sheet") -> None:
        """Draw the promises, where they are others than those that stand there."""
        screen = self._screen
        view, now = screen.query_one("#clocks", LinesView), screen.terminal.clock.now()
        found = clocks.bars(known.names, known.time.clocks, now, screen.look.glyphs)
        view.styles.height = min(MOST_CLOCKS, len(found))
        view.display = view.can_focus = bool(found)
        if [one.pieces for one in found] != [one.pieces for one in view.lines]:
            view.show(found, look=screen.look)

    def _lines(self, name: str, known: "Sheet", width: int) -> list[Line]:
        if name == MATTER:
            return self._matter(known, width)
        if name == TIMELINE:
            return self._timeline(known, width)
        return self._screen.customer.lines(known, width)

    def _matter(self, known: "Sheet", width: int) -> list[Line]:
        own = fields.pane(
            known.names, known.ticket, known.events, known.time, known.revealed, width
        )
        others = children.pane(
            known.names, known.ticket, known.children, (), width, more=known.more_children
        )
        return own + others

    def _timeline(self, known: "Sheet", width: int) -> list[Line]:
        names, now = known.names, self._screen.terminal.clock.now()
        found = timeline.entries(
            names, known.ticket, known.events, known.time.clocks, known.notices
        )
        left = timeline.pane(found, self._filter, names.texts, now, width)
        if known.more_notices and self._filter in timeline.NOTICED:
            left += timeline.older(names.texts, len(known.notices), width)
        return left
