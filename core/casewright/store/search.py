"""Finding tickets by text, in Chinese as in English: character bigrams for Han, words for the rest."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from operator import add
from typing import Any

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
SHORT = 40
"""Characters of a code or a name, of which a workspace has few: what they are found by is worked out once."""
_RUNS = re.compile(f"([{_HAN}]+)|([^\\W_{_HAN}]+)")


def tokens(text: str) -> list[str]:
    """Return what a text is found by: pairs of neighbouring Han characters, the last of each run, and each word."""
    found: list[str] = []
    for han, word in _runs(text):
        if word:
            found.append(word)
        else:
            found += map(add, han, han[1:])
            found.append(han[-1])
    return found


def indexed(values: Iterable[Any]) -> str:
    """Return the text that the index keeps for a ticket with these field values."""
    found = (_found_by(text) for value in values for text in _texts(value))
    return " ".join(filter(None, found))


def query(text: str) -> str | None:
    """Return the index query that finds `text`, or None when there is nothing to look for.

    A run of Han characters must stand there as written; a Latin word may go on. All runs must be found.
    """
    parts = []
    for han, word in _runs(text):
        if len(han) > 1:
            pairs = " ".join(map(add, han, han[1:]))
            parts.append(f'"{pairs}"')
        else:
            parts.append(f'"{han or word}"*')
    return " AND ".join(parts) or None


def _found_by(text: str) -> str:
    return _of_short(text) if len(text) <= SHORT else " ".join(tokens(text))


@lru_cache(maxsize=4096)
def _of_short(text: str) -> str:
    return " ".join(tokens(text))


def _runs(text: str) -> list[tuple[str, str]]:
    """Return the runs as they follow each other, each either Han characters or a word."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _RUNS.findall(folded.casefold())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
