"""Commands that wait for their turn to be written, and where their answers go."""

from collections import deque
from collections.abc import Iterable, Sequence
from threading import Condition
from typing import Any, Protocol

from casewright.commands import Command
from casewright.desk.door import Door
from casewright.desk.grouping import goes_together
from casewright.errors import ServerRefused, message
from casewright.swift_dataclass import dataclass

AGAIN_AFTER = 1
"""Seconds after which somebody who was sent away may try again."""


class Place(Protocol):
    """Where some wait for answers."""

    def bring(self, answers: Sequence[tuple[Any, Any]]) -> None:
        """Bring answers, each with the sign of whoever waits for it; from any thread."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waiting:
    """What one caller asks for: a command, or several `together`, of which none holds where that is a `trial`.

    Without a `door` it is the product itself that asks. What comes of it is brought to its `place`, under its `sign`.
    """

    commands: tuple[Command, ...]
    door: Door | None
    together: bool = False
    trial: bool = False
    place: Place
    sign: Any

    @property
    def goes_together(self) -> bool:
        """Whether others may share its transaction."""
        return all(goes_together(type(one)) for one in self.commands)


class Queue:
    """First come, first served; whoever comes when it is full is sent away."""

    def __init__(self, most: int) -> None:
        self._most, self._waiting = most, deque[Waiting]()
        self._changed = Condition()
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, waiting: Waiting) -> None:
        """Let somebody wait; ServerRefused where too many do."""
        with self._changed:
            if self._closed or len(self._waiting) >= self._most:
                raise too_many()
            self._waiting.append(waiting)
            self._changed.notify()

    def first(self) -> Waiting | None:
        """Return whose turn it is, waiting for somebody; None once it is closed and empty."""
        with self._changed:
            while not self._waiting:
                if self._closed:
                    return None
                self._changed.wait()
            return self._waiting.popleft()

    def next_together(self) -> Waiting | None:
        """Return who is next, if somebody is and may share a transaction."""
        with self._changed:
            if self._waiting and self._waiting[0].goes_together:
                return self._waiting.popleft()
            return None

    def close(self) -> None:
        """Take nobody any more; who waits is still served."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def empty(self) -> list[Waiting]:
        """Close it, and return those who will not be served."""
        self.close()
        with self._changed:
            left = list(self._waiting)
            self._waiting.clear()
            return left


def too_many() -> ServerRefused:
    """Return the refusal of somebody for whom there is no room in a queue."""
    reason = message("too many are waiting; try again in a moment")
    return ServerRefused(status=503, reason=reason, wait_seconds=AGAIN_AFTER)


Outcome = tuple[Waiting, Any]
"""Who waited, and what came of it: a receipt, the outcomes of commands said together, or the error that was raised."""


def answer(outcomes: Iterable[Outcome]) -> None:
    """Bring everybody what came of theirs, to each place all at once."""
    by_place: dict[Place, list[tuple[Any, Any]]] = {}
    for waiting, outcome in outcomes:
        by_place.setdefault(waiting.place, []).append((waiting.sign, outcome))
    for place, answers in by_place.items():
        place.bring(answers)
