"""What stands around every place: who, where, what awaits them, how old it is, and the keys; all as values."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from textual.keys import format_key

from casewright.swift_dataclass import dataclass
from casewright_tui import controls
from casewright_tui.lines import Line, Piece, line, piece
from casewright_tui.widgets.hint_bar import Hint
from casewright_tui.width import cells

if TYPE_CHECKING:
    from casewright_tui.app import Terminal

FRESH = timedelta(seconds=25)
"""How long what is shown counts as of now: a little longer than a server is asked to wait for something to happen."""
_LANGUAGES = {"en": "EN", "zh": "中"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the status line; those of the highest `rank` give way first where there is no room."""

    piece: Piece
    rank: int
    right: bool = False


def status(terminal: "Terminal", title: str, width: int) -> tuple[Line, Line]:
    """Return the status line of so many cells, left and right: what was said last, else who, where and what awaits them."""
    told = terminal.speech.current
    lost = _lost(terminal)
    offered = terminal.undoing.offered(terminal.texts)
    if told is not None and (told.bad or not offered):
        return _spoken(told.sentence, width, lost, bad=told.bad)
    if offered:
        return _spoken(offered, width, lost, bad=False)
    return packed([*_left(terminal, title), *_right(terminal)], width)


def packed(parts: Sequence[Part], width: int) -> tuple[Line, Line]:
    """Return the parts that fit, those of the lowest rank first, left and right."""
    kept: list[Part] = []
    free = width - 1
    for one in sorted(parts, key=lambda part: part.rank):
        taken = cells(one.piece.text)
        if taken <= free or one.rank == 0:
            kept.append(one)
            free -= taken
    shown = [one for one in parts if one in kept]
    left = (one.piece for one in shown if not one.right)
    return line(*left), line(*(one.piece for one in shown if one.right))


def _spoken(sentence: str, width: int, lost: str, *, bad: bool) -> tuple[Line, Line]:
    """Return what was said; that there is no connection stands beside it, whatever was said."""
    said = piece(f" {'! ' if bad else ''}{sentence}", "bad" if bad else "info")
    away = piece(f"{lost} " if lost else "", "bad")
    room = width - 2 - cells(away.text)
    more = piece(f" {key_name('ctrl+l')} " if cells(said.text) > room else "", "key")
    return line(said), line(more, away)


def _lost(terminal: "Terminal") -> str:
    """Return since when there is no connection; "" where there is one."""
    if terminal.news.lost is None or terminal.news.lost_since is None:
        return ""
    since = terminal.news.lost_since.astimezone(terminal.texts.timezone)
    return terminal.texts.say(" no connection since {time}", time=f"{since:%H:%M:%S}")


def _left(terminal: "Terminal", title: str) -> list[Part]:
    texts = terminal.texts
    who = terminal.myself.person if terminal.myself else None
    parts = [Part(piece=piece(" casewright ", "title"), rank=9)]
    if who is not None:
        name = who.zh if texts.lang == "zh" else who.en
        parts.append(Part(piece=piece(f" {name} ", "strong"), rank=6))
        if who.team:
            dot = terminal.look.glyphs.dot
            parts.append(Part(piece=piece(f"{dot} {who.team} ", "label"), rank=8))
    if title:
        parts.append(Part(piece=piece(f" {title} "), rank=0))
    return parts


def _right(terminal: "Terminal") -> list[Part]:
    texts, summary, found = terminal.texts, terminal.news.summary, []
    now = terminal.clock.now()

    def add(said: str, tone: str, rank: int) -> None:
        found.append(Part(piece=Piece(said, tone), rank=rank, right=True))  # type: ignore[arg-type]

    if terminal.recorder.runs:
        add(texts.say(" REC {mark}", mark=terminal.look.glyphs.marked), "bad", 1)
    if summary is not None:
        if summary.overdue:
            add(texts.say(" {count} overdue", count=summary.overdue), "bad", 2)
        if summary.due_soon:
            add(texts.say(" {count} due <1 h", count=summary.due_soon), "warn", 3)
        if summary.notices + summary.announcements:
            add(f" !{summary.notices + summary.announcements}", "key", 4)
    if lost := _lost(terminal):
        add(lost, "bad", 1)
    add(f" {_LANGUAGES.get(texts.lang, texts.lang)}", "dim", 7)
    add(f" {now.astimezone(texts.timezone):%H:%M}", "", 5)
    if terminal.news.lost is None and terminal.news.heard_at is not None:
        add(_age(terminal, now - terminal.news.heard_at), "dim", 7)
    return found


def _age(terminal: "Terminal", age: timedelta) -> str:
    """Return how old what is shown is: a mark alone where it is of now, as a number that changes each second is no news."""
    fresh = terminal.look.glyphs.fresh
    return f" {fresh} " if age < FRESH else f" {fresh}{int(age.total_seconds())}s "


def hints(terminal: "Terminal", place: str) -> Sequence[Hint]:
    """Return the hints of a place: the key that needs no letter, the title, how early it is named."""
    return [
        (key_name(terminal.habits.keymap.of(one)[0]), terminal.texts.text(one.title), one.hint)
        for one in controls.at(place)
        if one.hint
    ]


def key_name(key: str) -> str:
    """Return what people call a key."""
    if key in _NAMES:
        return _NAMES[key]
    shown = format_key(key)
    if key[:1] == "f" and key[1:].isdigit():
        return shown.upper()
    before, plus, last = key.rpartition("+")
    if plus:
        return f"{before.replace('ctrl', 'Ctrl').replace('shift', 'Shift')}+{_NAMES.get(last) or last.upper()}"
    return shown


_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "delete": "Del",
}
