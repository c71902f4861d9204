"""How many tickets stand where: counted by the database's triggers as they come and go, and counted anew to be held to that."""

from collections.abc import Sequence
from typing import NamedTuple

from casewright.store.database import Database

SINCE = 12
"""The migration that lets the database keep them."""
_COUNTED = (
    "SELECT workflow, bundle, state, count(*), count(*) - count(handler), count(*) - count(closed_at)"
    " FROM ticket GROUP BY workflow, bundle, state"
)
_KEPT = (
    "SELECT workflow, bundle, state, tickets, unassigned, unclosed FROM tally"
    " WHERE tickets <> 0 OR unassigned <> 0 OR unclosed <> 0"
)


class Tally(NamedTuple):
    """How many tickets of a workflow's version stand in a state, and how many of those nobody handles or are not closed."""

    workflow: str
    bundle: str
    state: str
    tickets: int
    unassigned: int
    unclosed: int


def kept(database: Database) -> Sequence[Tally]:
    """Return what is kept, by workflow and state; as long as the workflows have states, however many tickets there are."""
    rows = database.execute(f"{_KEPT} ORDER BY workflow, state, bundle")
    return [Tally._make(row) for row in rows]


def unclosed(database: Database) -> dict[str, int]:
    """Return how many tickets that are not closed are pinned to each bundle."""
    rows = database.execute("SELECT bundle, sum(unclosed) FROM tally GROUP BY bundle")
    return {bundle: int(many) for bundle, many in rows}


def wrong(database: Database) -> int:
    """Return how many of them are not what counting all tickets comes to; it looks at each."""
    found = set(map(tuple, database.execute(_COUNTED).fetchall()))
    return len(found ^ set(map(tuple, kept(database))))


def count_anew(database: Database) -> int:
    """Count all tickets where what is kept is wrong; return how many counts were."""
    with database.write():
        many = wrong(database)
        if many:
            database.execute("DELETE FROM tally")
            columns = ", ".join(Tally._fields)
            database.execute(f"INSERT INTO tally ({columns}) {_COUNTED}")
    return many
