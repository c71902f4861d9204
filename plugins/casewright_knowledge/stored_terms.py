"""How many articles have a term, and which words there are at all."""

from collections.abc import Collection, Iterable, Sequence

from casewright import Store

_MARK = "="
"""What is put before a word as it is written, so that it is none of the terms."""
EVERY = "*"
"""What every article that can be found has, as no text does: how many there are is known without counting them."""
AT_ONCE = 500


def add(store: Store, terms: Collection[str], words: Collection[str]) -> None:
    """Count one more article for each of these terms and words."""
    rows = [(one, 0) for one in terms] + [(_MARK + one, len(one)) for one in words]
    store.execute_many(
        "INSERT INTO knowledge_term (term, letters, articles) VALUES (?, ?, 1)"
        " ON CONFLICT (term) DO UPDATE SET articles = knowledge_term.articles + 1",
        rows,
    )


def take(store: Store, terms: Collection[str], words: Collection[str]) -> None:
    """Count one article less for each of these terms and words; what none has is forgotten."""
    rows = [(one,) for one in [*terms, *(_MARK + one for one in words)]]
    store.execute_many("UPDATE knowledge_term SET articles = articles - 1 WHERE term = ?", rows)
    store.execute_many("DELETE FROM knowledge_term WHERE term = ? AND articles < 1", rows)


def having(store: Store, terms: Iterable[str]) -> dict[str, int]:
    """Return how many articles have each of these terms; those that none has are left out."""
    return _counted(store, list(dict.fromkeys(terms)))


def is_known(store: Store, word: str) -> bool:
    """Return whether a word begins any word that there is."""
    beginning = _MARK + word
    found = store.execute(
        "SELECT term FROM knowledge_term WHERE letters > 0 AND term >= ? AND term < ? LIMIT 1",
        (beginning, beginning + "\U0010ffff"),
    )
    return bool(found)


def words_about_as_long(store: Store, word: str, slips: int) -> dict[str, int]:
    """Return the words that are as long as a word, but for so many letters, and how many articles have them."""
    rows = store.execute(
        "SELECT term, articles FROM knowledge_term WHERE letters BETWEEN ? AND ?",
        (len(word) - slips, len(word) + slips),
    )
    return {term[len(_MARK) :]: many for term, many in rows}


def _counted(store: Store, terms: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(terms), AT_ONCE):
        part = terms[at : at + AT_ONCE]
        marks = ", ".join("?" * len(part))
        sql = f"SELECT term, articles FROM knowledge_term WHERE term IN ({marks})"
        found |= dict(store.execute(sql, part))
    return found
