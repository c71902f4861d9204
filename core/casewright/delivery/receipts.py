"""What a receipt says: which message, and what became of it, in the words of SMPP and of gateways."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from casewright.delivery.channel import ReceiptState
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

SMPP_WORDS: Mapping[str, ReceiptState] = {
    "DELIVRD": "delivered",
    "EXPIRED": "expired",
    "DELETED": "undelivered",
    "UNDELIV": "undelivered",
    "REJECTD": "rejected",
}
"""The words of a receipt's `stat:`; ENROUTE, ACCEPTD and UNKNOWN decide nothing."""

SMPP_STATES: Mapping[int, str] = {
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    8: "REJECTD",
}
"""The same as the number in `message_state`."""

_ID = pattern(r"\bid:\s*([^\s]+)", re.IGNORECASE)
_STATE = pattern(r"\bstat:\s*(\w+)", re.IGNORECASE)
_ERROR = pattern(r"\berr:\s*(\w+)", re.IGNORECASE)
_MILLISECONDS_FROM = 10**11


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptText:
    """What the text of an SMPP receipt holds, each part empty when it does not."""

    id: str
    state: str
    error: str


def receipt_text(text: str) -> ReceiptText:
    """Return the parts of `id:... stat:... err:...`."""
    id, state, error = (_first(pattern, text) for pattern in (_ID, _STATE, _ERROR))
    return ReceiptText(id=id, state=state.upper(), error=error)


def gateway_state(
    word: str, *, delivered: frozenset[str], pending: frozenset[str]
) -> ReceiptState | None:
    """Return what a gateway's word means: None while nothing is decided, undelivered when in doubt."""
    if word in delivered:
        return "delivered"
    return None if word in pending else SMPP_WORDS.get(word, "undelivered")


def unambiguous(written: str) -> datetime | None:
    """Return the moment that `written` tells with an offset or as a count since 1970, else None."""
    try:
        if written.isdecimal():
            count = int(written)
            seconds = count / 1000 if count >= _MILLISECONDS_FROM else count
            return datetime.fromtimestamp(seconds, UTC)
        moment = datetime.fromisoformat(written)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
