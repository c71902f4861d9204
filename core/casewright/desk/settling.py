"""What a lost connection has interrupted is asked again: nobody knows what became of it, and by its id it is done once."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from casewright.errors import DatabaseUnusable
from casewright.store.database import Database

WITHIN = 5.0
"""Seconds in which a server that was started anew should answer again; after them whoever asks is told."""
SHORTEST, LONGEST = 0.02, 0.5

Found = TypeVar("Found")


def settled(database: Database, asked: Callable[[], Found]) -> Found:
    """Return what comes of it, asked again while the connection is lost in the midst of it; DatabaseUnusable in the end.

    Within a transaction that is open it is asked once: what was done in it before is lost with it.
    """
    waits: Iterator[float] | None = None
    while True:
        try:
            return asked()
        except DatabaseUnusable:
            if not database.is_lost:
                raise
            waits = waits or _waits()
            pause = next(waits, None)
            if pause is None:
                raise
            time.sleep(pause)


def _waits() -> Iterator[float]:
    until, pause = time.monotonic() + WITHIN, SHORTEST
    while time.monotonic() < until:
        yield pause
        pause = min(2 * pause, LONGEST)
