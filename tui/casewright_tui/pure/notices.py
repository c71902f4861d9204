"""The inbox: what somebody was told, what is unread first, how long each has; and all that is known of one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime

from casewright.answers import Notice, QueueRow
from casewright.bilingual import Bilingual
from casewright.model import EMPTY
from casewright.swift_dataclass import dataclass
from casewright.telling.kinds import NOTICE_STATES
from casewright.telling.notices import REASONS
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Lines, Piece, Tone, line, paragraph, piece
from casewright_tui.pure import countdown
from casewright_tui.width import cells, fit, fit_right

UNREAD = frozenset({"accepted", "unknown", "delivered", "expired"})
"""States in which a notice has reached somebody who has not seen it."""
LIVE = frozenset({*UNREAD, "seen"})
"""States in which a notice can still be taken or refused."""
PREFIX = "notice-"
_SIGNS: Mapping[str, tuple[str, Tone]] = {
    "taken": ("+", "good"),
    "refused": ("x", "dim"),
    "seen": ("-", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What notices are told with: their tickets' rows by key, titles of transitions by name, people's names by login."""

    texts: Texts
    now: datetime
    rows: Mapping[str, QueueRow] = field(default_factory=lambda: EMPTY)
    transitions: Mapping[str, Bilingual] = field(default_factory=lambda: EMPTY)
    people: Mapping[str, str] = field(default_factory=lambda: EMPTY)


def ordered(notices: Sequence[Notice], fresh: Collection[int]) -> list[Notice]:
    """Return notices in the order of the inbox: what was unread when it was opened, what is not taken, the rest; newest first."""

    def rank(one: Notice) -> tuple[int, int]:
        first = (
            0 if one.number in fresh or one.state in UNREAD else 1 if one.state in LIVE else 2
        )
        return first, -one.number

    return sorted(notices, key=rank)


def things(notices: Iterable[Notice]) -> int:
    """Return of how many things notices tell: what one event is told by over several channels is to be read once."""
    return len({_thing(one) for one in notices})


def same_thing(notice: Notice, notices: Iterable[Notice]) -> Sequence[Notice]:
    """Return those among notices that tell of the same thing as one of them, over whatever channel."""
    return [one for one in notices if _thing(one) == _thing(notice)]


def _thing(notice: Notice) -> tuple[object, ...]:
    return notice.ticket, notice.recipient, notice.reason, notice.created_at


def about(notice: Notice, around: Around) -> str:
    """Return in a few words what a notice is about."""
    if notice.message is not None:
        return notice.message.of(around.texts.lang)
    known = REASONS.get(notice.reason)
    if known is not None:
        return around.texts.text(known)
    title = around.transitions.get(notice.reason)
    return title.of(around.texts.lang) if title is not None else notice.reason


def id_of(notice: Notice) -> str:
    """Return the id of a notice's line."""
    return f"{PREFIX}{notice.number}"


def listed(notices: Sequence[Notice], around: Around, width: int) -> Lines:
    """Return a line for each notice."""
    wide = max((cells(one.ticket) for one in notices), default=0)
    return [_line(one, around, wide, width) for one in notices]


def told(notice: Notice, around: Around, width: int) -> Lines:
    """Return what is known of one notice."""
    texts, row = around.texts, around.rows.get(notice.ticket)
    lines = paragraph(about(notice, around), width, "title")
    state = texts.text(NOTICE_STATES.get(notice.state, notice.state))
    facts = [
        (text("ticket"), notice.ticket),
        (text("subject"), row.subject if row else ""),
        (text("state"), row.title.of(texts.lang) if row else ""),
        (text("handler"), _person(row.handler, around) if row and row.handler else ""),
        (text("notice"), state),
        (text("told"), texts.moment(notice.send_at)),
        (text("due"), texts.moment(notice.due) if notice.due else ""),
        (text("in place of"), _person(notice.stands_for, around)),
        (text("over"), notice.via),
    ]
    for name, value in facts:
        if value:
            lines += _fact(texts.text(name), value, width)
    return lines


def _fact(name: str, value: str, width: int) -> list[Line]:
    broken = paragraph(value, max(4, width - _NAMES))
    return [
        Line(pieces=(piece(fit(name if not index else "", _NAMES), "label"), *one.pieces))
        for index, one in enumerate(broken)
    ]


_NAMES = 13


def _line(notice: Notice, around: Around, wide: int, width: int) -> Line:
    sign, tone = _SIGNS.get(
        notice.state, ("*", "key") if notice.state in UNREAD else (" ", "dim")
    )
    left, due_tone = _left(notice, around)
    said: Tone = "strong" if notice.state in UNREAD else "" if notice.state in LIVE else "dim"
    row = around.rows.get(notice.ticket)
    subject = f"  {row.subject}" if row and row.subject else ""
    return line(
        Piece(sign + " ", tone),
        Piece(fit_right(left, countdown.WIDTH) + "  ", due_tone),
        piece(fit(notice.ticket, wide) + "  ", "strong"),
        piece(about(notice, around), said),
        piece(subject, "dim"),
        id=id_of(notice),
    ).filled(width)


def _left(notice: Notice, around: Around) -> tuple[str, Tone]:
    """Return how long there is until a notice is due; of those that are over, nothing."""
    if notice.due is None or notice.state not in LIVE:
        return "", ""
    seconds = int((notice.due - around.now).total_seconds())
    if seconds < 0:
        return "-" + countdown.span(-seconds, around.texts.lang), "bad"
    near = seconds < countdown.NEAR
    said = ("!" if near else "") + countdown.span(seconds, around.texts.lang)
    return said, "warn" if seconds < countdown.HOUR else "good"


def _person(name: str, around: Around) -> str:
    return around.people.get(name, name)
