"""Whether every history is whole, said in words; verified when somebody asks, while everything else goes on."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.answers import Checkpoint, Verification
from casewright.errors import CasewrightError
from casewright.queries import ListCheckpoints, VerifyAudit
from casewright_tui import controls
from casewright_tui.lines import Line, line, paragraph, piece
from casewright_tui.messages import FrameChanged
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView


class AuditScreen(DeskScreen):
    """The histories verified."""

    PLACE = "audit"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("audit")]

    def __init__(self) -> None:
        super().__init__()
        self._found: Verification | None = None
        self._checkpoints: Sequence[Checkpoint] = ()
        self._verifying = False

    def body(self) -> ComposeResult:
        """Yield the lines."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return what it is."""
        return self.texts.text("Histories verified")

    async def refreshed(self) -> None:
        """Ask for the checkpoints; verifying is asked for by its own key."""
        self._checkpoints = await self.ask(ListCheckpoints(actor=self.actor))
        self._draw()

    async def changed(self, change: Any) -> None:
        """What was verified stays on the screen."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw in the language of now."""
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew."""
        self.call_after_refresh(self._draw)

    def action_verify(self) -> None:
        """Verify all histories."""
        if not self._verifying:
            self._verifying = True
            self._draw()
            self.run_worker(self._verify(), group="verify")

    def action_open(self) -> None:
        """Go to the ticket whose history is broken."""
        if self._found is not None and self._found.first_broken is not None:
            self.go("ticket", ticket=self._found.first_broken.ticket)

    async def _verify(self) -> None:
        try:
            self._found = await self.ask(VerifyAudit(actor=self.actor), lane="eyes")
        except CasewrightError as error:
            self.tell_error(error)
        self._verifying = False
        self._draw()

    def _draw(self) -> None:
        if not self.is_attached:
            return
        view = self.query_one(LinesView)
        width = max(20, (view.scrollable_content_region.width or self.size.width) - 2)
        lines: list[Line] = [Line(), *self._result(width), Line()]
        lines.append(line(piece(" " + self.texts.text("Checkpoints"), "title")))
        if not self._checkpoints:
            lines.append(
                line(piece(" " + self.texts.text("No checkpoint was made yet."), "dim"))
            )
        for one in self._checkpoints:
            said = self.texts.say(
                "{number}: {moment}, {events} events of {tickets} tickets",
                number=one.number, moment=one.at, events=one.events, tickets=one.tickets,
            )  # fmt: skip
            lines.append(line(piece(f" {said}  "), piece(one.root[:16], "dim")))
        view.show(lines, look=self.look)
        self.framed()

    def _result(self, width: int) -> list[Line]:
        texts, found = self.texts, self._found
        if self._verifying:
            return paragraph(
                texts.text("The histories are being read; this may take minutes."),
                width,
                "info",
                indent=1,
            )
        if found is None:
            return paragraph(texts.text("F9 verifies all histories now."), width, indent=1)
        counted = texts.say(
            "{events} events of {tickets} tickets, {commands} commands, {looks} looks were read.",
            events=found.events, tickets=found.tickets, commands=found.commands, looks=found.looks,
        )  # fmt: skip
        if found.ok:
            lines = paragraph(texts.text("Every history is whole."), width, "good", indent=1)
        else:
            lines = paragraph(texts.text("A history is not whole."), width, "bad", indent=1)
            broken = found.first_broken
            if broken is not None:
                said = texts.say(
                    "{ticket}, event {number}: {reason}",
                    ticket=broken.ticket, number=broken.sequence, reason=broken.reason,
                )  # fmt: skip
                lines += paragraph(said, width, "bad", indent=1)
        lines += paragraph(counted, width, "dim", indent=1)
        return lines + [
            part
            for one in found.remarks
            for part in paragraph(texts.render(one), width, "warn", indent=1)
        ]
