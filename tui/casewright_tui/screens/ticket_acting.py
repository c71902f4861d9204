"""What is done with a ticket at its place: its errands by letter or out of a menu, masked fields shown, the next ticket."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from casewright.errors import CasewrightError
from casewright.texts import text
from casewright_tui.errands.errand import Errand
from casewright_tui.messages import Stepped, Told
from casewright_tui.preferences import AFTERWARDS
from casewright_tui.pure.action_keys import keys
from casewright_tui.screens.queue import QueueScreen

if TYPE_CHECKING:
    from casewright_tui.offered import Offered
    from casewright_tui.screens.ticket import TicketScreen


ANSWER = "reply"
"""The errand that writes to the customer."""


class Acting:
    """Does what keys ask for with one ticket."""

    def __init__(self, screen: "TicketScreen") -> None:
        self._screen = screen
        self._begun: int | None = None
        """The version of the ticket at which an errand was begun."""
        self._done = False

    async def menu(self) -> None:
        """Offer all that can be done; what cannot be done now stands there with its reason."""
        from casewright_tui.widgets.menu import Item, Menu

        known = self._screen.sheet
        if known is None:
            return
        letters = {one.name: key for key, one in keys(known.errands).items()}
        items = [
            Item(
                id=one.name, title=one.title, hint=letters.get(one.name, ""), blocked=one.blocked,
                remark=one.remark, also=(one.name,), group=one.group,
            )
            for one in known.errands
        ]  # fmt: skip
        menu = Menu(self._screen.texts.text(text("Actions")), items, about=known.ticket.key)
        await self._screen.terminal.push_screen(menu, self._chosen)

    def offers(self) -> "Iterator[Offered]":
        """Yield what can be done now, with its letter."""
        from casewright_tui.offered import Offered

        known = self._screen.sheet
        errands = known.errands if known is not None else ()
        letters = {one.name: key for key, one in keys(errands).items()}
        for one in errands:
            if one.blocked is None:
                shown = (letters[one.name],) if one.name in letters else ()
                yield Offered(
                    id=f"errand.{one.name}", title=one.title, run=partial(self.begin, one),
                    keys=shown, group="here", also=(one.name,),
                )  # fmt: skip

    def begin(self, errand: Errand) -> None:
        """Begin an errand, or say why it cannot be begun now."""
        screen = self._screen
        if errand.blocked is not None:
            screen.post_message(Told(screen.texts.render(errand.blocked), bad=True))
        else:
            known = screen.sheet
            self._begun, self._done = known.ticket.version if known else None, False
            screen.go("form", errand=errand)

    def begin_named(self, name: str) -> None:
        """Begin the errand of a name."""
        known = self._screen.sheet
        found = (
            next((one for one in known.errands if one.name == name), None) if known else None
        )
        if found is not None:
            self.begin(found)
        else:
            self._screen.tell("You may not do this here.")

    def answer_with(self, text: str) -> None:
        """Begin the answer to the customer with a text; who may not write to them has it noted all the same."""
        known = self._screen.sheet
        errands = known.errands if known is not None else ()
        found = next((one for one in errands if one.name == ANSWER and not one.blocked), None)
        if found is None:
            self._screen.tell("It is linked to the ticket.")
        else:
            self.begin(replace(found, initial={**found.initial, "text": text}))

    def has_done(self) -> None:
        """Note that whoever sits here has changed something, while this place may still lie beneath a form."""
        self._done = True

    def came_back(self) -> None:
        """Somebody has come back from an errand: they stay here, or go on to the next ticket if they like it so."""
        known, begun, done = self._screen.sheet, self._begun, self._done
        self._begun, self._done = None, False
        moved = (
            done and begun is not None and known is not None and known.ticket.version != begun
        )
        if moved and self._screen.terminal.preferences.get(AFTERWARDS) == "next":
            self._screen.post_message(Stepped(1, done=self._screen.key))

    async def claim(self) -> None:
        """Take the next ticket that waits, and go to it instead."""
        queue = next(
            one for one in self._screen.terminal.screen_stack if isinstance(one, QueueScreen)
        )
        try:
            key = await queue.acting.claimed()
        except CasewrightError as error:
            self._screen.tell_error(error)
            return
        if key is None:
            self._screen.tell("Nothing waits that you could take.")
        else:
            self._screen.go("ticket", instead=True, ticket=key)

    async def reveal(self) -> None:
        """Ask what masked fields are needed for, and show them."""
        from casewright_tui.screens.prompt import Prompt

        prompt = Prompt(text("What do you need them for? It goes on record."))
        await self._screen.terminal.push_screen(prompt, self._answered)

    async def _answered(self, purpose: str | None) -> None:
        if purpose:
            try:
                await self._screen.revealed(purpose)
            except CasewrightError as error:
                self._screen.tell_error(error)

    def _chosen(self, name: str | None) -> None:
        if name is not None:
            self.begin_named(name)
