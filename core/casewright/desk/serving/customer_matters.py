"""What a customer's tickets say of the customer: what is open, which promises were broken, what came back, the last survey."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from casewright.answers import BrokenPromise, Lineage, Survey
from casewright.bilingual import Bilingual
from casewright.clock import to_microseconds
from casewright.customers.facts import WINDOW_DAYS
from casewright.customers.settings import CustomerSettings, SurveyField
from casewright.model import Customer, Ticket
from casewright.queries import ListTickets
from casewright.store import history, listing
from casewright.timekeeping import PromiseClock

if TYPE_CHECKING:
    from casewright.desk.asking import Asking
    from casewright.desk.serving.customer_answers import Sight

MOST_LOOKED_AT = 500
"""A client organisation may have a hundred thousand tickets: so many of the open ones are looked at, and of all."""
WINDOW = timedelta(days=WINDOW_DAYS)


class Matters:
    """The newest tickets of a customer that the asker may see, and what follows from them."""

    def __init__(
        self, asking: "Asking", sight: "Sight", customer: Customer, settings: CustomerSettings
    ) -> None:
        self._asking, self._sight = asking, sight
        self._customer, self._settings = customer, settings
        self.older = 0

    @cached_property
    def tickets(self) -> Sequence[Ticket]:
        """The tickets looked at, newest first; `older` says how many there are beyond them."""
        if not self._sight.reads_tickets:
            return ()
        every, more = self._page(open=None)
        open_ones = self._page(open=True)[0] if more else ()
        looked_at = {one.key: one for one in (*every, *open_ones)}
        if more:
            total = listing.count_for(
                self._asking.database, self._customer.id, self._asking.actor.among()
            )
            self.older = total - len(looked_at)
        found = sorted(looked_at.values(), key=lambda one: one.opened_at, reverse=True)
        return found

    @property
    def open(self) -> Sequence[Ticket]:
        """The open tickets, newest first."""
        return [one for one in self.tickets if one.open]

    @cached_property
    def broken(self) -> Sequence[BrokenPromise]:
        """The promises that were broken, the last one first."""
        found = (one for ticket in self.tickets for one in self._broken_on(ticket))
        return sorted(found, key=lambda one: one.due, reverse=True)

    @property
    def recently_broken(self) -> int:
        """How many promises were broken within the window."""
        return sum(one.due > self._asking.now - WINDOW for one in self.broken)

    @property
    def complaints(self) -> Sequence[Ticket]:
        """The complaints that were opened within the window."""
        return [one for one in self._complaints if one.opened_at > self._asking.now - WINDOW]

    @property
    def highest_round(self) -> int:
        """The highest round of a complaint that is open or was opened within the window, 0 without any."""
        since = self._asking.now - WINDOW
        alive = (one for one in self._complaints if one.open or one.opened_at > since)
        return max((one.round for one in alive), default=0)

    @cached_property
    def lineages(self) -> Sequence[str]:
        """The keys of the matters that came back, the last one first."""
        return list(dict.fromkeys(one.lineage for one in self.tickets if one.round > 1))

    def lineage(self, key: str) -> Lineage:
        """Return the rounds of a matter that the asker may see."""
        rounds = self._sight.lineage(key)
        return Lineage(key=key, rounds=tuple(rounds))

    @cached_property
    def survey(self) -> Survey | None:
        """The last answer to the question how content the customer is."""
        answered = (
            (ticket, field)
            for ticket in sorted(self.tickets, key=lambda one: one.updated_at, reverse=True)
            for field in self._settings.survey
            if _answers(ticket, field)
        )
        ticket, field = next(answered, (None, None))
        if ticket is None or field is None:
            return None
        answer = str(ticket.fields[field.field])
        return Survey(
            ticket=ticket.key,
            title=self._label(ticket, field.field, answer),
            points=field.points[answer],
            at=self._answered_at(ticket, field.field),
        )

    @property
    def _complaints(self) -> Iterator[Ticket]:
        names = self._settings.complaints
        return (one for one in self.tickets if one.workflow in names)

    def _page(self, *, open: bool | None) -> tuple[Sequence[Ticket], str | None]:
        query = ListTickets(
            actor=self._asking.asker.name,
            customer=self._customer.id,
            open=open,
            limit=MOST_LOOKED_AT,
        )
        now, seen = to_microseconds(self._asking.now), self._asking.actor.among()
        return listing.page(self._asking.database, query, now, seen)

    def _broken_on(self, ticket: Ticket) -> Iterator[BrokenPromise]:
        workflow = self._asking.library.workflow(ticket.bundle)
        for name, clock in ticket.clocks.items():
            due = _broken_at(clock, self._asking.now)
            if due is not None and name in workflow.promises:
                title = workflow.promises[name].title
                yield BrokenPromise(ticket=ticket.key, title=title, due=due, open=clock.open)

    def _label(self, ticket: Ticket, field: str, answer: str) -> Bilingual:
        plain = Bilingual(en=answer, zh=answer)
        forms = self._asking.library.forms(ticket.bundle).values()
        found = (form.fields.get(field) for form in forms)
        return next((one.labels.get(answer, plain) for one in found if one), plain)

    def _answered_at(self, ticket: Ticket, field: str) -> datetime:
        events = history.events(self._asking.database, ticket.key)
        said = (one.at for one in reversed(events) if f"fields.{field}" in one.private)
        return next(said, ticket.updated_at)


def _answers(ticket: Ticket, field: SurveyField) -> bool:
    asked = field.workflow in ("", ticket.workflow)
    return asked and ticket.fields.get(field.field) in field.points


def _broken_at(clock: PromiseClock, now: datetime) -> datetime | None:
    """Return when a promise was broken, whether or not anything has noticed it yet."""
    if clock.breached_at is not None:
        return clock.breached_at
    late = clock.open and not clock.paused and clock.due_at is not None and clock.due_at <= now
    return clock.due_at if late else None
