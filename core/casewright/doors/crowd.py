"""How many are in at a time, in all and each, and who has to wait because too much failed from their address."""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import field

from casewright.errors import CommandRefused, SignInRefused, message
from casewright.swift_dataclass import dataclass

FREE = 10
"""Failures from one address before whoever comes from there has to wait; a whole office may share one."""
LONGEST_WAIT = 900.0
FORGOTTEN_AFTER = 3600.0
MOST_ADDRESSES, MOST_NAMES, LONGEST_NAME = 10_000, 50, 64


@dataclass(slots=True, kw_only=True)
class Crowd:
    """Counts the sessions at a door."""

    most: int
    most_each: int
    _each: Counter[str] = field(default_factory=Counter)

    def enter(self, name: str) -> None:
        """Count a session of somebody; CommandRefused where there are too many."""
        if self._each.total() >= self.most:
            raise CommandRefused(reason=message("too many sessions are open; try again later"))
        if self._each[name] >= self.most_each:
            template = "{name} has {count} sessions open; end one first"
            raise CommandRefused(reason=message(template, name=name, count=self.most_each))
        self._each[name] += 1

    def leave(self, name: str) -> None:
        """Count a session that has ended."""
        self._each[name] -= 1
        if self._each[name] <= 0:
            del self._each[name]


class Addresses:
    """Remembers from which addresses signing in has failed, for an hour; `now` is in seconds of any beginning.

    Whoever is known in the end takes back what failed under their own name, and one failure of others: an office stays
    free of waiting, and nobody wipes out at once what they guessed under others' names.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failed: OrderedDict[str, tuple[Counter[str], float]] = OrderedDict()

    def must_not_wait(self, address: str) -> None:
        """Raise SignInRefused while whoever comes from an address has to wait."""
        names, last = self._failed.get(address, (Counter(), 0.0))
        count = names.total()
        if count < FREE:
            return
        left = min(LONGEST_WAIT, 2.0 ** min(count - FREE, 20)) - (self._now() - last)
        if left > 0:
            seconds = max(1, round(left))
            reason = message("too many tries failed; try again in {seconds} s", seconds=seconds)
            raise SignInRefused(reason=reason, wait_seconds=seconds)

    def failed(self, address: str, name: str) -> None:
        """Count a failure under a name."""
        now = self._now()
        names, last = self._failed.pop(address, (Counter(), now))
        if now - last > FORGOTTEN_AFTER:
            names = Counter()
        known = name[:LONGEST_NAME]
        names[known if known in names or len(names) < MOST_NAMES else ""] += 1
        self._failed[address] = (names, now)
        while len(self._failed) > MOST_ADDRESSES:
            self._failed.popitem(last=False)

    def succeeded(self, address: str, name: str) -> None:
        """Forget what failed from an address under the name of somebody who is known now, and one failure more."""
        names, _ = self._failed.get(address, (Counter(), 0.0))
        names.pop(name[:LONGEST_NAME], None)
        names.subtract([one for one, _ in names.most_common(1)])
        if not names.total():
            self._failed.pop(address, None)
