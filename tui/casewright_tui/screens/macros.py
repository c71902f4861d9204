"""The macros that somebody keeps: played by Enter, forgotten by Delete."""

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType

from casewright.texts import text
from casewright_tui import macros
from casewright_tui.offered import Offered, of_macros
from casewright_tui.screens.commands import Commands
from casewright_tui.screens.desk_screen import DeskScreen


class MacrosScreen(Commands):
    """Offers the macros."""

    PLACE = "macros"
    TITLE_TEXT = text("Macros: Enter plays, Delete forgets, Ctrl+R records a new one")
    NONE_TEXT = text("no macros yet: Ctrl+R records one")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "forget", show=False, priority=True)
    ]

    def offered(self, beneath: DeskScreen) -> Iterator[Offered]:
        """Yield the macros."""
        yield from of_macros(self.terminal)

    async def action_forget(self) -> None:
        """Forget the macro under the cursor."""
        chosen = self.chosen
        if chosen is not None:
            await self._attempted(macros.remember(self.terminal, str(chosen.title), None))
            self.gather()
            await self.refreshed()
