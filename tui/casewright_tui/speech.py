"""What was said to whoever sits here: the last sentence stands in the status line for a while, a fault until the next key."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from casewright.swift_dataclass import dataclass
from casewright_tui.messages import Told

FOR = 5.0
"""Seconds for which a sentence that is no fault stands there."""
KEPT = 500
"""How many sentences of a sitting can be read again; older ones are let go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that was said, and when."""

    sentence: str
    at: datetime
    bad: bool = False


class _Timed(Protocol):
    def __call__(self, delay: float, callback: Callable[[], None]) -> object: ...


class Speech:
    """Keeps what was said and knows what is to be read now."""

    def __init__(self, now: Callable[[], datetime], later: _Timed) -> None:
        self._now, self._later = now, later
        self._kept: deque[Said] = deque(maxlen=KEPT)
        self._current: Told | None = None

    @property
    def kept(self) -> Sequence[Said]:
        """What was said, the first first."""
        return tuple(self._kept)

    @property
    def current(self) -> Told | None:
        """What is to be read now."""
        return self._current

    def say(self, told: Told, silent: Callable[[], None]) -> None:
        """Have a sentence read; `silent` is called when it has gone by itself."""
        self._kept.append(Said(sentence=told.sentence, at=self._now(), bad=told.bad))
        self._current = told

        def gone() -> None:
            if self._current is told:
                self._current = None
                silent()

        if not told.bad:
            self._later(FOR, gone)

    def typed(self, when: float) -> bool:
        """Let a fault go that stood there before a key was pressed, `when` that was; return whether one went.

        A key that was typed ahead has not read it.
        """
        current = self._current
        if current is None or when <= current.time:
            return False
        if current.bad:
            self._current = None
        return current.bad
