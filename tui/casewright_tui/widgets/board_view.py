"""The wallboard as it is drawn: lines, and among them parts that the arrows go between."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from casewright_tui.look import Look
from casewright_tui.pure.wallboard import Board, Target


class BoardView(ScrollView, can_focus=True):
    """Shows a board; the cursor stays on the target of the same id when another one is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(0,-1)", show=False),
        Binding("down", "step(0,1)", show=False),
        Binding("left", "step(-1,0)", show=False),
        Binding("right", "step(1,0)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Chosen(Message):
        """Enter was pressed on a target."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def __init__(self, look: Look, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._look = look
        self._board = Board()
        self._at = 0

    @property
    def target(self) -> Target | None:
        """What the cursor stands on."""
        found = self._board.targets
        return found[self._at] if 0 <= self._at < len(found) else None

    def show(self, board: Board, *, look: Look) -> None:
        """Show another board."""
        before = self.target
        self._board, self._look = board, look
        ids = [one.id for one in board.targets]
        if before is not None:
            self._at = ids.index(before.id) if before.id in ids else min(self._at, len(ids) - 1)
        self.virtual_size = Size(self.size.width, len(board.lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line that stands at `y` now."""
        index, width = self.scroll_offset.y + y, self.size.width
        if index >= len(self._board.lines):
            return Strip.blank(width, self.rich_style)
        strip = self._look.strip(self._board.lines[index], width)
        target = self.target
        if target is not None and target.row == index and self.has_focus:
            left, right = target.left, min(width, target.left + target.width)
            strip = Strip.join(
                [
                    strip.crop(0, left),
                    self._chosen(strip.crop(left, right)),
                    strip.crop(right, width),
                ]
            )
        return strip.apply_style(self.rich_style)

    def on_resize(self) -> None:
        """Scroll no further than there are lines."""
        self.virtual_size = Size(self.size.width, len(self._board.lines))

    def action_step(self, across: int, down: int) -> None:
        """Go to the nearest target in a direction; where there is none, scroll."""
        here = self.target
        if here is None:
            self.scroll_relative(y=down, animate=False)
            return
        found = [
            (index, one)
            for index, one in enumerate(self._board.targets)
            if (down and (one.row - here.row) * down > 0)
            or (across and (one.left - here.left) * across > 0 and one.row == here.row)
        ]
        if not found and across:
            found = [
                (index, one)
                for index, one in enumerate(self._board.targets)
                if (one.left - here.left) * across >= here.width
            ]
        if found:
            self._to(min(found, key=lambda one: _distance(here, one[1], bool(across)))[0])
        elif down:
            self.scroll_relative(y=down, animate=False)

    def action_page(self, by: int) -> None:
        """Go a screenful on."""
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False)

    def action_edge(self, which: int) -> None:
        """Go to the first or the last target."""
        if self._board.targets:
            self._to(which % len(self._board.targets))

    def action_choose(self) -> None:
        """Go into what the cursor stands on."""
        if self.target is not None:
            self.post_message(self.Chosen(self.target))

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self.refresh()

    def _to(self, index: int) -> None:
        self._at = index
        target = self._board.targets[index]
        top, height = self.scroll_offset.y, self.size.height
        if target.row < top:
            first = 0 if target.row <= 1 else target.row - 1
            self.scroll_to(y=first, animate=False, immediate=True)
        elif target.row >= top + height:
            self.scroll_to(y=target.row - height + 1, animate=False, immediate=True)
        row = target.row - self.scroll_offset.y
        self.app.cursor_position = self.content_region.offset + Offset(target.left, row)
        self.refresh()

    def _chosen(self, strip: Strip) -> Strip:
        from rich.segment import Segment

        over = self._look.chosen
        return Strip(
            [Segment(one.text, (one.style + over) if one.style else over) for one in strip]
        )


def _distance(here: Target, there: Target, across: bool) -> tuple[int, int]:
    rows = abs(there.row - here.row)
    aside = abs((there.left + there.width // 2) - (here.left + here.width // 2))
    return (aside, rows) if across and rows == 0 else (rows, aside)
