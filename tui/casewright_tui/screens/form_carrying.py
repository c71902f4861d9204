"""How a form's errand is carried out: once, however often it is said; and what is told of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casewright.commands import Command, TicketCommand
from casewright.errors import CasewrightError, Conflict, FormRefused, ServerUnreachable
from casewright.model import Receipt
from casewright.texts import text
from casewright_tui.errands.outcome import summed_up
from casewright_tui.messages import Changed, GoBack, Told
from casewright_tui.pure.entries import kept

if TYPE_CHECKING:
    from casewright_tui.screens.form import FormScreen

UNSENT = text("No connection. What you typed is kept; submit it again when it is back.")


class Carrying:
    """Says the commands of an errand, and goes where their outcome leads.

    Said again in the same words after an answer was lost, they happen once: the application sees to that (`doubts`).
    """

    def __init__(self, screen: "FormScreen") -> None:
        self._screen = screen

    async def out(self, values: Mapping[str, Any]) -> None:
        """Carry it out; what is refused leaves everything as it was typed."""
        screen = self._screen
        # Under the ids that the desk will know: what was done is undone by them.
        commands = screen.terminal.link.as_said(tuple(screen.errand.make(values)))
        try:
            receipts = await self._said(commands)
        except ServerUnreachable as error:
            screen.keep()
            screen.post_message(Told(screen.texts.text(UNSENT), bad=True, error=error))
            return
        except CasewrightError as error:
            self._refused(error)
            return
        self._done(commands, receipts)

    async def _said(self, commands: Sequence[Command]) -> Sequence[Receipt]:
        if len(commands) == 1:
            return [await self._screen.say(commands[0])]
        outcomes = await self._screen.say_together(commands)
        refusals = [one for one in outcomes if isinstance(one, CasewrightError)]
        if refusals:
            raise refusals[0]
        return [one for one in outcomes if isinstance(one, Receipt)]

    def _refused(self, error: CasewrightError) -> None:
        screen = self._screen
        if isinstance(error, Conflict) and screen.errand.about:
            screen.keep()
            about = {"errand": screen.errand, "entries": screen.entered, "conflict": error}
            screen.go("conflict", instead=True, **about)
            return
        screen.tell_error(error)
        if not screen.is_begun:
            screen.post_message(GoBack())
        elif isinstance(error, FormRefused):
            screen.mark(error.faults)

    def _done(self, commands: Sequence[Command], receipts: Sequence[Receipt]) -> None:
        screen, errand = self._screen, self._screen.errand
        entered, terminal = kept(screen.entered), self._screen.terminal
        screen.forget()
        if errand.undo and isinstance(commands[0], TicketCommand):
            terminal.undoing.offer(commands[0], errand.title, errand.about, entered)
        screen.post_message(Told(screen.texts.render(summed_up(errand, receipts))))
        terminal.beneath(screen).post_message(Changed(None))
        if errand.arrives and len(receipts) == 1:
            screen.go("ticket", instead=True, ticket=receipts[0].ticket)
        else:
            screen.post_message(GoBack(receipts))
