"""One errand for many tickets: tried first, with the refusals by reason; carried out for the rest when somebody says so."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from casewright.commands import Command
from casewright.errors import CasewrightError
from casewright.model import Receipt
from casewright_tui.errands.bulk import DryRun, about, dry_run
from casewright_tui.errands.errand import Errand, Values
from casewright_tui.messages import Changed
from casewright_tui.pure import bulk
from casewright_tui.pure.bulk import Came, Part
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.hint_bar import Hint
from casewright_tui.widgets.lines_view import LinesView


class BulkScreen(DeskScreen):
    """Shows what an errand with these values would come to for each ticket, and then what it came to."""

    PLACE = "bulk"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f8,ctrl+s", "carry_out", show=False, priority=True)
    ]

    def __init__(self, errand: Errand, values: Values) -> None:
        super().__init__()
        self.errand, self._values = errand, values
        self._parts: Sequence[Part] = ()
        self._came: Sequence[Came] = ()
        self._done = False

    def body(self) -> ComposeResult:
        """Yield the pane."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return what is to be done."""
        return self.errand.title.of(self.texts.lang)

    def hints(self) -> Sequence[Hint]:
        """Return the hints: Enter does what can be done."""
        more: list[Hint] = [] if self._done else [("Enter", self.texts.text("Do it"), 2)]
        return [*super().hints(), *more]

    async def refreshed(self) -> None:
        """Try it, once; what was tried or done stays on the screen."""
        if not self._parts:
            self._parts = bulk.parts(self.errand.make(self._values))
            self._came = await self._tried()
        self._draw()

    async def changed(self, change: Changed) -> None:
        """What was tried stays on the screen."""

    def on_resize(self) -> None:
        """Wrap anew."""
        self._draw()

    async def action_carry_out(self) -> None:
        """Do it for those that were not refused; once done, leave."""
        able = [one.part for one in self._came if one.refusal is None]
        if self._done or not able:
            self.action_back()
            return
        self._done = True
        refused = [one for one in self._came if one.refusal is not None]
        self._came = [*refused, *[await self._carried_out(part) for part in able]]
        done = [one.part.ticket for one in self._came if one.refusal is None]
        self._unmark(done)
        self._draw()
        self.tell("{count} of {all} are done", count=len(done), all=len(self._came))

    @property
    def _dry(self) -> DryRun:
        commands = [command for one in self._came for command in one.part.commands]
        outcomes = [
            _outcome(one, command) for one in self._came for command in one.part.commands
        ]
        return dry_run(commands, outcomes, self.texts)

    async def _tried(self) -> list[Came]:
        """Try all parts in one go where none raises; else each by itself, so that each says why."""
        commands = [one for part in self._parts for one in part.commands]
        try:
            outcomes = iter(await self.say_together(commands, trial=True))
        except CasewrightError:
            return [await self._one(part, trial=True) for part in self._parts]
        return [
            Came(part=part, refusal=_first([next(outcomes) for _ in part.commands]))
            for part in self._parts
        ]

    async def _carried_out(self, part: Part) -> Came:
        return await self._one(part, trial=False)

    async def _one(self, part: Part, *, trial: bool) -> Came:
        try:
            outcomes = await self.say_together(part.commands, trial=trial)
        except CasewrightError as error:
            return Came(part=part, refusal=error)
        return Came(part=part, refusal=_first(outcomes))

    def _unmark(self, tickets: Sequence[str]) -> None:
        from casewright_tui.screens.queue_live import LiveQueue

        for screen in self.terminal.screen_stack:
            if isinstance(screen, LiveQueue):
                screen.unmark(tickets)

    def _draw(self) -> None:
        pane, width = self.query_one(LinesView), max(20, self.size.width - 3)
        if self._done:
            lines = bulk.results(self.titled(), self._came, self.texts, width)
        else:
            lines = bulk.tried(self.titled(), self._dry, self.texts, width)
        pane.show(lines, look=self.look)
        self.framed()


def _outcome(came: Came, command: Command) -> Receipt | CasewrightError:
    return came.refusal or Receipt(ticket=about(command))


def _first(outcomes: Sequence[Receipt | CasewrightError]) -> CasewrightError | None:
    return next((one for one in outcomes if isinstance(one, CasewrightError)), None)
