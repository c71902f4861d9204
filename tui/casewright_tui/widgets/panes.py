"""Panes side by side, as many as there is room for, under a line that names them all; one of them has the keys."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message

from casewright_tui.lines import Lines
from casewright_tui.look import Look
from casewright_tui.pure.tabs import tabs, window
from casewright_tui.widgets.lines_view import LinesView

TWO, THREE = 100, 160
"""Cells of the whole from which on there is room for two panes, and for three."""


class Panes(Vertical):
    """Shows panes of lines; which of them there are is said once, how they are called whenever it is drawn."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    Panes { height: 1fr; }
    Panes > Horizontal { height: 1fr; }
    Panes > Horizontal > LinesView { width: 1fr; padding: 0 1; scrollbar-gutter: stable; }
    """

    class Arranged(Message):
        """Other panes are shown than before, or in another width: their lines are wanted anew."""

    def __init__(self, look: Look, names: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._look, self._names = look, tuple(names)
        self._titles: Sequence[str] = self._names
        self._current = self._first = 0
        self._alone = False

    def compose(self) -> ComposeResult:
        """Yield the line of names and all panes."""
        line = LinesView(self._look, id="tabs")
        line.can_focus = False
        line.styles.height = 1
        yield line
        with Horizontal():
            for name in self._names:
                yield LinesView(self._look, id=name)

    @property
    def current(self) -> str:
        """The pane that has the keys, or had them last."""
        return self._names[self._current]

    @property
    def names(self) -> Sequence[str]:
        """All panes there are, in their order."""
        return self._names

    @property
    def shown(self) -> Sequence[str]:
        """The panes that are shown."""
        return [self._names[index] for index in self._window]

    def width_of(self, name: str) -> int:
        """Return how wide a pane's lines are."""
        return max(8, self.pane(name).scrollable_content_region.width)

    def pane(self, name: str) -> LinesView:
        """Return a pane."""
        return self.query_one(f"#{name}", LinesView)

    def show(self, name: str, lines: Lines, *, look: Look) -> None:
        """Show the lines of a pane."""
        self._look = look
        self.pane(name).show(lines, look=look)

    def call(self, titles: Sequence[str]) -> None:
        """Take the names of the panes in the language of now."""
        self._titles = titles
        self._name_them()

    async def add(self, names: Sequence[str]) -> None:
        """Put further panes behind the others."""
        new = [name for name in names if name not in self._names]
        self._names = (*self._names, *new)
        await self.query_one(Horizontal).mount(
            *(LinesView(self._look, id=name) for name in new)
        )
        self.rearrange()

    def go(self, name: str) -> None:
        """Show a pane and give it the keys."""
        self._current = self._names.index(name)
        self.rearrange()
        self.pane(name).focus()

    def step(self, by: int) -> None:
        """Give the keys to the next pane, or to the one before."""
        self.go(self._names[(self._current + by) % len(self._names)])

    def maximise(self) -> None:
        """Show the current pane alone, or the others beside it again."""
        self._alone = not self._alone
        self.rearrange()

    def rearrange(self) -> None:
        """Show as many panes as there is room for."""
        shown = self._window
        self._first = shown.start
        for index, name in enumerate(self._names):
            self.pane(name).display = index in shown
        self._name_them()
        self.call_after_refresh(self.post_message, self.Arranged())

    def on_mount(self) -> None:
        """Show what there is room for."""
        self.rearrange()

    def on_resize(self) -> None:
        """Show what there is room for now."""
        self.rearrange()

    @property
    def _window(self) -> range:
        width = self.app.size.width
        room = 1 if self._alone or width < TWO else 2 if width < THREE else 3
        return window(len(self._names), self._current, self._first, room)

    def _name_them(self) -> None:
        titles = [*self._titles, *self._names[len(self._titles) :]]
        found = tabs(titles, self._current, self._window)
        self.query_one("#tabs", LinesView).show([found], look=self._look)
