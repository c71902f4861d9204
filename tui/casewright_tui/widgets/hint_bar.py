"""The line at the bottom: the keys of the place one is at, as many as fit, the most important first; help is always there."""

from collections.abc import Sequence

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from casewright_tui.lines import Line, Piece
from casewright_tui.look import Look
from casewright_tui.width import cells

Hint = tuple[str, str, int]
"""A key as people call it, what it does, and how early it is named."""


def packed(hints: Sequence[Hint], width: int, right: str = "") -> Line:
    """Return as many hints as fit in `width` cells, the most important ones, in the order given; `right` stands at the end."""
    left = width - (cells(right) + 1 if right else 0)
    kept: set[int] = set()
    for index in sorted(range(len(hints)), key=lambda one: hints[one][2]):
        key, title, _ = hints[index]
        needed = cells(key) + cells(title) + 2
        if needed <= left:
            kept.add(index)
            left -= needed
    pieces = [Piece(" ")]
    for index, (key, title, _) in enumerate(hints):
        if index in kept:
            pieces += [Piece(key, "key"), Piece(f" {title} " if title else " ")]
    taken = sum(cells(one.text) for one in pieces)
    if right:
        pieces.append(Piece(" " * max(0, width - taken - cells(right)) + right, "info"))
    return Line(pieces=tuple(pieces))


class HintBar(Widget):
    """Draws the hints in one line."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._hints: Sequence[Hint] = ()
        self._right = ""

    def show(self, hints: Sequence[Hint], *, right: str = "", look: Look | None = None) -> None:
        """Show other hints; only this line is drawn again."""
        look = look or self._look
        if (self._hints, self._right, self._look) != (hints, right, look):
            self._hints, self._right, self._look = hints, right, look
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        width = self.size.width
        line = packed(self._hints, width, self._right)
        return self._look.strip(line, width).apply_style(self.rich_style)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1
