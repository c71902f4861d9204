"""What plugins show beside a ticket: each panel asks by itself, and one that fails says so in its own pane."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import events

from casewright.errors import CasewrightError
from casewright.texts import text
from casewright_tui.lines import Lines, paragraph
from casewright_tui.panel_drawing import drawn, leads_to, question, quoted
from casewright_tui.panels import Asking, Panel, Quote, Showing
from casewright_tui.screens.panel_keys import PanelKeys

if TYPE_CHECKING:
    from casewright_tui.screens.ticket import TicketScreen
    from casewright_tui.screens.ticket_asking import Sheet
    from casewright_tui.widgets.panes import Panes

PREFIX = "panel-"


class Beside:
    """Keeps the panels at a ticket and what they were answered."""

    def __init__(self, screen: "TicketScreen") -> None:
        self._screen = screen
        self._panels: dict[str, Panel] = {}
        self._answers: dict[str, Any] = {}
        self._keys = PanelKeys(screen, self._ask_anew)

    @property
    def titles(self) -> list[str]:
        """What the panels are called."""
        return [self._screen.texts.text(one.title) for one in self._panels.values()]

    async def found(self, panes: "Panes") -> None:
        """Find the panels that there are, and ask what those that are shown want to know anew."""
        found: Sequence[Panel] = await self._screen.terminal.panels("ticket")
        self._panels = {f"{PREFIX}{number}": one for number, one in enumerate(found)}
        self._answers.clear()
        await panes.add(list(self._panels))

    def ask(self, panes: "Panes") -> None:
        """Ask what the panels that are shown want to know, once."""
        for name in panes.shown:
            if name in self._panels and name not in self._answers:
                self._answers[name] = None
                self._screen.run_worker(self._ask(name), group=name, exclusive=True)

    def draw(self, panes: "Panes", known: "Sheet") -> None:
        """Draw the panels that are shown."""
        for name in panes.shown:
            if name in self._panels:
                lines = self._lines(name, panes.width_of(name), known)
                panes.show(name, lines, look=self._screen.look)

    def chosen(self, pane: str, id: str) -> None:
        """Put into the answer what a line of a panel says, or go to where it leads."""
        panel, answer = self._panels.get(pane), self._answers.get(pane)
        try:
            if panel is not None and answer is not None:
                quote = quoted(panel, answer, id, self._asking())
                if quote is not None:
                    self._screen.run_worker(self._quote(quote), group="quote", exclusive=True)
                    return
            where = leads_to(panel, id) if panel is not None else None
        except CasewrightError as error:
            self._screen.tell_error(error)
            return
        if where is not None:
            self._screen.go(where[0], **where[1])

    def pressed(self, pane: str, event: events.Key, id: str) -> bool:
        """Return whether a key is one of the panel that has the keys, which is done then."""
        panel, answer = self._panels.get(pane), self._answers.get(pane)
        if panel is None or answer is None or isinstance(answer, CasewrightError):
            return False
        return self._keys.pressed(event, panel, answer, id, self._asking())

    def _ask_anew(self) -> None:
        for name in self._answers:
            self._screen.run_worker(self._ask(name), group=name, exclusive=True)

    def _asking(self) -> Asking:
        language = self._screen.texts.lang
        return Asking(actor=self._screen.actor, ticket=self._screen.key, language=language)

    async def _quote(self, quote: Quote) -> None:
        """Say what the line comes with, and begin the answer to the customer with its text."""
        try:
            await self._screen.say(quote.command)
        except CasewrightError as error:
            self._screen.tell_error(error)
            return
        if quote.text:
            self._screen.answer_with(quote.text)
        else:
            self._screen.tell("It is linked to the ticket.")
            self._ask_anew()

    async def _ask(self, name: str) -> None:
        try:
            query = question(self._panels[name], self._asking())
            self._answers[name] = await self._screen.ask(query, lane="eyes")
        except CasewrightError as error:
            self._answers[name] = error
        self._screen.draw()

    def _lines(self, name: str, width: int, known: "Sheet") -> Lines:
        texts, answer = self._screen.texts, self._answers.get(name)
        if answer is None:
            return paragraph(texts.text(text("being asked for")), width, "dim")
        if isinstance(answer, CasewrightError):
            return paragraph(texts.error(answer), width, "dim")
        names = {one: known.names.calls(one) for one in known.names.people}
        showing = Showing(texts=texts, width=width, names=names)
        try:
            return drawn(self._panels[name], answer, showing)
        except CasewrightError as error:
            return paragraph(texts.error(error), width, "bad")
