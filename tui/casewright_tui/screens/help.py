"""The help: the keys of the place one is at and of everywhere, found by what they do or by the key; Enter does it."""

from collections.abc import Iterator

from casewright.texts import text
from casewright_tui.offered import Offered, of_keys
from casewright_tui.screens.commands import Commands
from casewright_tui.screens.desk_screen import DeskScreen


class HelpScreen(Commands):
    """Shows what keys do."""

    PLACE = "help"
    TITLE_TEXT = text("Help: what the keys do here")

    def offered(self, beneath: DeskScreen) -> Iterator[Offered]:
        """Yield what keys do at the place beneath; those that only move stand last."""
        yield from beneath.offers()
        yield from of_keys(self.terminal, beneath)
        for id, keys, title in MOVING:
            yield Offered(id=id, title=title, keys=keys, run=_nothing, group="moving")


def _nothing() -> None:
    """Keys that move do so where one is."""


MOVING = (
    ("move.line", ("↑", "↓"), text("One line up, one line down")),
    ("move.page", ("PgUp", "PgDn"), text("One page up, one page down")),
    ("move.edge", ("Home", "End"), text("To the first, to the last")),
    ("move.choose", ("Enter",), text("Take what the cursor is on")),
    ("move.view", ("1", "…", "9"), text("Show a view of the queue")),
)
