"""What is said around a form: what an entry means, what helps to fill a field in, and how far one has come."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from casewright.errors import Message, message
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Piece, line, piece
from casewright_tui.pure.entries import Entry, NotUnderstood, Now
from casewright_tui.pure.form_model import Asked, Filled, FormModel
from casewright_tui.width import cells

WEEKDAYS = (
    message("Monday"), message("Tuesday"), message("Wednesday"), message("Thursday"), message("Friday"),
    message("Saturday"), message("Sunday"),
)  # fmt: skip
_DAY = timedelta(days=1)


def meant(model: FormModel, name: str, entry: Entry, now: Now) -> Message | None:
    """Return what the entry of a field means, where that is not what stands there."""
    way = model.ways[name]
    if way not in ("day", "moment") and model.field(name).widget != "money":
        return None
    try:
        value = model.value(name, entry, now)
    except NotUnderstood:
        return None
    if value is None:
        return None
    if way in ("day", "moment"):
        return _when(datetime.fromisoformat(value), now, timed=way == "moment")
    return message("= {amount}", amount=f"{value:,.2f}") if abs(value) >= 1000 else None


def labels_width(labels: Mapping[str, str], width: int) -> int:
    """Return how wide the column of labels is: as wide as the widest, and no wider than two fifths."""
    widest = max((cells(one) for one in labels.values()), default=0)
    return max(6, min(widest + 1, width * 2 // 5))


def foot(
    model: FormModel, name: str | None, filled: Filled, texts: Texts, *, submits: str = "F8"
) -> Line:
    """Return the line below the form: how far one has come, and what helps with the field one is in.

    Where there is no field it says by which key it is done.
    """
    asked = filled.asked
    pieces: list[Piece] = []
    if name in asked.fields:
        at = asked.fields.index(name) + 1
        pieces.append(piece(f" {at}/{len(asked.fields)} ", "info"))
        pieces.append(piece(" " + helped(model, name, texts), "dim"))
    elif not asked.fields:
        pieces.append(piece(" " + texts.say("Nothing to fill in; {key} does it.", key=submits)))
    return line(*pieces)


def folded_away(asked: Asked, texts: Texts) -> str:
    """Return how many fields are folded away, in words; "" where none is."""
    count = len(asked.folded)
    return texts.say("{count} more fields are not needed", count=count) if count else ""


def helped(model: FormModel, name: str, texts: Texts) -> str:
    """Return what helps to fill a field in."""
    field = model.field(name)
    if field.help is not None:
        return field.help.of(texts.lang)
    return texts.text(_HELP.get(model.ways[name], ""))


_HELP: Mapping[str, str] = {
    "day": text("such as 2026-03-02, 3-2, +3d, fri or next mon; F2 opens a calendar"),
    "moment": text("such as 2026-03-02 09:30, +2h, fri 10:00 or 15:30; F2 opens a calendar"),
    "list": text("several, with commas between them"),
    "several": text("Space or typing chooses; once more takes it away"),
    "one": text("Space or typing chooses"),
    "tick": text("Space ticks"),
    "long": text("Enter begins a new line, Tab goes on"),
}


def _when(at: datetime, now: Now, *, timed: bool) -> Message:
    local = now.at.astimezone(now.zone)
    day, weekday = at.date(), WEEKDAYS[at.weekday()]
    if timed and at.tzinfo is not None and at < now.at:
        return message("{weekday} {day}, that is past", weekday=weekday, day=_shown(at, timed))
    ahead = (day - local.date()) // _DAY
    if ahead < 0:
        return message("{weekday} {day}, that is past", weekday=weekday, day=_shown(at, timed))
    return message(
        "{weekday} {day}, {ahead}",
        weekday=weekday,
        day=_shown(at, timed),
        ahead=_ahead(ahead, day),
    )


def _ahead(days: int, day: date) -> Message:
    told: Any = {0: message("today"), 1: message("tomorrow")}.get(days)
    ahead: Message = told or message("in {days} days", days=days)
    return message("{ahead} (weekend)", ahead=ahead) if day.weekday() > 4 else ahead


def _shown(at: datetime, timed: bool) -> str:
    return at.strftime("%m-%d %H:%M") if timed else at.strftime("%Y-%m-%d")
