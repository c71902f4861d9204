"""How well articles fit what is sought: pure, and the same whichever database found them.

BM25F (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009, section 3.6) over title, labels and text; then what
readers said of an article and how lately it was looked at move it by a little.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

SATURATION = 1.2
LENGTH = 0.3
WEIGHTS = (5.0, 3.0, 1.0)
"""How much a term counts in the title, in what labels the article, in its text."""
CONCEPT = 0.8
"""How much another word for the same counts beside the word itself."""
AVERAGE = 120.0
"""Terms of a usual text."""
COVERAGE = 0.6
"""How much of the score hangs on how many of the terms that are sought are there at all."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of an article: of its title, of its labels, of its text."""

    parts: tuple[Counts, Counts, Counts]
    length: int

    def weight(self, term: str) -> float:
        """Return how much an article is about a term."""
        norm = 1 - LENGTH + LENGTH * self.length / AVERAGE
        title, labels, text = (part.get(term, 0) for part in self.parts)
        return WEIGHTS[0] * title + WEIGHTS[1] * labels + WEIGHTS[2] * text / norm


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is sought: each term with how often it is said and how rare it is, and how many articles have it."""

    weights: Mapping[str, float]
    having: Counts

    @property
    def whole(self) -> float:
        """What an article that has everything would come to."""
        return sum(self.weights.values())


def terms_of(texts: Sequence[Sequence[str]]) -> Terms:
    """Return the terms of title, labels and text."""
    title, labels, text = (Counter(one) for one in texts)
    return Terms(parts=(title, labels, text), length=len(texts[2]))


def rarity(articles: int, having: int) -> float:
    """Return how much a term tells that so many of all articles have."""
    return log(1 + (articles - having + 0.5) / (having + 0.5))


def sought(
    terms: Iterable[str], concepts: Iterable[str], articles: int, having: Mapping[str, int]
) -> Sought:
    """Return what is sought; a term that no article has is not."""
    weights: dict[str, float] = {}
    for found, share in ((terms, 1.0), (concepts, CONCEPT)):
        for term, times in Counter(found).items():
            many = having.get(term, 0)
            if many:
                said = share * (1 + 0.3 * (min(times, 4) - 1))
                weights[term] = weights.get(term, 0.0) + said * rarity(articles, many)
    return Sought(weights=weights, having=having)


def score(what: Sought, article: Terms) -> float:
    """Return how well an article fits, 0 where it has nothing of what is sought."""
    total = there = 0.0
    for term, weight in what.weights.items():
        about = article.weight(term)
        if about > 0:
            total += weight * about * (SATURATION + 1) / (about + SATURATION)
            there += weight
    if total <= 0:
        return 0.0
    return total * (1 - COVERAGE + COVERAGE * there / what.whole)


def moved(fit: float, *, helped: int, not_helped: int, days: float) -> float:
    """Return a score moved by what readers said, by 15 % at most, and by how long ago it was looked at, by 5 %."""
    votes = helped + not_helped
    liked = (helped + 2) / (votes + 4) - 0.5
    fresh = 1 / (1 + max(days, 0) / 365)
    return fit * (1 + 0.3 * liked) * (0.95 + 0.05 * fresh)
