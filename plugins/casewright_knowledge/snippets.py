"""The part of a text that shows why it was found, in pieces of which some are what was sought."""

from collections.abc import Iterable
from re import compile as pattern

from casewright_knowledge.answers import Piece
from casewright_knowledge.thesaurus import Thesaurus
from casewright_knowledge.words import fold, runs, stem

LONGEST = 90
"""Characters of a snippet."""
BEFORE = 20
"""Characters before the first that is marked."""
_ENDS = "。；！？.;!?"
_MARKS = pattern(r"(?<!\S)#{1,6} +|\*{1,2}|`")
Span = tuple[int, int]


def spans(
    text: str, words: Iterable[str], concepts: frozenset[str], meaning: Thesaurus
) -> list[Span]:
    """Return where in a text the words stand that were sought, or others that mean the same; none lies over another."""
    folded = fold(text)
    found: list[Span] = []
    for word in words:
        found += _standing(folded, word)
    if concepts:
        found += [
            (one.start, one.end)
            for one in meaning.spoken(folded)
            if not concepts.isdisjoint(one.concepts)
        ]
    return _joined(found)


def snippet(text: str, found: list[Span]) -> tuple[Piece, ...]:
    """Return the part of a text around the most of what was found, its beginning where nothing was."""
    flat = text.replace("\r", " ").replace("\n", " ")
    begin = _beginning(flat, _densest(found))
    end = min(len(flat), begin + LONGEST)
    pieces: list[Piece] = []
    if begin:
        pieces.append(Piece(text="…"))
    at = begin
    for start, stop in found:
        if stop <= at or start >= end:
            continue
        if start > at:
            pieces.append(Piece(text=_plain(flat[at:start])))
        pieces.append(Piece(text=_plain(flat[max(start, at) : min(stop, end)]), hit=True))
        at = min(stop, end)
    if at < end:
        pieces.append(Piece(text=_plain(flat[at:end])))
    if end < len(flat):
        pieces.append(Piece(text="…"))
    return tuple(pieces)


def _plain(text: str) -> str:
    """Return a part of a Markdown text without the marks that most articles have: of headings, of what is strong, of code."""
    return _MARKS.sub("", text)


def _beginning(text: str, first: int) -> int:
    """Return where a snippet begins: with a sentence, where one begins shortly before what is marked first."""
    earliest = max(0, first - BEFORE)
    for at in range(first, earliest, -1):
        if text[at - 1] in _ENDS:
            return at + len(text[at:first]) - len(text[at:first].lstrip())
    return earliest


def _standing(folded: str, word: str) -> list[Span]:
    """Return where a run stands: Han characters anywhere, a word where one begins so or has its stem."""
    found = next(iter(runs(word)), None)
    if found is None:
        return []
    if found.han:
        return _all(folded, word)
    root = stem(word)
    return [
        (one.start, one.end)
        for one in runs(folded)
        if not one.han and (one.text.startswith(word) or stem(one.text) == root)
    ]


def _all(folded: str, word: str) -> list[Span]:
    found, at = [], folded.find(word)
    while at >= 0:
        found.append((at, at + len(word)))
        at = folded.find(word, at + 1)
    return found


def _joined(found: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _densest(found: list[Span]) -> int:
    """Return where the part begins in which most of what was found stands, the first of several."""
    best, most = 0, 0
    for start, _ in found:
        many = sum(
            end - begin for begin, end in found if start <= begin < start + LONGEST - BEFORE
        )
        if many > most:
            best, most = start, many
    return best
