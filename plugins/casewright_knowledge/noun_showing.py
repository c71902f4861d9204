"""`casewright knowledge search`, `suggest`, `uses`, `show`, `versions`, `diff`, `readers` and `report`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from casewright import (
    Answer,
    CommandRefused,
    Given,
    Session,
    Texts,
    message,
    table,
    text,
)
from casewright_knowledge.answers import (
    Article,
    Change,
    Found,
    Hit,
    Piece,
    Readers,
    Report,
    Standing,
    Use,
    Version,
)
from casewright_knowledge.article import FILES, to_data
from casewright_knowledge.commands import MarkRead, NoteNothingFound
from casewright_knowledge.queries import (
    CompareVersions,
    GetArticle,
    GetReaders,
    GetReport,
    ListUses,
    ListVersions,
    SearchArticles,
    SuggestArticles,
)

AUDIENCES = {
    "public": text("for everybody"),
    "staff": text("for all staff"),
    "restricted": text("for some roles"),
}

TITLES = {
    "title_zh": text("Title in Chinese"),
    "title_en": text("Title in English"),
    "body_zh": text("Text in Chinese"),
    "body_en": text("Text in English"),
    "questions": text("As customers ask it"),
    "category": text("Category"),
    "products": text("Products"),
    "tags": text("Tags"),
    "work": text("Of use in"),
    "audience": text("For whom"),
    "roles": text("Roles that may read it"),
    "valid_from": text("Valid from"),
    "valid_until": text("Valid until"),
    FILES: text("Files"),
}
"""What people call the parts of an article, as its form does."""


def search(session: Session, given: Given) -> Answer:
    """Find articles; what is not found is noted for those who write them."""
    said = " ".join(given.all("words"))
    query = SearchArticles(
        actor=session.actor,
        text=said,
        language=session.texts.lang,
        category=given.text("category") or "",
        tag=given.text("tag") or "",
        product=given.text("product") or "",
        limit=number(given, "limit", 10),
    )
    found: Found = session.desk.ask(query)
    narrowed = query.category or query.tag or query.product
    if not found.hits and said and not narrowed:
        session.desk.execute(NoteNothingFound(actor=session.actor, text=said))
    notes = [*_instead(session, found), *_more(session, found, query.limit)]
    return Answer(
        document={
            "articles": [hit_document(one) for one in found.hits],
            "instead": found.instead,
            "more": found.more,
        },
        lines=_hits(session, found.hits) if found.hits else [_nothing(session)],
        notes=notes,
    )


def suggest(session: Session, given: Given) -> Answer:
    """Tell which articles fit a ticket, and why."""
    query = SuggestArticles(
        actor=session.actor,
        ticket=given.needed("ticket"),
        language=session.texts.lang,
        limit=number(given, "limit", 5),
    )
    found: tuple[Hit, ...] = session.desk.ask(query)
    lines = (
        _hits(session, found) if found else [session.texts.text("No article fits this ticket.")]
    )
    return Answer(document={"articles": [hit_document(one) for one in found]}, lines=lines)


def uses(session: Session, given: Given) -> Answer:
    """Tell which articles served a ticket."""
    query = ListUses(
        actor=session.actor, ticket=given.needed("ticket"), language=session.texts.lang
    )
    found: tuple[Use, ...] = session.desk.ask(query)
    texts = session.texts
    titles = [
        texts.text(one) for one in (text("article"), text("version"), text("title"), text("by"))
    ]
    rows = [(one.article, one.version, one.title, one.by) for one in found]
    lines = table(titles, rows) if rows else [texts.text("No article serves this ticket.")]
    return Answer(
        document={"articles": [_plain(asdict(one)) for one in found]},
        lines=lines,
    )


def show(session: Session, given: Given) -> Answer:
    """Show an article; whoever sees it as it stands has read it."""
    wanted = number(given, "number", 0)
    query = GetArticle(actor=session.actor, article=given.needed("article"), version=wanted)
    found: Article = session.desk.ask(query)
    if found.visible and found.version == found.newest:
        session.desk.execute(MarkRead(actor=session.actor, article=found.article))
    lines = article_lines(session.texts, found, body=found.content.body(session.texts.lang))
    return Answer(document=_article_document(found), lines=lines)


def versions(session: Session, given: Given) -> Answer:
    """List the versions of an article."""
    query = ListVersions(
        actor=session.actor, article=given.needed("article"), language=session.texts.lang
    )
    found: tuple[Version, ...] = session.desk.ask(query)
    texts = session.texts
    titles = [
        texts.text(one)
        for one in (text("version"), text("published"), text("by"), text("what has changed"))
    ]
    rows = [(one.version, _day(session.texts, one.at), one.by, one.note) for one in found]
    return Answer(
        document={"versions": [_plain(asdict(one)) for one in found]},
        lines=table(titles, rows),
    )


def diff(session: Session, given: Given) -> Answer:
    """Tell what one version says otherwise than another."""
    query = CompareVersions(
        actor=session.actor,
        article=given.needed("article"),
        newer=number(given, "newer", 0),
        older=number(given, "older", 0),
    )
    found: tuple[Change, ...] = session.desk.ask(query)
    lines = [_changed(session.texts, one) for one in found]
    return Answer(
        document={"changes": [asdict(one) for one in found]},
        lines=lines or [session.texts.text("They say the same.")],
    )


def _changed(texts: Texts, one: Change) -> str:
    line = one.line.split(" ", 2)[-1] if one.field == FILES else one.line
    if one.field == "audience":
        line = texts.text(AUDIENCES[line])
    return texts.say(
        "{sign} {field}: {line}", sign=one.sign, field=texts.text(TITLES[one.field]), line=line
    )


def readers(session: Session, given: Given) -> Answer:
    """Tell who of a group has read an article."""
    query = GetReaders(
        actor=session.actor,
        article=given.needed("article"),
        who=given.text("who") or "",
        version=number(given, "number", 0),
    )
    found: Readers = session.desk.ask(query)
    texts = session.texts
    read = sum(one.at is not None for one in found.readers)
    said = texts.say(
        "{read} of {all} have read version {version}.",
        read=read,
        all=len(found.readers),
        version=found.version,
    )
    titles = [texts.text(one) for one in (text("who"), text("read"))]
    rows = [
        (one.person, _day(session.texts, one.at) if one.at else texts.text("not yet"))
        for one in found.readers
    ]
    return Answer(
        document={
            "article": found.article,
            "version": found.version,
            "who": found.who,
            "readers": [_plain(asdict(one)) for one in found.readers],
        },
        lines=[said, *(table(titles, rows) if rows else [])],
        done=read == len(found.readers),
    )


def report(session: Session, given: Given) -> Answer:
    """Tell how the knowledge base stands."""
    query = GetReport(
        actor=session.actor,
        days=number(given, "days", 90),
        language=session.texts.lang,
        limit=number(given, "limit", 10),
    )
    found: Report = session.desk.ask(query)
    return Answer(document=_plain(asdict(found)), lines=[*_report(session, found)])


def number(given: Given, name: str, default: int) -> int:
    """Return a whole number that was given; CommandRefused."""
    said = given.text(name)
    if said is None:
        return default
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        template = "'{said}' is no whole number (--{name})"
        raise CommandRefused(reason=message(template, said=said[:40], name=name))
    return int(said)


def hit_document(one: Hit) -> Mapping[str, Any]:
    """Return what --json prints of an article that was found."""
    return {**_plain(asdict(one)), "snippet": "".join(piece.text for piece in one.snippet)}


def marked(pieces: Sequence[Piece]) -> str:
    """Return a snippet in one line, what was sought in brackets."""
    return "".join(f"[{one.text}]" if one.hit else one.text for one in pieces)


def why(texts: Texts, one: Hit) -> str:
    """Return in one line why an article was found."""
    parts = []
    if one.linked:
        parts.append(texts.text("linked to this ticket"))
    if not one.exact and one.words:
        parts.append(texts.say("about: {words}", words=texts.listing(one.words[:6])))
    if one.same_category:
        parts.append(texts.text("same category"))
    if one.for_this_work:
        parts.append(texts.text("for this step"))
    if one.used_here:
        parts.append(texts.say("used {count} time(s) for this category", count=one.used_here))
    if one.helped or one.not_helped:
        parts.append(texts.say("helped {yes}, did not {no}", yes=one.helped, no=one.not_helped))
    return " · ".join(parts)


def _hits(session: Session, found: Sequence[Hit]) -> list[str]:
    lines: list[str] = []
    for one in found:
        lines.append(f"{one.article}  {one.title}")
        snippet = marked(one.snippet).strip()
        lines += [f"    {line}" for line in (snippet, why(session.texts, one)) if line]
    return lines


def _nothing(session: Session) -> str:
    return session.texts.text("Nothing fits; it is noted for those who write articles.")


def _instead(session: Session, found: Found) -> Iterator[str]:
    if found.instead:
        yield session.texts.say("Sought instead: {text}", text=found.instead)


def _more(session: Session, found: Found, limit: int) -> Iterator[str]:
    if found.more:
        yield session.texts.say("There are more: --limit {limit}", limit=limit * 2)


def article_lines(texts: Texts, found: Article, *, body: str) -> Iterator[str]:
    """Yield an article as it is read: what it is called, its version and for whom, its text, its files."""
    content = found.content
    yield f"{found.article}  {content.title(texts.lang)}"
    parts = [
        texts.say("version {version}", version=found.version),
        _day(texts, found.published_at),
        texts.text(AUDIENCES[content.audience]),
    ]
    if content.category:
        parts.append(found.category.of(texts.lang))
    parts += content.tags
    yield " · ".join(parts)
    if found.version != found.newest:
        yield texts.say(
            "This is not how it stands: the newest is version {version}.", version=found.newest
        )
    elif not found.visible:
        yield texts.text(
            "Nobody else can read it: it is not published, or its time is not now."
        )
    yield ""
    yield from body.splitlines()
    if content.files:
        yield ""
        yield texts.text("Files")
    for one in content.files:
        number, _, name = one.split(" ", 2)
        yield f"  {number}  {name}"


def _article_document(found: Article) -> Mapping[str, Any]:
    return {**_plain(asdict(found)), "content": to_data(found.content)}


def _report(session: Session, found: Report) -> Iterator[str]:
    texts = session.texts
    yield texts.say(
        "{articles} article(s), used {uses} time(s) in {days} day(s).",
        articles=found.articles,
        uses=found.uses,
        days=found.days,
    )
    lists = (
        (text("Most used"), found.most_used),
        (text("Never used"), found.never_used),
        (text("To be looked at again"), found.stale),
        (text("Helped less often than not"), found.disliked),
    )
    for title, rows in lists:
        if rows:
            yield ""
            yield texts.text(title)
            yield from _standings(session, rows)
    if found.needs:
        yield ""
        yield texts.text("Closed without an article, by category")
        columns = [
            texts.text(one)
            for one in (
                text("category"),
                text("tickets closed"),
                text("with an article"),
                text("articles"),
            )
        ]
        yield from table(
            columns,
            [
                (one.called.of(texts.lang), one.closed, one.served, one.articles)
                for one in found.needs
            ],
        )
    if found.nothing:
        yield ""
        yield texts.text("Sought and not found")
        columns = [texts.text(one) for one in (text("what"), text("times"), text("last"))]
        yield from table(
            columns,
            [(one.text, one.times, _day(session.texts, one.last_at)) for one in found.nothing],
        )


def _standings(session: Session, rows: Sequence[Standing]) -> list[str]:
    texts = session.texts
    names = (
        text("article"),
        text("title"),
        text("times used"),
        text("helped"),
        text("not"),
        text("owner"),
    )
    cells = [
        (one.article, one.title, one.used, one.helped, one.not_helped, one.owner)
        for one in rows
    ]
    return table([texts.text(one) for one in names], cells)


def _day(texts: Texts, moment: datetime | None) -> str:
    return "" if moment is None else texts.moment(moment)


def _plain(value: Any) -> Any:
    """Return plain data: moments as text, tuples as lists."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
