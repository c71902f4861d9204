"""What an auditor reads in a workspace after the storm: histories, notices, and the provider's own book."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from casewright.clock import to_microseconds
from casewright.desk import Desk
from casewright.model import Event, Ticket
from casewright.queries import GetHistory, ListTickets, VerifyAudit
from casewright.store.database import open_sqlite

from .provider import Handed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A notice as the database has it: the event it follows from, its delivery, its attempts and its hops."""

    number: int
    ticket: str
    sequence: int
    recipient: str
    via: str
    state: str
    key: str | None
    """The delivery's key."""
    attempts: int
    accepted: int
    """How often it is written that the provider took it."""
    cancelled_at: int | None
    """When it was given up because what it was about had ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The workspace as it was left, and what its provider was handed."""

    tickets: Mapping[str, Ticket]
    events: Mapping[str, Sequence[Event]]
    written: Mapping[tuple[str, int], int]
    """The order in which events were written, by ticket and sequence: their times go back when the clock does."""
    sent: Sequence[Sent]
    handed: Sequence[Handed]
    left: int
    """Timers that are due and not fired."""
    now: datetime
    whole: bool
    """Whether the audit chain is."""

    @property
    def fired(self) -> list[tuple[str, Event]]:
        """Everything that a timer did, with its ticket, in the order in which it was done."""
        found = [
            (key, event)
            for key, history in self.events.items()
            for event in history
            if "timer" in event.facts
        ]
        return sorted(found, key=lambda one: self.written[one[0], one[1].sequence])

    @property
    def alone(self) -> Iterator[tuple[Ticket, Sequence[Event]]]:
        """The matters that nobody touched."""
        for key, ticket in self.tickets.items():
            if ticket.fields["subject"] == "alone":
                yield ticket, self.events[key]


def findings(desk: Desk, root: Path, handed: Sequence[Handed], now: datetime) -> Findings:
    """Read everything."""
    tickets = dict(_tickets(desk))
    return Findings(
        tickets=tickets,
        events={key: desk.ask(GetHistory(actor="ana", ticket=key)) for key in tickets},
        written=_written(root),
        sent=_sent(root),
        handed=handed,
        left=_left(root, now),
        now=now,
        whole=desk.ask(VerifyAudit(actor="ana")).ok,
    )


def _tickets(desk: Desk) -> Iterator[tuple[str, Ticket]]:
    after = None
    while True:
        page = desk.ask(ListTickets(actor="ana", limit=1000, after=after))
        yield from ((ticket.key, ticket) for ticket in page.tickets)
        after = page.after
        if after is None:
            return


def _written(root: Path) -> dict[tuple[str, int], int]:
    rows = _rows(
        root,
        "SELECT ticket.key, event.sequence, event.id FROM event JOIN ticket ON ticket.id = event.ticket_id",
    )
    return {(key, sequence): number for key, sequence, number in rows}


def _sent(root: Path) -> list[Sent]:
    rows = _rows(
        root,
        "SELECT notice.id, ticket.key, notice.sequence, notice.recipient, notice.via, notice.state, delivery.key,"
        " (SELECT count(*) FROM delivery_attempt WHERE delivery_attempt.delivery_id = delivery.id),"
        " (SELECT count(*) FROM notice_hop WHERE notice_id = notice.id AND notice_hop.state = 'accepted'),"
        " (SELECT min(at) FROM notice_hop WHERE notice_id = notice.id AND notice_hop.state = 'cancelled')"
        " FROM notice JOIN ticket ON ticket.id = notice.ticket_id"
        " LEFT JOIN delivery ON delivery.id = notice.delivery_id",
    )
    names = (
        "number", "ticket", "sequence", "recipient", "via", "state", "key", "attempts",
        "accepted", "cancelled_at",
    )  # fmt: skip
    return [Sent(**dict(zip(names, row, strict=True))) for row in rows]


def _left(root: Path, now: datetime) -> int:
    moment = to_microseconds(now)
    rows = _rows(
        root,
        "SELECT (SELECT count(*) FROM inbox)"
        f" + (SELECT count(*) FROM timer WHERE due_at <= {moment})",
    )
    return int(rows[0][0])


def _rows(root: Path, query: str) -> list[Any]:
    connection = open_sqlite(root / "casewright.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
