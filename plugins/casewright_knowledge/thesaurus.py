"""What people call the same thing, by groups: which of them a text speaks of, whatever words it uses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from casewright_knowledge.words import fold, runs, stem

_MARK = "ccx"
"""What a concept's own term begins with: nothing that is typed begins with it."""


class Spoken(NamedTuple):
    """A concept that a text speaks of: its terms, and the words it does so by."""

    concepts: tuple[str, ...]
    start: int
    end: int


class Thesaurus:
    """Groups of words that mean the same; each has a concept, named after the first of its words."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._han: dict[str, list[str]] = {}
        self._words: dict[tuple[str, ...], list[str]] = {}
        self._named: dict[str, dict[bool, str]] = {}
        for group in groups:
            concept = concept_of(group[0])
            names = self._named.setdefault(concept, {})
            for member in group:
                self._learn(fold(member), concept)
                names.setdefault(any(one.han for one in runs(member)), member)
        self._lengths: dict[str, list[int]] = {}
        for word in sorted(self._han, key=len, reverse=True):
            lengths = self._lengths.setdefault(word[0], [])
            if len(word) not in lengths:
                lengths.append(len(word))
        self._longest = max(map(len, self._words), default=0)

    def _learn(self, member: str, concept: str) -> None:
        found = list(runs(member))
        if len(found) == 1 and found[0].han:
            known = self._han.setdefault(found[0].text, [])
        else:
            known = self._words.setdefault(tuple(stem(one.text) for one in found), [])
        if concept not in known:
            known.append(concept)

    def spoken(self, folded: str) -> Iterator[Spoken]:
        """Yield the concepts of a folded text as they follow each other, the longest words first at each place."""
        found = list(runs(folded))
        at = 0
        while at < len(found):
            if found[at].han:
                yield from self._in_han(found[at].text, found[at].start)
                at += 1
                continue
            took = 1
            for many in range(min(self._longest, len(found) - at), 0, -1):
                part = found[at : at + many]
                concepts = self._words.get(tuple(stem(one.text) for one in part))
                if concepts:
                    yield Spoken(tuple(concepts), part[0].start, part[-1].end)
                    took = many
                    break
            at += took

    def _in_han(self, text: str, start: int) -> Iterator[Spoken]:
        at = 0
        while at < len(text):
            took = 1
            for many in self._lengths.get(text[at], ()):
                concepts = self._han.get(text[at : at + many])
                if concepts:
                    yield Spoken(tuple(concepts), start + at, start + at + many)
                    took = many
                    break
            at += took

    def called(self, concept: str, language: str) -> str:
        """Return what a concept is called in a language, "" for one that is not known."""
        names = self._named.get(concept, {})
        wanted = language == "zh"
        return names.get(wanted) or names.get(not wanted, "")

    def concepts(self, folded: str) -> list[str]:
        """Return the concepts of a folded text by their terms, as often as it speaks of them."""
        return [concept for one in self.spoken(folded) for concept in one.concepts]


def concept_of(word: str) -> str:
    """Return the term of the concept that is named after a word."""
    return _MARK + blake2b(fold(word).encode(), digest_size=4).hexdigest()


@lru_cache(maxsize=4)
def thesaurus(groups: tuple[tuple[str, ...], ...]) -> Thesaurus:
    """Return the thesaurus of groups, made once."""
    return Thesaurus(groups)


def of_file(data: Mapping[str, object]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of a `synonyms.yaml` that was checked."""
    groups = data.get("synonyms") or ()
    assert isinstance(groups, list | tuple)
    return tuple(tuple(map(str, one)) for one in groups)
