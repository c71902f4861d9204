"""The tabs of a queue: its views with their digits and counts, the one that is shown, and what it is filtered by."""

from collections.abc import Mapping, Sequence

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from casewright_tui.lines import Line, Piece, piece
from casewright_tui.look import Look
from casewright_tui.width import cells, fit

MORE = "…"
"""Stands where there are more tabs than there is room for."""
Tab = tuple[str, str]
"""A view's name, and what it is called."""


def packed(
    tabs: Sequence[Tab], current: str, counts: Mapping[str, int], filter: str, width: int
) -> tuple[Line, tuple[tuple[int, int, str], ...]]:
    """Return the tabs in `width` cells and where each of them stands; the current one is always among them."""
    right = f"/ {filter} " if filter else ""
    room = width - min(cells(right), width // 2)
    labels = [_label(index, tab, counts) for index, tab in enumerate(tabs)]
    if sum(map(cells, labels)) > room:
        room -= 2 * cells(MORE)
    at = next((index for index, tab in enumerate(tabs) if tab[0] == current), 0)
    first = _first(labels, at, room)
    pieces: list[Piece] = [Piece(MORE, "dim")] if first else []
    places: list[tuple[int, int, str]] = []
    taken = cells(MORE) if first else 0
    room += taken
    for index in range(first, len(labels)):
        wide = cells(labels[index])
        if taken + wide > room:
            pieces.append(Piece(MORE, "dim"))
            taken += cells(MORE)
            break
        pieces.append(piece(labels[index], "title" if index == at else "dim"))
        places.append((taken, taken + wide, tabs[index][0]))
        taken += wide
    if right:
        shown = piece(right, "info").text
        space = width - taken
        pieces.append(
            Piece(
                " " * max(0, space - cells(shown)) + fit(shown, min(space, cells(shown))),
                "info",
            )
        )
    return Line(pieces=tuple(pieces)).filled(width), tuple(places)


def _label(index: int, tab: Tab, counts: Mapping[str, int]) -> str:
    name, title = tab
    count = f" {counts[name]}" if name in counts else ""
    return f" {index + 1} {title}{count} " if index < 9 else f" {title}{count} "


def _first(labels: Sequence[str], at: int, room: int) -> int:
    """Return the first tab that is shown so that the current one still fits."""
    first = 0
    while first < at and sum(map(cells, labels[first : at + 1])) > room:
        first += 1
    return first


class ViewTabs(Widget):
    """Draws the tabs in one line; a click on one chooses it."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[Sequence[Tab], str, Mapping[str, int], str] = ((), "", {}, "")
        self._places: tuple[tuple[int, int, str], ...] = ()

    def show(
        self,
        tabs: Sequence[Tab],
        current: str,
        counts: Mapping[str, int],
        filter: str,
        *,
        look: Look,
    ) -> None:
        """Show other tabs, or the same with other counts."""
        shown = (tuple(tabs), current, dict(counts), filter)
        if shown != self._shown or look is not self._look:
            self._shown, self._look = shown, look
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        width = self.size.width
        line, self._places = packed(*self._shown, width)
        return self._look.strip(line, width).apply_style(self.rich_style)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1

    def on_click(self, event: events.Click) -> None:
        """Choose the tab that was clicked."""
        for begin, end, name in self._places:
            if begin <= event.x < end:
                self.post_message(self.Chosen(name))
