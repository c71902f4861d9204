"""What was found, as it is shown: the part of an article that shows why, and the words that it was found by."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from casewright_knowledge import snippets
from casewright_knowledge.answers import Hit, Piece
from casewright_knowledge.moments import moment_of
from casewright_knowledge.stored import Stored, StoredVersion
from casewright_knowledge.thesaurus import Thesaurus
from casewright_knowledge.words import Run, runs, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An article that was found, with how well it fits."""

    stored: Stored
    version: StoredVersion
    fit: float
    exact: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A folded text for which articles were found; what it says is worked out once for all of them."""

    folded: str
    language: str
    meaning: Thesaurus

    def hit(self, one: Ranked) -> Hit:
        """Return an article as it is shown."""
        content, row = one.version.content, one.stored
        has = frozenset(term for part in one.version.terms.parts for term in part)
        concepts = frozenset[str]() if one.exact else self._concepts
        words = self._words if one.exact else [term for term in self._terms if term in has]
        body = content.body(self.language)
        where = snippets.spans(body, words, concepts, self.meaning)
        return Hit(
            article=row.article,
            version=row.version,
            title=content.title(self.language),
            other_title=content.title("en" if self.language == "zh" else "zh"),
            category=content.category,
            audience=content.audience,
            published_at=moment_of(row.published_at),
            exact=one.exact,
            words=self._why(has, concepts),
            snippet=snippets.snippet(body, where) or (Piece(text=""),),
            helped=row.helped,
            not_helped=row.not_helped,
            used=row.used,
        )

    @cached_property
    def _runs(self) -> list[tuple[Run, list[list[str]]]]:
        """The runs of the text, each with the terms of its pairs of Han characters, or of its word."""
        return [(run, _terms_of(run)) for run in runs(self.folded)]

    @cached_property
    def _words(self) -> list[str]:
        return [run.text for run, _ in self._runs]

    @cached_property
    def _terms(self) -> list[str]:
        return [term for word in self._words for term in terms(word)]

    @cached_property
    def _concepts(self) -> frozenset[str]:
        return frozenset(self.meaning.concepts(self.folded))

    def _why(self, has: Collection[str], concepts: Collection[str]) -> tuple[str, ...]:
        """Return the words that an article has, then what else it speaks of that is meant by others."""
        said = [word for run, parts in self._runs for word in _matched(run, parts, has)]
        spoken = [self.meaning.called(term, self.language) for term in concepts if term in has]
        return tuple(dict.fromkeys(filter(None, [*said, *sorted(spoken)])))


def _terms_of(run: Run) -> list[list[str]]:
    if not run.han:
        return [terms(run.text)]
    return [terms(run.text[at : at + 2]) for at in range(len(run.text) - 1)]


def _matched(run: Run, parts: list[list[str]], has: Collection[str]) -> Iterator[str]:
    """Yield what of a run an article has: a word, or Han characters as far as each pair of them stands there."""
    stand = [any(term in has for term in part) for part in parts]
    if not run.han:
        if stand[0]:
            yield run.text
        return
    begin = None
    for at, stands in enumerate([*stand, False]):
        if stands and begin is None:
            begin = at
        if not stands and begin is not None:
            yield run.text[begin : at + 1]
            begin = None
