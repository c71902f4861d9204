"""The word a person probably meant, so that every refusal can offer it in the same way."""

from collections.abc import Iterable

from casewright.errors import Message, message

_LONGEST = 64
"""Words longer than this are no typing mistake; comparing them would only cost time."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that is most like `word`, or None when none is like it."""
    if len(word) > _LONGEST:
        return None
    from difflib import get_close_matches  # most words are right

    by_folded = {one.casefold(): one for one in known if len(one) <= _LONGEST}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def hint(word: str, known: Iterable[str]) -> Message:
    """Return "; did you mean 'x'?" for the end of a sentence, or an empty message."""
    meant = nearest(word, known)
    return message("; did you mean '{nearest}'?", nearest=meant) if meant else message("")
