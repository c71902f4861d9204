"""What a person answers by SMS: `1 4827 15:00` takes notice 4827 until then, `2 4827 reason` refuses it.

Phones write digits, blanks and punctuation in full width as readily as in half; both are read.
"""

import re
from datetime import time

from casewright.errors import Message, message
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

_GAP = r"[\s,，、;；。.:：#\uff03-]+"
_SHAPE = pattern(rf"\W*([1\uff112\uff12]){_GAP}(\d{{1,9}})(?:{_GAP}(.*))?", re.DOTALL)
_TIME = pattern(
    r"(\d{1,2})\s*(?:[:：.点时hH]\s*(\d{2})?\s*分?|(?<=\d{2})(\d{2}))\s*之?前?[。.]?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReply:
    """The sender takes the notice, to be done by the next `until` in local time, or when it is due."""

    notice: int
    until: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseReply:
    """The sender refuses the notice, and says why."""

    notice: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """The text is neither; `answer` tells its sender what to write."""

    answer: Message


Reply = TakeReply | RefuseReply | NotUnderstood


def parse_reply(text: str) -> Reply:
    """Return what `text` says."""
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None:
        template = (
            "Not understood. To take a notice, answer 1, its number and a time, as '1 4827 15:00'; "
            "to refuse it, answer 2, its number and why."
        )
        return NotUnderstood(answer=message(template))
    verb, notice, rest = int(shape[1]), int(shape[2]), (shape[3] or "").strip()
    return _taken(notice, rest) if verb == 1 else _refused(notice, rest)


def _taken(notice: int, rest: str) -> Reply:
    if not rest:
        return TakeReply(notice=notice)
    found = _TIME.fullmatch(rest)
    hour, minute = (int(found[1]), int(found[2] or found[3] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        template = "Not understood. Say by what time you will be done, as '1 {notice} 15:00'."
        return NotUnderstood(answer=message(template, notice=str(notice)))
    return TakeReply(notice=notice, until=time(hour, minute))


def _refused(notice: int, rest: str) -> Reply:
    if not rest:
        template = "Not understood. Say why you refuse it, as '2 {notice}' and the reason."
        return NotUnderstood(answer=message(template, notice=str(notice)))
    return RefuseReply(notice=notice, reason=rest)
