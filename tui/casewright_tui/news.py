"""What is heard of the desk while somebody works: what has changed, what is due in all, and whether it is there at all."""

from datetime import datetime
from typing import TYPE_CHECKING

from casewright.answers import ChangePage, Summary
from casewright.errors import CasewrightError, NotSignedIn, ServerUnreachable
from casewright.queries import GetSummary
from casewright_tui.feed import Feed
from casewright_tui.messages import Changed, Told
from casewright_tui.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from casewright_tui.app import Terminal

GATHER = 0.25
"""Seconds for which changes are gathered before they are shown."""


class News:
    """Hears by a thread of its own, and tells the places in the terminal's."""

    def __init__(self, terminal: "Terminal") -> None:
        self.summary: Summary | None = None
        self.lost: CasewrightError | None = None
        self.lost_since: datetime | None = None
        self.heard_at: datetime | None = None
        """When the desk was last heard of."""
        self._terminal = terminal
        self._feed = Feed(terminal.sitting.come_in, self._heard, self._lost)
        self._gathered: list[ChangePage | None] = []

    def start(self, since: int) -> None:
        """Hear of what happens after a change."""
        self._feed.start(since)

    def stop(self) -> None:
        """Hear no more."""
        self._feed.stop()

    def gather(self, page: ChangePage | None) -> None:
        """Take what has changed, None for anything; the places are told a little later, of all at once."""
        terminal = self._terminal
        self.heard_at = terminal.clock.now()
        if page is None or page.changes or terminal.site.is_older_than(page):
            if not self._gathered:
                terminal.set_timer(GATHER, self._spread)
            self._gathered.append(page)

    async def summarise(self) -> None:
        """Ask anew what is due in all, as the status line shows it."""
        terminal = self._terminal
        if terminal.myself is None:
            return
        try:
            self.summary = await terminal.answer(GetSummary(actor=terminal.actor), lane="eyes")
            self.heard_at = terminal.clock.now()
        except ServerUnreachable:
            pass  # The feed finds that out too, and it alone knows when it is over.
        except NotSignedIn as error:
            terminal.let_out(error)
            return
        except CasewrightError as error:
            terminal.on_told(Told(terminal.texts.error(error), bad=True, error=error))
        terminal.framed_here()

    async def _spread(self) -> None:
        pages, self._gathered = self._gathered, []
        terminal = self._terminal
        terminal.site.heard(pages)
        for page in pages:
            for screen in terminal.screen_stack:
                if isinstance(screen, DeskScreen):
                    screen.post_message(Changed(page))
        await self.summarise()

    def _heard(self, page: ChangePage | None) -> None:
        self._terminal.call_from_thread(self.gather, page)

    def _lost(self, error: Exception | None) -> None:
        self._terminal.call_from_thread(self._set_lost, error)

    def _set_lost(self, error: Exception | None) -> None:
        terminal = self._terminal
        if error is not None and not isinstance(error, CasewrightError):
            raise error
        if isinstance(error, NotSignedIn):
            terminal.let_out(error)
            return
        self.lost = error
        self.lost_since = (self.lost_since or terminal.clock.now()) if error else None
        terminal.link.known_to_be_away(isinstance(error, ServerUnreachable))
        terminal.framed()
