"""What may stand where somebody types in a query line: the names of terms, and the values of the term before the caret."""

import re

from casewright.swift_dataclass import dataclass
from casewright_tui.pure.filter_words import TERMS, Vocabulary, choices, term_of

MOST = 8
"""So many are offered at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What may be put in from `begin` until the caret; `shown` is how it is offered."""

    begin: int
    text: str
    shown: str


def offers(line: str, caret: int, vocabulary: Vocabulary, lang: str) -> list[Offer]:
    """Return what the word before the caret may become, what begins like it before what only contains it."""
    begin = max(line.rfind(" ", 0, caret), line.rfind("　", 0, caret)) + 1
    word = line[begin:caret]
    parted = re.fullmatch(r'([^\s:：]+)[:：]"?(.*)', word)
    if parted is None:
        return _ranked([(one.of(lang) + ":", (one.name, one.zh)) for one in TERMS], word, begin)
    term = term_of(parted[1])
    if term is None:
        return []
    typed = begin + len(parted[1]) + 1
    known = [
        (_named(names, lang), names) for names in choices(term, vocabulary).values() if names
    ]
    return _ranked(known, parted[2], typed)


def put_in(line: str, caret: int, offer: Offer) -> tuple[str, int]:
    """Return the line with an offer in it, and where the caret stands then."""
    text = f'"{offer.text}"' if " " in offer.text else offer.text
    if not offer.text.endswith(":") and not line[caret:].startswith(" "):
        text += " "
    return line[: offer.begin] + text + line[caret:], offer.begin + len(text)


def _ranked(known: list[tuple[str, tuple[str, ...]]], typed: str, begin: int) -> list[Offer]:
    folded = typed.casefold()
    found = []
    for order, (text, names) in enumerate(known):
        places = [place for name in names if (place := name.casefold().find(folded)) >= 0]
        if places:
            found.append((min(places) > 0, order, Offer(begin=begin, text=text, shown=text)))
    return [offer for _, _, offer in sorted(found, key=lambda one: one[:2])][:MOST]


def _named(names: tuple[str, ...], lang: str) -> str:
    """Return the name to be put in: the Chinese one, which stands last, or the first."""
    return names[-1] if lang == "zh" else names[0]
