"""Points on a promise's clock: `80%`, `4 hours before`, `1 day after`."""

import re

from casewright import durations
from casewright.errors import DurationRefused, Message, message
from casewright.patterns import pattern
from casewright.workflows.spec import Threshold

HIGHEST_PERCENT = 1_000

_PERCENT = pattern(r"([0-9]{1,9}) ?%")
_OFFSET = pattern(r"(.+) (before|after)")


def threshold(text: str) -> Threshold:
    """Return the point that `text` names; `fault` has found nothing wrong with it."""
    if percent := _PERCENT.fullmatch(text):
        return Threshold(percent=int(percent[1]))
    offset = _OFFSET.fullmatch(text)
    if offset is None:
        raise DurationRefused(text=text, reason=_SHAPE)
    return Threshold(offset=durations.parse(offset[1]), before=offset[2] == "before")


def fault(text: object) -> Message | None:
    """Return why `text` is no threshold, or None."""
    if re.fullmatch(r"[0-9]{1,4}", str(text)):
        return message("write '{percent}%', with the sign", percent=text)
    if not isinstance(text, str):
        return _SHAPE
    try:
        point = threshold(text)
    except DurationRefused as refusal:
        return refusal.reason
    if point.percent is not None and not 1 <= point.percent <= HIGHEST_PERCENT:
        return message("a percentage lies between 1% and {highest}%", highest=HIGHEST_PERCENT)
    return None


_SHAPE = message("a threshold is written '80%', '4 hours before' or '1 day after'")
