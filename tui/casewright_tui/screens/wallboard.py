"""The wallboard: how the service stands now, asked again every few seconds; each part leads to the queue behind it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.answers import Published, Wallboard
from casewright.bilingual import LANGUAGES, Bilingual
from casewright.errors import CasewrightError, message
from casewright.model import Person
from casewright.queries import GetWallboard, ListWorkflows
from casewright.texts import Texts
from casewright_tui import controls
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.pure.wallboard import Around, Board, Target, board
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.board_view import BoardView

EVERY = 5.0
"""Seconds between two questions."""
HOURS = 4
EVERYTHING = "*"


class WallboardScreen(DeskScreen):
    """How the service stands, of one workflow or of all."""

    PLACE = "wallboard"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("wallboard")]
    DEFAULT_CSS = "BoardView { height: 1fr; padding: 0 0 0 1; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }"

    def __init__(self, workflow: str | None = None) -> None:
        super().__init__()
        self._workflow = workflow
        self._shown: Wallboard | None = None
        self._people: Mapping[str, Person] = {}
        self._workflows: Mapping[str, Bilingual] = {}
        self.frozen = False

    def body(self) -> ComposeResult:
        """Yield the board."""
        yield BoardView(self.look, id="body")

    def titled(self) -> str:
        """Return what it is, and of which workflow."""
        title = self.texts.text("Wallboard")
        known = self._workflows.get(self._workflow or "")
        return f"{title} · {known.of(self.texts.lang)}" if known else title

    def aside(self) -> str:
        """Return of which moment it is, and whether it is held still."""
        if self._shown is None:
            return ""
        at = f"{self._shown.at.astimezone(self.texts.timezone):%H:%M:%S}"
        return self.texts.say("held still at {time}", time=at) if self.frozen else at

    async def on_mount(self) -> None:
        """Show it, and ask again from time to time."""
        self.set_interval(EVERY, self._ask_again)

    async def refreshed(self) -> None:
        """Ask how everything stands."""
        self._people = await self.terminal.site.people(self.actor)
        published: Sequence[Published] = await self.ask(
            ListWorkflows(actor=self.actor, counted=False)
        )
        self._workflows = {one.name: one.title for one in published if one.current}
        await self._renew()

    async def changed(self, change: Changed) -> None:
        """It is asked again by the clock, not at every change."""

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw in the language of now."""
        self._draw()

    def on_resize(self) -> None:
        """Draw in the width of now."""
        self.call_after_refresh(self._draw)

    def on_board_view_chosen(self, chosen: BoardView.Chosen) -> None:
        """Go to the queue behind what was chosen."""
        self.go("queue", queue=chosen.target.queue, title=self._called(chosen.target))

    def _called(self, target: Target) -> Bilingual:
        """Return what a part of the board is called in both languages: the queue behind it keeps the name."""
        titles: dict[str, str] = {}
        for lang in LANGUAGES:
            texts = self.terminal.sitting.texts(lang)
            drawn = self._board(texts).targets
            titles[lang] = next(
                (one.title for one in drawn if one.id == target.id), target.title
            )
        return Bilingual(**titles)

    def action_freeze(self) -> None:
        """Hold still, or follow again."""
        self.frozen = not self.frozen
        if not self.frozen:
            self._ask_again()
        self.framed()

    async def action_filter(self) -> None:
        """Offer the workflows."""
        from casewright_tui.widgets.menu import Item, Menu

        items = [Item(id=EVERYTHING, title=message("all workflows"))]
        items += [
            Item(id=name, title=title, also=(name,)) for name, title in self._workflows.items()
        ]
        menu = Menu(message("Workflow"), items, at=self._workflow or EVERYTHING)
        await self.app.push_screen(menu, self._filtered)

    async def _filtered(self, id: str | None) -> None:
        if id is not None:
            self._workflow = None if id == EVERYTHING else id
            await self._attempted(self._renew())

    def _ask_again(self) -> None:
        if not self.frozen and self.is_current:
            self.run_worker(self._attempted(self._renew()), group="board", exclusive=True)

    async def _renew(self) -> None:
        query = GetWallboard(actor=self.actor, workflow=self._workflow, hours=HOURS)
        try:
            self._shown = await self.ask(query, lane="eyes")
        except CasewrightError as error:
            self.tell_error(error)
            return
        self._draw()
        self.framed()

    def _draw(self) -> None:
        if self._shown is not None and self.is_attached:
            self.query_one(BoardView).show(self._board(self.texts), look=self.look)

    def _board(self, texts: Texts) -> Board:
        assert self._shown is not None, "nothing was chosen of a board that is not there"
        zh, view = texts.lang == "zh", self.query_one(BoardView)
        around = Around(
            actor=self.actor,
            texts=texts,
            people={name: one.zh if zh else one.en for name, one in self._people.items()},
            workflows={name: title.of(texts.lang) for name, title in self._workflows.items()},
            workflow=self._workflow,
            glyphs=self.look.glyphs,
            hours=HOURS,
        )
        width = view.scrollable_content_region.width or self.size.width
        return board(self._shown, around, width)
