"""The centre in which lives take place: its desk, its people, its words; every command goes through the front door."""

from collections.abc import Generator, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from casewright.bilingual import Bilingual
from casewright.clock import SetClock
from casewright.commands import Command, FireTransition, OpenTicket, RecordContact
from casewright.desk import Desk
from casewright.errors import CasewrightError, CommandRefused, message
from casewright.model import SYSTEM, Receipt, Ticket
from casewright.queries import GetTicket
from casewright.simulating.chance import Chance, Identifiers
from casewright.simulating.floor import Floor
from casewright.simulating.habits import Habits
from casewright.simulating.intents import Span
from casewright.simulating.staff import Staff
from casewright.simulating.tally import Tally
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """A life goes on when one of the `people` has spent so much time on it; the life is then told who that was.

    Where nobody could begin within the `patience` it is told "".
    """

    people: Sequence[str]
    takes: timedelta
    patience: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A life goes on at a moment."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Together:
    """A life goes on when all of these, which begin at once, have ended."""

    lives: Sequence["Life"]


Need = Work | Pause | Together
Life = Generator[Need, str, None]
"""What happens to one matter: it says what it needs to go on, and acts when it is gone on with."""


class Overtaken(Exception):
    """The ticket is not where the life believes it: the clock, the customer or a colleague was faster."""


@dataclass(slots=True, kw_only=True)
class Centre:
    """What lives act with; `begin` has another life begin beside the one that acts."""

    desk: Desk
    clock: SetClock
    span: Span
    staff: Staff
    habits: Habits
    lang: str
    tally: Tally
    identifiers: Identifiers
    floor: Floor
    begun: list[Life] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    """The customers who have called before."""
    ill: dict[str, datetime] = field(default_factory=dict)
    """Until when people are ill."""
    supervised: set[str] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        """The simulated moment."""
        return self.clock.now()

    def chance(self, *names: object) -> Chance:
        """Return a stream of draws of its own."""
        return Chance(self.span.seed, *names)

    def words(self, en: str, zh: str) -> str:
        """Return the words of the centre's language."""
        return Bilingual(en=en, zh=zh).of(self.lang)

    def begin(self, life: Life) -> None:
        """Have another life begin now."""
        self.begun.append(life)

    def does(self, kind: type[Command], who: str, /, **said: Any) -> Receipt:
        """Carry out somebody's command; CasewrightError when it is refused."""
        command = kind(actor=who, command_id=self.identifiers.next(self.now), **said)
        receipt = self.desk.execute(command)
        self.tally.commands[kind.__name__] += 1
        return receipt

    def tries(self, name: str, kind: type[Command], who: str, /, **said: Any) -> None:
        """Carry out what may be refused, as people find out; a refusal is counted by its `name`."""
        try:
            self.does(kind, who, **said)
        except CasewrightError:
            self.tally.planned[name] += 1

    def may_not(self, name: str, kind: type[Command], who: str, /, **said: Any) -> None:
        """Try what is to be refused, as people do; that it is refused is counted by its `name`."""
        try:
            self.does(kind, who, **said)
        except CasewrightError:
            self.tally.planned[name] += 1
            return
        raise CommandRefused(reason=message("{name} was to be refused, and was not", name=name))

    def opens(self, who: str, workflow: str, customer: str, fields: dict[str, Any]) -> str:
        """Open a ticket for a customer on the phone; return its key."""
        said = {"workflow": workflow, "customer": customer, "channel": "phone"}
        return self.does(OpenTicket, who, fields=fields, **said).ticket

    def fires(
        self, who: str, key: str, transition: str, *, at: str, reason: str = "", **form: Any
    ) -> Receipt:
        """Take a ticket on that stands in the state `at`; Overtaken where it does not."""
        self.must_be(key, at)
        said = {"ticket": key, "transition": transition, "form": form, "reason": reason}
        return self.does(FireTransition, who, **said)

    def calls_customer(self, who: str, key: str, *, reached: bool) -> None:
        """Record an attempt to reach the customer on the phone."""
        self.does(
            RecordContact, who, ticket=key, kind="attempt", channel="call", reached=reached
        )

    def ticket(self, key: str) -> Ticket:
        """Return a ticket as it stands; what the simulation itself wants to know is no look."""
        found: Ticket = self.desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=key))
        return found

    def must_be(self, key: str, *states: str) -> Ticket:
        """Return a ticket that stands in one of the states; Overtaken where it does not."""
        found = self.ticket(key)
        if found.state not in states:
            raise Overtaken
        return found

    def answering(self, key: str) -> tuple[str, ...]:
        """Return the agents who may speak with the customer of a ticket: not the one who is complained about."""
        barred = self.ticket(key).fields.get("subject_of_complaint")
        return tuple(one for one in self.staff.agents if one != barred)

    def unbarred(self, key: str, role: str) -> tuple[str, ...]:
        """Return who of a role may judge a complaint: nobody who did so in its lineage, or is complained about."""
        ticket = self.ticket(key)
        barred = {*ticket.lineage_handlers, *ticket.lineage_approvers}
        barred.add(str(ticket.fields.get("subject_of_complaint", "")))
        return tuple(one for one in self.staff.of(role) if one not in barred)

    def handler(self, key: str) -> tuple[str, ...]:
        """Return who is to go on with a ticket: its handler, or its owner where nobody handles it."""
        found = self.ticket(key)
        return (found.handler or found.owner,)

    def is_ill(self, name: str) -> bool:
        """Return whether somebody has reported ill and is not back yet."""
        return self.ill.get(name, self.now) > self.now
