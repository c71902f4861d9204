"""A customer on a screen: who it is with all their matters, and what is done for them by key or out of a menu."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from casewright.answers import CustomerView, Myself, TicketPage
from casewright.bilingual import Bilingual
from casewright.errors import CasewrightError
from casewright.model import Ticket
from casewright.queries import GetActions, GetTicket, ListTickets, ListWorkflows
from casewright.texts import text
from casewright_tui.errands import asking, catalogue
from casewright_tui.errands.customer import log_contact
from casewright_tui.errands.errand import Errand
from casewright_tui.known import Known
from casewright_tui.lines import Line, line, piece
from casewright_tui.messages import Told
from casewright_tui.pure import customer as customers
from casewright_tui.pure.children import TICKET
from casewright_tui.screens.ticket_asking import customer
from casewright_tui.widgets.menu import Item, Menu

if TYPE_CHECKING:
    from casewright_tui.screens.desk_screen import DeskScreen

COMES_BACK = timedelta(days=90)
"""So long after it was closed a matter stands among those that may come back."""
MOST = 200
"""So many of their closed tickets are looked at, the newest first."""
LETTERS: Mapping[str, str] = {"q": "query", "c": "chase", "s": "supplement", "r": "reopen"}
"""What letters do with the matter under the cursor."""


class PersonPane:
    """Knows one customer, and begins what is done for them."""

    def __init__(self, screen: "DeskScreen", chosen: Callable[[], Line | None]) -> None:
        self._screen, self._chosen = screen, chosen
        self._known: tuple[CustomerView, Known] | None = None
        self._closed: Sequence[Ticket] = ()
        self._more = False
        self._offered: Mapping[str, Errand] = {}

    @property
    def view(self) -> CustomerView | None:
        """The customer, once one is known."""
        return self._known[0] if self._known is not None else None

    def forget(self) -> None:
        """Know nobody any more."""
        self._known = None

    async def learn(self, id: str) -> None:
        """Ask who a customer is, and which of their matters were closed of late; the refusal is raised."""
        screen = self._screen
        page: TicketPage = await screen.ask(
            ListTickets(actor=screen.actor, customer=id, open=False, limit=MOST)
        )
        self._more = page.after is not None
        since = screen.terminal.clock.now() - COMES_BACK
        self._closed = [one for one in page.tickets if one.closed_at and one.closed_at >= since]
        self._known = await customer(screen, id, self._closed)

    def lines(self, width: int) -> list[Line]:
        """Return who it is."""
        if self._known is None:
            return []
        view, names = self._known
        screen = self._screen
        spoken = names.spoken(screen.texts)
        lines = customers.pane(
            spoken, view, screen.terminal.clock.now(), width, closed=self._closed
        )
        if self._more:
            said = screen.texts.say(
                "Of closed matters only the newest {count} were looked at.", count=MOST
            )
            lines.append(line(piece(said, "warn")))
        return lines

    # --- what is done ----------------------------------------------------------------------------

    async def letter(self, typed: str) -> bool:
        """Do what a letter does, or say why not; return whether it does anything."""
        if self.view is None or typed not in (*LETTERS, "n", "l"):
            return False
        try:
            await self._lettered(typed)
        except CasewrightError as error:
            self._screen.tell_error(error)
        return True

    def log(self) -> None:
        """Log a contact that is about no matter."""
        if self.view is not None:
            self._screen.go("form", errand=log_contact(self.view.customer.id, self._myself))
        else:
            self._screen.tell("A contact is logged for a customer: find one first.")

    async def new(self) -> None:
        """Offer to open a ticket of any workflow, for the customer where one is known."""
        self._offered = {one.name: one for one in await self._openings()}
        await self._offer(text("New matter"))

    async def menu(self) -> None:
        """Offer what can be done with the matter under the cursor, and for the customer."""
        errands = list(await self._of_matter(self._under_cursor))
        if self.view is not None:
            errands.append(log_contact(self.view.customer.id, self._myself))
        errands += await self._openings()
        self._offered = {one.name: one for one in errands}
        await self._offer(text("Actions"), matter=self._under_cursor)

    def open(self, id: str) -> bool:
        """Go to the ticket that a line is about; return whether it is about one."""
        if id.startswith(TICKET):
            self._screen.go("ticket", ticket=id.removeprefix(TICKET))
        return id.startswith(TICKET)

    # ---------------------------------------------------------------------------------------------

    @property
    def _myself(self) -> Myself:
        assert self._screen.terminal.myself is not None
        return self._screen.terminal.myself

    async def _lettered(self, typed: str) -> None:
        if typed == "n":
            await self.new()
        elif typed == "l":
            self.log()
        elif LETTERS[typed] == "reopen":
            await self._comes_back()
        else:
            await self._begin(LETTERS[typed], self._under_cursor)

    async def _comes_back(self) -> None:
        """Reopen the matter under the cursor if it is closed, else the one that was closed of late; of several one is chosen."""
        closed = {one.key: one for one in self._closed if self._may_come_back(one)}
        if self._under_cursor in closed or not closed:
            await self._begin("reopen", self._under_cursor)
        elif len(closed) == 1:
            await self._begin("reopen", *closed)
        else:
            assert self._known is not None
            names = self._known[1].spoken(self._screen.texts)
            items = [
                Item(id=key, title=f"{key}  {customers.matter(names, one)}")
                for key, one in closed.items()
            ]
            title = self._screen.texts.text(text("Which matter comes back?"))
            menu = Menu(title, items, about=self._called())
            await self._screen.terminal.push_screen(menu, self._came_back)

    def _may_come_back(self, one: Ticket) -> bool:
        """Return whether a closed ticket is a matter of the customer's own, of a workflow that takes matters back."""
        assert self._known is not None
        workflow, _ = self._known[1].workflow(one.workflow, one.bundle)
        return one.parent is None and not one.merged_into and workflow.reopen.policy != "never"

    async def _came_back(self, key: str | None) -> None:
        if key is not None:
            try:
                await self._begin("reopen", key)
            except CasewrightError as error:
                self._screen.tell_error(error)

    async def _begin(self, name: str, matter: str) -> None:
        offered = await self._of_matter(matter)
        found = next((one for one in offered if one.name == name), None)
        if found is None:
            self._screen.tell("This cannot be done with the matter under the cursor.")
        elif found.blocked is not None:
            self._screen.post_message(Told(self._screen.texts.render(found.blocked), bad=True))
        else:
            self._screen.go("form", errand=found)

    @property
    def _under_cursor(self) -> str:
        """The matter under the cursor; "" where there is none."""
        chosen = self._chosen()
        is_matter = chosen is not None and chosen.id.startswith(TICKET)
        return chosen.id.removeprefix(TICKET) if chosen is not None and is_matter else ""

    async def _of_matter(self, key: str) -> Sequence[Errand]:
        screen, actor = self._screen, self._screen.actor
        if not key:
            return ()
        ticket: Ticket = await screen.ask(GetTicket(actor=actor, ticket=key))
        offers = await screen.ask(GetActions(actor=actor, ticket=key))
        site = screen.terminal.site
        workflow, forms = await site.version(actor, ticket.workflow, ticket.bundle)
        people = await site.people(actor)
        return catalogue.of_ticket(
            ticket, offers, workflow, forms, myself=self._myself, people=people
        )

    async def _openings(self) -> Sequence[Errand]:
        screen, site = self._screen, self._screen.terminal.site
        if not asking.may(self._myself, "ticket.open"):
            return ()
        id = self.view.customer.id if self.view is not None else None
        found = []
        for one in await screen.ask(ListWorkflows(actor=screen.actor, counted=False)):
            if one.current:
                workflow, forms = await site.version(screen.actor, one.name)
                made = catalogue.opening(workflow, forms, myself=self._myself, customer=id)
                found.append(made)
        return found

    async def _offer(self, title: str, matter: str = "") -> None:
        screen = self._screen
        letters = {name: key for key, name in LETTERS.items()} | {"log_contact": "l"}
        items = [
            Item(
                id=one.name, title=one.title, hint=letters.get(one.name, ""), blocked=one.blocked,
                remark=one.remark, also=(one.name,), group=one.group,
            )
            for one in self._offered.values()
        ]  # fmt: skip
        about = [one for one in (matter, str(screen.texts.value(self._called()))) if one]
        menu = Menu(screen.texts.text(title), items, about="  ".join(about))
        await screen.terminal.push_screen(menu, self._taken)

    def _called(self) -> str | Bilingual:
        return customers.called(self.view.customer) if self.view is not None else ""

    def _taken(self, name: str | None) -> None:
        if name is not None:
            self._screen.go("form", errand=self._offered[name])
