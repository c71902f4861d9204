"""What happens at the desk while somebody looks on: a thread that waits for changes and hands them to the application."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from casewright.answers import ChangePage
from casewright.errors import CasewrightError, NotAllowed
from casewright.front_door import CameIn
from casewright_tui.desk_link import Come

AGAIN_AFTER = 1.0
"""Seconds after which a desk that did not answer is asked again."""
Heard = Callable[[ChangePage | None], None]
"""Is told what changed; None where the desk was away, and everything may be another than before."""
Lost = Callable[[Exception | None], None]
"""Is told that the desk does not answer and why, and None when it does again; after a bug it is asked no more."""


class Feed:
    """Follows the changes until it is stopped; what it tells, it tells in its own thread."""

    def __init__(self, come_in: Come, heard: Heard, lost: Lost) -> None:
        self._come_in, self._heard, self._lost = come_in, heard, lost
        self._over = threading.Event()
        self._is_lost = False
        self._since = 0
        self._thread = threading.Thread(target=self._live, name="feed", daemon=True)

    def start(self, since: int) -> None:
        """Begin to follow what happens after a change."""
        self._since = since
        self._thread.start()

    def stop(self) -> None:
        """Tell nothing any more; the thread ends by itself."""
        self._over.set()

    def _live(self) -> None:
        since = self._since
        while not self._over.is_set():
            try:
                with self._come_in() as came:
                    while not self._over.is_set():
                        since = self._next(came, since)
            except NotAllowed:
                return  # Whoever may see no ticket hears of none; the connection is as good as any.
            except CasewrightError as error:
                self._is_lost = True
                self._tell(partial(self._lost, error))
                self._over.wait(AGAIN_AFTER)
            except Exception as bug:  # noqa: BLE001 (the border of a thread: the application is told)
                self._tell(partial(self._lost, bug))
                return

    def _next(self, came: CameIn, since: int) -> int:
        came.patient(not self._is_lost)
        # After a loss nothing is waited for: that the desk is there again is the news.
        page = came.changes(None if self._is_lost else since)
        if self._is_lost:
            self._is_lost = False
            self._tell(partial(self._lost, None))
            self._tell(partial(self._heard, None))
        elif since > page.newest:
            self._tell(partial(self._heard, None))
        else:
            self._tell(partial(self._heard, page))
        return page.until

    def _tell(self, telling: Callable[[], None]) -> None:
        if not self._over.is_set():
            with suppress(RuntimeError):  # The application has ended meanwhile.
                telling()
