"""A table over a queue of any size: it draws the rows that are loaded, and has its screen load what a key wants to see.

It scrolls by itself, not by Textual's virtual size: a total that changes by the second must not cost a layout each time.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from casewright.answers import QueueCount, QueuePage, QueueRow
from casewright_tui.pure.sight import Sight, Stay
from casewright_tui.pure.window import Fetch, Position
from casewright_tui.widgets.queue_paint import Due, Paint

Fetching = Callable[[Fetch, bool], Awaitable[QueuePage | None]]
"""Has a page fetched, soon where somebody waits for it; None where it cannot be had, which has been said."""
Locating = Callable[[str], Awaitable[QueueRow | None]]
"""Looks a ticket up in the queue by its key."""
WHEEL = 3
LOOPS = 8
"""Pages that one key may wait for: a queue that changes under a jump all the time must not hold it for ever."""


class QueueTable(Widget, can_focus=True):
    """Shows a queue; the cursor stays on its row and its line whatever is refreshed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home,g", "edge(-1)", show=False),
        Binding("end,G", "edge(1)", show=False),
        Binding("shift+down", "stretch(1)", show=False),
        Binding("shift+up", "stretch(-1)", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another row, or something else is marked."""

    class Held(Message):
        """A range is held no longer: what has changed meanwhile may be shown."""

    def __init__(self, paint: Paint, now: Callable[[], datetime], fetch: Fetching) -> None:
        super().__init__(id="table")
        self.paint, self.sight = paint, Sight()
        self.empty = ""
        self._now, self._fetch = now, fetch
        self._due: dict[int, Due] = {}
        """What the due cells show, by their lines."""
        self._awaited: dict[int, tuple[QueueRow, Due]] = {}
        """What they are about to show: whoever draws only the last digits draws no later second."""
        self._style = Style.null()
        self._loading = False

    # --- what it shows ---------------------------------------------------------------------------

    @property
    def row(self) -> QueueRow | None:
        """The row under the cursor."""
        return self.sight.row

    @property
    def held(self) -> bool:
        """Whether a range is held, under which nothing may be moved."""
        return self.sight.anchor is not None

    async def begin(self) -> None:
        """Show another queue from its beginning; what is marked stays marked."""
        self.sight = Sight(height=self._height, marked=self.sight.marked)
        await self._reach(0)
        self._drawn_anew()
        self._went_on()

    async def renew(self, locate: Locating) -> Stay:
        """Fetch what is shown anew around the row under the cursor, which keeps its line; tell what became of it."""
        row = self.row
        if row is None:
            await self.begin()
            return "same"
        stay = await self._pin(row.position)
        if stay == "moved" and self.row is not None:
            await self._pin(self.row.position)
        if stay == "gone" and (elsewhere := await locate(row.key)) is not None:
            stay = await self._follow(elsewhere)
        self.paint.make_room(self.sight.window.rows)
        self._drawn_anew()
        self.post_message(self.Moved())
        return stay

    def counted(self, count: QueueCount, position: Position | None) -> None:
        """Take note of how many tickets there are, and of how many stand before a row."""
        self.sight.counted(count, position)
        self.refresh(Region(self.size.width - 1, 1, 1, self._height))

    def tick(self) -> None:
        """Draw of the due cells anew what has become another, and nothing else."""
        now, changed = self._now(), []
        for line, row in self._visible():
            due = self.paint.due(row, now)
            if self._due.get(line) != due:
                changed.append(self._moved_on(line, due))
                self._awaited[line] = row, due
        if changed:
            self.refresh(*changed)

    # --- keys ------------------------------------------------------------------------------------

    async def action_move(self, by: int) -> None:
        """Go so many rows on."""
        await self.go(self.sight.cursor + by)

    async def action_page(self, by: int) -> None:
        """Go a screenful on."""
        await self.go(self.sight.cursor + by * max(1, self._height - 1))

    async def action_edge(self, which: int) -> None:
        """Go to the first or the last row."""
        fetch = self.sight.window.last(self._height) if which > 0 else None
        if fetch is not None and (page := await self._fetch(fetch, True)) is not None:
            self.sight.take(fetch, page)
            self.paint.make_room(self.sight.window.rows)
        await self.go(0 if which < 0 else self.sight.window.total - 1)

    async def action_stretch(self, by: int) -> None:
        """Have the range that is marked reach one row further."""
        self.sight.begin_range()
        if await self._reach(self.sight.cursor + by):
            self.sight.stretch(self.sight.cursor + by)
        self._drawn_anew()
        self._went_on()

    async def mark(self) -> None:
        """Mark the row under the cursor, or no more, and go on to the next one."""
        self.sight.mark()
        self.refresh(self._region(self.sight.line))
        await self.go(self.sight.cursor + 1)

    def clear_marks(self) -> bool:
        """Mark nothing; return whether anything was marked."""
        had = bool(self.sight.marked)
        self.sight.marked.clear()
        self.release()
        self.refresh()
        self.post_message(self.Moved())
        return had

    def release(self) -> None:
        """Hold no range any longer."""
        if self.held:
            self.sight.end_range()
            self.post_message(self.Held())

    async def go(self, rank: int) -> None:
        """Put the cursor on the row of a rank, loaded where it was not."""
        self.release()
        top, line = self.sight.top, self.sight.line
        goal = await self._reach(rank)
        if goal is not None:
            self.sight.go(goal)
        if top == self.sight.top and self.sight.window.total:
            self.refresh(self._region(line), self._region(self.sight.line))
        else:
            self._drawn_anew()
        self._went_on()

    # --- mouse -----------------------------------------------------------------------------------

    async def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked; at the scroll bar, as far into the queue as it was clicked."""
        total = self.sight.window.total
        if event.x >= self.size.width - 1:
            share = max(0, event.y - 1) / max(1, self._height - 1)
            await self.go(round(share * (total - 1)))
        elif event.y > 0 and self.sight.top + event.y - 1 < total:
            await self.go(self.sight.top + event.y - 1)

    async def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll on."""
        event.stop()
        await self._scroll(WHEEL)

    async def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        event.stop()
        await self._scroll(-WHEEL)

    # --- drawing ---------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Return the column titles, or the row that stands at a line now."""
        window = self.sight.window
        bar = self.paint.bar(y - 1, self.sight.top, self._height, window.total)
        if y > 0 and (row := window.row(self.sight.top + y - 1)) is not None:
            return self._row_strip(y - 1, row, bar)
        empty = self.empty if y == 1 and not window.total else ""
        strip = self.paint.blank(empty) if y else self.paint.header()
        return Strip.join([strip, bar]).apply_style(self._style)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines that are drawn anew; what they stand on is asked once for all of them, as it takes long."""
        self._style = self.rich_style
        return super().render_lines(crop)

    def on_resize(self) -> None:
        """Show as many lines as there are now; the cursor stays visible."""
        self.paint.fit(self.size.width - 1)
        self.sight.height = self._height
        self.sight.top = self.sight.top_for(self.sight.cursor)
        self._went_on()

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self._track()
        self.refresh()

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self.refresh()

    # ---------------------------------------------------------------------------------------------

    @property
    def _height(self) -> int:
        return max(1, self.size.height - 1)

    async def _reach(self, rank: int) -> int | None:
        """Load what is seen with the cursor on a rank; return the rank that row has then, None where it cannot be had."""
        sight, goal = self.sight, rank
        for _ in range(LOOPS):
            if sight.window.rows:
                goal = sight.clamped(goal)
            fetch = sight.needed(goal)
            if fetch is None:
                return goal
            page = await self._fetch(fetch, True)
            if page is None or sight is not self.sight:
                return None
            goal += sight.take(fetch, page)
            self.paint.make_room(sight.window.rows)
        return goal

    async def _scroll(self, by: int) -> None:
        self.release()
        self.sight.scroll(by)
        await self._reach(self.sight.cursor)
        self._drawn_anew()
        self._went_on()

    async def _pin(self, position: Position) -> Stay:
        """Show the surroundings of the row under the cursor, which stood at a position, as they are now."""
        sight = self.sight
        pages = await self._both(position)
        row = sight.row
        if pages is None or row is None or self.held or sight is not self.sight:
            return "same"
        if row.position != position:
            return await self._pin(row.position)
        return sight.pinned(*pages)

    async def _follow(self, row: QueueRow) -> Stay:
        """Show the row that was under the cursor where it stands now, on its line."""
        sight, before = self.sight, self.row
        pages = await self._both(row.position)
        if pages is None or sight is not self.sight or self.row is not before:
            return "gone"
        return sight.followed(row, *pages)

    async def _both(self, position: Position) -> tuple[QueuePage, QueuePage] | None:
        above, below = self.sight.pins(position)
        before, after = await self._fetch(above, False), await self._fetch(below, False)
        return None if before is None or after is None else (before, after)

    def _drawn_anew(self) -> None:
        self.refresh()
        self._track()

    def _went_on(self) -> None:
        """Tell of a move, and load what will be wanted next."""
        self._track()
        self.post_message(self.Moved())
        if not self._loading and self.sight.window.rows:
            fetch = self.sight.ahead()
            if fetch is not None:
                self._loading = True
                self.run_worker(self._load(fetch), group="ahead")

    async def _load(self, fetch: Fetch) -> None:
        sight = self.sight
        try:
            page = await self._fetch(fetch, False)
            if page is not None and sight is self.sight:
                sight.take(fetch, page)
                if self.paint.make_room(sight.window.rows):
                    self.refresh()
        finally:
            self._loading = False

    def _visible(self) -> Iterator[tuple[int, QueueRow]]:
        for line in range(self._height):
            row = self.sight.window.row(self.sight.top + line)
            if row is not None:
                yield line, row

    def _row_strip(self, line: int, row: QueueRow, bar: Strip) -> Strip:
        awaited, due = self._awaited.pop(line, (row, None))
        if due is None or awaited is not row:
            due = self.paint.due(row, self._now())
        self._due[line] = due
        chosen = self.sight.top + line == self.sight.cursor
        marked = row.key in self.sight.marked
        return self.paint.row(row, due, bar, chosen=chosen, marked=marked, upon=self._style)

    def _moved_on(self, line: int, due: Due) -> Region:
        """Return what has become another in a due cell: of a countdown its last digits."""
        begin, width = self.paint.due_cells
        (before, tone), (now, other) = self._due.get(line, ("", "")), due
        same = 0
        if tone == other and len(before) == len(now) <= width and (before + now).isascii():
            differ = (
                at for at, pair in enumerate(zip(before, now, strict=True)) if len({*pair}) > 1
            )
            same = width - len(now) + next(differ, 0)
        return Region(begin + same, line + 1, width - same, 1)

    def _region(self, line: int) -> Region:
        return Region(0, line + 1, self.size.width, 1)

    def _track(self) -> None:
        """Let the terminal's own cursor stand on the row: braille displays and magnifiers follow it."""
        if self.has_focus:
            self.app.cursor_position = self.content_region.offset + Offset(
                0, self.sight.line + 1
            )
