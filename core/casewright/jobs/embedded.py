"""The embedded backend: one worker beside a file does what stands in the inbox, and nobody else does."""

from collections.abc import Callable, Sequence

from casewright.store import inbox
from casewright.store.database import Database
from casewright.store.inbox import Due


class EmbeddedJobs:
    """The inbox is the queue: what is there is due, and what is done is no longer there."""

    shared = False
    ready = False

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, wake: Callable[[], None]) -> None:
        """Begin; whoever owns the desk looks into the inbox itself."""

    def stop(self) -> None:
        """End."""

    def hand_out(self, now: int) -> int:
        """Hand out nothing: the inbox is looked into."""
        return 0

    def take(self, now: int, limit: int) -> Sequence[Due]:
        """Return what is due in the inbox."""
        return inbox.due(self._database, now, limit)

    def done(self) -> None:
        """Note nothing: what is done has left the inbox."""

    def put_back(self) -> None:
        """Note nothing: what is not done is still there."""
