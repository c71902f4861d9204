"""What a worker has done so far: counts by name, and by how much its timers were late."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

BOUNDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
"""Seconds: the upper ends of the histogram's columns; the last column has no end."""
REMEMBERED = 100_000
"""The median and the 99th percentile are of so many timers at the most, the newest."""


class Lags:
    """How late timers were: a histogram of all, and quantiles of the newest."""

    def __init__(self) -> None:
        self.count = 0
        self.largest = self.total = 0.0
        self._columns = [0] * (len(BOUNDS) + 1)
        self._newest: list[float] = []

    def add(self, lags: Iterable[timedelta]) -> None:
        """Count further timers; one that seems early, because the clock was put back, was on time."""
        for lag in lags:
            seconds = max(0.0, lag.total_seconds())
            self.count += 1
            self.largest = max(self.largest, seconds)
            self.total += seconds
            self._columns[_column(seconds)] += 1
            self._newest.append(seconds)
        if len(self._newest) > 2 * REMEMBERED:
            del self._newest[:-REMEMBERED]

    def quantile(self, part: float) -> float:
        """Return the lag that so large a part of the newest timers did not exceed, in seconds."""
        ordered = sorted(self._newest[-REMEMBERED:])
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    def histogram(self) -> list[tuple[float | None, int]]:
        """Return the columns: the upper end in seconds (None: without end), and how many timers are in it."""
        return list(zip((*BOUNDS, None), self._columns, strict=True))

    def document(self) -> dict[str, Any]:
        """Return the lags as JSON has them, in seconds."""
        return {
            "count": self.count,
            "p50": round(self.quantile(0.5), 6),
            "p99": round(self.quantile(0.99), 6),
            "max": round(self.largest, 6),
            "histogram": [{"up_to": end, "count": count} for end, count in self.histogram()],
        }


class Tally:
    """Counts by name, and the lags of the timers."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.lags = Lags()

    def add(self, **counts: int) -> None:
        """Count further things."""
        self.counts.update(counts)

    def document(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        counts: Mapping[str, int] = {name: self.counts[name] for name in COUNTED}
        return {**counts, "lags": self.lags.document()}


COUNTED = (
    "fired", "stale", "troubles", "failed", "deliveries", "notices", "held", "given_up", "attempts",
    "accepted", "unknown", "delivered", "rejected", "unanswered", "receipts", "unknown_receipts",
    "replies", "calls", "told", "not_told", "arrivals", "unsorted",
)  # fmt: skip
"""What is counted: timers, notices on their way out, what came of attempts, what came back, what other systems
were told, and what came in."""


def _column(seconds: float) -> int:
    return next((at for at, end in enumerate(BOUNDS) if seconds <= end), len(BOUNDS))
