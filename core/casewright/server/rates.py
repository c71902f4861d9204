"""How often somebody may do something: a bucket of tokens for each, which fills up again with time."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KEPT = 20_000
"""Whoever was not seen for longest is forgotten first, which makes their bucket full."""


class Rates:
    """Buckets by name: each holds `at_once` tokens, one at least, and gets `a_second` back; used by one thread."""

    def __init__(
        self,
        *,
        a_second: float,
        at_once: float,
        moment: Callable[[], float] = time.monotonic,
    ) -> None:
        self._a_second, self._at_once, self._moment = a_second, max(1, at_once), moment
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, tokens: float = 1) -> float:
        """Take tokens and return 0, or return the seconds until there is one; what was missing is paid off before the next."""
        now = self._moment()
        left = self._filled(name, now)
        if left < 1:
            return (1 - left) / self._a_second
        self._keep(name, left - tokens, now)
        return 0

    def give_back(self, name: str) -> None:
        """Put back a token that was taken for what turned out to cost none."""
        now = self._moment()
        self._keep(name, min(self._at_once, self._filled(name, now) + 1), now)

    def _filled(self, name: str, now: float) -> float:
        left, at = self._left.get(name, (self._at_once, now))
        return min(self._at_once, left + (now - at) * self._a_second)

    def _keep(self, name: str, left: float, now: float) -> None:
        self._left[name] = (left, now)
        self._left.move_to_end(name)
        if len(self._left) > MOST_KEPT:
            self._left.popitem(last=False)
