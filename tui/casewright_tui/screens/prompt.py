"""A line to be typed, such as a name; it is left with the text, or with None."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from casewright_tui.lines import line, piece
from casewright_tui.messages import Changed, FrameChanged, GoBack
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.widgets.lines_view import LinesView


class Prompt(DeskScreen):
    """Asks for one line; `title` is a sentence in English that the texts have."""

    PLACE = "prompt"
    AUTO_FOCUS = "CaretInput"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]
    DEFAULT_CSS = "Prompt #asked { height: 1; }"

    def __init__(self, title: str, value: str = "") -> None:
        super().__init__()
        self._title, self._value = title, value

    def body(self) -> ComposeResult:
        """Yield the question and the line."""
        with Vertical(id="body"):
            asked = LinesView(self.look, id="asked")
            asked.can_focus = False
            yield asked
            yield CaretInput(self._value)

    def titled(self) -> str:
        """Return the question."""
        return self.texts.text(self._title)

    async def refreshed(self) -> None:
        """Show the question in the language of now."""
        self.draw()

    def draw(self) -> None:
        """Draw it in the language and the look of now."""
        asked = line(piece(f" {self.titled()}", "title"))
        self.query_one("#asked", LinesView).show([asked], look=self.look)

    async def changed(self, change: Changed) -> None:
        """Nothing at the desk changes a question."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Show it in the language of now."""
        self.framed()
        self.draw()

    def action_take(self) -> None:
        """Take what was typed."""
        self.post_message(GoBack(self.query_one(CaretInput).value.strip() or None))
