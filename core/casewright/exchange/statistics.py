"""What a log or a replay amounts to: its variants and throughput times."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from fractions import Fraction

from casewright.swift_dataclass import dataclass

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """How long cases took, first event to last, in days; the total in whole seconds."""

    median: float
    mean: float
    p90: float
    max: float
    total_seconds: int


def variants(paths: Iterable[Sequence[str]]) -> Counter[tuple[str, ...]]:
    """Return how many cases took each path of activities."""
    return Counter(tuple(path) for path in paths)


def top_variant(counted: Counter[tuple[str, ...]]) -> tuple[tuple[str, ...], int] | None:
    """Return the path most cases took and their number; of equals the alphabetically first."""
    if not counted:
        return None
    return min(counted.items(), key=lambda item: (-item[1], item[0]))


def throughput(durations: Iterable[timedelta]) -> Throughput | None:
    """Return the figures, to a millionth of a day; None if there is no case to measure."""
    ordered = sorted(durations)
    if not ordered:
        return None
    total = sum(ordered, timedelta())
    return Throughput(
        median=_days(_quantile(ordered, Fraction(1, 2))),
        mean=_days(Fraction(total // _MICROSECOND, len(ordered))),
        p90=_days(_quantile(ordered, Fraction(9, 10))),
        max=_days(Fraction(ordered[-1] // _MICROSECOND)),
        total_seconds=total // _SECOND,
    )


def _quantile(ordered: Sequence[timedelta], share: Fraction) -> Fraction:
    """Return the quantile in microseconds, interpolated (Hyndman and Fan's type 7)."""
    position = share * (len(ordered) - 1)
    below = int(position)
    low = ordered[below] // _MICROSECOND
    high = ordered[min(below + 1, len(ordered) - 1)] // _MICROSECOND
    return low + (high - low) * (position - below)


def _days(microseconds: Fraction) -> float:
    return float(round(microseconds / (_DAY // _MICROSECOND), 6))
