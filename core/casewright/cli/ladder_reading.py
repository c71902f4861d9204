"""A ladder as it reads: each step in a sentence, when it comes, who is told over what, and what is done."""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from casewright.durations import told
from casewright.errors import Message, message
from casewright.sla.calendar import ALWAYS
from casewright.texts import Texts

if TYPE_CHECKING:
    from casewright.durations import Duration
    from casewright.workflows.spec import LadderStep, Promise, Threshold

_WHOLE = 100


def ladder_lines(
    promise: "Promise", steps: "Sequence[LadderStep]", texts: Texts
) -> Iterator[str]:
    """Yield a line for each step of a promise's ladder, in the order of the file."""
    for step in steps:
        when = _when(step.at, promise)
        if step.every is not None:
            template = "every {length}, {times} time(s), counted from: {when}"
            length = length_of(step.every, promise)
            when = message(template, when=when, length=length, times=step.times)
        yield texts.say("{when}: {what}", when=when, what=_together(_what(step, promise)))


def length_of(duration: "Duration", promise: "Promise") -> Message:
    """Return a duration in the days of the promise's calendar."""
    return told(duration, working=promise.calendar != ALWAYS.name)


def _when(at: "Threshold", promise: "Promise") -> Message:
    if at.offset is not None:
        time = length_of(at.offset, promise)
        if at.before:
            return message("{time} before it is due", time=time)
        return message("{time} overdue", time=time)
    if at.percent == _WHOLE:
        return message("when it is due")
    return message("{percent} % of the time has passed", percent=at.percent)


def _together(parts: Iterator[Message]) -> Message:
    """Return sentences as one."""
    return reduce(lambda one, other: message("{one}; {other}", one=one, other=other), parts)


def _what(step: "LadderStep", promise: "Promise") -> Iterator[Message]:
    if step.tell:
        people, over = list(map(str, step.tell)), list(step.via)
        yield message("tells {people} over {channels}", people=people, channels=over)
    if step.taken_within is not None:
        time = length_of(step.taken_within, promise)
        yield message("tells the next level too, unless it is taken within {time}", time=time)
    if step.do:
        yield message("does {actions}", actions=[one.verb for one in step.do])
