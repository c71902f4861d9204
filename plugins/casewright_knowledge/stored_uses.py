"""What became of articles: used, judged, corrected, sought in vain; and how many tickets there were to serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casewright import Store
from casewright_knowledge.commands import HELPED


def use(
    store: Store, key: str, version: int, *, ticket: str, category: str, person: str, at: int
) -> None:
    """Note that an article served a ticket; once for each ticket it counts as a use."""
    again = store.execute(
        "SELECT 1 FROM knowledge_use WHERE ticket = ? AND article = ? LIMIT 1", (ticket, key)
    )
    store.execute(
        "INSERT INTO knowledge_use (article, version, ticket, category, person, at) VALUES (?, ?, ?, ?, ?, ?)",
        (key, version, ticket, category, person, at),
    )
    if not again:
        store.execute(
            "UPDATE knowledge_article SET used = used + 1, last_used = ? WHERE article = ?",
            (at, key),
        )


def serves(store: Store, ticket: str) -> bool:
    """Return whether any article served a ticket."""
    return bool(
        store.execute("SELECT 1 FROM knowledge_use WHERE ticket = ? LIMIT 1", (ticket,))
    )


def first_of(store: Store, ticket: str) -> list[tuple[str, int, str, int]]:
    """Return the article, version, person and moment of the first use of each article that served a ticket, in their order."""
    rows = store.execute(
        "SELECT article, version, person, at FROM knowledge_use WHERE ticket = ? ORDER BY number",
        (ticket,),
    )
    found: dict[str, tuple[str, int, str, int]] = {}
    for article, version, person, at in rows:
        found.setdefault(article, (article, version, person, at))
    return list(found.values())


def used_for(store: Store, category: str, keys: Sequence[str]) -> dict[str, int]:
    """Return how often each of these articles served tickets of a category."""
    if not category or not keys:
        return {}
    marks = ", ".join("?" * len(keys))
    return dict(
        store.execute(
            f"SELECT article, count(DISTINCT ticket) FROM knowledge_use WHERE category = ? AND article IN ({marks}) GROUP BY article",
            (category, *keys),
        )
    )


def rate(
    store: Store,
    key: str,
    version: int,
    *,
    person: str,
    ticket: str,
    verdict: str,
    reason: str,
    at: int,
) -> None:
    """Note what somebody says of an article, in place of what they said of that version with that ticket before."""
    store.execute(
        "INSERT INTO knowledge_rating (article, version, person, ticket, verdict, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (article, version, person, ticket)"
        " DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason, at = excluded.at",
        (key, version, person, ticket, verdict, reason, at),
    )
    counted = dict(
        store.execute(
            "SELECT verdict, count(*) FROM knowledge_rating WHERE article = ? AND version = ? GROUP BY verdict",
            (key, version),
        )
    )
    helped = int(counted.get(HELPED, 0))
    store.execute(
        "UPDATE knowledge_article SET helped = ?, not_helped = ? WHERE article = ?",
        (helped, sum(map(int, counted.values())) - helped, key),
    )


def correction_of(store: Store, key: str) -> str:
    """Return the open ticket in which an article is being corrected, "" where there is none."""
    rows = store.execute(
        "SELECT ticket FROM knowledge_correction WHERE article = ? AND open = 1 ORDER BY ticket LIMIT 1",
        (key,),
    )
    return str(rows[0][0]) if rows else ""


def begin_correction(store: Store, ticket: str, key: str, version: int) -> None:
    """Note in which ticket an article is being corrected."""
    store.execute(
        "INSERT INTO knowledge_correction (ticket, article, version, open) VALUES (?, ?, ?, 1)"
        " ON CONFLICT (ticket) DO NOTHING",
        (ticket, key, version),
    )


def follow_correction(store: Store, ticket: str, *, open_: bool) -> None:
    """Note whether a correction is still under way."""
    store.execute(
        "UPDATE knowledge_correction SET open = ? WHERE ticket = ?", (int(open_), ticket)
    )


def corrected(store: Store, ticket: str) -> str | None:
    """Return the article that is corrected in a ticket, or None."""
    rows = store.execute("SELECT article FROM knowledge_correction WHERE ticket = ?", (ticket,))
    return str(rows[0][0]) if rows else None


def report(store: Store, key: str, version: int, person: str) -> None:
    """Note who said that a version is wrong, to tell them when it is another."""
    store.execute(
        "INSERT INTO knowledge_reporter (article, version, person) VALUES (?, ?, ?)"
        " ON CONFLICT (article, version, person) DO NOTHING",
        (key, version, person),
    )


def reporters(store: Store, key: str, version: int) -> set[str]:
    """Return who said that an article is wrong, up to a version."""
    rows = store.execute(
        "SELECT person FROM knowledge_reporter WHERE article = ? AND version <= ?",
        (key, version),
    )
    return {str(row[0]) for row in rows}


def forget_reporters(store: Store, key: str) -> None:
    """Forget who said that an article is wrong: they are told."""
    store.execute("DELETE FROM knowledge_reporter WHERE article = ?", (key,))


def note_nothing(store: Store, text: str, shown: str, at: int) -> None:
    """Note that a search found nothing."""
    store.execute(
        "INSERT INTO knowledge_search (text, shown, times, last_at) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (text) DO UPDATE SET times = knowledge_search.times + 1, last_at = excluded.last_at",
        (text, shown, at),
    )


def nothing_found(store: Store, since: int, limit: int) -> list[tuple[str, int, int]]:
    """Return what was sought in vain since a moment: the text, how often, when last; the commonest first."""
    rows = store.execute(
        "SELECT shown, times, last_at FROM knowledge_search WHERE last_at >= ? ORDER BY times DESC, last_at DESC, text LIMIT ?",
        (since, limit),
    )
    return [(str(shown), int(times), int(last)) for shown, times, last in rows]


def forget_search(store: Store, text: str) -> bool:
    """Take what was sought in vain off the list; return whether it was there."""
    gone = store.execute("DELETE FROM knowledge_search WHERE text = ? RETURNING text", (text,))
    return bool(gone)


def count_need(store: Store, category: str, month: str, *, served: bool) -> None:
    """Count a closed ticket of a category."""
    store.execute(
        "INSERT INTO knowledge_need (category, month, closed, served) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (category, month) DO UPDATE SET closed = knowledge_need.closed + 1,"
        " served = knowledge_need.served + excluded.served",
        (category, month, int(served)),
    )


def needs(store: Store, since: str) -> list[tuple[str, int, int]]:
    """Return since a month, by category, how many tickets were closed and how many an article served; most in want first."""
    rows = store.execute(
        "SELECT category, sum(closed), sum(served) FROM knowledge_need WHERE month >= ? GROUP BY category"
        " ORDER BY sum(closed) - sum(served) DESC, category",
        (since,),
    )
    return [(str(category), int(closed), int(served)) for category, closed, served in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """How often all articles were used, and those used most, the most used first."""

    all: int
    most: dict[str, int]


def used_since(
    store: Store, since: int, readable: str, values: Sequence[Any], limit: int
) -> Uses:
    """Return how often the articles that meet a condition were used since a moment."""
    joined = (
        "FROM knowledge_use AS used_once JOIN knowledge_article ON knowledge_article.article = used_once.article"
        f" WHERE used_once.at >= ? AND {readable}"
    )
    given = (since, *values)
    (total,) = store.execute(f"SELECT count(*) {joined}", given)[0]
    rows = store.execute(
        f"SELECT used_once.article, count(*) {joined} GROUP BY used_once.article"
        " ORDER BY count(*) DESC, used_once.article LIMIT ?",
        (*given, limit),
    )
    return Uses(all=int(total), most={str(key): int(many) for key, many in rows})


def articles_by_category(store: Store, readable: str, values: Sequence[Any]) -> dict[str, int]:
    """Return how many articles of each category meet a condition."""
    rows = store.execute(
        f"SELECT category, count(*) FROM knowledge_article WHERE {readable} GROUP BY category",
        values,
    )
    return {str(category): int(many) for category, many in rows}


def forget(store: Store, tickets: Sequence[str], words: Sequence[str]) -> None:
    """Forget what was said with tickets that are erased, and searches in which any of the words stands."""
    store.execute_many(
        "UPDATE knowledge_rating SET reason = '' WHERE ticket = ?", [(one,) for one in tickets]
    )
    for word in words:
        store.execute("DELETE FROM knowledge_search WHERE instr(text, ?) > 0", (word,))
