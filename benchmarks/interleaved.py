"""Measuring variants against each other on a machine that others use as well.

A round runs every variant forwards and then backwards (A B B A), so that a drift hits all alike. A ratio is
taken within its round, and only the quieter half of the rounds counts: those that took least altogether,
which favours no variant. Absolute figures are of this machine and this hour; ratios travel.
"""

import gc
import math
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

FEWEST_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Something to measure: `run(n)` does `n` operations; what `prepare(n)` does before is not counted."""

    name: str
    run: Callable[[int], None]
    prepare: Callable[[int], None] = lambda operations: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds an operation: on the wall, and of the CPU by this process and those it started."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A variant against its base: the median over the rounds, and the middle half of them."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The rounds that count, each with what every variant took."""

    rounds: tuple[Mapping[str, Took], ...]
    taken: int

    def seconds(self, name: str) -> float:
        """Return the median of the seconds that one operation takes."""
        return statistics.median(one[name].wall for one in self.rounds)

    def cpu_seconds(self, name: str) -> float:
        """Return the median of the seconds of CPU that one operation takes."""
        return statistics.median(one[name].cpu for one in self.rounds)

    def speed(self, name: str, *, base: str) -> Ratio:
        """Return how many times as fast as `base` a variant is."""
        return _spread([one[base].wall / one[name].wall for one in self.rounds])

    def slowness(self, name: str, *, base: str) -> Ratio:
        """Return how many times as long as `base` a variant takes."""
        return _spread([one[name].wall / one[base].wall for one in self.rounds])

    def cpu(self, name: str, *, base: str) -> Ratio:
        """Return how many times as much of the CPU as `base` a variant takes."""
        return _spread([one[name].cpu / one[base].cpu for one in self.rounds])


def measure(
    variants: Sequence[Variant], *, rounds: int, operations: int, warm_up: int = 1
) -> Measured:
    """Run the variants in interleaved rounds, `operations` twice a round each; keep the quieter half."""
    if rounds < FEWEST_ROUNDS:
        raise ValueError(f"at least {FEWEST_ROUNDS} rounds are needed to keep the quieter half")
    gc.collect()
    taken = [_round(variants, operations) for _ in range(warm_up + rounds)][warm_up:]
    quiet = sorted(taken, key=lambda one: sum(took.wall for took in one.values()))
    return Measured(rounds=tuple(quiet[: math.ceil(rounds / 2)]), taken=rounds)


def _round(variants: Sequence[Variant], operations: int) -> dict[str, Took]:
    wall = dict.fromkeys((variant.name for variant in variants), 0.0)
    cpu = dict(wall)
    for variant in (*variants, *reversed(variants)):
        variant.prepare(operations)
        began, began_cpu = time.perf_counter(), _cpu_seconds()
        variant.run(operations)
        cpu[variant.name] += _cpu_seconds() - began_cpu
        wall[variant.name] += time.perf_counter() - began
    done = 2 * operations
    return {name: Took(wall=wall[name] / done, cpu=cpu[name] / done) for name in wall}


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _spread(ratios: Sequence[float]) -> Ratio:
    low, median, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return Ratio(median=median, low=low, high=high)
