"""Latin words that nobody wrote, and what was probably meant by them."""

from casewright import Store
from casewright_knowledge import stored_terms
from casewright_knowledge.thesaurus import Thesaurus
from casewright_knowledge.words import EMPTY_WORDS, runs

SHORTEST = 4
LONG = 8
"""A word of so many letters may have two slips; a shorter one has one."""


def mended(store: Store, folded: str, meaning: Thesaurus) -> str:
    """Return a folded text with words that no article has put right, as it is where nothing is near enough.

    A word whose meaning is known is right as it is.
    """
    for run in reversed(list(runs(folded))):
        word = run.text
        if (
            run.han
            or len(word) < SHORTEST
            or not word.isalpha()
            or word in EMPTY_WORDS
            or meaning.concepts(word)
        ):
            continue
        if not stored_terms.is_known(store, word) and (meant := _nearest(store, word)):
            folded = folded[: run.start] + meant + folded[run.end :]
    return folded


def _nearest(store: Store, word: str) -> str:
    """Return the word that takes the fewest slips (letters left out, put in, changed, or two exchanged); the commonest of several."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    slips = 2 if len(word) >= LONG else 1
    known = stored_terms.words_about_as_long(store, word, slips)
    found = extract(word, known.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None)
    best = min(found, key=lambda one: (one[1], -known[one[0]], one[0]), default=None)
    return "" if best is None else str(best[0])
