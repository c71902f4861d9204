"""What every place shares: the frame around it, and how it asks the desk through the application."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from casewright.commands import Command
from casewright.errors import CasewrightError
from casewright.model import Receipt
from casewright.queries import Query
from casewright.texts import Texts
from casewright_tui import controls
from casewright_tui.desk_link import LaneName
from casewright_tui.lines import Line
from casewright_tui.look import Look
from casewright_tui.messages import Changed, FrameChanged, GoBack, GoTo, Told
from casewright_tui.widgets.hint_bar import Hint, HintBar
from casewright_tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from casewright_tui.app import Terminal
    from casewright_tui.offered import Offered


class DeskScreen(Screen[Any]):
    """A place between a status line and a hint bar. What is its own stands in `body`, `refreshed` and `changed`."""

    PLACE: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("everywhere")]
    AUTO_FOCUS = "#body, #body *"

    @property
    def terminal(self) -> "Terminal":
        """The application."""
        return cast("Terminal", self.app)

    @property
    def texts(self) -> Texts:
        """The sentences, in the language of now."""
        return self.terminal.texts

    @property
    def look(self) -> Look:
        """How tones are drawn now."""
        return self.terminal.look

    @property
    def actor(self) -> str:
        """Who sits here."""
        return self.terminal.actor

    def compose(self) -> ComposeResult:
        """Yield the frame, and the body in it."""
        yield StatusLine(self.look)
        yield from self.body()
        yield HintBar(self.look)

    def body(self) -> ComposeResult:
        """Yield what stands between the frame; its outermost widget has the id `body`."""
        raise NotImplementedError

    async def refreshed(self) -> None:
        """Ask for everything anew and show it; called when the place is first shown, and by F5."""

    async def changed(self, change: Changed) -> None:
        """Something happened at the desk; by default everything is asked anew."""
        await self.refreshed()

    def titled(self) -> str:
        """Return what the status line calls this place."""
        return ""

    def hints(self) -> Sequence[Hint]:
        """Return what the hint bar may name."""
        return self.terminal.hints(self.PLACE)

    def offers(self) -> "Iterable[Offered]":
        """Return what the palette and the help offer here besides the controls, such as a ticket's own actions."""
        return ()

    def aside(self) -> str:
        """Return what stands at the right end of the hint bar."""
        return ""

    def framed(self) -> None:
        """Draw the frame anew."""
        if not self.query(StatusLine):
            return  # It is being left.
        left, right = self.terminal.frame(self.titled())
        self.query_one(StatusLine).show(left, right, look=self.look)
        self.query_one(HintBar).show(self.hints(), right=self.aside(), look=self.look)

    async def on_mount(self) -> None:
        """Show the place."""
        self.framed()
        await self._attempted(self.refreshed())

    def on_screen_resume(self) -> None:
        """Show what has changed meanwhile."""
        self.framed()

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw the frame anew."""
        self.framed()

    async def on_changed(self, message: Changed) -> None:
        """Show what has changed."""
        await self._attempted(self.changed(message))

    async def action_refresh(self) -> None:
        """Ask for everything anew."""
        await self._attempted(self.refreshed())

    def action_back(self) -> None:
        """Go one step back."""
        self.post_message(GoBack())

    def go(self, place: str, *, instead: bool = False, **about: Any) -> None:
        """Go to another place."""
        self.post_message(GoTo(place, instead=instead, **about))

    def tell(self, sentence: str, **values: object) -> None:
        """Say something in the status line; the sentence is an English template."""
        self.post_message(Told(self.texts.say(sentence, **values)))

    def tell_error(self, error: CasewrightError) -> None:
        """Say why something was refused."""
        self.post_message(Told(self.texts.error(error), bad=True, error=error))

    async def ask(self, query: Query, *, lane: LaneName = "hands") -> Any:
        """Return the answer of the desk; the refusal is raised."""
        return await self.terminal.ask(query, lane=lane)

    async def say(self, command: Command) -> Receipt:
        """Have a command carried out; the refusal is raised."""
        receipt: Receipt = await self.terminal.say([command])
        return receipt

    async def say_together(
        self, commands: Sequence[Command], *, trial: bool = False
    ) -> tuple[Receipt | CasewrightError, ...]:
        """Have commands carried out, all or none, or only tried; each outcome is a receipt or why it was refused."""
        outcome: tuple[Receipt | CasewrightError, ...] = await self.terminal.say(
            commands, trial=trial, together=True
        )
        return outcome

    async def _attempted(self, doing: Any) -> None:
        try:
            await doing
        except CasewrightError as error:
            self.tell_error(error)
        except asyncio.CancelledError:
            raise


def heading(title: str) -> Line:
    """Return a line that heads others."""
    from casewright_tui.lines import piece

    return Line(pieces=(piece(title, "title"),))
