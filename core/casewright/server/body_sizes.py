"""The bodies of requests on their way: none larger than its path allows, all together no more than fits."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from casewright.errors import ServerRefused, message
from casewright.server.limits import ALWAYS_TAKEN, MOST_HELD, is_outside, largest_body


class BodySizes:
    """Counts what all bodies have brought that are still being dealt with.

    Those of customers and other systems are counted apart from those of the staff, and nobody has more than half of
    either: whoever sends much keeps from sending much those who do the same, and nobody else.
    """

    def __init__(self) -> None:
        self._held: Counter[tuple[bool, str]] = Counter()

    @contextmanager
    def of(
        self, path: str, headers: Headers, receive: Receive, *, sender: str
    ) -> Iterator[Receive]:
        """Take a body of `sender` through what is returned, as far as it may go; ServerRefused at once where it is said to be larger."""
        most, mine = largest_body(path), 0
        everybody, one = (is_outside(path), ""), (is_outside(path), sender)
        if _announced(headers) > most:
            raise _too_large(most)

        async def bounded() -> Message:
            nonlocal mine
            said = await receive()
            brought = len(said.get("body", b""))
            mine += brought
            self._held.update({everybody: brought, one: brought})
            if mine > most:
                raise _too_large(most)
            crowded = self._held[everybody] > MOST_HELD or self._held[one] > MOST_HELD // 2
            if crowded and mine > ALWAYS_TAKEN:
                reason = message("too much is sent at once; send it again later")
                raise ServerRefused(status=503, reason=reason, wait_seconds=5)
            return said

        try:
            yield bounded
        finally:
            self._held.subtract({everybody: mine, one: mine})
            if not self._held[one]:
                del self._held[one]


def _announced(headers: Headers) -> int:
    """Return the length that a request says its body has; the parser has seen to it that it is a number."""
    return int(headers.get("content-length", "0"))


def _too_large(most: int) -> ServerRefused:
    reason = message("what is sent here is {bytes} bytes at most", bytes=most)
    return ServerRefused(status=413, reason=reason)
