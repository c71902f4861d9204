"""The open ticket of the plain mode: read out, acted on, left for the next; and notices, which lead to others."""

from collections.abc import Sequence

from casewright.answers import ActionOffer, Notice, NoticePage
from casewright.commands import AddComment, AssignTicket
from casewright.errors import CommandRefused, NotFound, message
from casewright.model import Ticket
from casewright.queries import GetActions, GetTicket, ListNotices, ListQueue, ListWorkflows
from casewright_tui.errands import noticing
from casewright_tui.errands.catalogue import of_ticket, opening
from casewright_tui.errands.errand import Errand
from casewright_tui.errands.outcome import summed_up
from casewright_tui.plain import reading
from casewright_tui.plain.filling import Filling
from casewright_tui.plain.lists import Lists
from casewright_tui.plain.seat import Seat, at_once
from casewright_tui.plain.speech import Speech, numbered

TRIED = 10
"""Tickets that nobody has and that are tried, where others are faster."""


class Acting:
    """Which ticket is open, and what is done with it."""

    def __init__(self, seat: Seat, speech: Speech, lists: Lists) -> None:
        self._seat, self._speech, self._lists = seat, speech, lists
        self.key = ""
        self.are_read = False
        """Whether the actions were read out last: then a number alone means one of them."""
        self._notices: Sequence[Notice] = ()

    def is_key(self, typed: str) -> bool:
        """Return whether what was typed looks like a ticket's key."""
        parts = typed.split("-")
        return len(parts) > 1 and parts[0].isupper() and all(one.isalnum() for one in parts)

    def open(self, which: str) -> None:
        """Open a ticket by its key or its number, or the open one again, and read it out."""
        row = self._lists.numbered_row(which)
        key = row.key if row is not None else which or self.key
        ticket = self._ticket(key)
        self.key, self.are_read = ticket.key, False
        reading.ticket(self._seat, self._speech, ticket, self._offers(ticket))

    def next(self, rest: str) -> None:
        """Open the next ticket of the list."""
        row = self._lists.following(self.key)
        if row is None:
            self._speech.say(self._seat.texts.text("That was all."))
        else:
            self.open(row.key)

    def claim(self, rest: str) -> None:
        """Take the most urgent ticket that nobody handles, and open it; one that others were faster at is passed by."""
        me, refusal = self._seat.actor, None
        page = self._seat.ask(ListQueue(actor=me, handler="", limit=TRIED))
        for row in page.rows:
            taking = AssignTicket(actor=me, ticket=row.key, handler=me, version=row.version)
            try:
                self._seat.say([taking])
            except CommandRefused as error:
                refusal = error
                continue
            said = self._seat.texts.say("{ticket} is yours now.", ticket=row.key)
            self._speech.say(said)
            self.open(row.key)
            return
        if refusal is not None:
            raise refusal
        self._speech.say(self._seat.texts.text("Nothing waits that you could take."))

    def actions(self, rest: str) -> None:
        """Read out what can be done with the open ticket."""
        self._speech.say(*numbered(reading.errands(self._seat, self._errands())))
        self.are_read = True

    def do(self, which: str) -> None:
        """Do something with the open ticket, by its number among the actions, its key or its name."""
        self.carry_out(self._chosen(which))

    def note(self, said: str) -> None:
        """Write a note at the open ticket."""
        here = self._here()
        text = said or self._speech.heard_lines(self._seat.texts.text("Note:"))
        if text:
            self._seat.say([AddComment(actor=self._seat.actor, ticket=here, text=text)])
            self._speech.say(self._seat.texts.text("The note is kept."))

    def history(self, rest: str) -> None:
        """Read out all that happened to the open ticket."""
        reading.history(self._seat, self._speech, self._ticket(self._here()))

    def new(self, which: str) -> None:
        """Open a ticket of a workflow."""
        listed = self._seat.ask(ListWorkflows(actor=self._seat.actor, counted=False))
        names = [one.name for one in listed if one.current]
        if which not in names:
            self._speech.say(*numbered(names))
            which = self._speech.heard(self._seat.texts.text("Which workflow?"))
        if which.isascii() and which.isdigit() and 0 < int(which[:4]) <= len(names):
            which = names[int(which[:4]) - 1]
        about = at_once(self._seat.site.version(self._seat.actor, which))
        self.carry_out(opening(*about, myself=self._seat.me))

    def notices(self, rest: str) -> None:
        """Read out what whoever sits here was told."""
        page: NoticePage = self._seat.ask(ListNotices(actor=self._seat.actor, mine=True))
        self._notices = page.notices
        around = reading.around(self._seat, page.notices)
        lines = [reading.notice(self._seat, one, around) for one in page.notices]
        self._speech.say(*lines or [self._seat.texts.text("There is no notice.")])
        if page.after is not None:
            self._speech.say(
                self._seat.texts.text("There are older ones: the screen shows them.")
            )

    def take(self, which: str) -> None:
        """Take a notice."""
        self.carry_out(noticing.take([self._notice(which)], self._seat.me))

    def refuse(self, which: str) -> None:
        """Refuse a notice."""
        self.carry_out(noticing.refuse([self._notice(which)], self._seat.me))

    def carry_out(self, errand: Errand) -> None:
        """Ask what an errand asks, do it, and say what came of it."""
        texts = self._seat.texts
        if errand.blocked is not None:
            self._speech.say(texts.render(errand.blocked))
            return
        self._speech.say(errand.title.of(texts.lang))
        values = Filling(errand, self._seat, self._speech).values()
        receipts = self._seat.say(errand.make(values))
        self.are_read = False
        self._speech.say(texts.render(summed_up(errand, receipts)))

    def _chosen(self, which: str) -> Errand:
        found = self._errands()
        if which.isascii() and which.isdigit() and 0 < int(which[:4]) <= len(found):
            return found[int(which[:4]) - 1]
        sought, lang = which.casefold(), self._seat.texts.lang
        for one in found:
            if sought in (one.name.casefold(), one.key, one.title.of(lang).casefold()):
                return one
        raise CommandRefused(reason=message("this ticket has no action '{name}'", name=which))

    def _errands(self) -> Sequence[Errand]:
        ticket = self._ticket(self._here())
        about = at_once(
            self._seat.site.version(self._seat.actor, ticket.workflow, ticket.bundle)
        )
        people = at_once(self._seat.site.people(self._seat.actor))
        return of_ticket(
            ticket, self._offers(ticket), *about, myself=self._seat.me, people=people
        )

    def _here(self) -> str:
        if not self.key:
            raise CommandRefused(reason=message("no ticket is open; open one first"))
        return self.key

    def _ticket(self, key: str) -> Ticket:
        ticket: Ticket = self._seat.ask(GetTicket(actor=self._seat.actor, ticket=key))
        return ticket

    def _offers(self, ticket: Ticket) -> Sequence[ActionOffer]:
        offers: Sequence[ActionOffer] = self._seat.ask(
            GetActions(actor=self._seat.actor, ticket=ticket.key)
        )
        return offers

    def _notice(self, which: str) -> Notice:
        if not self._notices:
            self.notices("")
        for one in self._notices:
            if str(one.number) == which:
                return one
        raise NotFound(kind=message("notice"), name=which, hint=message(""))
