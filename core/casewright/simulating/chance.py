"""Where all chance of a simulation comes from: streams of draws, each by its name, so that one draw more changes no other stream."""

import hashlib
import math
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from casewright.clock import to_microseconds

_T = TypeVar("_T")
_SPREAD = 50
"""How far the most frequent customers stand out: by so many ranks the curve of Zipf is cut off at its top."""


class Chance:
    """A stream of draws: the same seed and names always give the same."""

    def __init__(self, seed: int, *names: object) -> None:
        self._random = random.Random("|".join(map(str, (seed, *names))))

    def happens(self, share: float) -> bool:
        """Return True in `share` of all cases."""
        return self._random.random() < share

    def part(self) -> float:
        """Return a number from 0 until before 1."""
        return self._random.random()

    def one_of(self, things: Sequence[_T]) -> _T:
        """Return one of the things, each as likely as the others."""
        return things[int(self._random.random() * len(things))]

    def by_weight(self, weights: Mapping[_T, float]) -> _T:
        """Return one of the keys, as likely as its weight."""
        left = self._random.random() * sum(weights.values())
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        return next(reversed(list(weights)))

    def around(self, mean: timedelta, spread: float = 0.6) -> timedelta:
        """Return a lognormal length of this mean in whole seconds; `spread` is the deviation of its logarithm."""
        drawn = self._random.lognormvariate(-spread * spread / 2, spread)
        return timedelta(seconds=max(1, round(mean.total_seconds() * drawn)))

    def waiting(self, mean: timedelta) -> timedelta:
        """Return an exponential length of this mean in whole seconds, as between two arrivals or until patience ends."""
        drawn = -math.log(1.0 - self._random.random())
        return timedelta(seconds=max(1, round(mean.total_seconds() * drawn)))

    def gap(self, rate: float) -> float:
        """Return the time to the next arrival of a Poisson process of this rate, in the unit of the rate."""
        return -math.log(1.0 - self._random.random()) / rate

    def rank(self, size: int) -> int:
        """Return a rank from 0 until before `size` by the law of Zipf and Mandelbrot: some come again and again, most once."""
        top, reach = _SPREAD, self._random.random()
        return min(size - 1, int(top * ((size + top) / top) ** reach) - top)


class Identifiers:
    """Command ids as `new_id` makes them, but by the simulated moment and the seed: the same simulation says the same again."""

    def __init__(self, *names: object) -> None:
        self._names, self._count = "|".join(map(str, names)), 0

    def next(self, moment: datetime) -> str:
        """Return the id of the next command."""
        self._count += 1
        drawn = hashlib.sha256(f"{self._names}|{self._count}".encode()).hexdigest()
        return f"{to_microseconds(moment) // 1000:012x}{drawn[:20]}"
