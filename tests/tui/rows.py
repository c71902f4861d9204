"""A queue that is a list: rows in their order, paged as the desk pages them; for tests that need no desk."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from casewright.answers import QueueCount, QueuePage, QueueRow
from casewright.bilingual import Bilingual
from casewright_tui.pure.window import Fetch, Position

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def row(number: int, *, due: int = 0, subject: str = "宽带很慢 slow line") -> QueueRow:
    """Return a row that is due so many seconds after noon."""
    return QueueRow(
        position=(due, number),
        number=number,
        key=f"INQ-2026-{number:06}",
        workflow="inquiry",
        state="answering",
        title=Bilingual(en="Answering", zh="答复中"),
        subject=subject,
        priority="normal",
        handler=None,
        owner="ana",
        customer="王**",
        channel="phone",
        opened_at=NOON,
        updated_at=NOON,
        closed_at=None,
        due_at=NOON + timedelta(seconds=due),
        promise=Bilingual(en="Reply", zh="回复"),
        paused=False,
        version=1,
        sequence=1,
    )


def page(rows: Sequence[QueueRow], fetch: Fetch) -> QueuePage:
    """Return the page of sorted rows that is asked for."""
    positions = [one.position for one in rows]
    if fetch.after is not None:
        begin = _rank(positions, fetch.after, behind=not fetch.including)
        end = begin + fetch.limit
    elif fetch.before is not None:
        end = _rank(positions, fetch.before, behind=fetch.including)
        begin = end - fetch.limit
    elif fetch.skip < 0:
        end = len(rows) + fetch.skip + 1
        begin = end - fetch.limit
    else:
        begin, end = fetch.skip, fetch.skip + fetch.limit
    begin, end = max(0, begin), max(0, min(end, len(rows)))
    found = tuple(rows[begin:end])
    return QueuePage(rows=found, earlier=min(begin, len(rows)) > 0, later=end < len(rows))


def count(rows: Sequence[QueueRow], position: Position | None) -> QueueCount:
    """Return how many rows there are, and how many before a position."""
    before = sum(one.position < position for one in rows) if position else 0
    return QueueCount(tickets=len(rows), before=before)


def _rank(positions: Sequence[Position], position: Position, *, behind: bool) -> int:
    return sum(one < position or (behind and one == position) for one in positions)
