"""What a text is found and compared by: folded characters, runs of Han and words, their terms."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from re import compile as pattern
from typing import NamedTuple

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = pattern(f"([{_HAN}]+)|([^\\W_{_HAN}]+)")
_HAN_CHARACTER = pattern(f"[{_HAN}]")
EMPTY_HAN = frozenset(
    "的了吗呢吧啊呀么我你他她它您们这那哪是在有和与或就都也还很太会要能可以请把被让给对从到为什怎么样个一不没无得着过"
)
"""Characters that say little: a pair of two of them is no term."""
EMPTY_WORDS = frozenset(
    "a all an and any are as at be been but by can could did do does for from get had has have he her hi him his how i if in into is it"
    " its just like me my no not of off on or our out please she should so some than that the their them then there they this to too up"
    " us very was we were what when where which who why will with would you your am been being here now still ll ve re s t d m".split()
)


class Run(NamedTuple):
    """A run of Han characters, or a word, and where it stands."""

    text: str
    start: int
    han: bool

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def fold(text: str) -> str:
    """Return a text with as many characters, each as it is compared: lower case, half width, simplified."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


@lru_cache(maxsize=65_536)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    if len(plain) != 1:
        return character
    return _simplified(plain) if _HAN_CHARACTER.match(plain) else plain


def _simplified(character: str) -> str:
    found = _to_simplified().convert(character)
    return found if len(found) == 1 else character


@lru_cache(maxsize=1)
def _to_simplified():  # type: ignore[no-untyped-def]  # the library says nothing of its types
    from opencc import OpenCC

    return OpenCC("t2s")


def runs(folded: str) -> Iterator[Run]:
    """Yield the runs of a folded text as they follow each other."""
    for found in _RUNS.finditer(folded):
        yield Run(found.group(), found.start(), found.group(1) is not None)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of an English word; a number or a name stays as it is."""
    return word if not word.isascii() or word.isdigit() else str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # the library says nothing of its types
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def terms(folded: str) -> list[str]:
    """Return what a folded text is compared by: each pair of Han characters, each word's stem, without those that say little."""
    found: list[str] = []
    for run in runs(folded):
        if not run.han:
            if run.text not in EMPTY_WORDS:
                found.append(stem(run.text))
        elif len(run.text) == 1:
            if run.text not in EMPTY_HAN:
                found.append(run.text)
        else:
            pairs = (run.text[at : at + 2] for at in range(len(run.text) - 1))
            found += (one for one in pairs if not EMPTY_HAN.issuperset(one))
    return found


def vocabulary(folded: str) -> set[str]:
    """Return the words of a folded text that somebody may misspell."""
    return {
        run.text
        for run in runs(folded)
        if not run.han and len(run.text) > 3 and not run.text[0].isdigit()
    }
