"""Whoever asks the desk about errands: the application, or the plain mode."""

from collections.abc import Awaitable
from typing import Any, Protocol

from casewright.answers import Myself
from casewright.queries import Query
from casewright_tui.site import Site


class Asker(Protocol):
    """Asks the desk, for somebody."""

    actor: str
    myself: Myself | None
    site: Site

    def ask(self, query: Query) -> Awaitable[Any]:
        """Return the desk's answer; the refusal is raised."""
