"""Sees whether anything was written, without asking what: for those who wait for something to happen."""

from typing import Self

from casewright.config import Config
from casewright.store import changes, sessions, tokens
from casewright.store.opening import open_database


class Watch:
    """Looks at one database from one thread; a look costs some microseconds."""

    def __init__(self, config: Config) -> None:
        self._database = open_database(config.database, server=config.postgres)
        self._version = -1
        self._newest = 0
        self._let_in = 0

    def newest(self) -> int:
        """Return the number of the newest event that anybody, in any process, has made durable."""
        # This number is another one after whatever another connection has committed, and never after what is read here.
        version = self._database.pragma("data_version")
        if version != self._version:
            self._version = version
            self._newest = changes.newest(self._database)
            self._let_in = sessions.number(self._database) + tokens.number(self._database)
        return self._newest

    @property
    def let_in(self) -> int:
        """How many sessions and tokens there were at the last look: where it is fewer than before, somebody may not be in any more."""
        return self._let_in

    def close(self) -> None:
        """Look no more."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()
