"""How whoever sits here wants their terminal: kept at the desk, so that it is the same wherever they sit down."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from casewright.commands import SavePreference
from casewright.queries import ListPreferences

THEME, CHARACTERS, LANGUAGE = "theme", "characters", "language"
LOCK_MINUTES, CURSOR, MACROS = "lock_minutes", "cursor", "macros"
AFTERWARDS = "after"
LOCK_AFTER = 15
LOCK_CHOICES = (1, 2, 5, 10, 15, 30, 60)
"""Minutes without a key after which the terminal is locked."""


class Preferences:
    """The preferences as they were last heard of or kept."""

    def __init__(
        self,
        ask: Callable[[ListPreferences], Awaitable[Mapping[str, Any]]],
        say: Callable[[SavePreference], Awaitable[Any]],
    ) -> None:
        self._ask, self._say = ask, say
        self._kept: dict[str, Any] = {}

    def get(self, name: str, otherwise: Any = None) -> Any:
        """Return what is kept under a name."""
        return self._kept.get(name, otherwise)

    def text(self, name: str) -> str:
        """Return a text that is kept, else ""."""
        found = self._kept.get(name)
        return found if isinstance(found, str) else ""

    @property
    def lock_minutes(self) -> int:
        """After how many minutes without a key the terminal is locked."""
        found = self._kept.get(LOCK_MINUTES)
        return found if found in LOCK_CHOICES else LOCK_AFTER

    async def learn(self, actor: str) -> None:
        """Ask for all of them; CasewrightError."""
        self._kept = dict(await self._ask(ListPreferences(actor=actor)))

    async def keep(self, actor: str, name: str, value: Any) -> None:
        """Keep one of them; None forgets it. CasewrightError, and then nothing is kept."""
        await self._say(SavePreference(actor=actor, name=name, value=value))
        if value is None:
            self._kept.pop(name, None)
        else:
            self._kept[name] = value
