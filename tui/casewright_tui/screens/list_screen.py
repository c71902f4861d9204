"""What places that are a list share: lines to choose from, those that are marked, and beside them what is known of the chosen one."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from casewright_tui.lines import Line, Lines, Piece, piece
from casewright_tui.messages import FrameChanged
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.width import fit

WIDE = 110
"""Cells from which on the chosen line is told of beside the list; with less room it is told of below."""
MARK = 2
"""Cells before each line, for its mark."""
SCROLLBAR = 1
"""Kept free whether it is there or not: nothing is drawn anew when a line more needs it."""


class ListScreen(DeskScreen):
    """A list with a heading over it and a pane that tells of the chosen line. What is listed stands in `listed` and `told`."""

    AUTO_FOCUS = "#list"
    TELLS: ClassVar[bool] = True
    """Whether there is a pane that tells of the chosen line."""
    DEFAULT_CSS = """
    ListScreen #head { height: auto; max-height: 4; overflow: hidden; }
    ListScreen #both { height: 1fr; layout: vertical; }
    ListScreen.-wide #both { layout: horizontal; }
    ListScreen #list { width: 1fr; height: 2fr; }
    ListScreen #told { width: 1fr; height: 1fr; padding: 0 1; }
    ListScreen.-wide #list { width: 58%; height: 1fr; }
    ListScreen.-wide #told { width: 42%; height: 1fr; border-left: vkey $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.marked: dict[str, None] = {}
        self._shown = False

    # --- what a place says of itself -------------------------------------------------------------

    def head(self, width: int) -> Lines:
        """Return the lines over the list."""
        return ()

    def listed(self, width: int) -> Lines:
        """Return the list; lines that can be chosen have an id."""
        raise NotImplementedError

    def told(self, id: str, width: int) -> Lines:
        """Return what is known of a line; "" where none is chosen."""
        return ()

    def empty(self) -> str:
        """Return what is said where nothing is listed."""
        return self.texts.text("Nothing is here.")

    # --- drawing ---------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """Yield the heading, the list, and what tells of the chosen line."""
        with Vertical(id="body"):
            yield LinesView(self.look, id="head")
            with Horizontal(id="both"):
                yield LinesView(self.look, id="list")
                if self.TELLS:
                    yield LinesView(self.look, id="told")

    @property
    def list(self) -> LinesView:
        """The list."""
        return self.query_one("#list", LinesView)

    @property
    def chosen(self) -> str:
        """The id of the chosen line, "" for none."""
        return self.list.chosen.id if self.list.chosen is not None else ""

    def picked(self) -> Sequence[str]:
        """Return the ids that something is done with: the marked ones, else the chosen one."""
        return tuple(self.marked) or ((self.chosen,) if self.chosen else ())

    def draw(self) -> None:
        """Draw what is known now, in the language of now; the cursor stays on its line."""
        if not self.is_attached:
            return
        self._shown = True
        width = (self.list.content_region.width or self.size.width) - MARK - SCROLLBAR
        lines = self.listed(width)
        ids = {one.id for one in lines if one.id}
        self.marked = {id: None for id in self.marked if id in ids}
        nothing = [Line(pieces=(Piece(" "), piece(self.empty(), "dim")))]
        self.list.show([self._with_mark(one) for one in lines] or nothing, look=self.look)
        head = self.query_one("#head", LinesView)
        above = list(self.head(self.size.width))
        head.can_focus = False
        head.styles.height = len(above)
        head.display = bool(above)
        head.show(above, look=self.look)
        self.tell_of_chosen()
        self.framed()

    def tell_of_chosen(self, *, wait: bool = True) -> None:
        """Draw what is known of the chosen line; where its pane is not laid out yet, once it is."""
        if self.TELLS:
            pane = self.query_one("#told", LinesView)
            width = pane.scrollable_content_region.width
            if width:
                pane.show(self.told(self.chosen, width), look=self.look)
            elif wait:
                self.call_after_refresh(self.tell_of_chosen, wait=False)

    def aside(self) -> str:
        """Return how many are marked."""
        return self.texts.say("{count} marked", count=len(self.marked)) if self.marked else ""

    async def on_mount(self) -> None:
        """Begin in the layout that fits."""
        self.on_resize()

    def on_resize(self, event: events.Resize | None = None) -> None:
        """Lay out for the new width, and draw anew once that is done."""
        self.set_class(self.size.width >= WIDE, "-wide")
        if self._shown:
            self.call_after_refresh(self.draw)

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw everything in the language of now."""
        if self._shown:
            self.draw()

    def on_lines_view_moved(self, moved: LinesView.Moved) -> None:
        """Tell of the line the cursor has come to."""
        if moved.view.id == "list":
            self.tell_of_chosen()

    # --- marks -----------------------------------------------------------------------------------

    def action_mark(self) -> None:
        """Mark the chosen line, or mark it no more, and go on to the next."""
        if self.chosen:
            self._toggle(self.chosen)
            self.list.action_move(1)
            self.draw()

    def action_mark_all(self) -> None:
        """Mark all; where all are marked, none."""
        ids = [one.id for one in self.list.lines if one.id]
        self.marked = {} if len(self.marked) == len(ids) else dict.fromkeys(ids)
        self.draw()

    def action_next_pane(self) -> None:
        """Go to the pane that tells of the chosen line, and back."""
        if self.TELLS and self.list.has_focus:
            self.query_one("#told", LinesView).focus()
        else:
            self.list.focus()

    def action_back(self) -> None:
        """Go one step back: out of the pane, then no marks, then out of the place."""
        if not self.list.has_focus:
            self.list.focus()
        elif self.marked:
            self.marked = {}
            self.draw()
        else:
            super().action_back()

    def _toggle(self, id: str) -> None:
        if id in self.marked:
            del self.marked[id]
        else:
            self.marked[id] = None

    def _with_mark(self, line: Line) -> Line:
        glyphs = self.look.glyphs
        sign = glyphs.marked if line.id and line.id in self.marked else " "
        return Line(
            pieces=(Piece(fit(sign, MARK), "key"), *line.pieces), id=line.id, indent=line.indent
        )
