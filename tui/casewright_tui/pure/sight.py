"""Where somebody looks in a queue: the row under the cursor, the line it stands on, and what is marked.

A refresh keeps the row and its line. Ranks move under it; the row does not.
"""

from dataclasses import field
from typing import Literal

from casewright.answers import QueueCount, QueuePage, QueueRow
from casewright.swift_dataclass import dataclass
from casewright_tui.pure.window import Fetch, Position, Window, neighbours

MARGIN = 60
"""Rows beyond the screen that a refresh asks for on either side."""
Stay = Literal["same", "moved", "gone"]
"""What became of the row under the cursor: it stands where it stood in the order, it stands elsewhere, it is no longer there."""


@dataclass(slots=True)
class Sight:
    """The cursor and the first line shown, both as ranks in `window`; `height` lines are shown.

    `top` may be negative for as long as nothing is pressed: rows above the cursor have left, and it keeps its line.
    `appeared` counts the rows that have come to stand above since somebody last saw the beginning.
    """

    window: Window = field(default_factory=Window)
    cursor: int = 0
    top: int = 0
    height: int = 1
    appeared: int = 0
    marked: dict[str, QueueRow] = field(default_factory=dict)
    anchor: int | None = None
    _before_range: frozenset[str] = frozenset()
    _exact: bool = True

    @property
    def row(self) -> QueueRow | None:
        """The row under the cursor."""
        return self.window.row(self.cursor)

    @property
    def line(self) -> int:
        """The line on the screen that the cursor stands on."""
        return self.cursor - self.top

    @property
    def shown(self) -> tuple[str, ...]:
        """The keys of the tickets that stand on the screen, from top to bottom."""
        rows = (self.window.row(rank) for rank in range(self.top, self.top + self.height))
        return tuple(row.key for row in rows if row is not None)

    # --- moving ----------------------------------------------------------------------------------

    def clamped(self, rank: int) -> int:
        """Return the rank of a row that there is, as near as can be."""
        return max(0, min(rank, self.window.total - 1))

    def top_for(self, rank: int) -> int:
        """Return the first line's rank if the cursor went to a rank: moved only as far as it must be."""
        top = max(0, self.top)
        if rank < top:
            return rank
        return max(0, rank - self.height + 1) if rank >= top + self.height else top

    def needed(self, rank: int) -> Fetch | None:
        """Return the page to be asked for before the cursor can go to a rank."""
        top = self.top_for(rank)
        return self.window.needed(top, top + self.height - 1)

    def ahead(self) -> Fetch | None:
        """Return the page that will be wanted soon, two screens in either direction."""
        reach = 2 * self.height
        return self.window.needed(self.top - reach, self.top + self.height + reach)

    def go(self, rank: int) -> None:
        """Put the cursor on a row."""
        goal = self.clamped(rank)
        self.top = self.top_for(goal)
        self.cursor = goal
        self._looked()

    def scroll(self, by: int) -> None:
        """Move what is shown; the cursor is taken along where it would be left behind."""
        last = max(0, self.window.total - self.height)
        self.top = max(0, min(max(0, self.top) + by, last))
        self.cursor = self.clamped(max(self.top, min(self.cursor, self.top + self.height - 1)))
        self._looked()

    def take(self, fetch: Fetch, page: QueuePage) -> int:
        """Put a page into the window; return by how much ranks have grown."""
        if fetch.after is None and fetch.before is None and fetch.skip > 0:
            self._exact = False
        grown = self.window.take(fetch, page)
        self._moved(grown)
        return grown

    # --- refreshing ------------------------------------------------------------------------------

    def pins(self, position: Position) -> tuple[Fetch, Fetch]:
        """Return the pages to ask for so that what stands at `position` is shown on the cursor's line."""
        line = max(0, self.line)
        above, below = neighbours(position, line + MARGIN, self.height - line + MARGIN)
        return above, below

    def pinned(self, before: QueuePage, after: QueuePage) -> Stay:
        """Show what was asked for by `pins`, the same row on the same line; where it has gone, the next row."""
        key, line = (self.row.key if self.row else ""), self.line
        was = self.cursor
        self.cursor += self.window.around(before, after, self.cursor)
        stay: Stay = "same"
        if self.row is None or self.row.key != key:
            found = self.window.rank_of(key)
            stay = "gone" if found is None else "moved"
            self.cursor = self.clamped(self.cursor if found is None else found)
        self.top = self.cursor - line if self.window.total else 0
        if stay == "same" and self._exact:
            self.appeared += max(0, self.cursor - was)
        self._renew_marks()
        return stay

    def followed(self, row: QueueRow, before: QueuePage, after: QueuePage) -> Stay:
        """Show the row that was under the cursor where it stands now, on the same line; tell whether it stands there."""
        line = self.line
        self.cursor += self.window.around(before, after, self.cursor)
        self._exact = not self.window.earlier
        stands = self.row is not None and self.row.key == row.key
        self.cursor = self.clamped(self.cursor)
        self.top = self.cursor - line if self.window.total else 0
        return "moved" if stands else "gone"

    def counted(self, count: QueueCount, position: Position | None) -> None:
        """Take note of how many there are, and of how many stand before the row at `position`."""
        row = self.row
        if row is not None and position == row.position and self.window.earlier:
            grown = self.window.shifted(count.before - self.cursor)
            self._moved(grown)
            if self._exact:
                self.appeared += max(0, grown)
            self._exact = True
        self.window.counted(count.tickets)

    # --- marks -----------------------------------------------------------------------------------

    def mark(self) -> None:
        """Mark the row under the cursor, or mark it no more."""
        row = self.row
        if row is not None and self.marked.pop(row.key, None) is None:
            self.marked[row.key] = row

    def begin_range(self) -> None:
        """Begin a range at the cursor, if none has been begun."""
        if self.anchor is None:
            self.anchor = self.cursor
            self._before_range = frozenset(self.marked)
            self._mark_here()

    def stretch(self, rank: int) -> None:
        """Have the range reach until a neighbouring row, and go there."""
        assert self.anchor is not None
        before, row = abs(self.cursor - self.anchor), self.row
        goal = self.clamped(rank)
        if abs(goal - self.anchor) < before and row and row.key not in self._before_range:
            self.marked.pop(row.key, None)
        self.go(goal)
        self._mark_here()

    def end_range(self) -> None:
        """End the range; what it marked stays marked."""
        self.anchor = None

    # ---------------------------------------------------------------------------------------------

    def _mark_here(self) -> None:
        if self.row is not None:
            self.marked.setdefault(self.row.key, self.row)

    def _renew_marks(self) -> None:
        if self.marked:
            for row in self.window.rows:
                if row.key in self.marked:
                    self.marked[row.key] = row

    def _moved(self, by: int) -> None:
        self.cursor += by
        self.top += by
        if self.anchor is not None:
            self.anchor += by

    def _looked(self) -> None:
        if self.top <= 0:
            self.appeared = 0
