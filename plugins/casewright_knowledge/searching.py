"""Finding articles: what stands in them as written first, and then what fits by what it is about."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from casewright import NotAllowed, PluginDesk
from casewright_knowledge import (
    indexing,
    ranking,
    spelling,
    stored,
    stored_terms,
    synonyms_file,
)
from casewright_knowledge.answers import Found, Hit
from casewright_knowledge.article import labels_of_reader, may_read
from casewright_knowledge.hits import Asked, Ranked
from casewright_knowledge.moments import moment_of
from casewright_knowledge.queries import MayEdit, SearchArticles
from casewright_knowledge.ranking import Sought
from casewright_knowledge.stored import Stored, StoredVersion
from casewright_knowledge.words import fold, runs, terms

LARGEST = 500
"""Articles that one search answers at most; that there are more is said."""
LONGEST = 200
"""Characters of a question that are looked at."""
PART = 200
MOST_LISTED = 5_000
"""Articles that are gone through, the most used first, for a search that only narrows."""
CANDIDATES = 40
"""Articles that are ranked, of those that the index thinks fit best."""
FEW_WORDS = 4
"""A search of more words is a question: a word of it that no article has is no slip of the finger."""
MOST_SOUGHT = 24
"""Terms by which candidates are sought: the rarest of what is sought."""
MOST_LOOKED_AT = 3_000
"""Articles that the terms may have, all together, beside the rarest: the index looks at each of them."""
LEAST_SOUGHT = 3
"""The rarest terms, which are sought however many articles have them; then those with two of them are looked at first."""
ENOUGH = 10
"""So many articles with two of what is sought are enough; with fewer, those with one are looked at too."""
LEAST = 0.25
"""What fits by its meaning is shown as long as it fits so well as this, of the best."""


def search(desk: PluginDesk, query: SearchArticles) -> Found:
    """Return the articles that a search finds."""
    limit = max(1, min(query.limit, LARGEST))
    labels = [readable(desk), *_narrowed(query)]
    called = _called(desk, query)
    if called is not None:
        return Found(hits=(called,))
    text = fold(query.text[:LONGEST])
    if not any(runs(text)):
        return _listed(desk, query, labels, limit)
    what = sought_in(desk, text)
    found = _by_words(desk, text, what, labels, limit)
    instead = ""
    if not found and len(list(runs(text))) <= FEW_WORDS:
        mended = spelling.mended(desk.store, text, synonyms_file.meaning(desk))
        meant = sought_in(desk, mended)
        found = [] if mended == text else _by_words(desk, mended, meant, labels, limit)
        if found:  # else the word is only in articles for others: not even that is told
            text, instead, what = mended, mended, meant
    many_words = len(list(runs(text))) > 1 or not found
    if many_words and len(found) <= limit:
        known = {one.version.article for one in found}
        found += [
            one for one in by_meaning(desk, what, labels) if one.version.article not in known
        ]
    asked = asked_of(desk, text, query.language)
    hits = map(asked.hit, found[:limit])
    return Found(hits=tuple(hits), instead=instead, more=len(found) > limit)


def _called(desk: PluginDesk, query: SearchArticles) -> Hit | None:
    """Return the article whose key is what is sought, where the actor may read it."""
    row = stored.article(desk.store, query.text.strip().upper())
    one = None if row is None else stored.version(desk.store, row.article, row.version)
    if row is None or one is None or not (row.visible and one.holds(desk.today)):
        return None
    if not may_read(one.content, desk.actor.roles, all_of_them=sees_all(desk)):
        return None
    found = Ranked(stored=row, version=one, fit=0.0, exact=True)
    return asked_of(desk, "", query.language).hit(found)


def by_meaning(
    desk: PluginDesk,
    what: Sought,
    labels: Sequence[Sequence[str]],
    *,
    least: float = LEAST,
) -> list[Ranked]:
    """Return the articles that fit by what they are about, the best first."""
    chosen, is_common = _rarest(what)
    if not chosen:
        return []
    names = _candidates(desk, chosen, labels, least=2) if is_common else []
    if len(names) < ENOUGH:
        names = _candidates(desk, chosen, labels, least=1)
    found = _ranked(desk, names, what, exact=False)
    best = found[0].fit if found else 0.0
    return [one for one in found if one.fit >= least * best]


def _candidates(
    desk: PluginDesk, terms: Sequence[str], labels: Sequence[Sequence[str]], *, least: int
) -> list[str]:
    found = desk.index.find(some=terms, least=least, labels=labels, limit=CANDIDATES)
    return [one.name for one in found]


def sought_in(desk: PluginDesk, folded: str) -> Sought:
    """Return what a text seeks: its terms and what it speaks of, those that no article has left out."""
    said, spoken = terms(folded), synonyms_file.meaning(desk).concepts(folded)
    having = stored_terms.having(desk.store, [stored_terms.EVERY, *said, *spoken])
    return ranking.sought(said, spoken, having.get(stored_terms.EVERY, 0), having)


def asked_of(desk: PluginDesk, folded: str, language: str) -> Asked:
    """Return what a folded text asks."""
    return Asked(folded=folded, language=language, meaning=synonyms_file.meaning(desk))


def sees_all(desk: PluginDesk) -> bool:
    """Return whether the actor may read every article, since they edit them."""
    try:
        return bool(desk.ask(MayEdit(actor=desk.actor.name)))
    except NotAllowed:
        return False


def readable(desk: PluginDesk) -> Sequence[str]:
    """Return the labels of which an article has one that the actor may read."""
    return labels_of_reader(desk.actor.roles, all_of_them=sees_all(desk))


def _narrowed(query: SearchArticles) -> Iterable[Sequence[str]]:
    about = (
        ("category", query.category),
        ("tag", query.tag.casefold()),
        ("product", query.product),
    )
    return [(f"{kind}:{one}",) for kind, one in about if one]


def _by_words(
    desk: PluginDesk, folded: str, what: Sought, labels: Sequence[Sequence[str]], limit: int
) -> list[Ranked]:
    """Return the articles in which everything that is sought stands as written, the best of the likeliest first."""
    names = [
        one.name for one in desk.index.find(every=[folded], labels=labels, limit=limit + 1)
    ]
    first = _ranked(desk, names[:CANDIDATES], what, exact=True)
    return first + _ranked(desk, names[CANDIDATES:], None, exact=True)


def _ranked(
    desk: PluginDesk, names: Sequence[str], what: Sought | None, *, exact: bool
) -> list[Ranked]:
    """Return the articles of these names that hold today, the best first, or in their order where nothing is sought."""
    rows = stored.articles(desk.store, names)
    versions = stored.versions(desk.store, {key: one.version for key, one in rows.items()})
    today = desk.today
    found = [
        Ranked(
            stored=rows[name],
            version=versions[name],
            fit=0.0 if what is None else _fit(what, rows[name], versions[name], desk.now),
            exact=exact,
        )
        for name in names
        if name in versions and versions[name].holds(today)
    ]
    if what is None:
        return found
    found = [one for one in found if one.fit > 0 or exact]
    return sorted(found, key=lambda one: (-one.fit, one.version.article))


def _fit(what: Sought, row: Stored, version: StoredVersion, now: datetime) -> float:
    looked_at = moment_of(row.looked_at)
    days = 0.0 if looked_at is None else (now - looked_at).total_seconds() / 86_400
    fit = ranking.score(what, version.terms)
    return ranking.moved(fit, helped=row.helped, not_helped=row.not_helped, days=days)


def _rarest(what: Sought) -> tuple[list[str], bool]:
    """Return the terms by which candidates are sought, and whether even those are common."""
    having = what.having
    order = sorted(what.weights, key=lambda term: (having.get(term, 0), term))
    chosen: list[str] = []
    looked_at = 0
    for term in order[:MOST_SOUGHT]:
        looked_at += having.get(term, 0)
        if len(chosen) >= LEAST_SOUGHT and looked_at > MOST_LOOKED_AT:
            break
        chosen.append(term)
    return chosen, sum(having.get(term, 0) for term in chosen) > MOST_LOOKED_AT


def _listed(
    desk: PluginDesk, query: SearchArticles, labels: Sequence[Sequence[str]], limit: int
) -> Found:
    """Return what a search without words finds: all that it is narrowed to, what is used most first."""
    wanted = [set(one) for one in labels]
    condition = stored.readable_by(desk.actor.roles, all_of_them=sees_all(desk))
    found: list[Ranked] = []
    for begin in range(0, MOST_LISTED, PART):
        rows = stored.listed(desk.store, *condition, order="used DESC", limit=PART, after=begin)
        versions = stored.versions(desk.store, {one.article: one.version for one in rows})
        found += [
            Ranked(stored=row, version=versions[row.article], fit=row.used, exact=True)
            for row in rows
            if versions[row.article].holds(desk.today)
            and all(
                _has(indexing.labels_of(desk, versions[row.article].content), one)
                for one in wanted
            )
        ]
        if len(rows) < PART or len(found) > limit:
            break
    hits = map(asked_of(desk, "", query.language).hit, found[:limit])
    return Found(hits=tuple(hits), more=len(found) > limit)


def _has(labels: Collection[str], wanted: Collection[str]) -> bool:
    return not set(labels).isdisjoint(wanted)
