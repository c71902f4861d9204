"""The settings: theme, characters, language, lock, cursor, keys; each kept at the desk as soon as it is chosen."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

from casewright.texts import text
from casewright_tui import frame
from casewright_tui.controls import CONTROLS, Control
from casewright_tui.offered import DRAWN, LANGUAGES, Offered
from casewright_tui.preferences import AFTERWARDS, CURSOR, LOCK_CHOICES, LOCK_MINUTES
from casewright_tui.screens.commands import Commands
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.screens.prompt import Prompt
from casewright_tui.themes import THEMES, TITLES

NEW_KEYS = text(
    "The keys as they are called, with commas between them, such as f2,ctrl+o; nothing for the usual ones"
)


class SettingsScreen(Commands):
    """Offers what can be set; what is set now has a mark."""

    PLACE = "settings"
    TITLE_TEXT = text("Settings")

    def offered(self, beneath: DeskScreen) -> Iterator[Offered]:
        """Yield what can be set."""
        terminal, look = self.terminal, self.look
        for name in THEMES:
            yield self._one(
                "theme",
                name,
                TITLES[name],
                name == look.name,
                partial(terminal.habits.wear, theme=name),
            )
        for name in DRAWN:
            now = name == terminal.habits.characters
            yield self._one(
                "characters",
                name,
                DRAWN[name],
                now,
                partial(terminal.habits.wear, characters=name),
            )
        for lang, title in LANGUAGES.items():
            yield self._one(
                "language",
                lang,
                title,
                lang == self.texts.lang,
                partial(terminal.habits.speak, lang),
            )
        yield from self._locks()
        shown = bool(terminal.preferences.get(CURSOR))
        yield self._one("cursor", "on", text("Show the terminal's cursor (for magnifiers and braille)"), shown,
                        lambda: terminal.habits.show_cursor(not shown))  # fmt: skip
        onward = terminal.preferences.get(AFTERWARDS) == "next"
        yield self._one(
            "after", "next", text("Go on to the next ticket after an action"), onward,
            self._kept(AFTERWARDS, None if onward else "next"),
        )  # fmt: skip
        yield from self._keys()

    def _locks(self) -> Iterator[Offered]:
        preferences = self.terminal.preferences
        for minutes in LOCK_CHOICES:
            title = self.both(text("Lock after {minutes} min without a key"), minutes=minutes)
            now = minutes == preferences.lock_minutes
            yield self._one("lock", str(minutes), title, now, self._kept(LOCK_MINUTES, minutes))

    def _keys(self) -> Iterator[Offered]:
        for one in CONTROLS:
            title = self.both(text("Keys: {control}"), control=one)
            names = tuple(map(frame.key_name, self.terminal.habits.keymap.of(one)))
            yield Offered(
                id=f"keys.{one.id}",
                title=title,
                keys=names,
                run=self._asked(one),
                group="keys",
                also=(one.id,),
            )

    def _one(
        self, kind: str, name: str, title: Any, now: bool, run: Callable[[], Awaitable[None]]
    ) -> Offered:
        mark = (self.look.glyphs.on,) if now else ()
        return Offered(
            id=f"{kind}.{name}", title=title, keys=mark, run=run, group=kind, also=(kind,)
        )

    def _kept(self, name: str, value: Any) -> Callable[[], Awaitable[None]]:
        return lambda: self.terminal.habits.prefer(name, value)

    def _asked(self, control: Control) -> Callable[[], None]:
        terminal = self.terminal

        def take(typed: str | None) -> None:
            wanted = tuple(one.strip() for one in (typed or "").split(",") if one.strip())
            terminal.call_later(terminal.habits.rekey, control.id, wanted)

        def ask() -> None:
            now = ",".join(terminal.habits.keymap.of(control))
            terminal.push_screen(Prompt(NEW_KEYS, now), take)

        return ask
