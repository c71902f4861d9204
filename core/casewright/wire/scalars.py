"""The simple values as JSON says them: texts, numbers, moments, lengths of time, octets; each as a reader of its type."""

import base64
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from casewright.errors import CasewrightError, Message, WireRefused, message
from casewright.strict_json import INTEGERS
from casewright.wire.parts import KEY, MOMENT, OCTETS, TAG

Reader = Callable[[Any, str], Any]
"""Takes data and where it stands, and returns the value; WireRefused."""
SECOND = timedelta(seconds=1)


def refused(at: str, reason: Message) -> CasewrightError:
    """Return the refusal of what stands at a place."""
    return WireRefused(at=at or TAG, reason=reason)


def text(data: Any, at: str) -> str:
    """Read a text."""
    if isinstance(data, str):
        return data
    raise refused(at, message("it is a text"))


def _whole(data: Any, at: str) -> int:
    if isinstance(data, float) and data.is_integer():
        data = int(data)
    if isinstance(data, int) and not isinstance(data, bool) and data in INTEGERS:
        return data
    raise refused(at, message("it is a whole number"))


def _decimal(data: Any, at: str) -> float:
    try:
        if not isinstance(data, bool) and math.isfinite(data):
            return float(data)
    except (TypeError, OverflowError):
        pass
    raise refused(at, message("it is a number"))


def _truth(data: Any, at: str) -> bool:
    if isinstance(data, bool):
        return data
    raise refused(at, message("it is true or false"))


def _nothing(data: Any, at: str) -> None:
    if data is not None:
        raise refused(at, message("it is null"))


def moment(data: Any, at: str) -> datetime:
    """Read a moment, which says its offset."""
    try:
        if isinstance(data, str) and MOMENT.fullmatch(data):
            return datetime.fromisoformat(data).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise refused(at, message("it is a moment with its offset, such as 2026-03-02T08:30:00Z"))


def length(data: Any, at: str) -> timedelta:
    """Read a length of time, in seconds."""
    try:
        # A whole number stays one: a float has no room for all seconds that there are.
        if isinstance(data, int) and not isinstance(data, bool):
            return data * SECOND
        return timedelta(seconds=_decimal(data, at))
    except OverflowError:
        raise refused(at, message("it is longer than any time")) from None


def octets(data: Any, at: str) -> bytes:
    """Read octets, in Base64."""
    if isinstance(data, str) and OCTETS.fullmatch(data):
        return base64.b64decode(data)
    raise refused(at, message("it is not Base64"))


def _number_as_key(data: Any, at: str) -> int:
    if isinstance(data, str) and KEY.fullmatch(data) and int(data) in INTEGERS:
        return int(data)
    raise refused(at, message("it is a whole number"))


SCALARS: Mapping[Any, Reader] = {
    str: text,
    int: _whole,
    float: _decimal,
    bool: _truth,
    type(None): _nothing,
    datetime: moment,
    timedelta: length,
    bytes: octets,
}
SCALAR_KEYS: Mapping[Any, Reader] = {int: _number_as_key, datetime: moment}
"""The keys of objects that are no texts."""
