"""One line of text to be typed: the terminal's cursor stands exactly at the caret, where an input method shows what it composes."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.widgets import Input

from casewright_tui import controls
from casewright_tui.pure.pasted import one_line

WIPING = frozenset({"ctrl+u", "ctrl+w"})
"""Keys that take away what was typed in every line people know, whatever else they mean where nothing is typed."""


def without_taken(stock: Iterable[BindingType]) -> Iterator[Binding]:
    """Yield the bindings of a stock widget without the keys that mean something everywhere, or that terminals take."""
    taken = {key for one in controls.at(controls.EVERYWHERE) for key in one.keys}
    taken = (taken - WIPING) | controls.BANNED | {"enter"}
    for one in stock:
        assert isinstance(one, Binding)
        keys = [key for key in one.key.split(",") if key not in taken]
        if keys:
            yield Binding(",".join(keys), one.action, one.description, show=False)


class CaretInput(Input, inherit_bindings=False):
    """A line of text without a frame; Enter is left to whoever holds it."""

    BINDINGS: ClassVar[list[BindingType]] = list(without_taken(Input.BINDINGS))
    DEFAULT_CSS = """
    CaretInput, CaretInput:focus { border: none; height: 1; padding: 0; background: $surface; color: $foreground; }
    CaretInput:focus { background: $in-use; }
    """

    def __init__(
        self, value: str = "", *, placeholder: str = "", id: str | None = None
    ) -> None:
        super().__init__(
            value, placeholder=placeholder, id=id, compact=True, select_on_focus=False
        )
        self.cursor_blink = False

    @property
    def _cursor_offset(self) -> int:
        """The cell of the caret; Textual's own is one to the right of it at the end of the text."""
        return self._position_to_cell(self.cursor_position)

    def track(self) -> None:
        """Have the terminal's cursor stand at the caret, after something else has moved the line."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def write(self, value: str) -> None:
        """Have another text stand there, with the caret at its end; nobody is told that it was edited."""
        with self.prevent(Input.Changed):
            self.value = value
        self.cursor_position = len(value)

    def on_resize(self) -> None:
        """Follow the line to where it stands now."""
        self.call_after_refresh(self.track)

    def _on_paste(self, event: events.Paste) -> None:
        """Take all that was pasted, on one line."""
        event.stop()
        event.prevent_default()
        if event.text:
            self.replace(one_line(event.text), *self.selection)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the caret stands on the screen."""
        x, y, _, _ = self.content_region
        return Offset(x + self._cursor_offset - self.scroll_offset.x, y)
