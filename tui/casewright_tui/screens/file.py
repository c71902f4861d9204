"""A file of the workspace: its faulty line in its context, and what publishing it would change."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.answers import CheckedFile, WorkspaceCheck
from casewright.queries import CheckWorkspace
from casewright_tui import controls
from casewright_tui.lines import Lines, line, piece
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.pure import check
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView


class FileScreen(DeskScreen):
    """One file, by its path."""

    PLACE = "file"
    AUTO_FOCUS = "#body"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("file", letters=False)]

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._file: CheckedFile | None = None
        self._at = 0
        self._changes = False

    def body(self) -> ComposeResult:
        """Yield the lines."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return the path, and which of its problems is shown."""
        count = len(self._file.problems) if self._file is not None else 0
        if self._changes or not count:
            return self._path
        return self.texts.say(
            "{path}: problem {number} of {count}",
            path=self._path,
            number=self._at + 1,
            count=count,
        )

    async def refreshed(self) -> None:
        """Have the files checked anew."""
        found: WorkspaceCheck = await self.ask(CheckWorkspace(actor=self.actor), lane="eyes")
        self._file = next((one for one in found.files if one.path == self._path), None)
        count = len(self._file.problems) if self._file is not None else 0
        self._at = min(self._at, max(0, count - 1))
        self._draw()
        self.call_after_refresh(self._go_to_fault)

    async def changed(self, change: Changed) -> None:
        """Tickets change nothing here."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw in the language of now."""
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew."""
        self.call_after_refresh(self._draw)

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go to the next problem."""
        self.action_next()

    def action_next_pane(self) -> None:
        """Show what would change, or the file again."""
        self._changes = not self._changes
        self._draw()
        self.call_after_refresh(self._go_to_fault)

    def action_next(self) -> None:
        """Go to the next problem."""
        self._step(1)

    def action_before(self) -> None:
        """Go to the problem before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self._file is not None and self._file.problems:
            self._at = (self._at + by) % len(self._file.problems)
            self._changes = False
            self._draw()
            self.call_after_refresh(self._go_to_fault)

    def _draw(self) -> None:
        if not self.is_attached:
            return
        view = self.query_one(LinesView)
        width = max(20, (view.scrollable_content_region.width or self.size.width) - 1)
        if self._file is None:
            view.show(
                [line(piece(self.texts.text(" The file is gone."), "dim"))], look=self.look
            )
        elif self._changes:
            view.show(check.changes(self._file, self.texts, width), look=self.look)
        else:
            view.show(self._source(width)[0], look=self.look)
        self.framed()

    def _source(self, width: int) -> tuple[Lines, int]:
        assert self._file is not None
        problem = self._file.problems[self._at] if self._file.problems else None
        return check.source(self._file, problem, self.texts, width)

    def _go_to_fault(self) -> None:
        """Put the cursor on the faulty line, in the middle of what is shown."""
        view = self.query_one(LinesView)
        if self._file is None or self._changes or not self._file.problems:
            return
        lines, stands = self._source(max(20, view.size.width - 1))
        view.choose(lines[stands].id)
        view.scroll_to(y=max(0, stands - view.size.height // 2), animate=False, immediate=True)
