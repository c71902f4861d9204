"""A ticket: all that is known of it, its promises ticking, and all that can be done with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from casewright.queries import RevealFields
from casewright_tui import controls
from casewright_tui.messages import Changed, FrameChanged, Stepped
from casewright_tui.pure import clocks, header
from casewright_tui.pure.action_keys import keys, letter
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.screens.ticket_acting import Acting
from casewright_tui.screens.ticket_asking import Sheet, is_another, sheet
from casewright_tui.screens.ticket_customer import CustomerBeside
from casewright_tui.screens.ticket_drawing import CUSTOMER, PANES, TIMELINE, Drawing
from casewright_tui.screens.ticket_files import Files
from casewright_tui.screens.ticket_panels import Beside
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.widgets.panes import Panes

if TYPE_CHECKING:
    from casewright_tui.offered import Offered


class TicketScreen(DeskScreen, inherit_bindings=False):
    """One ticket."""

    PLACE = "ticket"
    AUTO_FOCUS = "#matter"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("everywhere", "ticket", letters=False),
        Binding("shift+tab", "previous_pane", show=False),
    ]

    def __init__(self, ticket: str) -> None:
        super().__init__()
        self.key = ticket
        self._sheet: Sheet | None = None
        self.beside, self.customer = Beside(self), CustomerBeside(self)
        self._acting, self._drawing, self._files = Acting(self), Drawing(self), Files(self)

    @property
    def sheet(self) -> Sheet | None:
        """What is known of the ticket."""
        return self._sheet

    # --- what stands there -----------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """Yield the head, the promises and the panes."""
        with Vertical(id="body"):
            head = LinesView(self.look, id="head")
            head.can_focus = False
            head.styles.height = header.HEIGHT
            yield head
            yield LinesView(self.look, id="clocks")
            yield Panes(self.look, PANES, id="panes")

    def titled(self) -> str:
        """Return the ticket's key."""
        return self.key

    async def refreshed(self) -> None:
        """Ask for the ticket anew, and for the customer if somebody looks at that pane."""
        self.customer.forget()
        await self._ask()
        await self.beside.found(self._panes)
        self._look_beside()

    async def changed(self, change: Changed) -> None:
        """Ask anew if it is this ticket that changed, or one that was opened from it."""
        if change.page is None:
            self._acting.has_done()
        known = self._sheet
        own = {self.key, *(one.key for one in known.children)} if known else {self.key}
        if change.page is not None and not own & change.tickets:
            return
        if known is None or change.tickets & own or await is_another(self, known):
            await self._ask()

    @on(events.ScreenResume)
    async def _come_back(self) -> None:
        """Show what has become of it meanwhile."""
        if self._sheet is not None and self.is_mounted:
            await self._attempted(self._again())
            self._acting.came_back()

    @on(events.Mount)
    def _have_it_tick(self) -> None:
        self.set_interval(1.0, self._tick)

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Show it in the language and the look of now."""
        self.framed()
        if self._drawing.is_of_now:
            return
        if self._sheet is not None:
            names = self._sheet.names
            spoken = names.spoken(self.texts.in_zone(names.texts.zone))
            self._sheet = replace(self._sheet, names=spoken)
        self.draw()

    def on_panes_arranged(self, message: Panes.Arranged) -> None:
        """Other panes are shown: fill them."""
        self._look_beside()
        self.draw()

    def on_resize(self) -> None:
        """Draw it in the new width."""
        self.call_after_refresh(self.draw)

    def offers(self) -> "Iterable[Offered]":
        """Return what can be done with the ticket, for the palette and the help."""
        return self._acting.offers()

    # --- what is asked ---------------------------------------------------------------------------

    async def _ask(self) -> None:
        revealed = self._sheet.revealed if self._sheet else {}
        found = await sheet(self, self.key)
        same = self._sheet is not None and self._sheet.ticket.version == found.ticket.version
        self._sheet = replace(found, revealed=revealed) if same else found
        self.draw()

    async def _again(self) -> None:
        assert self._sheet is not None
        if await is_another(self, self._sheet):
            await self._ask()

    def _look_beside(self) -> None:
        """Ask what is not asked before somebody sees it: who the customer is, and what plugins show."""
        if self._sheet is not None:
            self.beside.ask(self._panes)
            if CUSTOMER in self._panes.shown:
                self.customer.look(self._sheet)

    # --- what is drawn ---------------------------------------------------------------------------

    @property
    def _panes(self) -> Panes:
        return self.query_one(Panes)

    def draw(self) -> None:
        """Draw all that is shown anew."""
        if self._sheet is not None and self.is_attached:
            self._drawing.all(self._sheet)

    def _tick(self) -> None:
        known = self._sheet
        if known is not None and self.is_current and clocks.ticks(known.time.clocks):
            self._drawing.clocks(known)

    # --- what keys do ----------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Do what a letter does at this ticket, or in the pane of a plugin that has the keys."""
        view = self.focused
        if isinstance(view, LinesView) and self.beside.pressed(
            view.id or "", event, view.chosen.id if view.chosen is not None else ""
        ):
            return
        found = keys(self._sheet.errands).get(letter(event.character)) if self._sheet else None
        if found is not None:
            event.stop()
            event.prevent_default()
            self._acting.begin(found)

    async def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go to what a line is about."""
        kind, _, about = chosen.line.id.partition(":")
        if kind == "promise":
            self.go("ledger", ticket=self.key, promise=about)
        elif kind == "ticket":
            self.go("ticket", ticket=about)
        elif kind == "reveal":
            await self._acting.reveal()
        elif kind == "file":
            await self._files.put(int(about))
        else:
            self.beside.chosen(chosen.view.id or "", chosen.line.id)

    async def revealed(self, purpose: str) -> None:
        """Show the personal fields; what for goes on record."""
        values: Mapping[str, Any] = await self.ask(
            RevealFields(actor=self.actor, ticket=self.key, purpose=purpose)
        )
        if self._sheet is not None:
            self._sheet = replace(self._sheet, revealed=values)
            self.draw()

    async def action_actions(self) -> None:
        """Show all that can be done with it."""
        await self._acting.menu()

    def answer_with(self, text: str) -> None:
        """Begin the answer to the customer with a text, where somebody may answer here; else say that it is noted."""
        self._acting.answer_with(text)

    def action_note(self) -> None:
        """Write a note."""
        self._acting.begin_named("note")

    async def action_claim(self) -> None:
        """Leave it and take the next ticket that waits."""
        await self._acting.claim()

    def action_next(self) -> None:
        """Go to the next ticket of the queue."""
        self.post_message(Stepped(1))

    def action_before(self) -> None:
        """Go to the ticket before in the queue."""
        self.post_message(Stepped(-1))

    def action_filter(self) -> None:
        """Leave the next kind of things in the timeline."""
        self._drawing.next_filter()
        self._panes.go(TIMELINE)
        self.draw()

    def action_next_pane(self) -> None:
        """Give the keys to the next pane, the promises among them."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Give the keys to the pane before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        view, panes = self.query_one("#clocks", LinesView), self._panes
        names: Sequence[str] = panes.names
        at = names.index(panes.current)
        leaves = at == (len(names) - 1 if by > 0 else 0)
        if view.has_focus:
            panes.go(names[0 if by > 0 else -1])
        elif leaves and view.display:
            view.focus()
        else:
            panes.step(by)

    def action_maximise(self) -> None:
        """Show one pane alone, or the others again."""
        self._panes.maximise()

    def action_workflow(self) -> None:
        """Show the workflow and the way the ticket has come."""
        if self._sheet is not None:
            self.go("workflow", workflow=self._sheet.ticket.workflow, ticket=self.key)

    def action_copy(self) -> None:
        """Copy the ticket's key."""
        self.app.copy_to_clipboard(self.key)
        self.tell("{key} is copied.", key=self.key)
