"""Articles at work: shown, used for a ticket, judged, sought in vain."""

from collections.abc import Mapping
from contextlib import suppress

from casewright import (
    SYSTEM,
    AddComment,
    AttachedFile,
    CommandRefused,
    Erased,
    GetFile,
    GetTicket,
    NotFound,
    OpenTicket,
    PluginDesk,
    hint,
    message,
)
from casewright_knowledge import (
    categories,
    indexing,
    plain_words,
    settings,
    stored,
    stored_readings,
    stored_uses,
)
from casewright_knowledge.answers import Article, Change, Use, Version
from casewright_knowledge.article import RESTRICTED, may_read
from casewright_knowledge.commands import (
    VERDICTS,
    WRONG,
    ForgetSearch,
    MarkRead,
    NoteNothingFound,
    RateArticle,
    RebuildIndex,
    UseArticle,
)
from casewright_knowledge.moments import moment_of, number_of
from casewright_knowledge.publishing import changes
from casewright_knowledge.queries import (
    CompareVersions,
    ExportArticles,
    GetArticle,
    GetArticleFile,
    ListUses,
    ListVersions,
)
from casewright_knowledge.searching import sees_all
from casewright_knowledge.stored import Stored, StoredVersion
from casewright_knowledge.words import fold

MOST_REBUILT = 20
"""Articles whose index is made anew in one transaction: others wait for it."""
LARGEST = 500
"""Articles that one export answers at most."""
LONGEST_REASON = 2_000
LONGEST_SEARCH = 200
DIGITS = 5
"""So many digits in a row may be somebody's number, and are not kept of a search."""


def show(desk: PluginDesk, query: GetArticle) -> Article:
    """Return an article; NotFound for one that the actor may not read."""
    known, one = _readable(desk, query.article, query.version)
    return _article(desk, known, one)


def file(desk: PluginDesk, query: GetArticleFile) -> AttachedFile:
    """Return a file of an article; NotFound where the article that is read has none of that number."""
    known, one = _readable(desk, query.article, 0)
    if str(query.number) not in {each.split(" ")[0] for each in one.content.files}:
        raise NotFound(kind=message("file"), name=str(query.number), hint=message(""))
    found: AttachedFile = desk.ask(
        GetFile(actor=SYSTEM, ticket=known.article, number=query.number)
    )
    return found


def versions(desk: PluginDesk, query: ListVersions) -> tuple[Version, ...]:
    """Return the versions of an article that the actor may read."""
    known, _ = _readable(desk, query.article, 0)
    everything = sees_all(desk)
    return tuple(
        Version(
            version=one.version,
            at=moment_of(one.at),
            by=one.by,
            note=one.note,
            title=one.content.title(query.language),
        )
        for one in stored.history(desk.store, known.article)
        if may_read(one.content, desk.actor.roles, all_of_them=everything)
    )


def compare(desk: PluginDesk, query: CompareVersions) -> tuple[Change, ...]:
    """Return what one version says otherwise than another."""
    known, newer = _readable(desk, query.article, query.newer)
    if newer.version == 1 and not query.older:
        raise CommandRefused(reason=message("there is no version before the first"))
    _, older = _readable(desk, known.article, query.older or newer.version - 1)
    return changes(older.content, newer.content)


def export(desk: PluginDesk, query: ExportArticles) -> tuple[Article, ...]:
    """Return published articles that the actor may read, after a key."""
    found: list[Article] = []
    after, limit = query.after, max(1, min(query.limit, LARGEST))
    while len(found) < limit and (rows := stored.published(desk.store, after, limit)):
        after = rows[-1].article
        everything = sees_all(desk)
        contents = stored.versions(desk.store, {one.article: one.version for one in rows})
        found += [
            _article(desk, row, contents[row.article])
            for row in rows
            if everything
            or (
                contents[row.article].holds(desk.today)
                and may_read(contents[row.article].content, desk.actor.roles, all_of_them=False)
            )
        ]
    return tuple(found[:limit])


def use(desk: PluginDesk, command: UseArticle) -> Mapping[str, str]:
    """Link an article to a ticket and count it."""
    known, one = _visible(desk, command.article)
    ticket = desk.ask(GetTicket(actor=desk.actor.name, ticket=command.ticket))
    at = number_of(desk.now)
    stored_uses.use(
        desk.store,
        known.article,
        one.version,
        ticket=ticket.key,
        category=settings.category_of(desk.settings, ticket.fields),
        person=desk.actor.name,
        at=at,
    )
    stored_readings.mark(desk.store, known.article, one.version, desk.actor.name, at)
    # What is answered stands in the ticket's history, which others read.
    told = {} if one.content.audience == RESTRICTED else {"article": known.article}
    return {**told, "version": str(one.version)}


def uses(desk: PluginDesk, query: ListUses) -> tuple[Use, ...]:
    """Return the articles that served a ticket, those that the actor may read."""
    ticket = desk.ask(GetTicket(actor=desk.actor.name, ticket=query.ticket))
    found: list[Use] = []
    for key, number, person, at in stored_uses.first_of(desk.store, ticket.key):
        with suppress(NotFound):
            known, one = _readable(desk, key, number)
            found.append(
                Use(
                    article=key,
                    version=number,
                    newest=known.version,
                    title=one.content.title(query.language),
                    by=person,
                    at=moment_of(at) or desk.now,
                )
            )
    return tuple(found)


