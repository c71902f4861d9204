"""A small centre whose queues are asked for: promises that run, stand still and are missed, people of two teams, scopes, customers."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from casewright.answers import QueueRow
from casewright.clock import to_microseconds
from casewright.commands import AssignTicket, OpenTicket, SaveCustomer, WatchTicket
from casewright.model import Ticket
from casewright.queries import LARGEST_PAGE, ListTickets, Queue
from casewright.store import deadlines
from casewright.timekeeping import next_deadline

from .private_centre import FORM
from .small_centre import PEOPLE
from .time_desk import TimeDesk

ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, customer.*, audit.verify]}
  reader: {title: {en: Reader, zh: 审计员}, permissions: [ticket.read]}
  leader: {title: {en: Leader, zh: 班长}, permissions: {team: [ticket.read]}}
  guest: {title: {en: Guest, zh: 外部}, permissions: {own: [ticket.read]}}
  head: {title: {en: Head, zh: 负责人}, permissions: {department: [ticket.read]}}
  porter: {title: {en: Porter, zh: 门卫}, permissions: []}
  monitor: {title: {en: Monitor, zh: 督办员}, permissions: [ticket.*]}
  team_leader: {title: {en: Team leader, zh: 班长}, permissions: [ticket.*]}
"""
PROMISES = """\
reply: {from: opened, until: contacted, within: 1 hour, pauses: asking}
handling: {from: opened, until: closed, within: 4 hours, pauses: asking}
"""
ASKERS = ("rita", "lena", "gus", "dora", "pia")
"""Who reaches all, their team's, their own, their department's, and nothing."""
_FAR = 10**9


class QueueCentre(TimeDesk):
    """A desk with a few dozen tickets; ana, ben and lena are team one, cleo and gus team two."""

    people: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
        {
            **{name: PEOPLE[name] for name in ("ana", "ben")},
            "cleo": (("agent",), "two"),
            "dora": (("head",), "two"),
            "gus": (("guest",), "two"),
            "lena": (("leader",), "one"),
            "olga": (("agent",), "one"),
            "paul": (("agent",), ""),
            "pia": (("porter",), ""),
            "rita": (("reader",), ""),
        }
    )

    def __init__(self, root: Any, clock: Any) -> None:
        super().__init__(root, clock)
        self.write("roles.yaml", ROLES)
        personal = FORM.replace(
            "  phone:", "  urgent: {type: boolean, x-title: {en: Urgent, zh: 紧急}}\n  phone:"
        )
        self.write("forms/matter.yaml", personal)
        self.promise(PROMISES)
        self.desk.execute(
            SaveCustomer(actor="ana", id="C1", name="王小明", phone="+8613900000001")
        )

    def fill(self, count: int = 45) -> None:
        """Open tickets in two teams, some of them paused, overdue, closed, nobody's, urgent, watched."""
        for number in range(count):
            key = self.desk.execute(
                OpenTicket(
                    actor=("ana", "ben", "cleo")[number % 3],
                    workflow="matter",
                    fields={"note": f"宽带 {number:04}", "subject": "王小明", "urgent": number % 4 == 0},
                    customer="C1" if number % 5 == 0 else None,
                    channel="call",
                )
            ).ticket  # fmt: skip
            if number % 6 == 1:
                self.fire(key, "ask", by="ana")
            elif number % 7 == 2:
                self.fire(key, "finish", by="ana")
            if number % 7 != 2 and number % 8 == 3:
                self.desk.execute(
                    AssignTicket(actor="ana", ticket=key, handler="gus", reason="x")
                )
            if number % 7 != 2 and number % 8 == 5:
                self.desk.execute(
                    AssignTicket(actor="ana", ticket=key, handler=None, reason="x")
                )
            if number % 9 == 4:
                self.desk.execute(WatchTicket(actor="olga", ticket=key, watching=True))
            if number % 2:
                self.clock.set(self.clock.now() + timedelta(minutes=7))
        # What nobody noticed in time is missed: the breaches are told.
        self.run_until(self.clock.now() + timedelta(minutes=30))


def all_tickets(centre: QueueCentre, asker: str) -> list[Ticket]:
    """All tickets that somebody may see, as single tickets are shown."""
    found = centre.desk.ask(ListTickets(actor=asker, limit=LARGEST_PAGE)).tickets
    return list(found)


def belongs(centre: QueueCentre, asked: Queue, one: Ticket) -> bool:
    """Whether a ticket is in a queue, by what the queue's words mean."""
    people, now = centre.people, centre.clock.now()
    due, age = next_deadline(one.clocks).due_at, now - one.opened_at
    judged: list[tuple[object, Callable[[], bool]]] = [
        (asked.open, lambda: one.open == asked.open),
        (asked.workflow, lambda: one.workflow == asked.workflow),
        (asked.state, lambda: one.state == asked.state),
        (asked.handler, lambda: (one.handler or "") == asked.handler),
        (asked.team, lambda: one.handler in people and people[one.handler][1] == asked.team),
        (asked.owner, lambda: one.owner == asked.owner),
        (asked.watcher, lambda: asked.watcher in one.watchers),
        (asked.customer, lambda: (one.customer or "") == asked.customer),
        (asked.priority, lambda: one.priority == asked.priority),
        (asked.due_within, lambda: due is not None and due <= now + timedelta(seconds=asked.due_within or 0)),
        (asked.older_than, lambda: age >= timedelta(seconds=asked.older_than or 0)),
        (asked.younger_than, lambda: age < timedelta(seconds=asked.younger_than or _FAR)),
        (asked.paused, lambda: next_deadline(one.clocks).paused == asked.paused),
        (asked.text, lambda: str(asked.text) in str(one.fields["note"])),
        (asked.tickets, lambda: one.key in (asked.tickets or ())),
    ]  # fmt: skip
    return all(holds() for wanted, holds in judged if wanted is not None)


def in_order(asked: Queue, tickets: list[Ticket]) -> list[str]:
    """The keys of tickets in the order that a queue asks for; the keys of one workflow tell which is older."""

    def stands(one: Ticket) -> tuple[int, str]:
        due = deadlines.columns(one)[0]
        by = {
            "due": due,
            "opened": 0,
            "updated": to_microseconds(one.updated_at),
            "priority": deadlines.urgency(one.priority, due),
        }
        return by[asked.order], one.key

    return [one.key for one in sorted(tickets, key=stands, reverse=asked.descending)]


def keys(rows: tuple[QueueRow, ...]) -> list[str]:
    """The keys of rows."""
    return [one.key for one in rows]
