"""What has left a queue while somebody looked at it: said calmly, all of a while in one sentence, never over a fault."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casewright_tui.speech import FOR

if TYPE_CHECKING:
    from casewright_tui.screens.queue_live import LiveQueue


class Leaving:
    """Tells which ticket, or how many, are no longer in a view; what leaves soon after that is told together later."""

    def __init__(self, screen: "LiveQueue") -> None:
        self._screen = screen
        self._left: dict[str, None] = {}
        self._holds_back = False
        self._away = False

    def away(self) -> None:
        """Note that nobody looks: what goes until `seen` is asked next is not told, most of it was sent away from here."""
        self._away = True

    def seen(self) -> Sequence[str]:
        """Return the tickets that somebody sees now, to be held against what is there afterwards."""
        seen = () if self._away else self._screen.table.sight.shown
        self._away = False
        return seen

    def forget(self) -> None:
        """Forget what has left: another view is shown."""
        self._left.clear()

    async def told(self, seen: Sequence[str], cursor: str | None) -> None:
        """Tell of those that were seen and are no longer in the view; of the one under the `cursor` at once."""
        screen, sight = self._screen, self._screen.table.sight
        missing = [key for key in seen if key != cursor and sight.window.rank_of(key) is None]
        line = screen.asking.line
        if missing:
            there = await screen.asking.still_there(missing)
            if line != screen.asking.line:
                return
            self._left |= dict.fromkeys(key for key in missing if key not in there)
        if cursor is not None:
            self._say(cursor)
        elif self._left and not self._holds_back:
            self._say()

    def _say(self, cursor: str | None = None) -> None:
        """Say it, and hold back for as long as that is read; a fault is left standing until a key was pressed after it."""
        screen, others = self._screen, [key for key in self._left if key != cursor]
        current = screen.terminal.speech.current
        if cursor is None and current is not None and current.bad:
            self._wait()
            return
        self._left.clear()
        if cursor is not None and others:
            screen.tell(
                "No longer in this view: {ticket} and {count} other ticket(s).",
                ticket=cursor,
                count=len(others),
            )
        elif cursor is not None or len(others) == 1:
            screen.tell("{ticket} is no longer in this view.", ticket=cursor or others[0])
        else:
            screen.tell("{count} ticket(s) are no longer in this view.", count=len(others))
        self._wait()

    def _wait(self) -> None:
        if not self._holds_back:
            self._holds_back = True
            self._screen.set_timer(FOR, self._due)

    def _due(self) -> None:
        self._holds_back = False
        if self._left and self._screen.is_current:
            self._say()
