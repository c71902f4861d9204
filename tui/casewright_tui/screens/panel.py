"""A panel of a plugin as a place of its own: asked again and again, and drawn as the lines it brings."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.errors import CasewrightError
from casewright_tui import controls
from casewright_tui.lines import Lines, line, paragraph, piece
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.panel_drawing import drawn, leads_to, question
from casewright_tui.panels import Asking, Panel, Showing
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView

LEAST_EVERY = 2
"""Seconds between two questions of a panel, whatever it asks for."""


class PanelScreen(DeskScreen):
    """One panel, by its name."""

    PLACE = "panel"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("panel")]

    def __init__(self, panel: str) -> None:
        super().__init__()
        self._panel = panel
        self._answer: Any = None
        self._asked = self._frozen = False
        self._names: Mapping[str, str] = {}

    @property
    def panel(self) -> Panel | None:
        """The panel, as long as its plugin is there."""
        return self.terminal.registry.panel(self._panel)

    def body(self) -> ComposeResult:
        """Yield the lines."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return what the panel is called."""
        return self.texts.text(self.panel.title) if self.panel is not None else self._panel

    def aside(self) -> str:
        """Return whether it is held still."""
        return self.texts.text("held still") if self._frozen else ""

    async def on_mount(self) -> None:
        """Show it, and ask again from time to time."""
        await self.terminal.registry.learn(self.terminal.myself)
        if self.panel is not None:
            self.set_interval(max(LEAST_EVERY, self.panel.every), self._ask_again)

    async def refreshed(self) -> None:
        """Ask anew."""
        await self.terminal.registry.learn(self.terminal.myself)
        if self.panel is None:
            self._show(
                [line(piece(self.texts.text(" No plugin brings this any more."), "dim"))]
            )
            return
        people = await self.terminal.site.people(self.actor)
        zh = self.texts.lang == "zh"
        self._names = {one.name: one.zh if zh else one.en for one in people.values()}
        await self._renew()

    async def changed(self, change: Changed) -> None:
        """It is asked again by the clock, not at every change."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw in the language of now."""
        self._draw()

    def on_resize(self) -> None:
        """Draw in the width of now."""
        self.call_after_refresh(self._draw)

    def action_freeze(self) -> None:
        """Hold still, or follow again."""
        self._frozen = not self._frozen
        self.framed()

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go where the chosen line leads to."""
        try:
            where = leads_to(self.panel, chosen.line.id) if self.panel is not None else None
        except CasewrightError as error:
            self.tell_error(error)
            return
        if where is not None:
            self.go(where[0], **where[1])

    def _ask_again(self) -> None:
        if not self._frozen and self.is_current:
            self.run_worker(self._attempted(self._renew()), group="panel", exclusive=True)

    async def _renew(self) -> None:
        assert self.panel is not None
        try:
            query = question(self.panel, Asking(actor=self.actor, language=self.texts.lang))
            self._answer = await self.ask(query, lane="eyes")
        except CasewrightError as error:
            self._fail(error)
            return
        self._asked = True
        self._draw()

    def _draw(self) -> None:
        if not self._asked or self.panel is None or not self.is_attached:
            return
        width = max(10, self.query_one(LinesView).scrollable_content_region.width)
        showing = Showing(texts=self.texts, width=width, names=self._names)
        try:
            self._show(drawn(self.panel, self._answer, showing))
        except CasewrightError as error:
            self._fail(error)

    def _fail(self, error: CasewrightError) -> None:
        width = max(10, self.size.width - 3)
        self._asked = False
        self._show(paragraph(self.texts.error(error), width, "bad", indent=1))

    def _show(self, lines: Lines) -> None:
        self.query_one(LinesView).show(lines, look=self.look)
