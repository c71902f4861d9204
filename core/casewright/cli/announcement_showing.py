"""`casewright announcement list`, `show` and `readers`: what is announced, and who has read it."""

from collections.abc import Iterator
from typing import Any

from casewright.answers import Announcement, AnnouncementReaders
from casewright.cli.answer import Answer, Heading
from casewright.cli.grammar import Given
from casewright.cli.output import table
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.errors import message
from casewright.queries import GetAnnouncement, GetAnnouncementReaders, ListAnnouncements
from casewright.texts import text


def number(given: Given) -> int:
    """Return the announcement's number."""
    return parsed(given.needed("number"), int, message("the number of an announcement"))


def document(one: Announcement) -> dict[str, Any]:
    """Return an announcement as JSON has it."""
    return {
        "number": one.number,
        "title": {"en": one.title.en, "zh": one.title.zh},
        "text": {"en": one.text.en, "zh": one.text.zh},
        "to": list(one.to),
        "pinned": one.pinned,
        "from": one.start.isoformat(),
        "until": one.end.isoformat() if one.end else None,
        "published_at": one.published_at.isoformat(),
        "published_by": one.published_by,
        "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
        "withdrawn_by": one.withdrawn_by or None,
        "read_at": one.read_at.isoformat() if one.read_at else None,
    }


def list_announcements(session: Session, given: Given) -> Answer:
    """Answer with what is announced to whoever asks, or with everything there ever was."""
    query = ListAnnouncements(actor=session.actor, every=given.flag("all"))
    found: tuple[Announcement, ...] = session.desk.ask(query)
    texts = session.texts
    titles = [
        texts.text(one)
        for one in (
            text("announcement"),
            text("title"),
            text("for"),
            text("since"),
            text("until"),
            text("pinned"),
            text("read"),
            text("withdrawn"),
        )
    ]
    return Answer(
        document={"announcements": [document(one) for one in found]},
        lines=table(titles, [_row(session, one) for one in found])
        if found
        else [texts.text("Nothing is announced.")],
    )


def show(session: Session, given: Given) -> Answer:
    """Answer with one announcement."""
    query = GetAnnouncement(actor=session.actor, number=number(given))
    found: Announcement = session.desk.ask(query)
    return Answer(
        document={"announcement": document(found)}, lines=list(_sheet(session, found))
    )


def readers(session: Session, given: Given) -> Answer:
    """Answer with who has read an announcement, and who has not."""
    query = GetAnnouncementReaders(actor=session.actor, number=number(given))
    found: AnnouncementReaders = session.desk.ask(query)
    return Answer(
        document={
            "announcement": document(found.announcement),
            "read": [{"name": name, "at": at.isoformat()} for name, at in found.read],
            "unread": list(found.unread),
        },
        lines=list(_readers(session, found)),
    )


def _row(session: Session, one: Announcement) -> tuple[object, ...]:
    texts = session.texts
    return (
        one.number,
        one.title.of(texts.lang),
        texts.listing(one.to),
        texts.moment(one.start),
        texts.moment(one.end) if one.end else "",
        texts.text("yes") if one.pinned else "",
        texts.moment(one.read_at) if one.read_at else texts.text("not yet"),
        texts.moment(one.withdrawn_at) if one.withdrawn_at else "",
    )


def _sheet(session: Session, one: Announcement) -> Iterator[str]:
    reader, texts = Reader(session), session.texts
    title = one.title.of(texts.lang)
    yield Heading(texts.say("{number}  {title}", number=one.number, title=title))
    by, groups = reader.person(one.published_by), texts.listing(one.to)
    said = text("announced by {person} on {moment}, for {groups}")
    yield texts.say(said, person=by, moment=one.published_at, groups=groups)
    if one.end is not None:
        yield texts.say("holds until {moment}", moment=one.end)
    if one.withdrawn_at is not None:
        by = reader.person(one.withdrawn_by)
        yield texts.say("withdrawn by {person} on {moment}", person=by, moment=one.withdrawn_at)
    yield ""
    yield from one.text.of(texts.lang).splitlines()
    yield ""
    if one.read_at is None:
        said = text("Not confirmed yet: casewright announcement read {number}")
        yield texts.say(said, number=one.number)
    else:
        yield texts.say("You confirmed it on {moment}.", moment=one.read_at)


def _readers(session: Session, found: AnnouncementReaders) -> Iterator[str]:
    reader, texts = Reader(session), session.texts
    title, total = found.announcement.title, len(found.read) + len(found.unread)
    said = text("{title}: {read} of {total} have read it")
    yield Heading(texts.say(said, title=title, read=len(found.read), total=total))
    titles = [texts.text("name"), texts.text("read")]
    rows = [(reader.person(name), texts.moment(at)) for name, at in found.read]
    yield from table(
        titles,
        [*rows, *((reader.person(name), texts.text("not yet")) for name in found.unread)],
    )
