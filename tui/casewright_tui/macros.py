"""Keyboard macros: keys that were recorded, kept under a name, and played as if they were typed, once or once for each marked ticket."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import events

from casewright.swift_dataclass import dataclass
from casewright.texts import text
from casewright_tui.messages import Told
from casewright_tui.preferences import MACROS

if TYPE_CHECKING:
    from casewright_tui.app import Terminal

Typed = events.Key | events.Paste
Kept = Sequence[Sequence[str | None]]
"""A macro as plain data: of each key its name and character, of what was pasted `paste` and the text."""
_PASTE = "paste"


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A macro and what it is called."""

    name: str
    keys: Kept


def kept(keys: Sequence[Typed]) -> Kept:
    """Return keys as plain data."""
    return [
        [_PASTE, one.text] if isinstance(one, events.Paste) else [one.key, one.character]
        for one in keys
    ]


def typed(keys: Kept) -> list[Typed]:
    """Return the keys of plain data, as if they were typed now."""
    return [
        events.Paste(str(said)) if name == _PASTE else events.Key(str(name), said)
        for name, said in keys
    ]


def understood(found: Any) -> list[Macro]:
    """Return the macros that a preference holds; what is none is left out."""
    if not isinstance(found, Mapping):
        return []
    return [
        Macro(name=str(name), keys=keys)
        for name, keys in sorted(found.items())
        if isinstance(keys, Sequence) and all(_is_key(one) for one in keys)
    ]


def _is_key(one: Any) -> bool:
    return isinstance(one, Sequence) and not isinstance(one, str) and len(one) == 2


class Recorder:
    """Records keys while it runs; what is typed where passwords are is never taken."""

    def __init__(self) -> None:
        self._keys: list[Typed] | None = None
        self._menu_at: int | None = None

    @property
    def runs(self) -> bool:
        """Whether keys are recorded."""
        return self._keys is not None

    def begin(self) -> None:
        """Begin to record."""
        self._keys, self._menu_at = [], None

    def take(self, key: Typed) -> None:
        """Take a key if they are recorded."""
        if self._keys is not None:
            self._keys.append(key)

    def at_menu(self) -> None:
        """Take that the last key opened a menu of commands."""
        self._menu_at = len(self._keys) - 1 if self._keys else None

    def left_menu(self) -> None:
        """Take that what was chosen in a menu has been done."""
        self._menu_at = None

    def end(self) -> Kept:
        """Return what was recorded; the key that ended it is none of it, nor are those that chose to in a menu."""
        keys, self._keys = self._keys or [], None
        return kept(keys[: -1 if self._menu_at is None else self._menu_at])


class Player:
    """Plays a macro to its end, to the first thing that is refused, or until somebody presses a key."""

    def __init__(self, terminal: "Terminal") -> None:
        self._terminal = terminal
        self._stopped = ""
        self._home: Any = None
        self.runs = False

    async def play(self, macro: Macro) -> None:
        """Play it: for each marked ticket of the queue one is at, marked no more, else once."""
        await self._terminal.all_handed_on()
        self._home = self._terminal.screen
        choose = getattr(self._home, "choose_ticket", None)
        marked: Sequence[str] = getattr(self._home, "marked_keys", tuple)()
        rounds: Sequence[str] = marked if choose is not None and marked else ("",)
        if rounds == marked:
            self._home.unmark(marked)
        self.runs, self._stopped, done = True, "", 0
        try:
            for ticket in rounds:
                if not await self._round(macro, ticket, choose):
                    break
                done += 1
        finally:
            self.runs = False
        self._tell(macro, done, len(rounds))

    def stop(self, why: str) -> None:
        """Play no further; `why` is what is said of it."""
        if self.runs:
            self._stopped = self._stopped or why
            self._terminal.forget_typed()

    async def _round(
        self, macro: Macro, ticket: str, choose: Callable[[str], Awaitable[bool]] | None
    ) -> bool:
        if self._terminal.screen is not self._home:
            self._stopped = text("it does not end where it begins")
            return False
        if ticket and choose is not None and not await choose(ticket):
            self._stopped = text("a ticket is no longer in this view")
            return False
        self._terminal.type_keys(typed(macro.keys))
        await self._terminal.all_handed_on()
        return not self._stopped

    def _tell(self, macro: Macro, done: int, of: int) -> None:
        texts = self._terminal.texts
        if self._stopped:
            said = texts.say(
                "{macro} was stopped after {done} of {rounds}: {why}",
                macro=macro.name, done=done, rounds=of, why=texts.text(self._stopped),
            )  # fmt: skip
            self._terminal.on_told(Told(said, bad=True))
        else:
            said = texts.say(
                "{macro} was played; rounds: {count}", macro=macro.name, count=done
            )
            self._terminal.on_told(Told(said))


async def remember(terminal: "Terminal", name: str, keys: Kept | None) -> None:
    """Keep a macro under a name, or forget it; CasewrightError."""
    found = dict(terminal.preferences.get(MACROS) or {})
    if keys is None:
        found.pop(name, None)
    else:
        found[name] = [list(one) for one in keys]
    await terminal.preferences.keep(terminal.actor, MACROS, found or None)
