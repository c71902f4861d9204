"""The pane beside a queue: at once what the row under the cursor says, and when the cursor has come to rest, its clocks and actions."""

from typing import TYPE_CHECKING

from textual.timer import Timer

from casewright.errors import CasewrightError
from casewright.queries import GetActions, GetClocks
from casewright_tui.pure.preview import More, preview
from casewright_tui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from casewright_tui.screens.queue_live import LiveQueue

REST = 0.08
"""Seconds the cursor rests on a row before anything is asked or drawn about it."""


class Beside:
    """Draws the preview of a queue, where there is room for one."""

    def __init__(self, screen: "LiveQueue") -> None:
        self._screen = screen
        self._timer: Timer | None = None
        self._more: tuple[str, int, More] | None = None

    def moved(self) -> None:
        """Draw it when the cursor has come to rest."""
        if self._timer is not None:
            self._timer.stop()
        if self._screen.has_class("-wide"):
            self._timer = self._screen.set_timer(REST, self._rested)

    def draw(self) -> None:
        """Draw it as it is known now."""
        screen, row = self._screen, self._screen.table.row
        if not screen.has_class("-wide"):
            return
        pane = screen.query_one("#preview", LinesView)
        if row is None:
            pane.show((), look=screen.look)
            return
        more = (
            self._more[2] if self._more and self._more[:2] == (row.key, row.sequence) else None
        )
        now, width = screen.terminal.clock.now(), max(20, pane.size.width - 2)
        pane.show(preview(row, more, screen.showing(), width, now), look=screen.look)

    def _rested(self) -> None:
        self._timer = None
        self.draw()
        row = self._screen.table.row
        if row is not None and (
            self._more is None or self._more[:2] != (row.key, row.sequence)
        ):
            self._screen.run_worker(
                self._ask(row.key, row.sequence), group="beside", exclusive=True
            )

    async def _ask(self, key: str, sequence: int) -> None:
        screen = self._screen
        try:
            time = await screen.ask(GetClocks(actor=screen.actor, ticket=key), lane="eyes")
            offers = await screen.ask(GetActions(actor=screen.actor, ticket=key), lane="eyes")
        except CasewrightError as error:
            screen.tell_error(error)
            return
        self._more = (key, sequence, More(clocks=time.clocks, offers=offers))
        if screen.is_attached:
            self.draw()
