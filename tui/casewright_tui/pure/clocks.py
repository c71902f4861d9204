"""A ticket's promises as bars: how much of each has passed, how long it still has, and who holds it up."""

from collections.abc import Sequence
from datetime import datetime

from casewright.sla.standing import Standing
from casewright.telling.clocks import wanted
from casewright.telling.names import Names
from casewright.telling.time_words import holder
from casewright.texts import text
from casewright_tui.lines import Line, Piece, Tone, line, piece
from casewright_tui.look import Glyphs
from casewright_tui.pure.countdown import HOUR, NEAR, WIDTH, span
from casewright_tui.pure.sheet import joined
from casewright_tui.width import cells, fit, fit_right

PREFIX = "promise:"
"""How the id of a clock's line begins; what follows is the promise."""
BAR = 10
WIDEST_TITLE = 16
_URGENCY = {"breached": 0, "running": 1, "paused": 2}


def bars(names: Names, clocks: Sequence[Standing], now: datetime, glyphs: Glyphs) -> list[Line]:
    """Return a line for each promise, those that press first; each can be chosen by its name."""
    wide = min(WIDEST_TITLE, max((cells(names.words(one.title)) for one in clocks), default=0))
    return [
        line(
            piece(" " + fit(names.words(one.title), wide) + " ", "label"),
            *_bar(one, glyphs),
            *_left(names, one, now, glyphs),
            piece("  " + joined(names.texts, _words(names, one)), "dim"),
            id=PREFIX + one.clock.promise,
        )
        for one in sorted(clocks, key=_pressing)
    ]


def ticks(clocks: Sequence[Standing]) -> bool:
    """Return whether anything of it changes by itself from second to second."""
    return any(one.clock.open and one.clock.due_at is not None for one in clocks)


def _pressing(one: Standing) -> tuple[int, float]:
    due = one.clock.due_at
    urgency = _URGENCY.get(one.clock.state, 3) if one.clock.open else 3
    return urgency, due.timestamp() if due else 0.0


def _bar(one: Standing, glyphs: Glyphs) -> tuple[Piece, Piece]:
    passed = min(100, max(0, one.percent or 0))
    full = BAR if one.clock.state == "breached" else passed * BAR // 100
    tone: Tone = "bad" if one.clock.state == "breached" else "bar" if one.clock.open else "dim"
    return Piece(glyphs.full * full, tone), Piece(glyphs.empty * (BAR - full), "rest")


def _left(names: Names, one: Standing, now: datetime, glyphs: Glyphs) -> tuple[Piece, ...]:
    shown, tone = _time(names, one, now, glyphs)
    return (piece(fit_right(shown, WIDTH + 1), tone),)


def _time(names: Names, one: Standing, now: datetime, glyphs: Glyphs) -> tuple[str, Tone]:
    clock, texts = one.clock, names.texts
    if not clock.open:
        late = clock.state == "breached"
        return texts.text(_ENDED[clock.end, late]), "bad" if late else "dim"
    if clock.due_at is None:
        return f"{glyphs.paused} {texts.text('paused')}" if clock.paused else "-", "dim"
    seconds = int((clock.due_at - now).total_seconds() // 1)
    if seconds < 0:
        return "-" + span(-seconds, texts.lang), "bad"
    mark = glyphs.warned if seconds < NEAR else ""
    return mark + span(seconds, texts.lang), "warn" if seconds < HOUR else "good"


def _words(names: Names, one: Standing) -> list[str]:
    clock, texts = one.clock, names.texts
    found = []
    if clock.due_at is not None and clock.open:
        found.append(texts.say("due {moment}", moment=clock.due_at))
    if clock.request is not None:
        template = text("{person} asks for more: {wanted}")
        asked = wanted(texts, clock, clock.request)
        found.append(
            texts.say(template, person=names.calls(clock.request.asked_by), wanted=asked)
        )
    if clock.open and (clock.paused or _elsewhere(one)):
        found.append(texts.say("waits for {name}", name=holder(names, texts, one.holder)))
    if clock.ended_at is not None:
        found.append(texts.moment(clock.ended_at))
    if clock.extensions:
        found.append(texts.say("extended {count} time(s)", count=len(clock.extensions)))
    return found


def _elsewhere(one: Standing) -> bool:
    return one.holder.partition(":")[0] in ("customer", "partner", "department")


_ENDED = {
    ("met", False): text("kept"),
    ("met", True): text("met late"),
    ("cancelled", False): text("cancelled"),
    ("cancelled", True): text("cancelled"),
}
