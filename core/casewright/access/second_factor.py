"""The second factor: a secret shared with somebody's authenticator, and the codes that both work out from it (RFC 6238)."""

import hmac
from datetime import datetime

SECONDS = 30
DRIFT = 1
"""Steps by which an authenticator's clock may be off, to either side."""
_BASE_32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def new_secret() -> str:
    """Return a new secret of 160 bits, in base 32."""
    import pyotp

    return str(pyotp.random_base32())


def is_secret(secret: str) -> bool:
    """Return whether `secret` is one: base 32, at least 128 bits."""
    return 26 <= len(secret) <= 128 and set(secret) <= _BASE_32


def address(secret: str, *, name: str, issuer: str) -> str:
    """Return the `otpauth://` address by which an authenticator takes the secret over."""
    import pyotp

    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer))


def step_at(now: datetime) -> int:
    """Return the number of the step of time that a moment lies in."""
    return int(now.timestamp()) // SECONDS


def step_of(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """Return the step of time whose code `code` is, within the drift and later than the step `after`; None when it is none.

    A step that was accepted is given as `after` the next time, so that no code serves twice.
    """
    typed = "".join(code[:16].split())
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    import pyotp

    here, codes, found = step_at(now), pyotp.TOTP(secret), None
    for step in range(here - DRIFT, here + DRIFT + 1):
        right = hmac.compare_digest(codes.generate_otp(step), typed)
        if right and step > after:
            found = step
    return found