def rate(desk: PluginDesk, command: RateArticle) -> Mapping[str, str]:
    """Keep what is said of an article; one that is wrong is to be corrected."""
    if command.verdict not in VERDICTS:
        reason = message(
            "'{verdict}' is no verdict{hint}",
            verdict=command.verdict,
            hint=hint(command.verdict, VERDICTS),
        )
        raise CommandRefused(reason=reason)
    if len(command.reason) > LONGEST_REASON:
        raise CommandRefused(
            reason=message("a reason has at most {most} characters", most=LONGEST_REASON)
        )
    known, one = _visible(desk, command.article)
    if command.about:
        desk.ask(GetTicket(actor=desk.actor.name, ticket=command.about))
    if command.verdict == WRONG and not command.reason.strip():
        raise CommandRefused(reason=message("say what is wrong with it"))
    stored_uses.rate(
        desk.store,
        known.article,
        one.version,
        person=desk.actor.name,
        ticket=command.about,
        verdict=command.verdict,
        reason=command.reason,
        at=number_of(desk.now),
    )
    if command.verdict != WRONG:
        return {}
    stored_uses.report(desk.store, known.article, one.version, desk.actor.name)
    return {"correction": _correct(desk, known, one, command.reason)}


def mark_read(desk: PluginDesk, command: MarkRead) -> Mapping[str, str]:
    """Note that the actor has read an article."""
    known, one = _visible(desk, command.article)
    at = number_of(desk.now)
    stored_readings.mark(desk.store, known.article, one.version, desk.actor.name, at)
    return {"version": str(one.version)}


def note_nothing(desk: PluginDesk, command: NoteNothingFound) -> Mapping[str, str]:
    """Keep what was sought in vain, without what may be somebody's number."""
    shown = " ".join(plain_words.without_numbers(command.text, DIGITS).split())
    if not shown or len(shown) > LONGEST_SEARCH:
        return {}
    stored_uses.note_nothing(desk.store, fold(shown), shown, number_of(desk.now))
    return {}


def forget_search(desk: PluginDesk, command: ForgetSearch) -> Mapping[str, str]:
    """Take what was sought in vain off the list."""
    if not stored_uses.forget_search(desk.store, fold(" ".join(command.text.split()))):
        raise CommandRefused(reason=message("nobody sought that in vain"))
    return {}


def rebuild(desk: PluginDesk, command: RebuildIndex) -> Mapping[str, str]:
    """Make some of the index anew."""
    rows = stored.published(desk.store, command.after, max(1, min(command.limit, MOST_REBUILT)))
    for row in rows:
        indexing.rebuild(desk, row.article)
    return {"last": rows[-1].article if rows else ""}


def forget(desk: PluginDesk, erased: Erased) -> None:
    """Forget what was said with erased tickets, and searches for what an erased customer was known by."""
    words = [fold(one.value) for one in erased.known_by if len(one.value) > 1]
    stored_uses.forget(desk.store, erased.tickets, words)


def _correct(desk: PluginDesk, known: Stored, one: StoredVersion, reason: str) -> str:
    """Let a ticket be opened to the article's owner, or the open one have another word; return its key."""
    open_one = stored_uses.correction_of(desk.store, known.article)
    actor = desk.actor.name
    if open_one:
        desk.execute(AddComment(actor=SYSTEM, ticket=open_one, text=f"{actor}: {reason}"))
        return open_one
    title = one.content.title("zh" if one.content.title_zh else "en")
    receipt = desk.execute(
        OpenTicket(
            actor=SYSTEM,
            workflow=settings.corrections(desk.settings),
            owner=known.owner,
            reason=reason,
            fields={
                "subject": title[:80],
                "article": known.article,
                "article_version": one.version,
                "reported_by": actor,
                "what_is_wrong": reason,
            },
        )
    )
    stored_uses.begin_correction(desk.store, receipt.ticket, known.article, one.version)
    return receipt.ticket


def _visible(desk: PluginDesk, key: str) -> tuple[Stored, StoredVersion]:
    """Return an article as it is read now; NotFound where it cannot be."""
    known, one = _readable(desk, key, 0)
    if not (known.visible and one.holds(desk.today)):
        raise _unknown(key)
    return known, one


def _readable(desk: PluginDesk, key: str, number: int) -> tuple[Stored, StoredVersion]:
    """Return an article, and a version of it or the newest; NotFound for one that the actor may not read.

    What is not published, or no more, or whose time is not now, is there for those who edit articles, and nobody else.
    """
    known = stored.article(desk.store, key)
    everything = sees_all(desk)
    newest = None if known is None else stored.version(desk.store, key, known.version)
    if known is None or newest is None:
        raise _unknown(key)
    roles = desk.actor.roles
    is_read = (
        known.visible
        and newest.holds(desk.today)
        and may_read(newest.content, roles, all_of_them=False)
    )
    if not (is_read or everything):
        raise _unknown(key)
    one = stored.version(desk.store, key, number or known.version)
    if one is None or not may_read(one.content, roles, all_of_them=everything):
        raise NotFound(kind=message("version"), name=str(number), hint=message(""))
    return known, one


def _article(desk: PluginDesk, known: Stored, one: StoredVersion) -> Article:
    content = one.content
    return Article(
        article=known.article,
        version=one.version,
        newest=known.version,
        visible=bool(known.visible) and one.holds(desk.today),
        state=known.state,
        owner=known.owner,
        content=content,
        category=categories.called(desk, content.category),
        published_at=moment_of(one.at),
        published_by=one.by,
        note=one.note,
        review_due=moment_of(known.review_due),
        used=known.used,
        helped=known.helped,
        not_helped=known.not_helped,
        read=stored_readings.has_read(desk.store, known.article, one.version, desk.actor.name),
        reply_en=plain_words.of_markdown(content.body("en")),
        reply_zh=plain_words.of_markdown(content.body("zh")),
    )


def _unknown(key: str) -> NotFound:
    return NotFound(kind=message("article"), name=key, hint=message(""))
