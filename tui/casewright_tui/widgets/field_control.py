"""What the controls of a form's fields have in common: an entry, a look, and what they tell whoever holds them."""

from typing import Protocol

from textual.message import Message

from casewright_tui.lines import Lines
from casewright_tui.look import Look
from casewright_tui.pure.entries import Entry


class Edited(Message):
    """Somebody changed what stands in a field; `of` is its control."""

    def __init__(self, of: object) -> None:
        super().__init__()
        self.of = of


class Relined(Message):
    """What a control shows below itself has changed, or how many lines it takes; `of` is the control."""

    def __init__(self, of: object) -> None:
        super().__init__()
        self.of = of


class FieldControl(Protocol):
    """A control: `entry` is what stands in it."""

    entry: Entry

    def dressed(self, look: Look, lang: str) -> None:
        """Draw in another look or language."""

    def height(self, width: int) -> int:
        """Return how many lines it takes in so many cells."""

    def below(self, width: int) -> Lines:
        """Return what it shows below itself, such as a list to choose from."""

    def track(self) -> None:
        """Have the terminal's cursor stand where one types, if one does so here."""
