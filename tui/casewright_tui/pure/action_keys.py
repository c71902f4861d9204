"""Which letter does what at a ticket: the workflow's own first; whatever has none is given one that is free there."""

import unicodedata
from collections.abc import Mapping, Sequence

from casewright_tui.errands.errand import Errand

_USUAL: Mapping[str, str] = {
    "grant": "yag",
    "deny": "nxj",
    "chase": "ch",
    "query": "q",
    "supplement": "sm",
    "attempt": "tk",
    "remind": "wl",
    "assign": "gz",
}
"""Letters for what workflows do not give any, the first one that is free; the same at every ticket unless it is taken."""


def keys(errands: Sequence[Errand]) -> dict[str, Errand]:
    """Return what each letter does."""
    found: dict[str, Errand] = {}
    for one in errands:
        if one.key is not None:
            found.setdefault(one.key.lower(), one)
    for one in errands:
        if one.key is None:
            free = (letter for letter in _USUAL.get(one.name, "") if letter not in found)
            letter = next(free, None)
            if letter is not None:
                found[letter] = one
    return found


def letter(character: str | None) -> str:
    """Return the letter that was typed, in whatever width and case; "" where it was none."""
    plain = unicodedata.normalize("NFKC", character or "").lower()
    return plain if len(plain) == 1 and plain.isalnum() and not plain.isdigit() else ""
