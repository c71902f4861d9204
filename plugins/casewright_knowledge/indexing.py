"""What an article is found by, put into the index and taken out of it again."""

from collections.abc import Sequence

from casewright import PluginDesk
from casewright_knowledge import categories, stored, stored_terms, synonyms_file
from casewright_knowledge.article import Content
from casewright_knowledge.ranking import Terms, terms_of
from casewright_knowledge.stored import StoredVersion
from casewright_knowledge.thesaurus import Thesaurus
from casewright_knowledge.words import fold, terms, vocabulary


def texts_of(content: Content) -> tuple[str, str, str]:
    """Return what an article is found by, folded: its title, what it is labelled with and asked by, its text."""
    title = f"{content.title_zh}\n{content.title_en}"
    labels = "\n".join((*content.questions, *content.tags))
    text = f"{content.body_zh}\n{content.body_en}"
    return fold(title), fold(labels), fold(text)


def analysed(content: Content, meaning: Thesaurus) -> Terms:
    """Return the terms of an article, and what it speaks of."""
    return terms_of([terms(one) + meaning.concepts(one) for one in texts_of(content)])


def put(desk: PluginDesk, one: StoredVersion) -> None:
    """Let an article be found by a version."""
    texts = texts_of(one.content)
    meaning = synonyms_file.meaning(desk)
    spoken = [" ".join(dict.fromkeys(meaning.concepts(text))) for text in texts]
    desk.index.put(
        one.article,
        [f"{text}\n{concepts}" for text, concepts in zip(texts, spoken, strict=True)],
        labels=labels_of(desk, one.content),
    )
    stored_terms.add(desk.store, _all(one.terms), _words(texts))


def labels_of(desk: PluginDesk, content: Content) -> list[str]:
    """Return what an article is narrowed by: its labels, and the categories in which its category is."""
    wider = categories.wider(desk, content.category)
    return [*content.labels, *(f"category:{one}" for one in wider)]


def remove(desk: PluginDesk, one: StoredVersion) -> None:
    """Let an article be found no more by a version that it was found by."""
    desk.index.remove(one.article)
    stored_terms.take(desk.store, _all(one.terms), _words(texts_of(one.content)))


def rebuild(desk: PluginDesk, key: str) -> None:
    """Let an article that is published be found by what it says, by the words that mean the same now."""
    known = stored.article(desk.store, key)
    one = None if known is None else stored.version(desk.store, key, known.version)
    if known is None or one is None or not known.visible:
        desk.index.remove(key)
        return
    remove(desk, one)
    found = analysed(one.content, synonyms_file.meaning(desk))
    stored.set_terms(desk.store, key, one.version, found)
    anew = stored.version(desk.store, key, one.version)
    assert anew is not None, "it was there"
    put(desk, anew)


def _all(one: Terms) -> set[str]:
    """Return all terms that an article is counted under."""
    return {stored_terms.EVERY, *(term for part in one.parts for term in part)}


def _words(texts: Sequence[str]) -> set[str]:
    return {word for text in texts for word in vocabulary(text)}
