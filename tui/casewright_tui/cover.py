"""What covers the screen while nobody is known to sit there: when it comes, what takes it away, and what waits meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from casewright.errors import SecondFactorNeeded
from casewright.front_door import CameIn
from casewright_tui.messages import GoBack, GoTo

if TYPE_CHECKING:
    from casewright_tui.app import Terminal

Way = Literal["password", "enter", "leave"]


class Cover:
    """Locks after a while without a key, and unlocks."""

    def __init__(self, terminal: "Terminal") -> None:
        self._terminal = terminal
        self._last_key: datetime = terminal.clock.now()
        self._held_back: list[GoTo | GoBack] = []

    @property
    def lies(self) -> bool:
        """Whether something covers the screen."""
        return any(getattr(one, "COVERS", False) for one in self._terminal.screen_stack)

    @property
    def way(self) -> Way:
        """What takes the lock away: the password, Enter where the machine lets people in, or nothing but coming in again."""
        myself = self._terminal.myself
        if myself is not None and myself.password:
            return "password"
        return "enter" if self._terminal.sitting.is_local else "leave"

    def typed(self) -> None:
        """Take that somebody is there."""
        self._last_key = self._terminal.clock.now()

    @property
    def is_due(self) -> bool:
        """Whether nobody has pressed a key for so long that the screen is to be covered."""
        patience = timedelta(minutes=self._terminal.preferences.lock_minutes)
        idle = self._terminal.clock.now() - self._last_key >= patience
        return idle and not self.lies and self._terminal.myself is not None

    def holds_back(self, message: GoTo | GoBack) -> bool:
        """Return whether a move has to wait, as something beneath the cover asked for it; it is made once that is away."""
        if not self.lies or (isinstance(message, GoTo) and message.place in ("login", "lock")):
            return False
        self._held_back.append(message)
        return True

    async def unlock(self, password: str) -> None:
        """Take the lock away; SignInRefused where the password is not right."""
        terminal = self._terminal
        if self.way == "leave":
            terminal.exit(0)
            return
        if self.way == "password":
            await terminal.at_the_desk(_proof(terminal.actor, password))
        await self.lift()

    async def lift(self) -> None:
        """Take away what covers the screen, and make the moves that waited."""
        terminal = self._terminal
        self.typed()
        while getattr(terminal.screen, "COVERS", False):
            await terminal.pop_screen()
        waiting, self._held_back = self._held_back, []
        for message in waiting:
            terminal.post_message(message)


def _proof(name: str, password: str) -> Callable[[CameIn], Any]:
    """Return what tries a password at the entrance, where wrong ones are counted; the session that it begins is ended at once.

    A code is not asked for again: the session that is locked began with one.
    """

    def prove(came: CameIn) -> None:
        entrance = came.desk.entrance
        try:
            signed_in = entrance.sign_in(name, password)
        except SecondFactorNeeded:
            return
        entrance.sign_out(signed_in.token)

    return prove
