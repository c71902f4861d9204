"""What the knowledge base brings to the terminal: articles beside a ticket, found and read, and how it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from casewright import text
from casewright_knowledge.answers import Article, Found, Hit, Report, Standing, Use
from casewright_knowledge.article import PUBLIC
from casewright_knowledge.commands import (
    DID_NOT_HELP,
    HELPED,
    READ,
    REPORT,
    WRONG,
    MarkRead,
    NoteNothingFound,
    RateArticle,
    UseArticle,
)
from casewright_knowledge.noun_showing import AUDIENCES, article_lines, why
from casewright_knowledge.plain_words import of_markdown
from casewright_knowledge.queries import (
    GetArticle,
    GetReport,
    ListUses,
    SearchArticles,
    SuggestArticles,
)
from casewright_tui.lines import Line, Lines, columns, line, paragraph, piece
from casewright_tui.panels import Asking, Panel, PanelKey, Quote, Showing

SHOWN = 6
FOUND = 20
MINUTE = 60


def _suggested(found: Sequence[Hit], showing: Showing) -> Lines:
    """Return the articles that fit, each with why and the part that shows it."""
    if not found:
        return paragraph(
            showing.texts.text("No article fits this ticket."), showing.width, "dim"
        )
    hint = showing.texts.text(
        "Enter links an article to the ticket, and puts one that is for customers into the answer."
    )
    return [*_hits(found, showing), *paragraph(hint, showing.width, "dim")]


def _found(found: Found, showing: Showing) -> Lines:
    """Return the articles that a search found."""
    if not found.hits:
        said = showing.texts.text("Nothing was found; whoever writes articles is told.")
        return [line(piece(" ")), *paragraph(said, showing.width, "dim")]
    lines: list[Line] = [line(piece(" "))]
    if found.instead:
        said = showing.texts.say(
            "Nothing has it as it was typed: this is for '{instead}'.", instead=found.instead
        )
        lines += [*paragraph(said, showing.width, "warn"), line(piece(" "))]
    lines += _hits(found.hits, showing)
    if found.more:
        said = showing.texts.text("There are more: say more of what is sought.")
        lines += paragraph(said, showing.width, "dim")
    return lines


def _hits(found: Sequence[Hit], showing: Showing) -> list[Line]:
    lines: list[Line] = []
    for one in found:
        inside = "" if one.audience == PUBLIC else showing.texts.text(AUDIENCES[one.audience])
        title = line(
            piece(one.title, "strong"),
            piece(f"  {one.article}", "dim"),
            piece(f"  {inside}" if inside else "", "warn"),
            id=one.article,
        )
        lines += [title, *_snippet(one, showing), *_why(one, showing), line(piece(" "))]
    return lines


def _snippet(one: Hit, showing: Showing) -> Iterator[Line]:
    said = "".join(part.text for part in one.snippet).strip()
    yield from paragraph(said, showing.width, indent=2)


def _why(one: Hit, showing: Showing) -> Iterator[Line]:
    said = why(showing.texts, one)
    if said:
        yield from paragraph(said, showing.width, "dim", indent=2)


def _quote(found: Sequence[Hit], id: str, asking: Asking) -> Quote | None:
    """Return what an article says, and that it serves the ticket; of one that is not for customers nothing is said to them."""
    chosen = next((one for one in found if one.article == id), None)
    if chosen is None:
        return None
    command = UseArticle(actor=asking.actor, ticket=asking.ticket, article=chosen.article)
    return Quote(command=command, text=chosen.reply if chosen.audience == PUBLIC else "")


def _used(found: Sequence[Use], showing: Showing) -> Lines:
    """Return the articles that serve a ticket."""
    if not found:
        said = showing.texts.text("No article serves this ticket.")
        return paragraph(said, showing.width, "dim")
    lines: list[Line] = []
    for one in found:
        title = line(
            piece(one.title, "strong"), piece(f"  {one.article}", "dim"), id=one.article
        )
        by = showing.names.get(one.by, one.by)
        said = showing.texts.say(
            "version {number}, linked by {person}", number=one.version, person=by
        )
        lines += [title, *paragraph(said, showing.width, "dim", indent=2)]
        if one.newest != one.version:
            newer = showing.texts.say("it is version {number} now", number=one.newest)
            lines += paragraph(newer, showing.width, "warn", indent=2)
    return lines


def _read(found: Article, showing: Showing) -> Lines:
    """Return an article, to be read."""
    lines: list[Line] = []
    body = of_markdown(found.content.body(showing.texts.lang))
    for number, one in enumerate(article_lines(showing.texts, found, body=body)):
        tone: Any = "strong" if number == 0 else "dim" if number == 1 else ""
        lines += paragraph(one, showing.width, tone) if one.strip() else [line(piece(" "))]
    return lines


def _has_read(found: Article, asking: Asking) -> MarkRead | None:
    """Whoever is shown an article as it stands has read it."""
    if found.read or not found.visible or found.version != found.newest:
        return None
    return MarkRead(actor=asking.actor, article=found.article)


def _nothing_found(found: Found, asking: Asking) -> NoteNothingFound | None:
    if found.hits or not asking.sought:
        return None
    return NoteNothingFound(actor=asking.actor, text=asking.sought)


def _to_read(id: str, ticket: str = "") -> tuple[str, Mapping[str, str]]:
    return "panel", {"panel": "article", "about": f"{id} {ticket}".strip()}


def _rated(verdict: str) -> Any:
    """Return what a key does that says of an article whether it helped: of the chosen one, or of the one that is read."""

    def rate(answer: Any, id: str, asking: Asking) -> RateArticle:
        article, _, ticket = asking.about.partition(" ")
        return RateArticle(
            actor=asking.actor,
            article=article or id,
            verdict=verdict,
            reason=asking.said,
            about=ticket or asking.ticket,
        )

    return rate


_RATING = (
    PanelKey(key="h", title=text("it helped"), do=_rated(HELPED)),
    PanelKey(key="n", title=text("it did not help"), do=_rated(DID_NOT_HELP)),
    PanelKey(
        key="w",
        title=text("it is wrong"),
        do=_rated(WRONG),
        asks=text("What is wrong with it?"),
    ),
)


def _stands(found: Report, showing: Showing) -> Lines:
    """Return how the knowledge base stands."""
    texts = showing.texts
    said = texts.say(
        "{articles} article(s), used {uses} time(s) in {days} day(s).",
        articles=found.articles,
        uses=found.uses,
        days=found.days,
    )
    lines: list[Line] = [line(piece(" ")), *paragraph(said, showing.width, "strong")]
    lists = (
        (text("To be looked at again"), found.stale),
        (text("Helped less often than not"), found.disliked),
        (text("Most used"), found.most_used),
        (text("Never used"), found.never_used),
    )
    for title, rows in lists:
        if rows:
            lines += [line(piece(" ")), *paragraph(texts.text(title), showing.width, "label")]
            lines += _standings(rows, showing)
    if found.nothing:
        lines += [
            line(piece(" ")),
            *paragraph(texts.text("Sought and not found"), showing.width, "label"),
        ]
        widths = (max(12, showing.width - 8), 6)
        lines += columns([(piece(one.text), piece(one.times)) for one in found.nothing], widths)
    return lines


def _standings(rows: Sequence[Standing], showing: Showing) -> Lines:
    widths = (16, max(10, showing.width - 54), 6, 8, 16)
    cells = [
        (
            piece(one.article, "dim"),
            piece(one.title),
            piece(one.used),
            piece(f"{one.helped}/{one.helped + one.not_helped}", "dim"),
            piece(showing.names.get(one.owner, one.owner)),
        )
        for one in rows
    ]
    listed = zip(columns(cells, widths), rows, strict=True)
    return [replace(each, id=one.article) for each, one in listed]


PANELS = (
    Panel(
        name="articles",
        title=text("Articles that fit"),
        at="ticket",
        permission=READ,
        ask=lambda asking: SuggestArticles(
            actor=asking.actor, ticket=asking.ticket, language=asking.language, limit=SHOWN
        ),
        show=_suggested,
        quote=_quote,
        keys=(
            PanelKey(
                key="r",
                title=text("read it"),
                do=lambda answer, id, asking: _to_read(id, asking.ticket),
            ),
            *_RATING,
        ),
    ),
    Panel(
        name="used_articles",
        title=text("Articles that serve it"),
        at="ticket",
        permission=READ,
        ask=lambda asking: ListUses(
            actor=asking.actor, ticket=asking.ticket, language=asking.language
        ),
        show=_used,
        keys=(
            PanelKey(
                key="r",
                title=text("read it"),
                do=lambda answer, id, asking: _to_read(id, asking.ticket),
            ),
            *_RATING,
        ),
    ),
    Panel(
        name="find_articles",
        title=text("Find articles"),
        at="screen",
        permission=READ,
        seeks=text("what the customer asks, in their words"),
        ask=lambda asking: SearchArticles(
            actor=asking.actor, text=asking.sought, language=asking.language, limit=FOUND
        ),
        show=_found,
        go=_to_read,
        noted=_nothing_found,
    ),
    Panel(
        name="article",
        title=text("Article"),
        at="about",
        permission=READ,
        ask=lambda asking: GetArticle(
            actor=asking.actor, article=asking.about.partition(" ")[0]
        ),
        show=_read,
        noted=_has_read,
        every=0,
        keys=_RATING,
    ),
    Panel(
        name="knowledge",
        title=text("How the knowledge base stands"),
        at="screen",
        permission=REPORT,
        ask=lambda asking: GetReport(actor=asking.actor, language=asking.language),
        show=_stands,
        every=MINUTE,
        go=_to_read,
    ),
)
