"""The views of a queue, as somebody goes through them, makes them, and does away with them."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from casewright.bilingual import Bilingual
from casewright.commands import SavePreference
from casewright.errors import CasewrightError, message
from casewright.texts import text
from casewright_tui.pure import views
from casewright_tui.pure.filter_words import ORDERINGS
from casewright_tui.pure.queue_columns import COLUMNS
from casewright_tui.pure.views import View

if TYPE_CHECKING:
    from casewright_tui.screens.queue_live import LiveQueue

ON, OFF = "[x] ", "[ ] "
GIVEN = "given"
"""The name of a queue that is none of somebody's views, such as what a bar of the wallboard stands for."""


class Viewing:
    """Holds the views and which one is shown; with a `line` of its own, a queue that is none of them stands behind them.

    So each view keeps its digit, wherever one came from.
    """

    def __init__(
        self, screen: "LiveQueue", line: str = "", title: str | Bilingual = ""
    ) -> None:
        self._screen = screen
        self._line, self._title = line, title
        self.views: tuple[View, ...] = ()
        self.name = ""
        self.counts: dict[str, int] = {}
        self.ask_name: Callable[[], None] = lambda: None

    @property
    def current(self) -> View:
        """The view that is shown."""
        return next((one for one in self.views if one.name == self.name), self.views[0])

    def begin(self, kept: Any, *, team: bool) -> None:
        """Begin with the first view of those that were kept, or with the queue that was come for."""
        self.views = views.read(kept, team=team)
        if self._line or self._title:
            title = self._title or self._line
            self.views += (View(name=GIVEN, title=title, filter=self._line, own=True),)
        self._take(self.views[-1 if self.views[-1].name == GIVEN else 0])

    async def switch(self, name: str) -> None:
        """Show a view."""
        self._take(next(one for one in self.views if one.name == name))
        self._screen.table.release()
        await self._screen.show_view()

    async def nth(self, index: int) -> None:
        """Show the view that has this place among the tabs."""
        if index < len(self.views):
            await self.switch(self.views[index].name)

    async def count_others(self) -> None:
        """Count what the other views hold; those that search by what customers said are not counted."""
        asking = self._screen.asking
        for one in self.views:
            found = asking.understood(one.filter)
            if one.name != self.name and found.problem is None and not found.searches:
                self.counts[one.name] = (await asking.count(one.filter)).tickets

    # --- the menus -------------------------------------------------------------------------------

    async def menu(self) -> None:
        """Offer the views and what can be done with them."""
        from casewright_tui.widgets.menu import Item, Menu

        texts, current = self._screen.texts, self.current
        items = [
            Item(
                id=f"view:{one.name}",
                title=one.titled(texts),
                hint=str(index + 1) if index < 9 else "",
            )
            for index, one in enumerate(self.views)
        ]
        items += [
            Item(id=id, title=texts.say(template, view=current.titled(texts)), group="do")
            for id, template in (
                ("keep", text("Keep what is shown as a view")),
                ("columns", text("Columns of “{view}”")),
                ("order", text("Order of “{view}”")),
                ("front", text("Move “{view}” to the front")),
                ("back", text("Move “{view}” back")),
                ("delete", text("Delete “{view}”")),
                ("usual", text("The usual views again")),
            )
        ]
        await self._screen.terminal.push_screen(Menu(message("Views"), items), self._chosen)

    async def sort_menu(self) -> None:
        """Offer the orders."""
        from casewright_tui.widgets.menu import Item, Menu

        lang, texts = self._screen.texts.lang, self._screen.texts
        items = [
            Item(
                id=f"{'-' if turned else ''}{name}",
                title=texts.say(template, order=title.of(lang)),
                also=(title.en, title.zh),
            )
            for name, title in ORDERINGS.items()
            for turned, template in (
                (False, text("by {order}")),
                (True, text("by {order}, turned round")),
            )
        ]
        asking = self._screen.asking
        at = f"{'-' if asking.descending else ''}{asking.order}"
        await self._screen.terminal.push_screen(
            Menu(message("Order"), items, at=at), self._ordered
        )

    async def columns_menu(self, at: str = "") -> None:
        """Offer the columns, those that are shown ticked."""
        from casewright_tui.widgets.menu import Item, Menu

        texts, shown = self._screen.texts, self.current.columns
        items: list[Item] = [
            Item(id=one.name, title=(ON if one.name in shown else OFF) + texts.text(one.title))
            for one in COLUMNS
            if one.keep
        ]
        await self._screen.terminal.push_screen(
            Menu(message("Columns"), items, at=at), self._toggled
        )

    async def kept(self, title: str) -> None:
        """Keep what is shown as a view of this name."""
        asking = self._screen.asking
        like = replace(self.current, order=asking.order, descending=asking.descending)
        own = views.added(self._own, title, like, asking.line)
        self.views = (*own, *(one for one in self.views if one.name == GIVEN))
        await self._save()
        await self.switch(own[-1].name)
        self._screen.tell(
            "The view “{title}” is kept; it is number {number}.",
            title=title,
            number=len(own),
        )

    # ---------------------------------------------------------------------------------------------

    @property
    def _own(self) -> tuple[View, ...]:
        return tuple(one for one in self.views if one.name != GIVEN)

    def _take(self, view: View) -> None:
        self.name = view.name
        asking = self._screen.asking
        asking.line, asking.order, asking.descending = view.filter, view.order, view.descending

    async def _chosen(self, id: str | None) -> None:
        name = self.name
        match id:
            case None:
                return
            case "keep":
                self.ask_name()
            case "columns":
                await self.columns_menu()
            case "order":
                await self.sort_menu()
            case "front":
                await self._altered(views.moved(self.views, name, -len(self.views)))
            case "back":
                await self._altered(views.moved(self.views, name, 1))
            case "delete":
                await self._altered(views.without(self.views, name))
            case "usual":
                await self._altered(views.read(None, team=True))
            case _:
                await self._attempt(self.switch(id.partition(":")[2]))

    async def _ordered(self, id: str | None) -> None:
        if id is None:
            return
        view = replace(self.current, order=id.lstrip("-"), descending=id.startswith("-"))
        self.views = views.changed(self.views, view)
        asking = self._screen.asking
        asking.order, asking.descending = view.order, view.descending
        await self._attempt(self._save())
        await self._attempt(self._screen.show_view())

    async def _toggled(self, id: str | None) -> None:
        if id is None:
            return
        shown = self.current.columns
        columns = (
            tuple(one for one in shown if one != id)
            if id in shown
            else tuple(one.name for one in COLUMNS if one.name in shown or one.name == id)
        )
        self.views = views.changed(self.views, replace(self.current, columns=columns))
        self._screen.dress()
        await self._attempt(self._save())
        await self.columns_menu(at=id)

    async def _altered(self, altered: tuple[View, ...]) -> None:
        self.views = altered
        await self._attempt(self._save())
        if self.name not in {one.name for one in altered}:
            await self._attempt(self.switch(altered[0].name))
        self._screen.show_tabs()

    async def _save(self) -> None:
        value = views.written(self._own)
        await self._screen.say(
            SavePreference(actor=self._screen.actor, name=views.PREFERENCE, value=value)
        )

    async def _attempt(self, doing: Any) -> None:
        try:
            await doing
        except CasewrightError as error:
            self._screen.tell_error(error)
