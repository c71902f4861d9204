"""The port: what is due is handed out within the transaction that found it, and given back to be done."""

from collections.abc import Callable, Sequence
from typing import Protocol

from casewright.store.inbox import Due


class JobBackend(Protocol):
    """Hands what stands in the inbox to workers; each thing is done at least once, and its command happens once.

    Used by the one thread that owns the desk; `start` may begin others, which never touch its database.
    """

    @property
    def shared(self) -> bool:
        """Whether several workers may be at work at once."""

    def start(self, wake: Callable[[], None]) -> None:
        """Begin to be given work; `wake` is called, in any thread, when there is some."""

    def stop(self) -> None:
        """Be given no more; what was given and not begun is left to others."""

    def hand_out(self, now: int) -> int:
        """Within a transaction, hand out what stands in the inbox and is due; return how much."""

    @property
    def ready(self) -> bool:
        """Whether something was given that is not yet taken."""

    def take(self, now: int, limit: int) -> Sequence[Due]:
        """Return what is to be done now, in order of due time; what was done meanwhile is not among it."""

    def done(self) -> None:
        """Note, after the commit, that all that was taken is dealt with."""

    def put_back(self) -> None:
        """Note that nothing that was taken could be dealt with, and is to be taken again."""
