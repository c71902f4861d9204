"""What was said in this sitting, the last first: sentences of the status line that were too long, or gone too soon."""

from textual.app import ComposeResult

from casewright.texts import Texts
from casewright_tui.lines import Line, Lines, line, paragraph, piece
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.speech import Said
from casewright_tui.widgets.lines_view import LinesView


class SaidScreen(DeskScreen):
    """Shows what was said."""

    PLACE = "said"

    def body(self) -> ComposeResult:
        """Yield the list."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return what the place is called."""
        return self.texts.text("Messages so far")

    async def refreshed(self) -> None:
        """Show all of it."""
        self.draw()

    def draw(self) -> None:
        """Draw it in the language and the look of now."""
        kept = tuple(reversed(self.terminal.speech.kept))
        self.query_one("#body", LinesView).show(
            lines_of(kept, self.texts, self.size.width), look=self.look
        )

    async def changed(self, change: Changed) -> None:
        """What was said is not changed by what happens."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Show what has been said meanwhile."""
        self.framed()
        self.draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.draw()


def lines_of(kept: tuple[Said, ...], texts: Texts, width: int) -> Lines:
    """Return sentences as lines, each with the time it was said; a fault has a mark beside its colour."""
    if not kept:
        return [line(piece(" "), piece(texts.text("Nothing has been said yet."), "dim"))]
    shown: list[Line] = []
    for index, one in enumerate(kept):
        at = one.at.astimezone(texts.timezone)
        head = f" {at:%H:%M:%S} {'!' if one.bad else ' '} "
        broken = paragraph(
            one.sentence, max(10, width - len(head) - 1), tone="bad" if one.bad else ""
        )
        for number, rest in enumerate(broken):
            first = piece(head if number == 0 else " " * len(head), "label")
            shown.append(
                Line(pieces=(first, *rest.pieces), id=f"{index}" if number == 0 else "")
            )
    return shown
