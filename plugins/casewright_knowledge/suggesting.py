"""The articles that fit a ticket: by what it says, what it is about, where it stands, and what served others like it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from casewright import GetTicket, PluginDesk, Ticket
from casewright_knowledge import plain_words, settings, stored_uses
from casewright_knowledge.answers import Hit
from casewright_knowledge.hits import Ranked
from casewright_knowledge.queries import SuggestArticles
from casewright_knowledge.searching import asked_of, by_meaning, readable, sought_in
from casewright_knowledge.words import fold

LONGEST = 4_000
"""Characters of a ticket that are looked at."""
SUBJECT = "subject"
SAME_CATEGORY, SAME_PRODUCT, FOR_THIS_WORK = 1.3, 1.15, 1.25
PER_USE, MOST_BY_USE = 0.05, 1.3
"""How much each use for tickets of the same category lifts an article, and how far at most."""
LEAST = 0.3
MASK = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lifted:
    ranked: Ranked
    fit: float
    same_category: bool
    used_here: int
    for_this_work: bool


def suggest(desk: PluginDesk, query: SuggestArticles) -> tuple[Hit, ...]:
    """Return the articles that fit a ticket, the best first."""
    ticket: Ticket = desk.ask(GetTicket(actor=desk.actor.name, ticket=query.ticket))
    said = fold(said_by(ticket.fields))
    found = by_meaning(desk, sought_in(desk, said), [readable(desk)], least=0.0)
    category = settings.category_of(desk.settings, ticket.fields)
    keys = [one.version.article for one in found]
    here = stored_uses.used_for(desk.store, category, keys)
    linked = {key for key, *_ in stored_uses.first_of(desk.store, ticket.key)}
    lifted = [_lifted(one, ticket, category, here.get(one.version.article, 0)) for one in found]
    lifted.sort(key=lambda one: (-one.fit, one.ranked.version.article))
    best = lifted[0].fit if lifted else 0.0
    asked = asked_of(desk, said, query.language)
    return tuple(
        replace(
            asked.hit(one.ranked),
            same_category=one.same_category,
            used_here=one.used_here,
            for_this_work=one.for_this_work,
            linked=one.ranked.version.article in linked,
            reply=plain_words.of_markdown(one.ranked.version.content.body(query.language)),
        )
        for one in lifted[: max(1, min(query.limit, 50))]
        if one.fit >= LEAST * best
    )


def said_by(fields: Mapping[str, Any]) -> str:
    """Return what a ticket says, its subject twice; what is masked says nothing."""
    texts = [str(fields.get(SUBJECT) or "")]
    for value in fields.values():
        if isinstance(value, str) and MASK not in value:
            texts.append(value)
        elif isinstance(value, list | tuple):
            texts += [str(one) for one in value]
    return "\n".join(texts)[:LONGEST]


def _lifted(one: Ranked, ticket: Ticket, category: str, used: int) -> _Lifted:
    content = one.version.content
    same = bool(category) and content.category == category
    work = {ticket.workflow, f"{ticket.workflow}.{ticket.state}"}
    fits = not work.isdisjoint(content.work)
    fit = one.fit * min(MOST_BY_USE, 1 + PER_USE * used)
    fit *= SAME_CATEGORY if same else 1
    fit *= SAME_PRODUCT if str(ticket.fields.get("product")) in content.products else 1
    fit *= FOR_THIS_WORK if fits else 1
    return _Lifted(ranked=one, fit=fit, same_category=same, used_here=used, for_this_work=fits)
