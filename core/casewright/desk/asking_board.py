"""How many tickets stand where."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casewright.answers import BoardRow
from casewright.bilingual import Bilingual
from casewright.desk.authorising import READ
from casewright.queries import GetBoard
from casewright.store import listing, queue_counts, tallies
from casewright.store.listing import Count
from casewright.store.reaching import EVERY
from casewright.store.tallies import Tally

if TYPE_CHECKING:
    from casewright.desk.asking import Asking


def board(asking: "Asking", query: GetBoard) -> tuple[BoardRow, ...]:
    """Return how many tickets stand where."""
    rows = []
    for count in _counts(asking):
        state = asking.library.workflow(count.bundle).states.get(count.state)
        row = BoardRow(
            workflow=count.workflow,
            state=count.state,
            title=state.title if state else Bilingual(en=count.state, zh=count.state),
            final=state is not None and state.final,
            tickets=count.tickets,
            unassigned=count.unassigned,
        )
        rows.append(row)
    return tuple(rows)


def _counts(asking: "Asking") -> Sequence[Count | Tally]:
    """Return how many of the tickets that the asker sees stand where; those who see all need nobody to count them."""
    if queue_counts.seen(asking.database, asking.actor.reach(READ)) == EVERY:
        return tallies.kept(asking.database)
    return listing.counts(asking.database, asking.actor.among())
