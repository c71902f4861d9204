"""How whoever sits here has their terminal: theme, characters, language, keys, cursor; changed while it runs, and kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from casewright.errors import CasewrightError
from casewright_tui import keymap, preferences, themes
from casewright_tui.keymap import Keymap
from casewright_tui.look import ASCII, UNICODE
from casewright_tui.messages import Told

if TYPE_CHECKING:
    from casewright_tui.app import Terminal


class Habits:
    """Applies what is kept, and keeps what is changed."""

    def __init__(self, terminal: "Terminal") -> None:
        self._terminal = terminal
        self.keymap = Keymap()
        for one in themes.THEMES.values():
            terminal.register_theme(themes.textual(one))
        terminal.theme = themes.textual(themes.DARK).name

    @property
    def characters(self) -> str:
        """Which characters are drawn with: `unicode` or `ascii`."""
        return "ascii" if self._terminal.look.glyphs is ASCII else "unicode"

    async def learn(self) -> None:
        """Take over what is kept; what is wrong in it is said, and nobody is kept from their work."""
        terminal = self._terminal
        try:
            await terminal.preferences.learn(terminal.actor)
        except CasewrightError as error:
            terminal.on_told(Told(terminal.texts.error(error), bad=True, error=error))
            return
        kept = terminal.preferences
        self._look(kept.text(preferences.THEME), kept.text(preferences.CHARACTERS))
        lang = kept.text(preferences.LANGUAGE)
        if lang in ("en", "zh") and not terminal.sitting.asked_language:
            terminal.texts = terminal.sitting.texts(lang)
        self._set_keys(kept.get(keymap.PREFERENCE))
        if kept.get(preferences.CURSOR):
            self._cursor(True)

    async def prefer(self, name: str, value: Any) -> None:
        """Keep a preference and say so, or say why not."""
        terminal = self._terminal
        try:
            await terminal.preferences.keep(terminal.actor, name, value)
        except CasewrightError as error:
            terminal.on_told(Told(terminal.texts.error(error), bad=True, error=error))
        else:
            terminal.on_told(Told(terminal.texts.say("Kept for your next sittings too.")))

    async def wear(self, *, theme: str | None = None, characters: str | None = None) -> None:
        """Draw in another theme, or with other characters."""
        self._look(theme or self._terminal.look.name, characters or self.characters)
        await self._terminal.redrawn()
        if theme:
            await self.prefer(preferences.THEME, theme)
        if characters:
            await self.prefer(preferences.CHARACTERS, characters)

    def draw_plainly(self) -> None:
        """Draw with ASCII: this terminal shows other characters wider than everybody else does."""
        self._terminal.look = replace(self._terminal.look, glyphs=ASCII)

    async def speak(self, lang: str, *, keep: bool = True) -> None:
        """Speak another language; where one is, the cursor and what is typed stay."""
        terminal = self._terminal
        terminal.texts = terminal.sitting.texts(lang)
        await terminal.redrawn()
        if keep:
            await self.prefer(preferences.LANGUAGE, lang)

    async def rekey(self, control: str, keys: tuple[str, ...]) -> None:
        """Give a control other keys, or its usual ones where there are none; what cannot be is said and not kept."""
        terminal = self._terminal
        wanted = dict(_mapping(terminal.preferences.get(keymap.PREFERENCE)))
        wanted.pop(control, None)
        if keys:
            wanted[control] = list(keys)
        problems = keymap.understood(wanted).problems
        if problems:
            said = " ".join(map(terminal.texts.render, problems))
            terminal.on_told(Told(said, bad=True))
            return
        self._set_keys(wanted)
        await self.prefer(keymap.PREFERENCE, wanted or None)
        await terminal.redrawn()

    async def show_cursor(self, shown: bool) -> None:
        """Show the terminal's own cursor, or hide it; it stands on what is chosen either way."""
        self._cursor(shown)
        await self.prefer(preferences.CURSOR, shown or None)

    def _look(self, theme: str, characters: str) -> None:
        terminal = self._terminal
        plain = characters == "ascii" or (not characters and terminal.look.glyphs is ASCII)
        look = replace(themes.look(theme, ""), glyphs=ASCII if plain else UNICODE)
        terminal.look = look
        terminal.theme = themes.textual(look).name

    def _set_keys(self, kept: Any) -> None:
        terminal = self._terminal
        self.keymap = keymap.understood(kept)
        terminal.set_keymap(self.keymap.textual())
        for problem in self.keymap.problems:
            terminal.on_told(Told(terminal.texts.render(problem), bad=True))

    def _cursor(self, shown: bool) -> None:
        self._terminal.write_raw("\x1b[?25h" if shown else "\x1b[?25l")


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
