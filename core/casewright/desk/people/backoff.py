"""The wait after failed tries to sign in: by name, growing, never longer than a quarter of an hour."""

from datetime import datetime, timedelta

from casewright.errors import SignInRefused, message
from casewright.store import credentials
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

FREE = 5
"""Tries in a row that may fail before one has to wait."""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
"""Failures after which nobody tried again for so long are forgotten."""


def wait_after(failures: int) -> timedelta:
    """Return how long one waits after so many failures in a row: a second, then twice as long each time."""
    if failures < FREE:
        return timedelta()
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - FREE, 20)))


@dataclass(frozen=True, slots=True)
class Backoff:
    """Counts tries; to be used inside a write transaction, so that tries at the same moment are counted one by one."""

    database: Database

    def count(self, name: str, now: datetime) -> None:
        """Count a try as failed until `forget` says that it did not; SignInRefused, uncounted, while one has to wait.

        A try during the wait makes it no longer, so that nobody can keep somebody else out by trying on.
        """
        credentials.forget_failures_before(self.database, now - FORGOTTEN_AFTER)
        before = credentials.failures(self.database, name)
        count, last = (before.count, before.at) if before else (0, now)
        left = wait_after(count) - max(now - last, timedelta())
        if left > timedelta():
            seconds = max(1, -(-left // timedelta(seconds=1)))
            template = "too many tries failed; try again in {seconds} s"
            reason = message(template, seconds=seconds)
            raise SignInRefused(reason=reason, wait_seconds=seconds)
        credentials.note_failure(self.database, name, count + 1, now)

    def forget(self, name: str) -> None:
        """Forget the failures under a name: somebody has proved that it is theirs, or an administrator has."""
        credentials.forget_failures(self.database, name)
