"""What was given up, with its reason: events for other systems, notices, timers; tried again where that can be done."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from casewright.answers import DeadLetter, DeadLetterPage, Health, Notice, NoticePage, Timer
from casewright.commands import Command, RetryNotice, RetryWebhook
from casewright.errors import CasewrightError
from casewright.queries import GetHealth, ListDeadLetters, ListNotices, ListTimers
from casewright.texts import text
from casewright_tui import controls
from casewright_tui.errands import asking
from casewright_tui.lines import Lines, line, piece
from casewright_tui.pure import letters
from casewright_tui.screens.list_screen import ListScreen
from casewright_tui.widgets.lines_view import LinesView

TABS: Mapping[str, str] = {
    "letters": text("Other systems"),
    "notices": text("Notices"),
    "timers": text("Timers"),
}
PAGE = 500


class LettersScreen(ListScreen):
    """Dead letters."""

    PLACE = "letters"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("letters"),
        *(
            Binding(
                ",".join(controls.with_full_width((str(number),))), f"tab('{name}')", show=False
            )
            for number, name in enumerate(TABS, 1)
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._tab = "letters"
        self._health: Health | None = None
        self._found: dict[str, Sequence[Any]] = {name: () for name in TABS}
        self._more: set[str] = set()

    def titled(self) -> str:
        """Return what they are called."""
        return self.texts.text("Dead letters")

    def head(self, width: int) -> Lines:
        """Return how the worker stands, and the tabs with how many there are."""
        tabs = []
        for number, (name, title) in enumerate(TABS.items(), 1):
            count = f"{len(self._found[name])}{'+' if name in self._more else ''}"
            tabs.append(
                piece(
                    f" {number} {self.texts.text(title)} {count} ",
                    "title" if name == self._tab else "dim",
                )
            )
        first = [letters.health(self._health, self.texts)] if self._health is not None else []
        return [*first, line(*tabs)]

    def listed(self, width: int) -> Lines:
        """Return those of the tab."""
        found = self._found[self._tab]
        drawn = {
            "letters": letters.letters,
            "notices": letters.notices,
            "timers": letters.timers,
        }
        lines: Lines = drawn[self._tab](found, self.texts, width)  # type: ignore[operator]
        return lines

    def told(self, id: str, width: int) -> Lines:
        """Return why the chosen one was given up."""
        one = self._one(id)
        return letters.reason(one, self.texts, width) if one is not None else ()

    def empty(self) -> str:
        """Return that nothing was given up."""
        return self.texts.text("Nothing was given up.")

    async def refreshed(self) -> None:
        """Ask for all of it anew."""
        self._health = await self.ask(GetHealth(actor=self.actor))
        myself = self.terminal.myself
        self._more = set()
        if myself is not None and asking.may(myself, "webhook.manage"):
            page: DeadLetterPage = await self.ask(ListDeadLetters(actor=self.actor, limit=PAGE))
            self._keep("letters", page.letters, more=page.after is not None)
        given_up: list[Notice] = []
        more = False
        for state in self._health.given_up if self._health is not None else ():
            notices: NoticePage = await self.ask(
                ListNotices(actor=self.actor, state=state, limit=PAGE)
            )
            given_up += notices.notices
            more = more or notices.after is not None
        self._keep("notices", given_up, more=more)
        timers = await self.ask(ListTimers(actor=self.actor, state="failed", limit=PAGE))
        self._keep("timers", timers, more=len(timers) == PAGE)
        self.draw()

    def action_tab(self, name: str) -> None:
        """Show another kind."""
        self._tab, self.marked = name, {}
        self.draw()

    def action_next_tab(self) -> None:
        """Show the next kind."""
        names = list(TABS)
        self.action_tab(names[(names.index(self._tab) + 1) % len(names)])

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go to the ticket."""
        one = self._one(chosen.line.id)
        if one is not None and one.ticket:
            self.go("ticket", ticket=one.ticket)

    async def action_again(self) -> None:
        """Try the marked ones again, else the chosen one; each by itself, and what is refused is said."""
        if self._tab == "timers":
            self.tell("The clock tries timers by itself; mend what it says first.")
            return
        refused: CasewrightError | None = None
        commands = self._commands()
        for command in commands:
            try:
                await self.say(command)
            except CasewrightError as error:
                refused = error
        if refused is not None:
            self.tell_error(refused)
        elif commands:
            self.marked = {}
            self.tell("Tried again.")
        await self._attempted(self.refreshed())

    def _commands(self) -> Sequence[Command]:
        picked = [one for one in map(self._one, self.picked()) if one is not None]
        if self._tab == "notices":
            return [RetryNotice(actor=self.actor, notice=one.number) for one in picked]
        events: dict[str, list[int]] = {}
        for one in picked:
            events.setdefault(one.webhook, []).append(one.event)
        return [
            RetryWebhook(actor=self.actor, webhook=name, events=tuple(numbers))
            for name, numbers in events.items()
        ]

    def _one(self, id: str) -> Any:
        for one in self._found[self._tab]:
            if id == _id(one):
                return one
        return None

    def _keep(self, name: str, found: Sequence[Any], *, more: bool) -> None:
        self._found[name] = found
        if more:
            self._more.add(name)


def _id(one: DeadLetter | Notice | Timer) -> str:
    if isinstance(one, DeadLetter):
        return f"{letters.LETTER}{one.webhook}:{one.event}"
    if isinstance(one, Notice):
        return f"{letters.NOTICE}{one.number}"
    return f"{letters.TIMER}{one.ticket}:{one.name}"
