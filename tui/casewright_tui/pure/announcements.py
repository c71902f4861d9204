"""Announcements: those that are not read yet before the others, each in the reader's language; and who has read one."""

from collections.abc import Mapping, Sequence

from casewright.answers import Announcement, AnnouncementReaders
from casewright.texts import Texts
from casewright_tui.lines import Line, Lines, Piece, line, paragraph, piece
from casewright_tui.width import fit

PREFIX = "announcement-"


def listed(announcements: Sequence[Announcement], texts: Texts, width: int) -> Lines:
    """Return a line for each announcement, in the order in which they come."""
    return [_line(one, texts).filled(width) for one in announcements]


def unread(announcements: Sequence[Announcement]) -> int:
    """Return how many of them are to be read."""
    return sum(one.read_at is None and one.withdrawn_at is None for one in announcements)


def shown(one: Announcement, people: Mapping[str, str], texts: Texts, width: int) -> Lines:
    """Return an announcement, whole."""
    by = people.get(one.published_by, one.published_by)
    said = texts.say("{person}, {moment}", person=by, moment=one.published_at)
    lines = [
        *paragraph(one.title.of(texts.lang), width, "title"),
        *paragraph(said, width, "dim"),
    ]
    if one.end is not None:
        lines += paragraph(texts.say("until {moment}", moment=one.end), width, "dim")
    lines += [Line(), *paragraph(one.text.of(texts.lang), width), Line()]
    lines += paragraph(_standing(one, texts), width, "good" if one.read_at else "key")
    return lines


def readers(
    found: AnnouncementReaders, people: Mapping[str, str], texts: Texts, width: int
) -> Lines:
    """Return who has not read an announcement, and who has, and when."""
    wide = max(8, min(24, width // 2))
    lines = [line(piece(texts.say("not read by {count}", count=len(found.unread)), "title"))]
    lines += [line("  ", piece(people.get(one, one))) for one in found.unread]
    lines += [Line(), line(piece(texts.say("read by {count}", count=len(found.read)), "title"))]
    lines += [
        line("  ", piece(fit(people.get(name, name), wide)), piece(texts.moment(at), "dim"))
        for name, at in found.read
    ]
    return lines


def _line(one: Announcement, texts: Texts) -> Line:
    new = one.read_at is None and one.withdrawn_at is None
    return line(
        Piece("* " if new else "  ", "key"),
        piece(f"{one.published_at.astimezone(texts.timezone):%m-%d %H:%M}  ", "dim"),
        piece(texts.text("[pinned] ") if one.pinned else "", "info"),
        piece(one.title.of(texts.lang), "strong" if new else ""),
        piece("  " + texts.text("taken back") if one.withdrawn_at else "", "dim"),
        id=f"{PREFIX}{one.number}",
    )


def _standing(one: Announcement, texts: Texts) -> str:
    if one.withdrawn_at is not None:
        return texts.say("taken back, {moment}", moment=one.withdrawn_at)
    if one.read_at is not None:
        return texts.say("You have read it: {moment}", moment=one.read_at)
    return texts.text("Enter confirms that you have read it.")
