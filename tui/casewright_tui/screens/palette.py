"""The palette: all that can be done from where one is, whatever its key."""

from collections.abc import Iterator

from casewright.texts import text
from casewright_tui.offered import Offered, everything
from casewright_tui.screens.commands import Commands
from casewright_tui.screens.desk_screen import DeskScreen


class PaletteScreen(Commands):
    """Offers everything."""

    PLACE = "palette"
    TITLE_TEXT = text("All commands")

    async def on_mount(self) -> None:
        """Offer what plugins bring as well, once they are known."""
        await self.terminal.registry.learn(self.terminal.myself)
        self.gather()

    def offered(self, beneath: DeskScreen) -> Iterator[Offered]:
        """Yield all that can be done from the place beneath."""
        yield from everything(self.terminal, beneath)
