"""What is done with tickets out of a queue: a menu of errands for one or for all that are marked, a note, the next ticket."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casewright.answers import Myself, QueuePage
from casewright.commands import AssignTicket
from casewright.errors import CasewrightError, message
from casewright.queries import GetActions, GetTicket, ListQueue
from casewright_tui.errands.errand import Errand

if TYPE_CHECKING:
    from casewright.model import Ticket
    from casewright_tui.panels import Claim
    from casewright_tui.screens.queue import QueueScreen

TRIED = 20
"""Waiting tickets that are tried one after the other: others take some of them at the same moment."""


class Acting:
    """Does what keys ask for with the tickets of a queue."""

    def __init__(self, screen: "QueueScreen") -> None:
        self._screen = screen
        self._errands: Sequence[Errand] = ()

    async def menu(self) -> None:
        """Offer what can be done with the marked tickets, else with the one under the cursor."""
        screen, row = self._screen, self._screen.table.row
        marked = screen.marked_keys()
        if marked:
            about = screen.texts.say("{count} tickets", count=len(marked))
            await self._offer(await self._of_many(marked), about)
        elif row is not None:
            ticket: Ticket = await screen.ask(GetTicket(actor=screen.actor, ticket=row.key))
            await self._offer(await self._of_one(ticket), f"{row.key}  {row.subject}")

    async def note(self) -> None:
        """Write a note about the marked tickets, else about the one under the cursor."""
        screen, row = self._screen, self._screen.table.row
        keys = screen.marked_keys() or ((row.key,) if row is not None else ())
        if keys:
            errands = await self._of_many(keys)
            found = next((one for one in errands if one.name == "note"), None)
            if found is None:
                screen.tell("You may not write notes here.")
            else:
                screen.go("form", errand=found)

    async def claim(self) -> None:
        """Take the next ticket and open it."""
        key = await self.claimed()
        if key is None:
            self._screen.tell("Nothing waits that you could take.")
        else:
            self._screen.tell("{ticket} is yours now.", ticket=key)
            self._screen.go("ticket", ticket=key)

    async def claimed(self) -> str | None:
        """Take the next ticket; return its key, None where nothing waits; the refusal is raised."""
        claim = await self._screen.terminal.claim()
        return await self._by_plugin(claim) if claim is not None else await self._by_hand()

    # ---------------------------------------------------------------------------------------------

    async def _by_plugin(self, claim: "Claim") -> str | None:
        receipt = await self._screen.say(claim.make(self._screen.actor))
        return (receipt.answer or {}).get("ticket") or receipt.ticket or None

    async def _by_hand(self) -> str | None:
        """Take the most urgent ticket that nobody handles; one that somebody else took meanwhile is passed by."""
        screen = self._screen
        page: QueuePage = await screen.ask(
            ListQueue(actor=screen.actor, handler="", limit=TRIED)
        )
        refusal: CasewrightError | None = None
        for row in page.rows:
            command = AssignTicket(
                actor=screen.actor, ticket=row.key, handler=screen.actor, version=row.version
            )
            try:
                await screen.say(command)
            except CasewrightError as error:
                refusal = error
            else:
                return row.key
        if refusal is not None:
            raise refusal
        return None

    async def _of_many(self, keys: Sequence[str]) -> Sequence[Errand]:
        from casewright_tui.errands import catalogue

        people = await self._screen.terminal.site.people(self._screen.actor)
        marked = self._screen.table.sight.marked
        seen = {key: marked[key].version for key in keys if key in marked}
        return catalogue.of_tickets(keys, myself=self._myself, people=people, seen=seen)

    async def _of_one(self, ticket: "Ticket") -> Sequence[Errand]:
        from casewright_tui.errands import catalogue

        screen, site = self._screen, self._screen.terminal.site
        offers = await screen.ask(GetActions(actor=screen.actor, ticket=ticket.key))
        workflow, forms = await site.version(screen.actor, ticket.workflow, ticket.bundle)
        people = await site.people(screen.actor)
        return catalogue.of_ticket(
            ticket, offers, workflow, forms, myself=self._myself, people=people
        )

    @property
    def _myself(self) -> Myself:
        assert self._screen.terminal.myself is not None
        return self._screen.terminal.myself

    async def _offer(self, errands: Sequence[Errand], about: str) -> None:
        from casewright_tui.widgets.menu import Item, Menu

        self._errands = errands
        items = [
            Item(
                id=str(index),
                title=one.title,
                hint=one.key or "",
                blocked=one.blocked,
                remark=one.remark,
                also=(one.name,),
                group=one.group,
            )
            for index, one in enumerate(errands)
        ]
        menu = Menu(message("Actions"), items, about=about)
        await self._screen.terminal.push_screen(menu, self._chosen)

    def _chosen(self, id: str | None) -> None:
        if id is not None:
            self._screen.go("form", errand=self._errands[int(id)])
