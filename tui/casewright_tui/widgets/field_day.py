"""A day, or a day and a time: typed as any line is, or picked from a calendar that F2 opens below it."""

from collections.abc import Callable
from datetime import date, timedelta

from textual import events

from casewright_tui.lines import Lines
from casewright_tui.look import Look
from casewright_tui.pure.dates import read_day, read_moment
from casewright_tui.pure.entries import Now
from casewright_tui.pure.month import DaysOff, month_lines, stepped
from casewright_tui.widgets.field_control import Edited, Relined
from casewright_tui.widgets.field_line import FieldLine

BEGINS = "09:00"
"""The time that a day stands for where none is typed."""
_STEPS = {"left": -1, "right": 1, "up": -7, "down": 7}
_MONTHS = {"pageup": -1, "pagedown": 1}
_LATEST, _EARLIEST = date(9999, 1, 1), date(1, 2, 1)


class FieldDay(FieldLine):
    """Holds what is typed; while the calendar is open, keys move in it."""

    def __init__(self, now: Callable[[], Now], lang: str, *, timed: bool) -> None:
        super().__init__()
        self._now, self._lang, self._timed = now, lang, timed
        self._off: DaysOff = {}
        self._at: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether the calendar stands below."""
        return self._at is not None

    def mark_days_off(self, off: DaysOff) -> None:
        """Mark these days as ones on which nobody works."""
        self._off = off
        self.post_message(Relined(self))

    def dressed(self, look: Look, lang: str) -> None:
        """Name the days in another language."""
        self._lang = lang

    def below(self, width: int) -> Lines:
        """Return the month of the day one is at."""
        if self._at is None:
            return ()
        return month_lines(self._at, self._today, self._off, self._lang)

    async def _on_key(self, event: events.Key) -> None:
        """Open the calendar, move in it and take from it; all else is typed, and closes it."""
        if self._at is None and event.key == "f2":
            self._show(self._meant or self._today)
        elif self._at is None or not self._steered(self._at, event.key):
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()

    def _steered(self, at: date, key: str) -> bool:
        """Do what a key means in the calendar; return whether that was all."""
        if key in _STEPS:
            if _EARLIEST < at < _LATEST:
                self._show(at + timedelta(days=_STEPS[key]))
        elif key in _MONTHS:
            self._show(stepped(at, _MONTHS[key]))
        elif key == "home":
            self._show(self._today)
        elif key in ("escape", "f2"):
            self._show(None)
        else:
            # The choice is made, and Enter goes on as in any field.
            if key == "enter":
                self._take(at)
            self._show(None)
            return False
        return True

    def on_blur(self) -> None:
        """Close the calendar: nothing was taken."""
        if self.is_open:
            self._show(None)

    def _show(self, at: date | None) -> None:
        self._at = at
        self.post_message(Relined(self))

    def _take(self, day: date) -> None:
        self.write(f"{day.isoformat()} {self._time}" if self._timed else day.isoformat())
        self.post_message(Edited(self))

    @property
    def _time(self) -> str:
        """The time that was typed, else the one at which a day begins."""
        now = self._now()
        typed = read_moment(self.value, now.at, now.zone) if self.value.strip() else None
        return BEGINS if typed is None else f"{typed.astimezone(now.zone):%H:%M}"

    @property
    def _meant(self) -> date | None:
        now = self._now()
        if not self._timed:
            return read_day(self.value, now.at, now.zone)
        moment = read_moment(self.value, now.at, now.zone)
        return None if moment is None else moment.astimezone(now.zone).date()

    @property
    def _today(self) -> date:
        now = self._now()
        return now.at.astimezone(now.zone).date()
