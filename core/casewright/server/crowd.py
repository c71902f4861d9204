"""How many connections are open at once, in all and of each caller."""

from collections import Counter

from casewright.server.callers import Caller, group_of, is_the_proxy
from casewright.settings.server import ServerSettings


class Crowd:
    """Counts the connections of others; those of the server's own user are not limited by them."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._open: Counter[str] = Counter()

    def begin(self, caller: Caller) -> bool:
        """Count a connection and return whether it is one of those that may be."""
        if caller.is_ours:
            return True
        group = group_of(caller)
        self._open[group] += 1
        alone = not is_the_proxy(caller, self._settings)
        crowded = alone and self._open[group] > self._settings.connections_of_one
        return not crowded and self._open.total() <= self._settings.connections

    def end(self, caller: Caller) -> None:
        """Count a connection no more."""
        if caller.is_ours:
            return
        group = group_of(caller)
        self._open[group] -= 1
        if not self._open[group]:
            del self._open[group]
