"""What the knowledge base brings to the terminal: articles beside a ticket, and how it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from casewright import text
from casewright_knowledge.answers import Hit, Report, Standing
from casewright_knowledge.commands import READ, REPORT, UseArticle
from casewright_knowledge.noun_showing import why
from casewright_knowledge.queries import GetReport, SuggestArticles
from casewright_tui.lines import Line, Lines, columns, line, paragraph, piece
from casewright_tui.panels import Asking, Panel, Quote, Showing

SHOWN = 6
MINUTE = 60


def _suggested(found: Sequence[Hit], showing: Showing) -> Lines:
    """Return the articles that fit, each with why and the part that shows it."""
    if not found:
        return paragraph(
            showing.texts.text("No article fits this ticket."), showing.width, "dim"
        )
    lines: list[Line] = []
    for one in found:
        lines.append(line(piece(one.title, "strong"), id=one.article))
        lines += [*_snippet(one, showing), *_why(one, showing), line(piece(" "))]
    hint = showing.texts.text(
        "Enter puts an article into the answer, and links it to the ticket."
    )
    return [*lines, *paragraph(hint, showing.width, "dim")]


def _snippet(one: Hit, showing: Showing) -> Iterator[Line]:
    said = "".join(part.text for part in one.snippet).strip()
    yield from paragraph(said, showing.width, indent=2)


def _why(one: Hit, showing: Showing) -> Iterator[Line]:
    said = why(showing.texts, one)
    if said:
        yield from paragraph(said, showing.width, "dim", indent=2)


def _quote(found: Sequence[Hit], id: str, asking: Asking) -> Quote | None:
    """Return what an article says, and that it serves the ticket."""
    chosen = next((one for one in found if one.article == id), None)
    if chosen is None:
        return None
    command = UseArticle(actor=asking.actor, ticket=asking.ticket, article=chosen.article)
    return Quote(command=command, text=chosen.reply)


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
        title=text("articles that fit"),
        at="ticket",
        permission=READ,
        ask=lambda asking: SuggestArticles(
            actor=asking.actor, ticket=asking.ticket, language=asking.language, limit=SHOWN
        ),
        show=_suggested,
        quote=_quote,
    ),
    Panel(
        name="knowledge",
        title=text("how the knowledge base stands"),
        at="screen",
        permission=REPORT,
        ask=lambda asking: GetReport(actor=asking.actor, language=asking.language),
        show=_stands,
        every=MINUTE,
        go=lambda id: ("ticket", {"ticket": id}) if id else None,
    ),
)
