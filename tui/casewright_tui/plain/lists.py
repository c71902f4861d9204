"""Lists of tickets in the plain mode: a view or a search, a page at a time, each row with a number to open it by."""

from collections.abc import Callable, Mapping
from typing import Any

from casewright.answers import QueuePage, QueueRow
from casewright.queries import ListQueue
from casewright_tui.plain.reading import row
from casewright_tui.plain.seat import Seat, at_once
from casewright_tui.plain.speech import Speech, numbered

PAGE = 10
SOON = 4 * 3600


class Lists:
    """The list that was read out last, and how it goes on."""

    def __init__(self, seat: Seat, speech: Speech) -> None:
        self._seat, self._speech = seat, speech
        self._asked: Mapping[str, Any] = {}
        self._before = 0
        self.rows: list[QueueRow] = []
        self._goes_on = False

    def view(self, name: str) -> Callable[[str], None]:
        """Return what reads a view out."""

        def read(rest: str) -> None:
            self._begin(**self._wanted(name))

        return read

    def search(self, words: str) -> None:
        """Read out what fits some words, closed tickets too."""
        if words:
            self._begin(text=words, open=None, order="updated", descending=True)
        else:
            self._speech.say(self._seat.texts.text("Say what to look for."))

    def more(self, rest: str) -> None:
        """Read the next page out."""
        if self._goes_on:
            self._before += len(self.rows)
            self._read(after=self.rows[-1].position)
        else:
            self._speech.say(self._seat.texts.text("That was all."))

    def numbered_row(self, written: str) -> QueueRow | None:
        """Return the row with a number of what was read out, if it is one."""
        if not (written.isascii() and written.isdigit()):
            return None
        place = int(written[:9]) - self._before - 1
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def following(self, key: str) -> QueueRow | None:
        """Return the row after a ticket in the list, the first one where it is not in it."""
        keys = [one.key for one in self.rows]
        place = keys.index(key) + 1 if key in keys else 0
        return self.rows[place] if place < len(self.rows) else None

    def _wanted(self, name: str) -> Mapping[str, Any]:
        me = self._seat.me.person
        views: Mapping[str, Mapping[str, Any]] = {
            "list": {"handler": me.name},
            "team": {"team": me.team or ""},
            "all": {},
            "due": {"due_within": SOON},
            "free": {"handler": ""},
        }
        return views[name]

    def _begin(self, **asked: Any) -> None:
        self._asked, self._before = asked, 0
        self._read()

    def _read(self, **place: Any) -> None:
        query = ListQueue(actor=self._seat.actor, limit=PAGE, **self._asked, **place)
        page: QueuePage = self._seat.ask(query)
        self.rows, self._goes_on = list(page.rows), page.later
        texts, found = self._seat.texts, at_once(self._seat.site.people(self._seat.actor))
        people = {one.name: one.zh if texts.lang == "zh" else one.en for one in found.values()}
        lines = numbered(row(self._seat, one, people=people) for one in page.rows)
        if self._before:
            lines = [
                f"{self._before + number}. {one.partition('. ')[2]}"
                for number, one in enumerate(lines, start=1)
            ]
        self._speech.say(*lines or [texts.text("No ticket is there.")])
        if page.later:
            self._speech.say(texts.text("There are more: `more` reads them."))
