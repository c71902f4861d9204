"""The queue: what keys do with the tickets of a view, one, many, or the next."""

import asyncio
from typing import ClassVar

from textual.binding import Binding, BindingType

from casewright.bilingual import Bilingual
from casewright.queries import Queue
from casewright_tui import controls
from casewright_tui.pure import completion
from casewright_tui.pure.completion import Offer
from casewright_tui.screens.queue_acting import Acting
from casewright_tui.screens.queue_live import LiveQueue
from casewright_tui.widgets.filter_line import FilterLine

TYPED = 0.25
"""Seconds after the last key in the query line until what it says so far is shown."""


class QueueScreen(LiveQueue):
    """The home of whoever works tickets; with a queue of its own it shows that one, as from the wallboard."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("queue"),
        *(
            Binding(",".join(controls.with_full_width((digit,))), f"view({digit})", show=False)
            for digit in "123456789"
        ),
    ]

    def __init__(
        self, queue: Queue | None = None, line: str = "", title: str | Bilingual = ""
    ) -> None:
        super().__init__(queue, line, title)
        self.acting = Acting(self)
        self.viewing.ask_name = self._ask_name
        self._naming = False
        self._before = ""

    # --- keys ------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the ticket under the cursor."""
        row = self.table.row
        if row is not None:
            self.go("ticket", ticket=row.key)

    async def action_view(self, number: int) -> None:
        """Show a view by its digit."""
        await self._attempted(self.viewing.nth(number - 1))

    async def action_views(self) -> None:
        """Offer the views."""
        await self.viewing.menu()

    async def action_sort(self) -> None:
        """Offer the orders."""
        await self.viewing.sort_menu()

    async def action_mark(self) -> None:
        """Mark the row under the cursor, and go on."""
        await self.table.mark()

    async def action_mark_all(self) -> None:
        """Mark all tickets of the queue."""
        await self._attempted(self._mark_all())

    async def action_actions(self) -> None:
        """Offer what can be done with the marked tickets, else with the one under the cursor."""
        await self._attempted(self.acting.menu())

    async def action_note(self) -> None:
        """Write a note about the marked tickets, else about the one under the cursor."""
        await self._attempted(self.acting.note())

    async def action_claim(self) -> None:
        """Take the next ticket and open it."""
        await self._attempted(self.acting.claim())

    async def action_freeze(self) -> None:
        """Hold still, or follow again."""
        self.frozen = not self.frozen
        if not self.frozen:
            await self._attempted(self._renew())
        self.framed()

    def action_copy(self) -> None:
        """Copy the keys of the marked tickets, else that of the one under the cursor."""
        row = self.table.row
        keys = self.marked_keys() or ((row.key,) if row else ())
        if keys:
            self.terminal.copy_to_clipboard(" ".join(keys))
            self.tell("Copied: {keys}", keys=list(keys))

    def action_next_pane(self) -> None:
        """Go to the preview and back."""
        pane = self.query_one("#preview")
        if pane.display and self.table.has_focus:
            pane.focus()
        else:
            self.table.focus()

    def action_back(self) -> None:
        """Go one step back: out of the preview, then no marks, then no filter, then where one came from."""
        if not self.table.has_focus:
            self.table.focus()
        elif self.table.sight.marked:
            self.table.clear_marks()
        elif self.asking.line != self.viewing.current.filter:
            self.call_later(self._unfiltered)
        elif len(self.terminal.screen_stack) > 2:
            super().action_back()

    # --- the query line --------------------------------------------------------------------------

    async def action_filter(self) -> None:
        """Have the query line typed."""
        line = self.asking.line
        await self._type(
            f"{line} " if line else "",
            self.texts.text("text, or name:value; Tab takes what is offered"),
        )

    def _ask_name(self) -> None:
        """Have a name typed, under which what is shown is kept."""
        self._naming = True
        self.call_later(self._type, "", self.texts.text("what the view is to be called"))

    def on_filter_line_typed(self, typed: FilterLine.Typed) -> None:
        """Show what the line asks for so far, unless that goes on record."""
        typed.stop()
        if not self._naming:
            self._try(typed.text.strip())

    async def on_filter_line_entered(self, entered: FilterLine.Entered) -> None:
        """Show what the line asks for, or say why it is not understood."""
        entered.stop()
        if self._naming:
            self._close()
            if entered.text:
                await self._attempted(self.viewing.kept(entered.text))
            return
        problem = self.asking.understood(entered.text).problem
        if problem is not None:
            self.query_one(FilterLine).complain(self.texts.render(problem))
            return
        self._close()
        await self._attempted(self._ask_for(entered.text))

    async def on_filter_line_left(self, left: FilterLine.Left) -> None:
        """Show what was shown before the line was typed."""
        left.stop()
        naming = self._naming
        self._close()
        if not naming and self.asking.line != self._before:
            await self._attempted(self._ask_for(self._before))

    async def _type(self, text: str, placeholder: str) -> None:
        self._before = self.asking.line
        found = self.query(FilterLine)
        if found:
            line = found.first()
        else:
            line = FilterLine(self.look, self._offers, placeholder)
            await self.query_one("#body").mount(line, before=0)
        line.display, self.tabs.display = True, False
        line.begin(text, self._no_offers if self._naming else self._offers, placeholder)

    def _close(self) -> None:
        self._naming = False
        self.query_one(FilterLine).display = False
        self.tabs.display = True
        self.table.focus()

    def _offers(self, line: str, caret: int) -> list[Offer]:
        return completion.offers(line, caret, self.asking.vocabulary, self.texts.lang)

    def _no_offers(self, line: str, caret: int) -> list[Offer]:
        return []

    def _try(self, text: str) -> None:
        found = self.asking.understood(text)
        if found.problem is None and not found.searches and text != self.asking.line:
            self.run_worker(self._shown_soon(text), group="typed", exclusive=True)

    async def _shown_soon(self, text: str) -> None:
        await asyncio.sleep(TYPED)
        if self.query_one(FilterLine).display:
            await self._attempted(self._ask_for(text))

    async def _unfiltered(self) -> None:
        await self._attempted(self._ask_for(self.viewing.current.filter))

    async def _ask_for(self, line: str) -> None:
        self.asking.line = line
        await self.show_view()

    async def _mark_all(self) -> None:
        rows = await self.asking.all_rows()
        self.table.sight.marked.update({row.key: row for row in rows})
        self.table.refresh()
        self.framed()
