"""The keys of tickets in what people write: `CMP-2026-000042`, in full-width characters as well."""

import unicodedata

from casewright.patterns import pattern

MOST = 5
_KEY = pattern(r"(?<![A-Z0-9])[A-Z][A-Z0-9]{0,9}-[0-9]{4}-[0-9]{6,9}(?![0-9])")


def keys_in(text: str) -> tuple[str, ...]:
    """Return the keys that stand in a text, each once, in their order; whether there are such tickets is not known here."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return tuple(dict.fromkeys(_KEY.findall(plain)))[:MOST]


def is_key(text: str) -> bool:
    """Return whether a text is the key of a ticket and nothing else."""
    return _KEY.fullmatch(text) is not None
