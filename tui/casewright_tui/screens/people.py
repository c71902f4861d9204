"""People and their work: what each has until when; tickets given to others after a look at what each will have."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from casewright.answers import Myself, PersonLoad, QueueCount, QueuePage, QueueRow, Wallboard
from casewright.bilingual import Bilingual
from casewright.errors import message
from casewright.model import Person
from casewright.queries import LARGEST_PAGE, CountQueue, GetWallboard, ListQueue
from casewright_tui import controls
from casewright_tui.errands import asking, spreading
from casewright_tui.errands.errand import Errand
from casewright_tui.lines import Line, Lines, line, piece
from casewright_tui.pure import people as shown
from casewright_tui.pure.wallboard import presence_is_known
from casewright_tui.screens.list_screen import ListScreen
from casewright_tui.widgets.lines_view import LinesView


class PeopleScreen(ListScreen):
    """People on one side, the tickets of the chosen one on the other; marks are those of tickets."""

    PLACE = "people"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("people"),
        *(
            Binding(
                ",".join(controls.with_full_width((str(number),))),
                f"horizon('{name}')",
                show=False,
            )
            for number, name in enumerate(shown.HORIZONS, 1)
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._horizon = "hours"
        self._loads: Sequence[PersonLoad] = ()
        self._staff: Mapping[str, Person] = {}
        self._rows: Sequence[QueueRow] = ()
        self._of = ""
        self._more = False
        self._width = 0

    # --- what stands there -----------------------------------------------------------------------

    def titled(self) -> str:
        """Return what they are called."""
        return self.texts.text("People and their work")

    def head(self, width: int) -> Lines:
        """Return the horizons and the titles of the columns."""
        end = shown.until(self._horizon, self.terminal.clock.now(), self.texts)
        return [
            shown.tabs(self._horizon, end, self.texts),
            shown.heading(self.texts, self._width),
        ]

    def listed(self, width: int) -> Lines:
        """Return the people."""
        self._width = width
        return shown.listed(self._loads, self._names, self.texts, width, self.look.glyphs)

    def told(self, id: str, width: int) -> Lines:
        """Return the tickets of the chosen person."""
        if not id or id != self._of:
            return ()
        now = self.terminal.clock.now()
        lines = shown.tickets(self._rows, now, self.texts, width - 2)
        none = [Line(pieces=(piece(self.texts.text("Nothing in hand."), "dim"),))]
        if self._more:
            said = self.texts.say(
                "The first {count} only; the queue has them all.", count=len(self._rows)
            )
            return [line(piece(said, "warn")), *(self._with_mark(one) for one in lines)]
        return [self._with_mark(one) for one in lines] or none

    async def refreshed(self) -> None:
        """Ask for the loads anew, and for the tickets of the chosen person."""
        self._staff = await self.terminal.site.people(self.actor)
        now = self.terminal.clock.now()
        seconds = max(
            1, int((shown.until(self._horizon, now, self.texts) - now).total_seconds())
        )
        board: Wallboard = await self.ask(
            GetWallboard(actor=self.actor, hours=-(-seconds // 3600)), lane="eyes"
        )
        exact = [await self._exactly(one, seconds) for one in board.people]
        self._loads = shown.ordered(exact)
        self.draw()
        await self._ask_tickets()

    async def _exactly(self, one: PersonLoad, seconds: int) -> PersonLoad:
        """Return a load with what is due to the second; a wallboard counts in whole hours."""
        if not one.due or seconds % 3600 == 0:
            return one
        count: QueueCount = await self.ask(
            CountQueue(actor=self.actor, handler=one.name, due_within=seconds), lane="eyes"
        )
        return replace(one, due=max(0, count.tickets - one.overdue))

    async def _ask_tickets(self) -> None:
        name = self.chosen
        if not name:
            return
        page: QueuePage = await self.ask(
            ListQueue(actor=self.actor, handler=name, limit=LARGEST_PAGE)
        )
        if name == self.chosen:
            if name != self._of:
                self.marked = {}
            self._of, self._rows, self._more = name, page.rows, page.later
            self.tell_of_chosen()
            self.framed()

    # --- keys ------------------------------------------------------------------------------------

    def on_lines_view_moved(self, moved: LinesView.Moved) -> None:
        """Show the tickets of the person the cursor has come to."""
        if moved.view.id == "list":
            self.tell_of_chosen()
            self.run_worker(
                self._attempted(self._ask_tickets()), group="tickets", exclusive=True
            )

    async def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go to the person's tickets; from there, to a ticket."""
        if chosen.view.id == "list":
            await self._attempted(self._ask_tickets())
            self._tickets.focus()
        else:
            self.go("ticket", ticket=chosen.line.id)

    async def action_horizon(self, name: str) -> None:
        """Count as due what is due by another time."""
        self._horizon = name
        await self._attempted(self.refreshed())
        self.list.action_edge(-1)
        await self._attempted(self._ask_tickets())

    def action_mark(self) -> None:
        """Mark the ticket under the cursor, and go on."""
        line = self._tickets.chosen
        if self._tickets.has_focus and line is not None:
            self._toggle(line.id)
            self._tickets.action_move(1)
            self.tell_of_chosen()
            self.framed()

    def action_mark_all(self) -> None:
        """Mark those of the chosen person's tickets that are due by the time that is looked at."""
        end = shown.until(self._horizon, self.terminal.clock.now(), self.texts)
        due = [one.key for one in self._rows if one.due_at is not None and one.due_at <= end]
        self.marked = {} if list(self.marked) == due else dict.fromkeys(due)
        self.tell_of_chosen()
        self.framed()

    async def action_assign(self) -> None:
        """Offer to whom the marked tickets can be given, each with what they have and would have."""
        from casewright_tui.widgets.menu import Item, Menu

        keys = self._keys()
        if not keys:
            return
        by_load = sorted(
            self._loads, key=lambda one: (one.away, not one.signed_in, one.open, one.name)
        )
        known = presence_is_known(self._loads)
        items = [
            Item(id=one.name, title=self._called(one.name), hint=shown.load_hint(one, len(keys), self.texts, known=known),
                 also=(one.name, one.team))
            for one in by_load
            if one.name != self._of
        ]  # fmt: skip
        about = self.texts.say("{count} tickets", count=len(keys))
        await self.app.push_screen(Menu(message("Give to"), items, about=about), self._given)

    def action_balance(self) -> None:
        """Spread the marked tickets over the team, after a look at what each will have."""
        keys = self._keys()
        shares = shown.spread(keys, self._of, self._loads) if keys else []
        if shares:
            self._try(spreading.spread(shares, self._staff, self._myself))
        elif keys:
            self.tell("There is nobody to whom it could be given.")

    def action_ill(self) -> None:
        """Note that the chosen person is ill, with a deputy who gets all their open work."""
        if not asking.may(self._myself, "ticket.hand_over"):
            self.tell("You may not hand over the work of others.")
        elif self.chosen in self._staff:
            load = next(one for one in self._loads if one.name == self.chosen)
            self.go(
                "form",
                errand=spreading.ill(self.chosen, load.open > 0, self._myself, self._staff),
            )

    async def action_filter(self) -> None:
        """Find somebody by a part of their name."""
        from casewright_tui.widgets.menu import Item, Menu

        items = [
            Item(
                id=one.name,
                title=self._called(one.name),
                hint=str(one.open),
                also=(one.name, one.team),
            )
            for one in self._loads
        ]
        await self.app.push_screen(Menu(message("Find somebody"), items), self._found)

    def action_back(self) -> None:
        """Go one step back: no marks, then to the people, then out of the place."""
        if self.marked:
            self.marked = {}
            self.tell_of_chosen()
            self.framed()
        else:
            super().action_back()

    def on_screen_resume(self) -> None:
        """Show what became of it meanwhile."""
        if self._shown:
            self.call_later(self.action_refresh)

    # ---------------------------------------------------------------------------------------------

    @property
    def _tickets(self) -> LinesView:
        return self.query_one("#told", LinesView)

    @property
    def _myself(self) -> Myself:
        assert self.terminal.myself is not None
        return self.terminal.myself

    @property
    def _names(self) -> Mapping[str, str]:
        return {name: self._called(name).of(self.texts.lang) for name in self._staff}

    def _called(self, name: str) -> Bilingual:
        one = self._staff.get(name)
        return (
            Bilingual(en=one.en, zh=one.zh) if one is not None else Bilingual(en=name, zh=name)
        )

    def _keys(self) -> Sequence[str]:
        """Return the marked tickets, else the one under the cursor; say so where there is none."""
        line = self._tickets.chosen if self._tickets.has_focus else None
        keys = tuple(self.marked) or ((line.id,) if line is not None and line.id else ())
        if not keys:
            self.tell("Mark tickets first: Enter goes to them, * marks those due.")
        return keys

    def _given(self, name: str | None) -> None:
        if name is not None:
            before = next(one.open for one in self._loads if one.name == name)
            self._try(
                spreading.give(self._keys(), name, self._called(name), before, self._myself)
            )

    async def _found(self, name: str | None) -> None:
        if name is not None:
            self.list.choose(name)
            self.list.focus()
            await self._attempted(self._ask_tickets())

    def _try(self, errand: Errand) -> None:
        self.go("bulk", errand=errand, values={})
