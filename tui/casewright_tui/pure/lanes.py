"""Which ways between rows share a lane beside them, so that few lanes show many ways."""

from collections.abc import Collection

from casewright.swift_dataclass import dataclass

Way = tuple[int, int]
"""From a row to a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """All ways that lead to one row."""

    to: int
    starts: frozenset[int]


def spans(lane: Lane) -> tuple[int, int]:
    """Return the first and the last row of a lane."""
    rows = (lane.to, *lane.starts)
    return min(rows), max(rows)


def lanes_of(ways: Collection[Way], room: int) -> tuple[list[Lane], list[Way]]:
    """Return at most `room` lanes, the longest outermost, and the ways that found none."""
    goals = sorted({to for _, to in ways})
    lanes = [
        Lane(
            to=goal, starts=frozenset(start for start, to in ways if to == goal and start != to)
        )
        for goal in goals
    ]
    longest = sorted((one for one in lanes if one.starts), key=_length)
    kept, rest = longest[:room], longest[room:]
    left_out = sorted((start, one.to) for one in rest for start in one.starts)
    return kept[::-1], left_out


def _length(lane: Lane) -> int:
    first, last = spans(lane)
    return last - first
