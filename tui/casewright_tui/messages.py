"""What screens post to the application, which alone holds the desk and the stack of screens."""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.message import Message

from casewright.answers import ChangePage
from casewright.errors import CasewrightError


class GoTo(Message):
    """Somebody goes to another place (see `places`), about what `about` says; `instead` of the one they are at."""

    def __init__(self, place: str, *, instead: bool = False, **about: Any) -> None:
        super().__init__()
        self.place, self.about, self.instead = place, about, instead


class GoBack(Message):
    """Somebody goes back to where they came from; `result` is for whoever sent them."""

    def __init__(self, result: Any = None) -> None:
        super().__init__()
        self.result = result


class Told(Message):
    """Something is to be read in the status line, and kept among what was said; `bad` where it is a refusal or a fault."""

    def __init__(
        self, sentence: str, *, bad: bool = False, error: CasewrightError | None = None
    ) -> None:
        super().__init__()
        self.sentence, self.bad, self.error = sentence, bad, error


class Changed(Message):
    """Something happened at the desk; posted by the application to every screen on the stack."""

    def __init__(self, page: ChangePage | None) -> None:
        super().__init__()
        self.page = page
        """What happened; None: everything may be another than before."""

    @property
    def tickets(self) -> frozenset[str]:
        """The keys of the tickets that changed."""
        return frozenset(one.ticket for one in self.page.changes) if self.page else frozenset()


class FrameChanged(Message):
    """What stands around every screen has changed: who, the numbers, the connection, the language."""


class Stepped(Message):
    """Somebody at a ticket goes on to the next one (1) or back to the one before (-1) in the queue they came from.

    `done` is the ticket that they have worked on, where they go on because of that.
    """

    def __init__(self, direction: int, *, done: str = "") -> None:
        super().__init__()
        self.direction, self.done = direction, done


class Run(Message):
    """Something was chosen in the palette or the help; it is done at the place beneath, once that is on top again."""

    def __init__(self, run: Callable[[], Awaitable[None] | None]) -> None:
        super().__init__()
        self.run = run
