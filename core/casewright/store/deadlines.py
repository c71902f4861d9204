"""What a queue is ordered by beside a ticket: its next deadline and how urgent it is, written in the ticket's transaction.

All of it is worked out from the ticket: `timekeeping.next_deadline` says what stands here.
"""

from casewright.clock import to_microseconds
from casewright.model import Ticket
from casewright.timekeeping import next_deadline
from casewright.workflows.words import PRIORITIES

NEVER = 2**53 - 1
"""The deadline of what has none: the last of all, and a number that JSON says exactly."""
_SECOND = 1_000_000
_STEP = 2**40
"""More seconds than there are until `NEVER`: so far apart are two priorities."""
_RANKS = {name: rank for rank, name in enumerate(reversed(PRIORITIES))}

Columns = tuple[int, str, int, int]
"""The deadline, which promise it is of, whether all clocks stand still, and the urgency: the smaller the more urgent."""


def columns(ticket: Ticket) -> Columns:
    """Return what stands beside a ticket."""
    found = next_deadline(ticket.clocks)
    due = NEVER if found.due_at is None else min(to_microseconds(found.due_at), NEVER - 1)
    return due, found.promise, int(found.paused), urgency(ticket.priority, due)


def urgency(priority: str, due: int) -> int:
    """Return how urgent a ticket is: by its priority, and among equals by its deadline, to the second."""
    return _RANKS[priority] * _STEP + due // _SECOND


def steps(priority: str) -> tuple[int, int] | None:
    """Return from where to before where the urgencies of a priority lie; None where there is no such priority."""
    rank = _RANKS.get(priority)
    return None if rank is None else (rank * _STEP, (rank + 1) * _STEP)


def moved(before: Ticket, after: Ticket) -> bool:
    """Return whether something else stands beside a changed ticket; most changes leave it as it was."""
    if after.clocks is before.clocks and after.priority == before.priority:
        return False
    return columns(after) != columns(before)
