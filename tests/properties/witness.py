"""What is looked at after every command: the tickets touched, their histories, and what must always hold of both."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from casewright.clock import from_microseconds
from casewright.commands import Command
from casewright.desk import Desk
from casewright.engine.decide import handles
from casewright.model import Event, Ticket, born, evolve
from casewright.queries import GetHistory, GetTicket
from casewright.store import deadlines
from casewright.timekeeping import timers_of

from .surroundings import PEOPLE
from .workflows import Workspace

READER = "rita"


class InvariantBroken(AssertionError):
    """What must always hold did not; `invariant` names it."""

    def __init__(self, invariant: str, detail: object) -> None:
        self.invariant = invariant
        super().__init__(f"{invariant}: {detail}")


def must_hold(invariant: str, holds: bool, detail: object) -> None:
    """Raise InvariantBroken unless it holds."""
    if not holds:
        raise InvariantBroken(invariant, detail)


class Witness:
    """Sees every ticket after every command; keeps its own books of who handled and approved what."""

    def __init__(self, workspace: Workspace, desk: Desk, eye: Any) -> None:
        self.workspace = workspace
        self.tickets: dict[str, Ticket] = {}
        self.people = dict(PEOPLE)
        self.kinds: Counter[str] = Counter()
        self._desk, self._eye = desk, eye
        self._rows: dict[str, tuple[Any, ...]] = {}
        self._handled: dict[str, set[str]] = {}
        self._approved: dict[str, set[str]] = {}

    def look(self, command: Command) -> None:
        rows = {row[1]: row for row in self._eye.execute("SELECT * FROM ticket")}
        touched = [key for key, row in rows.items() if row != self._rows.get(key)]
        must_hold(
            "an event for every ticket touched",
            bool(touched) or not handles(type(command)),
            command,
        )
        self._rows = rows
        for key in touched:
            self._look_at(key)
        for ticket in self.tickets.values():
            still_open = sum(
                one.open for one in self.tickets.values() if one.parent == ticket.key
            )
            must_hold(
                "children_open counts the open children",
                ticket.children_open == still_open,
                (ticket, still_open),
            )

    def _look_at(self, key: str) -> None:
        before = self.tickets.get(key)
        ticket: Ticket = self._desk.ask(GetTicket(actor=READER, ticket=key))
        history: tuple[Event, ...] = self._desk.ask(GetHistory(actor=READER, ticket=key))
        sequence = before.sequence + 1 if before else 1
        must_hold(
            "the sequence counts the events", ticket.sequence == sequence, (ticket, before)
        )
        must_hold(
            "the sequence counts the events", ticket.sequence == len(history), (ticket, history)
        )
        must_hold(
            "the version counts the changes",
            ticket.version == sum(map(_is_new_version, history)),
            (ticket, history),
        )
        replayed = born(history[0])
        for event in history[1:]:
            replayed = evolve(replayed, event)
        must_hold("history replays to the ticket", replayed == ticket, (replayed, ticket))
        must_hold("final states are closed", self._is_final(ticket) != ticket.open, ticket)
        must_hold(
            "the timers are those that the tickets wait for",
            self._timers(key) == timers_of(ticket.clocks, ticket.alarms, ticket.follow_ups),
            (self._timers(key), ticket),
        )
        must_hold(
            "beside a ticket stands what a queue goes by",
            self._rows[key][-4:] == deadlines.columns(ticket),
            (self._rows[key][-4:], ticket),
        )
        must_hold("a breach is for good", _still_breached(before, ticket), (before, ticket))
        self.tickets[key] = ticket
        self.kinds[history[-1].kind] += 1
        self._avoidance(ticket, before, history[-1])

    def _timers(self, key: str) -> dict[str, datetime]:
        found = self._eye.execute(
            "SELECT timer.name, timer.due_at FROM timer JOIN ticket ON ticket.id = ticket_id WHERE key = ?",
            (key,),
        )
        return {name: from_microseconds(due) for name, due in found}

    def _avoidance(self, ticket: Ticket, before: Ticket | None, event: Event) -> None:
        refilled = any(name.startswith("fields.") for name in event.private)
        had = {one for one in (ticket.handler, event.changes.get("handler")) if one}
        self._handled.setdefault(ticket.key, set()).update(had)
        approved = set(ticket.approvers) - set(before.approvers if before else ())
        self._approved.setdefault(ticket.key, set()).update(approved)
        kept_out = set(self._excluded(ticket))
        must_hold("nobody excluded has the ticket", not kept_out & approved, (ticket, event))
        if refilled or "handler" in event.changes:
            must_hold(
                "nobody excluded has the ticket",
                ticket.handler not in kept_out,
                (ticket, event),
            )
        if refilled or before is None or ticket.owner != before.owner:
            must_hold(
                "nobody excluded has the ticket", ticket.owner not in kept_out, (ticket, event)
            )

    def _excluded(self, ticket: Ticket) -> Iterator[str]:
        earlier = [
            one.key
            for one in self.tickets.values()
            if one.lineage == ticket.lineage and one.round < ticket.round
        ]
        for party in self.workspace.workflows[ticket.workflow].get("exclude", ()):
            kind, _, name = party.partition(":")
            match kind:
                case "lineage.handlers":
                    yield from (one for key in earlier for one in self._handled[key])
                case "lineage.approvers":
                    yield from (one for key in earlier for one in self._approved[key])
                case "user":
                    yield name
                case "role":
                    yield from (
                        one for one, person in self.people.items() if name in person["roles"]
                    )
                case _:
                    yield ticket.fields.get("subject", "")

    def _is_final(self, ticket: Ticket) -> bool:
        outer, _, inner = ticket.state.partition(".")
        state = self.workspace.workflows[ticket.workflow]["states"].get(outer, {"final": True})
        return bool((state["states"][inner] if inner else state).get("final"))


def _still_breached(before: Ticket | None, ticket: Ticket) -> bool:
    """Whether no run of a promise that was breached has become another; its due time stays too."""
    earlier = before.clocks if before else {}
    return all(
        ticket.clocks[name].run > clock.run
        or (
            ticket.clocks[name].breached_at == clock.breached_at
            and ticket.clocks[name].due_at == clock.due_at
        )
        for name, clock in earlier.items()
        if clock.breached_at is not None
    )


def _is_new_version(event: Event) -> bool:
    """Whether the event changes state, fields or handler or takes a transition; the clock moves, so arriving shows."""
    filled = any(name.startswith("fields.") for name in event.private)
    taken = "transition" in event.facts and "refused" not in event.facts
    moved = taken or "entered_at" in event.changes
    return event.sequence == 1 or filled or moved or "handler" in event.changes
