"""How the lines of a queue are drawn: laid out once for a width, each row's strip kept until something on it is another."""

from datetime import datetime

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from casewright.answers import QueueRow
from casewright_tui.lines import Tone
from casewright_tui.look import Look
from casewright_tui.pure import countdown, queue_columns
from casewright_tui.pure.queue_columns import Laid, Showing

KEPT = 256
"""Lines that are kept before all of them are let go: some screenfuls, each with what Textual has made of it."""

Due = tuple[str, Tone]
"""What a due cell shows, and how."""


class Paint:
    """Draws rows in so many cells; `columns` are wanted, as many as fit are shown."""

    def __init__(self, look: Look, showing: Showing) -> None:
        self.columns: tuple[str, ...] = queue_columns.USUAL
        self.order, self.descending = "due", False
        self._look, self._showing = look, showing
        self._width, self._key = 0, queue_columns.KEY
        self._laid: Laid = ()
        self._strips: dict[object, tuple[Strip, Due]] = {}

    def dress(
        self,
        look: Look,
        showing: Showing,
        *,
        columns: tuple[str, ...],
        order: str,
        descending: bool,
    ) -> None:
        """Draw otherwise from now on: in another language, look, or other columns."""
        self._look, self._showing = look, showing
        self.columns, self.order, self.descending = columns, order, descending
        self._lay_out()

    def fit(self, width: int) -> None:
        """Draw in so many cells."""
        self._width = width
        self._lay_out()

    def make_room(self, rows: list[QueueRow]) -> bool:
        """Have every ticket's key fit in; return whether the columns stand otherwise now."""
        widest = queue_columns.widest_key(rows)
        if widest <= self._key:
            return False
        self._key = widest
        self._lay_out()
        return True

    @property
    def due_cells(self) -> tuple[int, int]:
        """Where the due cell begins and how wide it is."""
        return queue_columns.due_cells(self._laid)

    def due(self, row: QueueRow, now: datetime) -> Due:
        """Return what a row's due cell shows at `now`."""
        one = self._showing
        return countdown.left(row, now, one.texts.lang, paused=one.paused, warned=one.warned)

    def header(self) -> Strip:
        """Return the column titles."""
        line = queue_columns.header(
            self._laid, self._showing.texts, order=self.order, descending=self.descending
        ).filled(self._width)
        return Strip([Segment(line.text, self._look.header)], self._width)

    def row(
        self,
        row: QueueRow,
        due: Due,
        bar: Strip,
        *,
        chosen: bool,
        marked: bool,
        upon: Style,
    ) -> Strip:
        """Return a row and the scroll bar's cell beside it, drawn upon a style."""
        known = (row, bar.text, chosen, marked, upon)
        strip, shown = self._strips.get(known, (None, due))
        if strip is None:
            line = queue_columns.row_line(
                row, self._laid, self._showing, due, chosen=chosen, marked=marked
            )
            drawn = self._look.strip(line, self._width, chosen=chosen, marked=marked)
            strip = Strip.join([drawn, bar]).apply_style(upon)
            if len(self._strips) >= KEPT:
                self._strips.clear()
        elif shown != due:
            strip = self._due_otherwise(strip, due, chosen=chosen, marked=marked, upon=upon)
        else:
            return strip
        self._strips[known] = strip, due
        return strip

    def _due_otherwise(
        self, strip: Strip, due: Due, *, chosen: bool, marked: bool, upon: Style
    ) -> Strip:
        """Return a row with another due cell: where all rows count, to draw all of each would be most of the work."""
        place, cell = queue_columns.due_piece(self._laid, due)
        text, style, _ = self._look.segment(cell, chosen=chosen, marked=marked)
        segments = [*strip]
        segments[place] = Segment(text, upon + style)
        return Strip(segments, strip.cell_length)

    def blank(self, text: str = "") -> Strip:
        """Return a line without a row."""
        filled = queue_columns.note(text, self._width)
        return self._look.strip(filled, self._width)

    def bar(self, line: int, top: int, height: int, total: int) -> Strip:
        """Return the scroll bar's cell at a line."""
        here = False
        if total > height:
            size = max(1, height * height // total)
            begin = round(max(0, top) / (total - height) * (height - size))
            here = begin <= line < begin + size
        glyph = self._look.glyphs.full if here else " "
        return Strip([Segment(glyph, self._look.style("rest"))], 1)

    def _lay_out(self) -> None:
        self._laid = queue_columns.laid_out(self.columns, self._width, key=self._key)
        self._strips.clear()
