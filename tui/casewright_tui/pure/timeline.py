"""A ticket's history as a pane: newest first, filtered by kind, every text wrapped; what was sent to whom among it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from casewright.answers import Notice
from casewright.model import Event, Ticket, is_system
from casewright.sla.standing import Standing
from casewright.swift_dataclass import dataclass
from casewright.telling.kinds import CHANNELS, NOTICE_STATES
from casewright.telling.names import Names
from casewright.telling.story import details, sentence
from casewright.telling.story_time import TimeStory, person
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Piece, Tone, line, piece
from casewright_tui.width import clean, wrapped

Kind = Literal["notes", "contacts", "steps", "system"]
Filter = Literal["all", "notes", "contacts", "steps", "system"]
FILTERS: tuple[Filter, ...] = ("all", "notes", "contacts", "steps", "system")
TITLES: dict[str, str] = {
    "all": text("All"),
    "notes": text("Notes"),
    "contacts": text("Contacts"),
    "steps": text("Steps"),
    "system": text("System"),
}
"""What is left by each filter, as people read it."""
_NOTES = frozenset({"CommentAdded", "SupervisionOrdered", "SupervisionAnswered"})
_CONTACTS = frozenset({"ContactRecorded", "CustomerAnswered", "ArrivalNoted"})
_SYSTEM = frozenset(
    {
        "TimerFired",
        "ClocksRecalculated",
        "PluginNoted",
        "NoticeTaken",
        "NoticeRefused",
        "NoticeFailed",
    }
)
_TONES: dict[str, Tone] = {"notes": "strong", "contacts": "info", "steps": "", "system": "dim"}
UNDER = 2
NOTICED: frozenset[Filter] = frozenset({"all", "contacts", "system"})
"""The filters that leave notices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened, in a sentence, and what else is to be told of it."""

    at: datetime
    kind: Kind
    said: str
    more: tuple[str, ...] = ()


def entries(
    names: Names,
    ticket: Ticket,
    events: Sequence[Event],
    clocks: Sequence[Standing],
    notices: Sequence[Notice] = (),
) -> list[Entry]:
    """Return all that happened, newest first."""
    found = [*_events(names, ticket, events, clocks), *(_notice(names, one) for one in notices)]
    return sorted(reversed(found), key=lambda one: one.at, reverse=True)


def pane(
    found: Sequence[Entry], filter: Filter, texts: Texts, now: datetime, width: int
) -> list[Line]:
    """Return what a filter leaves of it as lines."""
    left = [one for one in found if filter in ("all", one.kind)]
    lines = [_filters(filter, texts)]
    for one in left:
        lines += _lines(one, texts, now, width)
    if not left:
        lines.append(line(piece(texts.text("Nothing of this kind."), "dim")))
    return lines


def older(texts: Texts, count: int, width: int) -> list[Line]:
    """Return that there are older notices than the `count` that are shown."""
    said = texts.say(
        "Only the newest {count} notices are shown; casewright notice list --ticket has them all.",
        count=count,
    )
    return [Line(), *(line(piece(one, "dim")) for one in wrapped(said, max(8, width)))]


def _filters(chosen: Filter, texts: Texts) -> Line:
    pieces = []
    for one in FILTERS:
        title = texts.text(TITLES[one])
        pieces.append(
            piece(f"[{title}]", "strong") if one == chosen else piece(f" {title} ", "dim")
        )
    return line(*pieces)


def _lines(one: Entry, texts: Texts, now: datetime, width: int) -> Iterator[Line]:
    when, tone = moment(one.at, texts, now) + " ", _TONES[one.kind]
    first, *others = wrapped(clean(one.said), max(8, width - len(when)))
    yield line(piece(when, "label"), piece(first, tone))
    for said in others:
        yield line(Piece(" " * UNDER), piece(said, tone))
    for more in one.more:
        for part in more.split("\n"):
            for said in wrapped(clean(part), max(8, width - UNDER)):
                yield line(
                    Piece(" " * UNDER), piece(said, "" if one.kind != "system" else "dim")
                )


def moment(at: datetime, texts: Texts, now: datetime) -> str:
    """Return when it was, without the year where it is this one's."""
    there, today = at.astimezone(texts.timezone), now.astimezone(texts.timezone)
    return f"{there:%m-%d %H:%M}" if there.year == today.year else f"{there:%Y-%m-%d %H:%M}"


def _events(
    names: Names, ticket: Ticket, events: Sequence[Event], clocks: Sequence[Standing]
) -> Iterator[Entry]:
    # The clock counts how often the next level was told, so events are told in the order in which they happened.
    time = TimeStory(names, names.texts, ticket, clocks)
    for event in events:
        more = (*time.details(event), *details(names, ticket, event))
        said = time.sentence(event) or sentence(names, ticket, event)
        yield Entry(at=event.at, kind=kind_of(event), said=said, more=more)


def kind_of(event: Event) -> Kind:
    """Return of which kind an event is."""
    if event.kind in _NOTES:
        return "notes"
    if event.kind in _CONTACTS:
        return "contacts"
    return "system" if event.kind in _SYSTEM or is_system(event.actor) else "steps"


def _notice(names: Names, one: Notice) -> Entry:
    texts = names.texts
    said = texts.say(
        "notice {number} to {person} by {channel}: {state}",
        number=str(one.number),
        person=person(names, texts, one.recipient),
        channel=texts.text(CHANNELS.get(one.via, one.via)),
        state=texts.text(NOTICE_STATES.get(one.state, one.state)),
    )
    words = (names.words(one.message),) if one.message else ()
    kind: Kind = "contacts" if one.recipient == "customer" else "system"
    return Entry(at=one.created_at, kind=kind, said=said, more=words)
