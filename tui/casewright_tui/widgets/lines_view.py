"""A pane of lines: scrolled, searched by its ids, and, where lines can be chosen, with a cursor on one of them."""

from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from casewright_tui.lines import Line, Lines
from casewright_tui.look import Look


class LinesView(ScrollView, can_focus=True):
    """Shows lines; `id`s make those that have one choosable."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Chosen(Message):
        """Enter was pressed on a line that has an id."""

        def __init__(self, view: "LinesView", line: Line) -> None:
            super().__init__()
            self.view, self.line = view, line

        @property
        def control(self) -> "LinesView":
            """The pane it was chosen in."""
            return self.view

    class Moved(Message):
        """The cursor stands on another line that has an id."""

        def __init__(self, view: "LinesView", line: Line) -> None:
            super().__init__()
            self.view, self.line = view, line

        @property
        def control(self) -> "LinesView":
            """The pane in which it moved."""
            return self.view

    def __init__(
        self, look: Look, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._look = look
        self._lines: Lines = ()
        self._cursor = -1
        self._style = Style.null()
        self.led = False
        """Whether another widget that has the focus leads the cursor here, such as the line a menu is filtered by."""

    @property
    def lines(self) -> Lines:
        """What is shown."""
        return self._lines

    @property
    def chosen(self) -> Line | None:
        """The line under the cursor; None where none can be chosen."""
        return self._lines[self._cursor] if 0 <= self._cursor < len(self._lines) else None

    def show(self, lines: Lines, *, look: Look | None = None) -> None:
        """Show other lines; the cursor stays on the line of the same id, or as near as there is one."""
        before = self.chosen
        self._look = look or self._look
        self._lines = lines
        self._measure()
        self._cursor = self._found(before) if before else self._next(-1, 1)
        self.refresh()

    def choose(self, id: str) -> None:
        """Put the cursor on the line of this id, if there is one."""
        self._to(
            next((index for index, one in enumerate(self._lines) if one.id == id), self._cursor)
        )

    def render_line(self, y: int) -> Strip:
        """Return the line that stands at `y` now."""
        index, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        if index >= len(self._lines):
            return Strip.blank(width, self._style)
        chosen = index == self._cursor and (self.has_focus or self.led)
        strip = self._look.strip(self._lines[index], width, chosen=chosen)
        return strip.apply_style(self._style)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines that are drawn anew; what they stand on is asked once for all of them, as it takes long."""
        self._style = self.rich_style
        return super().render_lines(crop)

    def on_resize(self) -> None:
        """Scroll no further than there are lines."""
        self._measure()

    def action_move(self, by: int) -> None:
        """Go to the next line that can be chosen, or scroll where there is none."""
        following = self._next(self._cursor, by) if self._cursor >= 0 else -1
        if following >= 0:
            self._to(following)
        else:
            self.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Go a screenful on."""
        step = max(1, self.size.height - 1) * by
        goal = max(0, min(len(self._lines) - 1, self._cursor + step))
        if self._cursor >= 0 and (found := self._nearest(goal)) != self._cursor:
            self._to(found)
        else:
            self.scroll_relative(y=step, animate=False)

    def action_edge(self, which: int) -> None:
        """Go to the beginning or the end."""
        if self._cursor >= 0:
            self._to(self._nearest(0 if which < 0 else len(self._lines) - 1))
        else:
            self.scroll_to(y=0 if which < 0 else len(self._lines), animate=False)

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.chosen is not None:
            self.post_message(self.Chosen(self, self.chosen))

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self._track()
        self.refresh()

    def on_blur(self) -> None:
        """Show no cursor."""
        self.refresh()

    def _measure(self) -> None:
        """Say how far it scrolls: as long as all lines are seen it is as high as the pane, since another height lays the screen out."""
        width, height = self.size
        self.virtual_size = Size(width, max(height, len(self._lines)))

    def _to(self, index: int) -> None:
        if not 0 <= index < len(self._lines):
            return
        self._cursor = index
        top, height = self.scroll_offset.y, self.size.height
        if index < top:
            self.scroll_to(y=index, animate=False, immediate=True)
        elif index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False, immediate=True)
        self._track()
        self.refresh()
        self.post_message(self.Moved(self, self._lines[index]))

    def _track(self) -> None:
        """Let the terminal's own cursor stand on the chosen line: braille displays and magnifiers follow it."""
        if self._cursor >= 0 and self.has_focus:
            row = self._cursor - self.scroll_offset.y
            self.app.cursor_position = self.content_region.offset + Offset(0, row)

    def _next(self, index: int, by: int) -> int:
        index += by
        while 0 <= index < len(self._lines):
            if self._lines[index].id:
                return index
            index += by
        return -1

    def _nearest(self, index: int) -> int:
        found = [number for number, one in enumerate(self._lines) if one.id]
        return min(found, key=lambda number: abs(number - index), default=-1)

    def _found(self, before: Line) -> int:
        same = (number for number, one in enumerate(self._lines) if one.id == before.id)
        return next(same, self._nearest(self._cursor))
