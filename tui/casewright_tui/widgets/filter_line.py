"""The query line while it is typed: what may stand at the caret is offered below it, what was asked before comes back with up."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from casewright_tui.lines import Line, Piece, piece
from casewright_tui.look import Look
from casewright_tui.pure.completion import Offer, put_in
from casewright_tui.widgets.caret_input import CaretInput

Offering = Callable[[str, int], Sequence[Offer]]
"""Returns what may be put in where the caret stands."""
REMEMBERED = 50


class FilterLine(Vertical):
    """A line to be typed and a line of offers; the first of them is taken by Tab."""

    DEFAULT_CSS = "FilterLine { height: 2; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", show=False),
        Binding("escape", "leave", show=False),
        Binding("tab", "take", show=False),
        Binding("up", "earlier(-1)", show=False),
        Binding("down", "earlier(1)", show=False),
    ]

    class Typed(Message):
        """The line is another."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Entered(Typed):
        """Enter was pressed."""

    class Left(Typed):
        """Escape was pressed; the line is left as it was before."""

    def __init__(self, look: Look, offering: Offering, placeholder: str) -> None:
        super().__init__()
        self._offering = offering
        self._input = CaretInput(placeholder=placeholder)
        self._below = OfferLine(look)
        self._entered: list[str] = []
        self._at = 0

    def compose(self) -> ComposeResult:
        """Yield both lines."""
        yield self._input
        yield self._below

    def begin(self, text: str, offering: Offering, placeholder: str) -> None:
        """Have a line typed, with a text to begin with."""
        self._offering = offering
        self._input.placeholder = placeholder
        self._input.write(text)
        self._at = len(self._entered)
        self._input.focus()
        self._offer()

    def complain(self, sentence: str) -> None:
        """Say below the line why it is not understood."""
        self._below.show((), sentence)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Offer what fits now, and tell of it."""
        message.stop()
        self._offer()
        self.post_message(self.Typed(self._input.value))

    def action_enter(self) -> None:
        """Ask for what the line says."""
        text = self._input.value.strip()
        self._remember(text)
        self.post_message(self.Entered(text))

    def action_leave(self) -> None:
        """Leave the line; what was typed comes back with up."""
        self._remember(self._input.value.strip())
        self.post_message(self.Left(self._input.value))

    def action_take(self) -> None:
        """Put in what is offered first."""
        caret = self._input.cursor_position
        offers = self._offering(self._input.value, caret)
        if offers:
            self._input.value, after = put_in(self._input.value, caret, offers[0])
            self._input.cursor_position = after

    def action_earlier(self, by: int) -> None:
        """Bring back what was asked for before."""
        self._at = max(0, min(len(self._entered), self._at + by))
        self._input.value = self._entered[self._at] if self._at < len(self._entered) else ""
        self._input.cursor_position = len(self._input.value)

    def _offer(self) -> None:
        self._below.show(self._offering(self._input.value, self._input.cursor_position))

    def _remember(self, text: str) -> None:
        if text:
            self._entered = [*(one for one in self._entered if one != text), text][-REMEMBERED:]


class OfferLine(Widget):
    """Draws what is offered, or what is wrong, in one line."""

    DEFAULT_CSS = "OfferLine { height: 1; }"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._line = look, Line()

    def show(self, offers: Sequence[Offer], sentence: str = "") -> None:
        """Show offers, the first of which Tab takes, or a sentence."""
        pieces = [Piece(" "), piece(sentence, "bad")]
        for index, one in enumerate(offers):
            pieces += [
                Piece("Tab " if index == 0 else "", "key"),
                piece(one.shown),
                Piece("  "),
            ]
        self._line = Line(pieces=tuple(pieces))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        return self._look.strip(self._line, self.size.width).apply_style(self.rich_style)
