"""A month to pick a day from: weeks from Monday, the chosen day in brackets, days on which nobody works with a star."""

from calendar import Calendar, monthrange
from collections.abc import Mapping
from datetime import date

from casewright.bilingual import Bilingual
from casewright_tui.lines import Line, Lines, Piece, Tone, piece

DaysOff = Mapping[date, Bilingual | None]
"""The days without work, with the name of the holiday where it is one."""
_WEEK: Mapping[str, tuple[str, ...]] = {
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
    "zh": ("一", "二", "三", "四", "五", "六", "日"),
}
_TODAY = Bilingual(en="today", zh="今天")
_NO_WORK = Bilingual(en="no work", zh="休息")


def month_lines(chosen: date, today: date, off: DaysOff, lang: str) -> Lines:
    """Return the month of the chosen day, and below it what sort of day that is."""
    head = Piece(f" {chosen:%Y-%m}", "title")
    names = Piece(
        "".join(f" {one:>2} " if one.isascii() else f" {one} " for one in _names(lang)), "label"
    )
    weeks = [
        Line(pieces=tuple(_day(one, chosen, today, off) for one in week))
        for week in Calendar().monthdatescalendar(chosen.year, chosen.month)
    ]
    return [
        Line(pieces=(head,)),
        Line(pieces=(names,)),
        *weeks,
        _said(chosen, today, off, lang),
    ]


def stepped(day: date, months: int) -> date:
    """Return the same day some months on or back, or the last one of a month that is shorter."""
    index = min(max(day.year * 12 + day.month - 1 + months, 12), 9999 * 12 + 11)
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _names(lang: str) -> tuple[str, ...]:
    return _WEEK.get(lang, _WEEK["en"])


def _day(day: date, chosen: date, today: date, off: DaysOff) -> Piece:
    if day.month != chosen.month:
        return Piece("    ")
    if day == chosen:
        return Piece(f"[{day.day:2}]", "key")
    tone: Tone = "strong" if day == today else "dim" if day in off else ""
    return Piece(f" {day.day:2}{'*' if day in off else ' '}", tone)


def _said(chosen: date, today: date, off: DaysOff, lang: str) -> Line:
    weekday = _names(lang)[chosen.weekday()]
    said = [f" {chosen.isoformat()} {weekday}"]
    if chosen == today:
        said.append(_TODAY.of(lang))
    if chosen in off:
        said.append(f"* {(off[chosen] or _NO_WORK).of(lang)}")
    return Line(pieces=(piece("  ".join(said), "dim"),))
