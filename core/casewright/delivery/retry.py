"""When a failed delivery is tried again, and when that ends: a pure function of its key and its attempts."""

from datetime import datetime, timedelta
from hashlib import sha256

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 10
"""30 s, 1, 2, 4, 8, 16, 32 and 60 minutes twice, each a quarter more or less: dead after 2.3 to 3.8 hours."""
SPREAD = 0.25
"""So much more or less than the plain wait: what failed together does not come back together."""


def next_attempt(key: str, *, attempt: int, at: datetime) -> datetime | None:
    """Return when to try again after the `attempt`-th (from 1) failed at `at`; None: it is dead.

    The same for the same key and attempt, so that a worker that was killed decides as before.
    """
    if attempt >= MOST_ATTEMPTS:
        return None
    wait = min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT)
    return at + wait * (1 + SPREAD * _swing(f"{key}:{attempt}"))


def next_within(
    key: str, *, attempt: int, at: datetime, begun: datetime, longest: timedelta
) -> datetime | None:
    """Return when to try again what has been tried since `begun`; None once it took `longest`."""
    if at - begun >= longest:
        return None
    wait = min(FIRST_WAIT * 2.0 ** min(attempt - 1, 20), LONGEST_WAIT)
    return at + wait * (1 + SPREAD * _swing(f"{key}:{attempt}"))


def _swing(seed: str) -> float:
    """Return a number from -1 to 1 that looks like chance and is always the same for `seed`."""
    drawn = int.from_bytes(sha256(seed.encode("utf-8")).digest()[:6])
    return 2 * drawn / (2**48 - 1) - 1
