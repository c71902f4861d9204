"""A field for a text of several lines; imported only where a form has one."""

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import TextArea

from casewright_tui.lines import Lines
from casewright_tui.look import Look
from casewright_tui.pure.entries import Entry
from casewright_tui.pure.pasted import several_lines
from casewright_tui.widgets.caret_input import without_taken
from casewright_tui.widgets.field_control import Edited

LINES = 4


class FieldLong(TextArea, inherit_bindings=False):
    """Holds a text as it is typed; Tab goes on, Enter begins a new line."""

    BINDINGS: ClassVar[list[BindingType]] = list(without_taken(TextArea.BINDINGS))
    DEFAULT_CSS = """
    FieldLong, FieldLong:focus { border: none; padding: 0; background: $surface; color: $foreground;
        scrollbar-size-vertical: 1; }
    FieldLong:focus { background: $in-use; }
    """

    def __init__(self) -> None:
        super().__init__(compact=True, tab_behavior="focus", show_line_numbers=False)
        self.cursor_blink = False
        self.highlight_cursor_line = False

    @property
    def entry(self) -> Entry:
        """The text."""
        return self.text

    @entry.setter
    def entry(self, entry: Entry) -> None:
        with self.prevent(TextArea.Changed):
            self.load_text(entry if isinstance(entry, str) else "")
        self.move_cursor(self.document.end)

    def dressed(self, look: Look, lang: str) -> None:
        """Nothing of it is in a language."""

    def height(self, width: int) -> int:
        """As many lines as it always shows."""
        return LINES

    def below(self, width: int) -> Lines:
        """Nothing."""
        return ()

    def track(self) -> None:
        """Have the terminal's cursor stand at the caret, after something else has moved the text."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Tell that it was edited."""
        message.stop()
        self.post_message(Edited(self))

    async def _on_paste(self, event: events.Paste) -> None:
        """Take what was pasted, without what a terminal would obey."""
        event.stop()
        event.prevent_default()
        if found := self._replace_via_keyboard(several_lines(event.text), *self.selection):
            self.move_cursor(found.end_location)
