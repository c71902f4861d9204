"""The timers of tickets: an index over what they wait for, written in the ticket's transaction."""

from casewright.clock import to_microseconds
from casewright.model import Ticket
from casewright.store import sqlite_statements as sql
from casewright.store.database import Database
from casewright.timekeeping import CALENDAR, timers_of


def arm(database: Database, ticket_id: int, before: Ticket | None, after: Ticket) -> None:
    """Write the timers that the ticket waits for now, and take away those it waits for no more.

    One that is due by now may have been swept already, and waited for again: it is written once more.
    """
    if before is not None and before.clocks is after.clocks:
        if before.alarms is after.alarms and before.follow_ups is after.follow_ups:
            return
    old = _of(before) if before is not None else set()
    new = _of(after)
    for name, due in old - new:
        database.execute(sql.TIMER_DELETE, (due, ticket_id, name))
    now = to_microseconds(after.updated_at)
    for name, due in (one for one in new if one not in old or one[1] <= now):
        database.execute(sql.TIMER_INSERT, (due, ticket_id, name))


def recalculate(database: Database, calendar: str, due_at: int) -> int:
    """Let every open ticket whose workflow counts on `calendar` work its clocks out again; return how many."""
    return database.execute(
        "INSERT INTO timer (due_at, ticket_id, name)"
        " SELECT ?, ticket.id, ? FROM ticket WHERE closed_at IS NULL AND bundle IN"
        " (SELECT digest FROM bundle WHERE instr(CAST(content AS TEXT), ?) > 0)"
        " ON CONFLICT DO NOTHING",
        (due_at, CALENDAR, f'"{calendar}"'),
    ).rowcount


def _of(ticket: Ticket) -> set[tuple[str, int]]:
    waiting = timers_of(ticket.clocks, ticket.alarms, ticket.follow_ups)
    return {(name, to_microseconds(due)) for name, due in waiting.items()}
