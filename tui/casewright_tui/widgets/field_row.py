"""One field of a form: its label, what it is answered with, what that means, and below what is wrong with it."""

from typing import cast

from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from casewright.errors import Message
from casewright.texts import Texts
from casewright_tui.lines import Line, Lines, Piece, Tone, paragraph, piece
from casewright_tui.look import Look
from casewright_tui.widgets.field_control import FieldControl
from casewright_tui.width import fit

GAP = 2
"""Cells between a label and what stands right of it: the mark of what must be filled in, and a blank."""


class FieldRow(Widget):
    """Holds a control and draws what stands around it; `narrow` says how wide a control is that needs little room."""

    DEFAULT_CSS = "FieldRow { layout: vertical; height: 1; width: 1fr; }"

    def __init__(self, name: str, control: Widget, look: Look, *, narrow: int = 0) -> None:
        super().__init__()
        self.field, self._control, self._look, self._narrow = name, control, look, narrow
        self._label, self._labels, self._required = "", 10, False
        self._fault_text, self._beside = "", ""
        self._shown: object = None

    @property
    def control(self) -> FieldControl:
        """What the field is answered with."""
        return cast(FieldControl, self._control)

    @property
    def widget(self) -> Widget:
        """The control as a widget."""
        return self._control

    def compose(self) -> ComposeResult:
        """Yield the control."""
        yield self._control

    def show(self, label: str, labels: int, *, required: bool, look: Look, lang: str) -> None:
        """Show a label in a column of `labels` cells, and whether the field must be filled in."""
        shown = (label, labels, required, look, lang)
        if shown != self._shown:
            self._shown = shown
            self._label, self._labels, self._required, self._look = (
                label,
                labels,
                required,
                look,
            )
            self.control.dressed(look, lang)
            self.laid()

    def judge(self, fault: Message | None, beside: Message | None, texts: Texts) -> None:
        """Show what is wrong with the entry, or what it means."""
        wrong = texts.render(fault) if fault else ""
        meant = texts.render(beside) if beside else ""
        if (wrong, meant) != (self._fault_text, self._beside):
            self._fault_text, self._beside = wrong, meant
            self.laid()

    def laid(self) -> None:
        """Give the control its place, and the row as many lines as it needs."""
        width, room = self.size.width, self._room
        if not width:
            return
        height = self.control.height(room)
        styles = self._control.styles
        styles.margin = (0, 0, 0, self._labels + GAP)
        styles.width, styles.height = room, height
        self.styles.height = height + len(self._below())
        self.refresh()

    def on_resize(self) -> None:
        """Lay everything out anew."""
        self.laid()

    def render_line(self, y: int) -> Strip:
        """Return a line of what stands around the control."""
        width = self.size.width
        below = self._below()
        first_below = self.size.height - len(below)
        if y >= first_below and y - first_below < len(below):
            line = below[y - first_below]
        elif y == 0:
            line = self._first(width)
        else:
            line = Line()
        return self._look.strip(line, width).apply_style(self.rich_style)

    def _first(self, width: int) -> Line:
        mark = piece("*" if self._required else " ", "key")
        tone: Tone = "bad" if self._fault_text else "label"
        pieces = [piece(fit(self._label, self._labels), tone), mark, Piece(" ")]
        if self._beside:
            pieces += [Piece(" " * (self._room + 1)), piece(self._beside, "dim")]
        return Line(pieces=tuple(pieces))

    def _below(self) -> Lines:
        indent = self._labels + GAP
        blank = Piece(" " * indent)
        shown = self.control.below(self._room)
        found = [Line(pieces=(blank, *one.pieces)) for one in shown]
        if self._fault_text:
            wrong = f"{self._look.glyphs.warned} {self._fault_text}"
            found += paragraph(wrong, max(20, self.size.width), "bad", indent=indent)
        return found

    @property
    def _room(self) -> int:
        room = max(4, self.size.width - self._labels - GAP)
        return min(room, self._narrow) if self._narrow else room
