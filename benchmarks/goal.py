"""One goal of the table: what was measured against what, the ratio that came out, and whether that is enough."""

from dataclasses import dataclass
from pathlib import Path

from interleaved import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is measured: few rounds over little show that the harness works, and nothing about speed."""

    rounds: int
    commands: int
    tickets: int
    timers: tuple[int, ...]
    queues: tuple[int, int]
    starts: int


FULL = Scale(
    rounds=12,
    commands=320,
    tickets=10_000,
    timers=(10_000, 1_000_000, 5_000_000),
    queues=(10_000, 1_000_000),
    starts=2,
)
MEDIUM = Scale(
    rounds=6,
    commands=256,
    tickets=10_000,
    timers=(10_000, 1_000_000),
    queues=(10_000, 100_000),
    starts=1,
)
SMALL = Scale(
    rounds=4, commands=64, tickets=600, timers=(2_000, 4_000), queues=(500, 2_000), starts=1
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table; `ratio` is None where it could not be measured, and `why` says the reason."""

    goal: str
    what: str
    ratio: Ratio | None
    bound: float
    at_least: bool
    how: str
    why: str = ""

    @property
    def verdict(self) -> str:
        """Return `met`, `missed`, or that it is not known."""
        if self.ratio is None:
            return "not measured"
        value = self.ratio.median
        return (
            "met"
            if (value >= self.bound if self.at_least else value <= self.bound)
            else "missed"
        )

    @property
    def wanted(self) -> str:
        """Return the goal as it is written."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"

    @property
    def seen(self) -> str:
        """Return the median and the middle half of the rounds."""
        if self.ratio is None:
            return "-"
        low, middle, high = (
            f"{one:.3g}" for one in (self.ratio.low, self.ratio.median, self.ratio.high)
        )
        return f"{middle} ({low} - {high})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a goal is handed: a folder of its own and how much to measure."""

    folder: Path
    scale: Scale


def shifted(ratio: Ratio, by: float) -> Ratio:
    """Return a ratio with so much added to it."""
    return Ratio(median=ratio.median + by, low=ratio.low + by, high=ratio.high + by)


def scaled(ratio: Ratio, by: float) -> Ratio:
    """Return so many times a ratio."""
    return Ratio(median=ratio.median * by, low=ratio.low * by, high=ratio.high * by)


SCALES = {"full": FULL, "medium": MEDIUM, "small": SMALL}
