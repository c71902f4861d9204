"""What a transaction writes at its end, once for each thing: a full-text index is written much faster for many tickets than for each."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

Asked = tuple[str, tuple[Any, ...]]
"""A statement with its values."""


class PutOff:
    """Statements that wait for the end of a transaction; each part of it that is undone takes back what it put off or ran."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, Sequence[Asked]] = {}
        self._before: list[tuple[Hashable, Sequence[Asked] | None]] = []

    def add(self, of: Hashable, statements: Sequence[Asked]) -> int:
        """Put statements off, in place of those `of` the same; return of how many things some wait."""
        self._before.append((of, self._waiting.get(of)))
        self._waiting[of] = statements
        return len(self._waiting)

    def taken(self) -> Iterator[Asked]:
        """Yield all that wait, in the order in which they were first put off."""
        waiting, self._waiting = self._waiting, {}
        self._before += waiting.items()
        for statements in waiting.values():
            yield from statements

    def mark(self) -> int:
        """Return where a part of the transaction begins."""
        return len(self._before)

    def back_to(self, mark: int) -> None:
        """Let all be as it was at a mark."""
        while len(self._before) > mark:
            of, statements = self._before.pop()
            if statements is None:
                self._waiting.pop(of, None)
            else:
                self._waiting[of] = statements

    def keep(self) -> None:
        """Give up all marks: no part is open any more that could be undone."""
        self._before.clear()

    def forget(self) -> None:
        """Forget everything: the whole transaction is undone."""
        self._waiting.clear()
        self._before.clear()
