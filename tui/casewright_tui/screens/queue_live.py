"""A queue as it is shown: the tickets of a view in its order, kept up to date under a cursor that stays where it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from casewright.bilingual import Bilingual
from casewright.errors import CasewrightError
from casewright.queries import ListPreferences, Queue
from casewright.texts import Texts
from casewright_tui.look import Look
from casewright_tui.messages import Changed, FrameChanged
from casewright_tui.pure import filtering, views
from casewright_tui.pure.filter_words import Vocabulary
from casewright_tui.pure.queue_columns import Showing
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.screens.queue_asking import Asking
from casewright_tui.screens.queue_beside import Beside
from casewright_tui.screens.queue_leaving import Leaving
from casewright_tui.screens.queue_viewing import Viewing
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.widgets.queue_paint import Paint
from casewright_tui.widgets.queue_table import QueueTable
from casewright_tui.widgets.view_tabs import ViewTabs

WIDE = 110
"""Cells from which on there is room for the preview."""
EVERY = 1.0
"""Seconds between two looks at what has changed, and at the countdowns."""
RECOUNT = 5
"""Seconds between two counts of a queue that keeps changing."""


class LiveQueue(DeskScreen):
    """Shows a queue and keeps it up to date; what keys do with it stands in `screens.queue`."""

    PLACE = "queue"
    AUTO_FOCUS = "#table"
    DEFAULT_CSS = """
    LiveQueue #panes { height: 1fr; }
    LiveQueue #table { width: 1fr; height: 1fr; }
    LiveQueue #preview { width: 38%; display: none; border-left: vkey $panel; }
    LiveQueue.-wide #preview { display: block; }
    ViewTabs { height: 1; background: $surface; }
    """

    def __init__(
        self, queue: Queue | None = None, line: str = "", title: str | Bilingual = ""
    ) -> None:
        super().__init__()
        self.asking = Asking(self)
        self.viewing = Viewing(self, line or (filtering.written(queue) if queue else ""), title)
        self.beside, self._leaving = Beside(self), Leaving(self)
        self.frozen = False
        self._workflows: Mapping[str, Bilingual] = {}
        self._dressed: tuple[Texts, Look] | None = None
        self._stale, self._renewing, self._since_count = False, False, 0

    # --- the body --------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """Yield the tabs, the table, and beside it the preview."""
        with Vertical(id="body"):
            yield ViewTabs(self.look)
            with Horizontal(id="panes"):
                paint = Paint(self.look, self.showing())
                yield QueueTable(paint, self.terminal.clock.now, self.asking.page)
                yield LinesView(self.look, id="preview")

    @property
    def table(self) -> QueueTable:
        """The table."""
        return self.query_one(QueueTable)

    def showing(self) -> Showing:
        """Return what rows are shown with now."""
        glyphs, lang = self.look.glyphs, self.texts.lang
        people = self.asking.vocabulary.people
        return Showing(
            texts=self.texts,
            me=self.actor,
            names={name: one.zh if lang == "zh" else one.en for name, one in people.items()},
            workflows={name: title.of(lang) for name, title in self._workflows.items()},
            chosen=glyphs.chosen,
            marked=glyphs.marked,
            paused=glyphs.paused,
            warned=glyphs.warned,
        )

    @property
    def tabs(self) -> ViewTabs:
        """The tabs."""
        return self.query_one(ViewTabs)

    def titled(self) -> str:
        """Return the view's name, how many tickets it has and how many are marked."""
        title = self.viewing.current.titled(self.texts) if self.viewing.views else ""
        if not self.is_mounted:
            return title
        sight, mark = self.table.sight, self.look.glyphs.marked
        marked = f"/{len(sight.marked)}{mark}" if sight.marked else ""
        return f"{title} {sight.window.total}{marked}"

    def aside(self) -> str:
        """Return what is new above, or that nothing moves."""
        if not self.is_mounted:
            return ""
        if self.frozen:
            return self.texts.text("held still")
        if self._stale and self.asking.filter.searches:
            return self.texts.text("changed: F5")
        new = self.table.sight.appeared
        return self.texts.say("+{count} new", count=new) + " ↑" if new else ""

    def marked_keys(self) -> tuple[str, ...]:
        """Return the keys of the marked tickets, in the order in which they were marked."""
        return tuple(self.table.sight.marked)

    def unmark(self, tickets: Sequence[str]) -> None:
        """Mark some tickets no more: what was to be done with them is done."""
        for key in tickets:
            self.table.sight.marked.pop(key, None)
        self.table.refresh()
        self.framed()

    async def choose_ticket(self, key: str) -> bool:
        """Put the cursor on a ticket; return whether it is still in this view."""
        row = await self.asking.located(key)
        if row is None:
            return False
        await self.table.go((await self.asking.count(self.asking.line, row.position)).before)
        return self.table.row is not None and self.table.row.key == key

    async def step(self, direction: int) -> str | None:
        """Move the cursor to the next row, or back; return its ticket's key, None at the end."""
        before = self.table.sight.cursor
        await self.table.go(before + direction)
        row = self.table.row
        return row.key if row is not None and self.table.sight.cursor != before else None

    async def next_after(self, key: str) -> str | None:
        """Return the ticket that is next when one was worked on, which need not be one that was opened out of this queue."""
        row = self.table.row
        return row.key if row is not None and row.key != key else await self.step(1)

    # --- what is shown ---------------------------------------------------------------------------

    async def refreshed(self) -> None:
        """Ask for all of it anew: at first the view, then what it holds now around the cursor."""
        if not self.viewing.views:
            await self._begin()
        else:
            await self._renew()

    async def changed(self, change: Changed) -> None:
        """Show what has changed with the next second, unless it is held still."""
        self._stale = True
        if change.page is None:
            self._learn()

    async def show_view(self) -> None:
        """Show the current view from its beginning."""
        self.dress()
        self.table.empty = self.texts.text("no tickets here")
        self._leaving.forget()
        await self.table.begin()
        self._stale, self._since_count = False, 0
        self.call_after_refresh(self._count)

    def dress(self) -> None:
        """Draw in the language, look, columns and order of now."""
        if self._has_gone:
            return
        self._dressed = (self.texts, self.look)
        view, asking = self.viewing.current, self.asking
        given = asking.filter.values
        self.table.paint.dress(
            self.look,
            self.showing(),
            columns=view.columns,
            order=given.get("order", asking.order),
            descending=given.get("descending", asking.descending),
        )
        self.table.empty = self.texts.text("no tickets here")
        self.table.refresh()
        self.show_tabs()

    def show_tabs(self) -> None:
        """Draw the tabs."""
        if self._has_gone:
            return
        tabs = [(one.name, one.titled(self.texts)) for one in self.viewing.views]
        line = self.asking.line if self.asking.line != self.viewing.current.filter else ""
        self.tabs.show(tabs, self.viewing.name, self.viewing.counts, line, look=self.look)

    @property
    def _has_gone(self) -> bool:
        """Whether the screen has been left while something was asked for it."""
        return not self.query(ViewTabs)

    async def _begin(self) -> None:
        terminal = self.terminal
        person = terminal.myself.person if terminal.myself else None
        self.asking.vocabulary = Vocabulary(
            me=self.actor, my_team=person.team if person else ""
        )
        self.viewing.begin(await self._kept(), team=bool(person and person.team))
        if self.asking.filter.problem is not None:
            await (
                self._learned()
            )  # It names a workflow, a state or a person, which are not known yet.
        await self.show_view()
        self.set_interval(EVERY, self._second)
        self.call_after_refresh(self._learn)

    async def _kept(self) -> Any:
        """Return the views that were kept; nobody is kept from their work where they cannot be had."""
        try:
            kept: Mapping[str, Any] = await self.ask(ListPreferences(actor=self.actor))
        except CasewrightError as error:
            self.tell_error(error)
            return None
        return kept.get(views.PREFERENCE)

    async def _renew(self) -> None:
        """Fetch what is shown anew; the cursor stays on its row and line."""
        if self._renewing:
            return
        self._renewing, self._stale = True, False
        try:
            before, seen = self.table.row, self._leaving.seen()
            stay = await self.table.renew(self.asking.located)
            gone = before.key if stay == "gone" and before is not None else None
            await self._leaving.told(seen, gone)
        finally:
            self._renewing = False
        self._count()

    def _second(self) -> None:
        """Once a second: the countdowns, and what has changed."""
        if not self.is_current:
            return
        self.table.tick()
        self._since_count += 1
        if (
            self._stale
            and not self.frozen
            and not self.table.held
            and not self.asking.filter.searches
        ):
            self._renew_soon()

    @work(group="renew")
    async def _renew_soon(self) -> None:
        await self._attempted(self._renew())

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        await self._attempted(self._counted())

    async def _counted(self) -> None:
        row, line = self.table.row, self.asking.line
        position = row.position if row else None
        count = await self.asking.count(line, position)
        if line == self.asking.line and not self._has_gone:
            self.table.counted(count, position)
            self.viewing.counts[self.viewing.name] = count.tickets
            self.framed()
        await self.viewing.count_others()
        self.show_tabs()

    @work(exclusive=True, group="learn")
    async def _learn(self) -> None:
        await self._attempted(self._learned())

    async def _learned(self) -> None:
        self._workflows = await self.asking.learn()
        self.dress()

    # --- what happens around it ------------------------------------------------------------------

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw in the language and the look of now."""
        self.framed()
        if self.viewing.views and self._dressed != (self.texts, self.look):
            self.dress()
            self.beside.draw()

    def on_screen_suspend(self) -> None:
        """Note that nobody looks at the queue."""
        self._leaving.away()

    def on_screen_resume(self) -> None:
        """Show what was done elsewhere."""
        if self.viewing.views:
            self._renew_soon()

    def on_resize(self) -> None:
        """Show the preview where there is room."""
        self.set_class(self.size.width >= WIDE, "-wide")

    def on_queue_table_moved(self) -> None:
        """Tell more of the row when the cursor has come to rest."""
        self.framed()
        self.beside.moved()

    def on_queue_table_held(self) -> None:
        """Show what has changed while a range was held."""
        if self._stale:
            self._renew_soon()

    async def on_view_tabs_chosen(self, chosen: ViewTabs.Chosen) -> None:
        """Show the view that was clicked."""
        await self._attempted(self.viewing.switch(chosen.name))
