"""Acting in a rehearsal: commands of people at their moments, and which ticket a name stands for."""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from casewright.commands import Command, SaveCustomer
from casewright.errors import (
    CasewrightError,
    Message,
    NotFound,
    Place,
    Problem,
    ProblemsFound,
    message,
)
from casewright.model import SYSTEM, Receipt, Ticket
from casewright.nearest import hint
from casewright.queries import GetTicket, ListTickets
from casewright.rehearse.report import Finding, Refusal
from casewright.rehearse.scenario import Customer, When
from casewright.rehearse.simulation import Simulation
from casewright.rehearse.stage import Stage
from casewright.sla.local_time import moment_of
from casewright.swift_dataclass import dataclass

MOST_TICKETS = 1_000


@dataclass(slots=True, kw_only=True)
class Play:
    """A stage while it is played on; `first` is the ticket that is meant where nobody says another."""

    stage: Stage
    simulation: Simulation
    first: str = ""
    named: dict[str, str] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def execute(self, command: Command) -> Receipt:
        """Carry a command out as the person it names, and then everything that is due at once."""
        receipt = self.stage.desk.execute(command)
        self.simulation.settle()
        return receipt

    def tickets(self) -> list[Ticket]:
        """Return all tickets, the oldest first."""
        query = ListTickets(actor=SYSTEM, limit=MOST_TICKETS)
        return list(reversed(self.stage.desk.ask_as_system(query).tickets))

    def ticket(self, key: str) -> Ticket:
        """Return a ticket as it stands."""
        found: Ticket = self.stage.desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=key))
        return found

    def key(self, name: str) -> str:
        """Return the ticket that a name stands for: one that a step opened, or the newest that was opened `as` it."""
        if not name:
            return self.first
        if name in self.named:
            return self.named[name]
        tickets = {one.role: one.key for one in self.tickets() if one.role}
        tickets |= {one.key: one.key for one in self.tickets()}
        if name not in tickets:
            near = hint(name, (*tickets, *self.named))
            raise NotFound(kind=message("ticket"), name=name[:80], hint=near)
        return tickets[name]

    def moment(self, when: When, now: datetime) -> datetime:
        """Return the moment that a scenario means, said at `now`."""
        calendar = self.stage.calendar
        if when.after is not None:
            return calendar.due(now, calendar.working(now, when.after))
        if when.at is not None:
            return self.local(when.at)
        if when.clock is None:
            return now
        here = now.astimezone(self.stage.zone)
        day = here.date()
        if when.day == "tomorrow":
            day += timedelta(days=1)
        elif when.day == "next working day":
            midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
            day = calendar.next_working(self.local(midnight)).astimezone(self.stage.zone).date()
        moment = self.local(datetime.combine(day, when.clock))
        if not when.day and moment < now:
            moment = self.local(datetime.combine(day + timedelta(days=1), when.clock))
        return moment

    def shown(self, moment: datetime) -> str:
        """Return a moment as the rehearsal tells it: local time of the workflow's calendar."""
        return f"{moment.astimezone(self.stage.zone):%Y-%m-%d %H:%M}"

    def local(self, moment: datetime) -> datetime:
        """Return a moment that is local, if it has no zone, as an aware one."""
        return moment if moment.tzinfo else moment_of(moment, self.stage.zone)


def save_customer(play: Play, customer: Customer) -> None:
    """Let the customer be known whom tickets are for."""
    said: dict[str, Any] = dict(customer.words)
    command = SaveCustomer(actor=SYSTEM, id=customer.id, **said)
    play.stage.desk.execute_as_system(command)


def reason_of(error: CasewrightError) -> Message:
    """Return why something was refused, for the middle of a sentence."""
    details = error.details()
    reason = details.get("reason") or details.get("summary")
    return reason if isinstance(reason, Message) else message("{error}", error=error)


def refusal_at(place: Place, error: CasewrightError) -> ProblemsFound:
    """Return a refusal as a problem of the file it comes from."""
    problem = Problem(code=f"scenario.{error.code}", message=reason_of(error), place=place)
    return ProblemsFound.of((problem,))
