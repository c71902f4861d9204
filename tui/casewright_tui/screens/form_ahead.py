"""What a form would come to, beside it or below it: asked of the desk as somebody types, and shown where there is room."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal

from casewright.errors import CasewrightError
from casewright_tui.pure.preview_lines import preview_lines
from casewright_tui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from casewright_tui.screens.form import FormScreen

WIDE = 110
"""Cells from which on what would happen stands beside the form."""
_BESIDE, _BELOW = 44, 8


class Ahead:
    """Asks, and shows, what the values of a form would come to."""

    def __init__(self, screen: "FormScreen") -> None:
        self._screen = screen
        self._wanted = False
        self._answer: Any = None

    def look(self, values: Mapping[str, Any]) -> None:
        """Ask what these values would come to, where it is seen."""
        if self._is_seen:
            asking = self._ask(values)
            self._screen.run_worker(asking, group="ahead", exclusive=True)
        self.place()

    def switch(self, values: Mapping[str, Any]) -> None:
        """Show it where there is no room beside the form, or hide it again."""
        self._wanted = not self._wanted
        self.look(values)

    def place(self) -> None:
        """Give it its place: beside the form where the terminal is wide, else below it."""
        pane = self._screen.query_one("#ahead", LinesView)
        pane.display = self._is_seen
        body = self._screen.query_one("#body", Horizontal)
        body.styles.layout = "horizontal" if self._is_wide else "vertical"
        pane.styles.width = _BESIDE if self._is_wide else "1fr"
        pane.styles.height = "1fr" if self._is_wide or self._is_all else _BELOW
        pane.styles.padding = (0 if self._is_wide else 1, 0, 0, 1)
        if self._is_all:
            # Nothing stands above but the line that says so.
            self._screen.query_one("#form").styles.height = 1

    async def _ask(self, values: Mapping[str, Any]) -> None:
        errand = self._screen.errand
        if errand.says is not None:
            self._answer = errand.says(values)
        elif errand.preview is not None:
            try:
                self._answer = await self._screen.ask(errand.preview(values), lane="eyes")
            except CasewrightError as error:
                self._answer = error
        await self._show()

    async def _show(self, *, wait: bool = True) -> None:
        screen = self._screen
        if wait and not screen.query_one("#ahead", LinesView).scrollable_content_region.width:
            screen.call_after_refresh(self._show, wait=False)  # It is not laid out yet.
            return
        people = await screen.terminal.site.people(screen.actor)
        lang = screen.texts.lang
        names = {one.name: one.zh if lang == "zh" else one.en for one in people.values()}
        pane = screen.query_one("#ahead", LinesView)
        width = max(20, pane.scrollable_content_region.width)
        lines = preview_lines(self._answer, screen.texts, width, names=names, workflows={})
        pane.show(lines, look=screen.look)

    @property
    def _is_seen(self) -> bool:
        seen = self._is_wide or self._wanted or self._is_all
        errand = self._screen.errand
        return seen and (errand.preview is not None or errand.says is not None)

    @property
    def _is_all(self) -> bool:
        """Whether there is nothing to fill in: what would happen is all there is to read."""
        return not self._screen.errand.form.fields

    @property
    def _is_wide(self) -> bool:
        return self._screen.app.size.width >= WIDE
