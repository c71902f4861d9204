"""Which tickets have been closed for longer than their workflow keeps what is personal in them."""

from collections.abc import Iterator
from datetime import datetime

from casewright.answers import Overdue
from casewright.clock import to_microseconds
from casewright.desk.library import Library
from casewright.store import retention
from casewright.store.database import Database


def overdue(
    database: Database, library: Library, now: datetime, *, limit: int
) -> tuple[Overdue, ...]:
    """Return at most `limit` tickets whose time is over; the newest version of a workflow says for all of its tickets."""
    return tuple(_overdue(database, library, now, limit))


def _overdue(
    database: Database, library: Library, now: datetime, limit: int
) -> Iterator[Overdue]:
    left = limit
    for name, digest in sorted(library.configuration().current.items()):
        kept = library.workflow(digest).retention
        if kept is None or left <= 0:
            continue
        closed_by = to_microseconds(kept.since(now))
        for key in retention.over(database, name, closed_by, left):
            left -= 1
            yield Overdue(ticket=key, workflow=name, retention=str(kept))
