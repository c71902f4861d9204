"""A workflow as a rail: with a ticket the way it has come and what may be done, without one how many tickets stand where."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.answers import BoardRow
from casewright.bilingual import Bilingual
from casewright.model import EMPTY
from casewright.queries import GetBoard
from casewright_tui import controls
from casewright_tui.errands.errand import Errand
from casewright_tui.known import Known, gathered
from casewright_tui.messages import Changed, FrameChanged, Told
from casewright_tui.pure.action_keys import keys, letter
from casewright_tui.pure.rail import ACTION, NO_PATH, STATE, path_of, rail
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.screens.ticket_asking import Sheet, sheet
from casewright_tui.widgets.lines_view import LinesView


class WorkflowScreen(DeskScreen, inherit_bindings=False):
    """The rail of a workflow; F3 names the ways out of every state."""

    PLACE = "workflow"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("everywhere", "workflow", letters=False)
    ]

    def __init__(self, workflow: str, ticket: str = "") -> None:
        super().__init__()
        self._workflow, self.key = workflow, ticket
        self._sheet: Sheet | None = None
        self._names: Known | None = None
        self._counts: Mapping[str, int] = EMPTY
        self._every = not ticket

    def body(self) -> ComposeResult:
        """Yield the rail."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return what the workflow is called, and the ticket."""
        if self._names is None:
            return self.key or self._workflow
        title = self._names.workflow(self._workflow, self._digest)[0].title
        return f"{self.key}  {title.of(self.texts.lang)}".strip()

    async def refreshed(self) -> None:
        """Ask anew where the ticket stands, or how many stand where."""
        if self.key:
            self._sheet = await sheet(self, self.key)
            self._names = self._sheet.names
        else:
            site, texts = self.terminal.site, self.texts
            self._names = await gathered(site, self.actor, texts, workflows=(self._workflow,))
            self._counts = _counted(await self.ask(GetBoard(actor=self.actor)), self._workflow)
        self.framed()
        self._draw()

    async def changed(self, change: Changed) -> None:
        """Ask anew if it concerns what is shown."""
        if change.page is None or not self.key or self.key in change.tickets:
            await self.refreshed()

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw it in the language of now."""
        self.framed()
        self._draw()

    def on_resize(self) -> None:
        """Draw it in the width of now."""
        self.call_after_refresh(self._draw)

    def on_key(self, event: events.Key) -> None:
        """Do what a letter does at the ticket."""
        found = self._errands.get(letter(event.character))
        if found is not None:
            event.stop()
            event.prevent_default()
            self._begin(found)

    def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Do what may be done; a state leads to its tickets."""
        id = chosen.line.id
        if id.startswith(ACTION):
            named = (one for one in self._errands_listed if one.name == id.removeprefix(ACTION))
            if (found := next(named, None)) is not None:
                self._begin(found)
        elif id.startswith(STATE):
            from casewright.queries import Queue

            state = id.removeprefix(STATE)
            queue = Queue(actor=self.actor, workflow=self._workflow, state=state)
            self.go("queue", queue=queue, title=self._title_of(state))

    def action_every(self) -> None:
        """Name the ways out of every state, or only those of the ticket's."""
        self._every = not self._every
        self._draw()

    # ---------------------------------------------------------------------------------------------

    @property
    def _digest(self) -> str | None:
        return self._sheet.ticket.bundle if self._sheet is not None else None

    @property
    def _errands_listed(self) -> Sequence[Errand]:
        return self._sheet.errands if self._sheet is not None else ()

    @property
    def _errands(self) -> Mapping[str, Errand]:
        return keys(self._errands_listed)

    def _title_of(self, state: str) -> Bilingual:
        assert self._names is not None
        known = self._names.workflow(self._workflow, self._digest)[0].states[state]
        return known.title

    def _begin(self, errand: Errand) -> None:
        if errand.blocked is not None:
            self.post_message(Told(self.texts.render(errand.blocked), bad=True))
        else:
            self.go("form", errand=errand)

    def _draw(self) -> None:
        if self._names is None:
            return
        view, known = self.query_one("#body", LinesView), self._sheet
        zone = self._names.texts.zone
        lines = rail(
            self._names.workflow(self._workflow, self._digest)[0],
            self.texts.in_zone(zone),
            self.look.glyphs,
            view.size.width - 1,
            path=path_of(known.ticket, known.events) if known is not None else NO_PATH,
            offers=known.offers if known is not None else (),
            keys={one.name: letter for letter, one in self._errands.items()},
            counts=self._counts,
            every=self._every,
        )
        fresh = not view.lines
        view.show(lines, look=self.look)
        if fresh and known is not None:
            view.choose(STATE + known.ticket.state)


def _counted(board: Sequence[BoardRow], workflow: str) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for row in board:
        if row.workflow == workflow:
            counts[row.state] = counts.get(row.state, 0) + row.tickets
    return counts
