"""A panel of a plugin as a place of its own: asked again and again, and drawn as the lines it brings."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from casewright.errors import CasewrightError
from casewright_tui import controls
from casewright_tui.lines import Lines, line, paragraph, piece
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.panel_drawing import drawn, leads_to, noted, question
from casewright_tui.panels import Asking, Panel, Showing
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.screens.panel_keys import PanelKeys
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.widgets.lines_view import LinesView

LEAST_EVERY = 2
"""Seconds between two questions of a panel, whatever it asks for."""


class PanelScreen(DeskScreen):
    """One panel, by its name; one that is `about` something, about that."""

    PLACE = "panel"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("panel"),
        Binding("enter", "seek", show=False),
        Binding("down", "list", show=False),
    ]
    DEFAULT_CSS = "PanelScreen LinesView { height: 1fr; }"

    def __init__(self, panel: str, about: str = "") -> None:
        super().__init__()
        self._panel, self._about = panel, about
        self._answer: Any = None
        self._asked = self._frozen = False
        self._sought = ""
        self._names: Mapping[str, str] = {}
        self._keys = PanelKeys(self, self._ask_now)

    @property
    def panel(self) -> Panel | None:
        """The panel, as long as its plugin is there."""
        return self.terminal.registry.panel(self._panel)

    def body(self) -> ComposeResult:
        """Yield the line to type in, where it seeks, and the lines."""
        with Vertical(id="body"):
            line = CaretInput()
            line.display, line.can_focus = False, False
            yield line
            yield LinesView(self.look, id="lines")

    def titled(self) -> str:
        """Return what the panel is called."""
        return self.texts.text(self.panel.title) if self.panel is not None else self._panel

    def aside(self) -> str:
        """Return whether it is held still."""
        return self.texts.text("held still") if self._frozen else ""

    async def on_mount(self) -> None:
        """Show it, and ask again from time to time."""
        await self.terminal.registry.learn(self.terminal.myself)
        if self.panel is not None and self.panel.every and not self.panel.seeks:
            self.set_interval(max(LEAST_EVERY, self.panel.every), self._ask_again)
        if self.panel is not None and self.panel.seeks:
            self._line.display, self._line.can_focus = True, True
            self._line.focus()

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
        self._line.placeholder = self.texts.text(self.panel.seeks) if self.panel.seeks else ""
        await self._renew(by_hand=bool(self._about))

    async def changed(self, change: Changed) -> None:
        """It is asked again by the clock, not at every change."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw in the language of now."""
        if self.panel is not None and self.panel.seeks:
            self._line.placeholder = self.texts.text(self.panel.seeks)
        self._draw()

    def on_resize(self) -> None:
        """Draw in the width of now."""
        self.call_after_refresh(self._draw)

    def action_freeze(self) -> None:
        """Hold still, or follow again."""
        self._frozen = not self._frozen
        self.framed()

    def action_seek(self) -> None:
        """Ask for what was typed."""
        if self.panel is not None and self.panel.seeks:
            self._sought = self._line.value.strip()
            self.run_worker(self._attempted(self._seek()), group="panel", exclusive=True)

    def action_list(self) -> None:
        """Go from the line to the lines."""
        self._lines.focus()

    def action_back(self) -> None:
        """Go from the lines to the line that is typed in, and from there back."""
        if self._line.display and self._lines.has_focus:
            self._line.focus()
        else:
            super().action_back()

    def on_key(self, event: events.Key) -> None:
        """Do what a key of the panel does."""
        if self._asked and self.panel is not None and not self._line.has_focus:
            chosen = self._lines.chosen
            id = chosen.id if chosen is not None else ""
            self._keys.pressed(event, self.panel, self._answer, id, self._asking())

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go where the chosen line leads to."""
        try:
            where = leads_to(self.panel, chosen.line.id) if self.panel is not None else None
        except CasewrightError as error:
            self.tell_error(error)
            return
        if where is not None:
            self.go(where[0], **where[1])

    @property
    def _line(self) -> CaretInput:
        return self.query_one(CaretInput)

    @property
    def _lines(self) -> LinesView:
        return self.query_one("#lines", LinesView)

    def _asking(self) -> Asking:
        return Asking(
            actor=self.actor, language=self.texts.lang, about=self._about, sought=self._sought
        )

    def _ask_again(self) -> None:
        if not self._frozen and self.is_current:
            self._ask_now()

    def _ask_now(self) -> None:
        self.run_worker(self._attempted(self._renew()), group="panel", exclusive=True)

    async def _seek(self) -> None:
        await self._renew(by_hand=True)
        if self._lines.chosen is not None:
            self._lines.focus()

    async def _renew(self, *, by_hand: bool = False) -> None:
        assert self.panel is not None
        try:
            query = question(self.panel, self._asking())
            self._answer = await self.ask(query, lane="hands" if by_hand else "eyes")
            note = noted(self.panel, self._answer, self._asking()) if by_hand else None
            if note is not None:
                await self.say(note)
        except CasewrightError as error:
            self._fail(error)
            return
        self._asked = True
        self._draw()

    def _draw(self) -> None:
        if not self._asked or self.panel is None or not self.is_attached:
            return
        width = max(10, self._lines.scrollable_content_region.width)
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
        self._lines.show(lines, look=self.look)
