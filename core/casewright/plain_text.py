"""What a sentence that somebody types may be: short enough, and nothing in it that a screen would obey."""

import unicodedata

from casewright.errors import Message, message

LONGEST_SENTENCE = 2_000
"""How long a reason or a note is at most."""
LONGEST_TITLE = 200
"""How long what somebody or something is called on a line is at most."""
_LINES = "\n\t"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What makes text read in another order than it is written."""


def words_fault(
    text: str, limit: int = LONGEST_SENTENCE, *, lines: bool = True
) -> Message | None:
    """Return what keeps `text` from being kept and shown, or None; without `lines` it stands on one line."""
    if len(text) > limit:
        return message("a text has at most {limit} characters here", limit=limit)
    if any(_obeyed(one) and not (lines and one in _LINES) for one in text):
        return message("a text holds no control characters and no halves of characters")
    return None


def _obeyed(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
