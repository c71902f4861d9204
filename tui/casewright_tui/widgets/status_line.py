"""The line at the top: where one is, what awaits one, how old what is shown is, the time; or what was last said."""

from textual.strip import Strip
from textual.widget import Widget

from casewright_tui.lines import Line, Piece
from casewright_tui.look import Look
from casewright_tui.width import cells


def packed(left: Line, right: Line, width: int) -> Line:
    """Return one line of two: what stands right keeps its place, what stands left is cut where they meet."""
    taken = cells(right.text)
    kept = left.filled(max(0, width - taken - 1))
    return Line(pieces=(*kept.pieces, Piece(" "), *right.pieces))


class StatusLine(Widget):
    """Draws what stands around every screen in one line."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._left, self._right = Line(), Line()

    def show(self, left: Line, right: Line, *, look: Look | None = None) -> None:
        """Show something else; drawn again only where it is something else."""
        look = look or self._look
        if (self._left, self._right, self._look) != (left, right, look):
            self._left, self._right, self._look = left, right, look
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        width = self.size.width
        return self._look.strip(packed(self._left, self._right, width), width).apply_style(
            self.rich_style
        )
