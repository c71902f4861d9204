"""A field that is typed on one line: a text, a number, a day, a list of texts."""

from textual.widgets import Input

from casewright_tui.lines import Lines
from casewright_tui.look import Look
from casewright_tui.pure.entries import Entry
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.widgets.field_control import Edited


class FieldLine(CaretInput):
    """Holds a text as it is typed."""

    @property
    def entry(self) -> Entry:
        """The text."""
        return self.value

    @entry.setter
    def entry(self, entry: Entry) -> None:
        self.write(entry if isinstance(entry, str) else "")

    def dressed(self, look: Look, lang: str) -> None:
        """Nothing of it is in a language."""

    def height(self, width: int) -> int:
        """One line."""
        return 1

    def below(self, width: int) -> Lines:
        """Nothing."""
        return ()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Tell that it was edited."""
        message.stop()
        self.post_message(Edited(self))
