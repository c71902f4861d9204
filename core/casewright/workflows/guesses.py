"""What an author probably meant, within a bound: a file full of unknown names must not take minutes to answer."""

from collections.abc import Collection

from casewright import nearest as words
from casewright.errors import Message, message

COMPARISONS = 200_000
"""So many words are compared for one file; later problems are still reported, but without a guess."""


class Guesses:
    """The guesses for one file, and how many comparisons are left for them."""

    def __init__(self, comparisons: int = COMPARISONS) -> None:
        self._left = comparisons

    def nearest(self, word: str, known: Collection[str]) -> str | None:
        """Return the one of `known` that is most like `word`, or None."""
        self._left -= len(known)
        return words.nearest(word, known) if self._left >= 0 else None

    def hint(self, word: str, known: Collection[str]) -> Message:
        """Return "; did you mean 'x'?" for the end of a sentence, or an empty message."""
        meant = self.nearest(word, known)
        return message("; did you mean '{nearest}'?", nearest=meant) if meant else message("")
