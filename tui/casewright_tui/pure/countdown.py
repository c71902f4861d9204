"""How long a ticket still has, in a few cells: seconds only in the last hour, a sign where it is late, a mark where it is near."""

from collections.abc import Mapping
from datetime import datetime

from casewright.answers import QueueRow
from casewright_tui.lines import Tone

WIDTH = 9
NEAR = 15 * 60
HOUR = 3600
_UNITS: Mapping[str, tuple[str, str, str]] = {"en": ("d", "h", "m"), "zh": ("天", "时", "分")}
_PAUSED: Mapping[str, str] = {"en": "paused", "zh": "暂停"}


def left(
    row: QueueRow, now: datetime, lang: str, *, paused: str = "‖", warned: str = "!"
) -> tuple[str, Tone]:
    """Return what a row's due cell shows at `now`: `-19:59`, `!09:10`, `3h05m`, `2d04h`, `‖ paused`, or nothing."""
    if row.closed_at is not None:
        return "", ""
    if row.due_at is None:
        return (f"{paused} {_PAUSED[lang]}", "dim") if row.paused else ("", "")
    seconds = int((row.due_at - now).total_seconds() // 1)
    if seconds < 0:
        return "-" + span(-seconds, lang), "bad"
    if seconds < NEAR:
        return warned + span(seconds, lang), "warn"
    return span(seconds, lang), "warn" if seconds < HOUR else "good"


def span(seconds: int, lang: str) -> str:
    """Return a length of time, to the second below an hour, to the minute below a day, then to the hour."""
    day, hour, minute = _UNITS[lang]
    if seconds < HOUR:
        return f"{seconds // 60:02}:{seconds % 60:02}"
    if seconds < 24 * HOUR:
        return f"{seconds // HOUR}{hour}{seconds % HOUR // 60:02}{minute}"
    days, rest = divmod(seconds, 24 * HOUR)
    return f"{days}{day}{rest // HOUR:02}{hour}" if days < 100 else f"{days}{day}"
