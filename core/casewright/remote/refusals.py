"""What a server refused, as it was raised there."""

import json
from collections.abc import Mapping
from typing import Any

from casewright.errors import CasewrightError, Message, ServerRefused, WireRefused
from casewright.wire.codec import read

_INCIDENT = "incident"


def data_of(octets: bytes) -> Any:
    """Return the JSON data of an answer; None where it is none."""
    try:
        return json.loads(octets) if octets else None
    except (ValueError, RecursionError):
        return None


def refusal(status: int, data: Any, *, wait_seconds: int = 0) -> CasewrightError:
    """Return the refusal that came as a problem; ServerRefused for one that only the server knows."""
    told: Mapping[str, Any] = data if isinstance(data, dict) else {}
    try:
        error = read(told.get("error"))
    except (WireRefused, TypeError):
        error = None
    if isinstance(error, CasewrightError):
        return error
    detail = str(told.get("detail", "")) or f"HTTP {status}"
    reason = Message("{detail}", {"detail": detail.rstrip(".")})
    return ServerRefused(status=status, reason=reason, wait_seconds=wait_seconds)
