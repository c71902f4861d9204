"""Several who ask at one desk, carried out in one transaction: each answered for itself, and nobody before it is durable."""

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from casewright.desk.embedded import Desk
from casewright.errors import DatabaseBusy, DatabaseUnusable

MOST_TOGETHER = 128
LONGEST_GROUP = 0.05
"""Seconds after which nobody else joins a group: those in it wait for their commit."""

Asked = TypeVar("Asked")


def carried_out(
    desk: Desk,
    begun: list[Asked],
    following: Callable[[], Asked | None],
    outcome: Callable[[Desk, Asked], object],
    *,
    most: int = MOST_TOGETHER,
    longest: float = LONGEST_GROUP,
) -> list[tuple[Asked, object]]:
    """Return what came of a group, once it is durable; one that could not be is carried out one by one.

    Whoever joins the one who has `begun` it is noted there. `outcome` returns errors and raises none.
    """
    group: list[tuple[Asked, object]] = []
    until = perf_counter() + longest
    try:
        with desk.batch(settled=False):
            one: Asked | None = begun[0]
            while one is not None:
                group.append((one, outcome(desk, one)))
                full = len(group) >= most or perf_counter() > until
                one = None if full else following()
                begun += [] if one is None else [one]
    except Exception as error:  # noqa: BLE001 (the commit itself: nobody's command is durable)
        return _apart(desk, group or [(begun[0], error)], error, outcome)
    return group


def _apart(
    desk: Desk,
    group: list[tuple[Asked, object]],
    error: Exception,
    outcome: Callable[[Desk, Asked], object],
) -> list[tuple[Asked, object]]:
    """Return what came of a group of which nothing is durable: refusals hold, the rest is tried alone.

    One of them may have undone the transaction of all. By their ids none is done twice; a database that was busy
    for so long would be so for each of them.
    """
    alone = isinstance(error, DatabaseBusy) or (len(group) == 1 and not desk.is_cut_off)
    return [
        (one, found)
        if isinstance(found, Exception) and not isinstance(found, DatabaseUnusable)
        else (one, error if alone else outcome(desk, one))
        for one, found in group
    ]
