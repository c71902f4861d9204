"""The rows of a queue around where somebody looks: which of them are loaded, at which ranks, and which page is needed next.

A queue may hold a million tickets; only some hundreds are held here. Ranks are counted from the beginning of the queue as
far as that is known: far from both ends, among tickets that come and go, they are near enough until they are counted anew.
"""

from collections.abc import Sequence
from dataclasses import field

from casewright.answers import QueuePage, QueueRow
from casewright.swift_dataclass import dataclass

Position = tuple[int, int]
PAGE = 120
"""Rows that are asked for at once; a screenful and more."""
KEPT = 900
"""Rows that are held at most; the far side is let go."""
NEAR = 300
"""So many rows away a page is reached through those between, farther by its rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """A page to be asked for: what it begins behind or ends before, or how many rows it begins or ends from an end.

    `rank` is the rank that its first row, or with a negative `skip` its last one, is expected to have.
    """

    after: Position | None = None
    before: Position | None = None
    including: bool = False
    skip: int = 0
    limit: int = PAGE
    rank: int = 0


@dataclass(slots=True)
class Window:
    """Loaded rows, the first of them at the rank `base`; `total` is how many there are, as far as that is known."""

    rows: list[QueueRow] = field(default_factory=list)
    base: int = 0
    total: int = 0
    earlier: bool = False
    later: bool = True

    @property
    def end(self) -> int:
        """The rank behind the last loaded row."""
        return self.base + len(self.rows)

    def row(self, rank: int) -> QueueRow | None:
        """Return the row at a rank, if it is loaded."""
        index = rank - self.base
        return self.rows[index] if 0 <= index < len(self.rows) else None

    def rank_of(self, key: str) -> int | None:
        """Return the rank of a ticket, if it is loaded."""
        found = (index for index, row in enumerate(self.rows) if row.key == key)
        index = next(found, None)
        return None if index is None else self.base + index

    def needed(self, low: int, high: int) -> Fetch | None:
        """Return the page to ask for next so that the ranks from `low` to `high` are loaded; None where they are."""
        low, high = max(0, min(low, self.total - 1)), max(0, min(high, self.total - 1))
        if not self.rows:
            return self._jump(low, high) if self.later or self.earlier else None
        if low > self.end + NEAR or high < self.base - NEAR:
            return self._jump(low, high)
        if high >= self.end and self.later:
            return Fetch(after=self.rows[-1].position, limit=max(PAGE, high - self.end + 1))
        if low < self.base and self.earlier:
            return Fetch(before=self.rows[0].position, limit=max(PAGE, self.base - low))
        return None

    def last(self, size: int) -> Fetch | None:
        """Return the page at the end; None where it is loaded."""
        if self.rows and not self.later:
            return None
        return Fetch(skip=-1, limit=max(PAGE, size), rank=self.total - 1)

    def take(self, fetch: Fetch, page: QueuePage) -> int:
        """Put a page where it belongs; return by how much the ranks of all rows have grown thereby.

        A page that no longer fits to what is loaded is left out.
        """
        if fetch.after is not None:
            return self._extended(page) if self._ends_at(fetch.after) else 0
        if fetch.before is not None:
            return self._preceded(page) if self._begins_at(fetch.before) else 0
        self._replaced(fetch, page)
        return 0

    def around(self, before: QueuePage, after: QueuePage, rank: int) -> int:
        """Hold two pages that meet, instead of what was held; `rank` is that of the second one's first row.

        Return by how much ranks have grown, as `take` does.
        """
        self.rows = [*before.rows, *after.rows]
        self.earlier, self.later = before.earlier, after.later
        self.base = rank - len(before.rows)
        return self._settled()

    def counted(self, tickets: int) -> None:
        """Take note of how many there are."""
        self.total = tickets
        self._settled()

    def shifted(self, by: int) -> int:
        """Take note that so many more rows stand before those that are loaded; return by how much ranks have grown."""
        before = self.base
        self.base += by
        self._settled()
        return self.base - before

    # ---------------------------------------------------------------------------------------------

    def _jump(self, low: int, high: int) -> Fetch:
        """Return the page around two ranks, counted from the nearer end."""
        size = max(PAGE, high - low + 1)
        first = max(0, low - (size - (high - low + 1)) // 2)
        last = first + size - 1
        if first == 0 or first <= self.total - 1 - last:
            return Fetch(skip=first, limit=size, rank=first)
        behind = max(0, self.total - 1 - last)
        return Fetch(skip=-1 - behind, limit=size, rank=self.total - 1 - behind)

    def _extended(self, page: QueuePage) -> int:
        self.rows.extend(page.rows)
        self.later = page.later and bool(page.rows)
        excess = len(self.rows) - KEPT
        if excess > 0:
            del self.rows[:excess]
            self.base += excess
            self.earlier = True
        return self._settled()

    def _preceded(self, page: QueuePage) -> int:
        self.rows[:0] = page.rows
        self.base -= len(page.rows)
        self.earlier = page.earlier and bool(page.rows)
        if len(self.rows) > KEPT:
            del self.rows[KEPT:]
            self.later = True
        return self._settled()

    def _replaced(self, fetch: Fetch, page: QueuePage) -> None:
        self.rows = list(page.rows)
        self.earlier, self.later = page.earlier, page.later
        self.base = fetch.rank if fetch.skip >= 0 else fetch.rank + 1 - len(page.rows)
        self._settled()

    def _settled(self) -> int:
        """Make ranks and total agree with what is known of both ends; return by how much ranks have grown."""
        base = 0 if not self.earlier else max(1, self.base)
        grown, self.base = base - self.base, base
        if self.later:
            self.total = max(self.total, self.end + 1)
        else:
            self.total = self.end
        return grown

    def _ends_at(self, position: Position) -> bool:
        return bool(self.rows) and self.rows[-1].position == position

    def _begins_at(self, position: Position) -> bool:
        return bool(self.rows) and self.rows[0].position == position


def neighbours(position: Position, above: int, below: int) -> Sequence[Fetch]:
    """Return the two pages that meet at a position: what ends before it, and what begins with it."""
    return (
        Fetch(before=position, limit=above),
        Fetch(after=position, including=True, limit=below),
    )
