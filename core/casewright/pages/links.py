"""Texts that only this workspace can have made: links to status pages, keys of forms, files that wait in a form.

A sealed text says what it is for, what it is about and until when; changed by a single character it is none of ours.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from casewright.swift_dataclass import dataclass

LONGEST = 4_000
"""Characters; the longest name of a file fits in, whatever it is written in."""
_SEAL = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a sealed text says: what it is about, when it was made, and whether its time is over."""

    about: Mapping[str, str]
    made_at: datetime
    over: bool


class Sealer:
    """Seals and opens texts with one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sealed(
        self, purpose: str, about: Mapping[str, str], *, now: datetime, valid: timedelta
    ) -> str:
        """Return a text that says what it is `about` until it is no longer `valid`; fit for an address."""
        said = {
            "a": dict(about),
            "m": int(now.timestamp()),
            "u": int((now + valid).timestamp()),
        }
        content = json.dumps(said, separators=(",", ":"), sort_keys=True).encode()
        return f"{_written(content)}.{_written(self._seal(purpose, content))}"

    def opened(self, purpose: str, sealed: str, *, now: datetime) -> Opened | None:
        """Return what a text says, or None for one that was not sealed here for this purpose."""
        first, dot, last = sealed.partition(".")
        if not dot or len(sealed) > LONGEST:
            return None
        try:
            content, seal = _read(first), _read(last)
        except ValueError:
            return None
        # What is written in another way than ours was altered too, even where it reads the same.
        ours = _written(content) == first and _written(seal) == last
        if not hmac.compare_digest(seal, self._seal(purpose, content)) or not ours:
            return None
        said = json.loads(content)
        made_at = datetime.fromtimestamp(said["m"], tz=now.tzinfo)
        return Opened(about=said["a"], made_at=made_at, over=now.timestamp() >= said["u"])

    def _seal(self, purpose: str, content: bytes) -> bytes:
        return hmac.new(self._secret, purpose.encode() + b"\0" + content, sha256).digest()[
            :_SEAL
        ]


def fresh() -> str:
    """Return chance in a form that nobody guesses."""
    return secrets.token_hex(12)


def _written(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
