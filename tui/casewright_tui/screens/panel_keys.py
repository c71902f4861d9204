"""What the keys of a panel do: a command is carried out, a place is gone to, and what is asked for is typed first."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import events

from casewright.commands import Command
from casewright.errors import CasewrightError
from casewright_tui.panel_drawing import done_by
from casewright_tui.panels import Asking, Panel, PanelKey
from casewright_tui.pure.action_keys import letter

if TYPE_CHECKING:
    from casewright_tui.screens.desk_screen import DeskScreen


class PanelKeys:
    """Does what the keys of a panel say, at one screen; `renew` asks anew what was changed by them."""

    def __init__(self, screen: "DeskScreen", renew: Callable[[], None]) -> None:
        self._screen, self._renew = screen, renew

    def pressed(
        self, event: events.Key, panel: Panel, answer: Any, id: str, asking: Asking
    ) -> bool:
        """Return whether the key is one of the panel's, which is done then."""
        pressed = letter(event.character)
        key = next((one for one in panel.keys if one.key == pressed), None)
        if key is None or (not id and panel.at != "about"):
            return False
        event.stop()
        event.prevent_default()

        def do(said: str) -> None:
            doing = self._do(panel, key, answer, id, replace(asking, said=said))
            self._screen.run_worker(doing, group="panel-key")

        if key.asks:
            self._screen.run_worker(self._typed(key, do), group="panel-key")
        else:
            do("")
        return True

    async def _typed(self, key: PanelKey, do: Callable[[str], None]) -> None:
        from casewright_tui.screens.prompt import Prompt

        await self._screen.terminal.push_screen(
            Prompt(key.asks), lambda said: do(said) if said else None
        )

    async def _do(
        self, panel: Panel, key: PanelKey, answer: Any, id: str, asking: Asking
    ) -> None:
        try:
            found = done_by(panel, key, answer, id, asking)
            if isinstance(found, Command):
                await self._screen.say(found)
                title = self._screen.texts.text(key.title)
                self._screen.tell("Noted: {what}.", what=title)
                self._renew()
            elif found is not None:
                self._screen.go(found[0], **found[1])
        except CasewrightError as error:
            self._screen.tell_error(error)
