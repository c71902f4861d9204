"""The account of a promise in words: each interval, why it counted or did not, whose it was, and the sums."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from casewright.model import Ticket
from casewright.telling.clocks import moved_words, share_words, stands
from casewright.telling.kinds import STRETCHES
from casewright.telling.names import Names
from casewright.telling.time_words import holder, hours, length, rest, short
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.sla.explain import Interval
    from casewright.sla.standing import Account, Move, Standing

COLUMNS = (text("from"), text("to"), text("counted"), text("so far"), text("why"))
SCREEN, BOOK = 20, 200
"""From so many intervals on, those of a day are told as one, and those of a month; unless all are asked for."""
_NOTHING, _SECOND = timedelta(), timedelta(seconds=1)
_IDLE = ("closed", "break")
"""Goes without saying in a line that tells of a whole day."""
_DAY, _YEAR = len("2026-03-02 "), len("2026-")
_DAILY, _MONTHLY = "%Y-%m-%d", "%Y-%m"


class Row(NamedTuple):
    """A line of the ledger: an interval, or all of a day or month in the same hands."""

    start: datetime
    end: datetime
    counted: timedelta
    total: timedelta
    why: str


class Telling:
    """Turns an account into rows, and notes between them."""

    def __init__(
        self, names: Names, texts: Texts, ticket: Ticket, account: "Account", *, every: bool
    ) -> None:
        self._names, self.texts, self._ticket = names, texts, ticket
        self._account = account
        count = len(account.intervals) + len(account.ahead)
        self._folded = "" if every or count < SCREEN else _DAILY if count < BOOK else _MONTHLY

    def entries(self) -> "Iterator[Row | str]":
        """Yield a row for each interval, or for all of a day or month; between them who held the ticket, and what moved it."""
        account, due = self._account, self._account.standing.clock.due_at
        moves = list(account.moves)
        calendar = ""
        for _, group in groupby(account.intervals, key=_hands):
            found = list(group)
            yield from self._moved(moves, found[0].start)
            if calendar and found[0].calendar != calendar:
                yield self.texts.text("From here on another version of the calendar counts.")
            calendar = found[0].calendar
            yield self._held(found[0])
            for row, last in self._rows(found):
                yield from self._moved(moves, row.start)
                yield row
                if last.end == due:
                    yield self._due(last.total)
            yield from self._said(found[0])
        yield from self._moved(moves, None)
        if account.ahead:
            yield self.texts.text("Still to come, if it goes on as it stands:")
            yield from (row for row, _ in self._rows(account.ahead))
            yield self._due(account.ahead[-1].total)

    def _rows(self, found: "Sequence[Interval]") -> "Iterator[tuple[Row, Interval]]":
        for _, group in groupby(enumerate(found), key=self._together):
            parts = [one for _, one in group]
            counted = sum((one.length for one in parts if one.counted), _NOTHING)
            telling = [one for one in parts if one.counted or one.why not in _IDLE] or parts
            reasons = dict.fromkeys(self._why(one) for one in telling)
            row = Row(
                start=parts[0].start,
                end=parts[-1].end,
                counted=counted,
                total=parts[-1].total,
                why=self.texts.listing(reasons),
            )
            yield row, parts[-1]

    def _together(self, numbered: "tuple[int, Interval]") -> object:
        """Return what the intervals of one row have in common: the day or month, and the side of the due time."""
        number, one = numbered
        due = self._account.standing.clock.due_at
        if not self._folded:
            return number
        period = one.start.astimezone(self.texts.timezone).strftime(self._folded)
        return period, due is not None and one.start < due

    def _held(self, one: "Interval") -> str:
        name = holder(self._names, self.texts, one.holder)
        if one.why == "ended":
            return self.texts.text("The ticket was closed")
        template = text("With {name}, in '{state}'")
        if one.why == "paused":
            template = text("Waited for {name}, in '{state}' since {person} brought it there")
        return self.texts.say(
            template,
            name=name,
            state=self._names.state(self._ticket, one.state),
            person=self._names.calls(one.by),
        )

    def _said(self, one: "Interval") -> Iterator[str]:
        said = self._account.said.get(one.since) if one.why == "paused" else None
        if said is None:
            return
        if said.reason:
            yield self.texts.say("because: {reason}", reason=said.reason)
        for name, value in said.fields.items():
            field = self._names.field(self._ticket, name)
            shown_value = self._names.value(field, value)
            title = self._names.words(field.title) if field else name
            yield self.texts.say("{field}: {value}", field=title, value=shown_value)

    def _moved(self, moves: "list[Move]", until: datetime | None) -> Iterator[str]:
        while moves and (until is None or moves[0].at <= until):
            move = moves.pop(0)
            words = moved_words(self.texts, was=move.was, due=move.due, cause=move.cause)
            yield self.texts.say("{at}: {words}", at=move.at, words=words)

    def _due(self, total: timedelta) -> str:
        return self.texts.say("Due here, after {total}", total=length(self.texts, total))

    def _why(self, one: "Interval") -> str:
        said = self.texts.text(_REASONS[one.why])
        if one.name is None:
            return said
        return self.texts.say("{reason}: {name}", reason=said, name=one.name)


def cells(texts: Texts, row: Row) -> tuple[str, ...]:
    """Return a row as it is shown: from, to, what it counts, what has counted so far, and why."""
    start, end = (one.astimezone(texts.timezone) for one in (row.start, row.end))
    known = _DAY if start.date() == end.date() else _YEAR if start.year == end.year else 0
    return (
        short(start),
        short(end)[known:],
        _counted(row) if row.counted else "-",
        hours(row.total),
        row.why,
    )


def _counted(row: Row) -> str:
    """Return what a row counts so that the column sums up, though each is shown to the second."""
    before = (row.total - row.counted) // _SECOND
    return hours((row.total // _SECOND - before) * _SECOND)


def sums(names: Names, texts: Texts, account: "Account") -> Iterator[str]:
    """Yield what it comes to: how much counted, how much is left, and whose time it was."""
    one = account.standing
    at, consumed = account.at, length(texts, one.consumed)
    if one.clock.ended_at is not None:
        yield texts.say("Counted until it ended: {consumed}", consumed=consumed)
    else:
        yield texts.say("Counted until {at}: {consumed}", at=at, consumed=consumed)
    goal, left = one.clock.goal, one.remaining
    if goal is not None and left is not None:
        template = _sum_template(one, left)
        yield texts.say(
            template,
            consumed=consumed,
            left=rest(texts, left),
            goal=length(texts, goal),
        )
    if account.shares:
        words = [share_words(names, texts, share) for share in account.shares]
        yield texts.say("Whose time: {shares}", shares=words)
    for run in account.runs:
        number, standing = run.clock.run, stands(texts, run)
        yield texts.say("Run {number}: {standing}", number=number, standing=standing)


def _sum_template(one: "Standing", left: timedelta) -> str:
    if left < _NOTHING:
        return text("{consumed} - {left} overdue = {goal}, the time promised")
    if one.clock.open:
        return text("{consumed} + {left} still to come = {goal}, the time promised")
    return text("{consumed} + {left} not needed = {goal}, the time promised")


def _hands(one: "Interval") -> tuple[datetime, bool]:
    return one.since, one.why in ("paused", "ended")


_REASONS = {
    **STRETCHES,
    "paused": text("the clock stood still"),
    "ended": text("closed, until it was reopened"),
}
