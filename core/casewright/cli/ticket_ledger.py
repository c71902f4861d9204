"""The account of a promise as it reads: each interval, why it counted or did not, whose it was, and the sums."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from casewright.cli.answer import Heading
from casewright.cli.calendar_ledger import REASONS
from casewright.cli.output import columns_here, table, width, wrap
from casewright.cli.reading import Reader
from casewright.cli.ticket_clocks import (
    CAUSES,
    share_words,
    stands,
)
from casewright.cli.time_words import holder, hours, length, rest, short, times_in
from casewright.model import Ticket
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.sla.explain import Interval
    from casewright.sla.standing import Account, Move, Standing

_TITLES = (text("from"), text("to"), text("counted"), text("so far"), text("why"))
_NOTHING, _SECOND = timedelta(), timedelta(seconds=1)
_NARROWEST = 24
_IDLE = ("closed", "break")
"""Goes without saying in a line that tells of a whole day."""
_DAY, _YEAR = len("2026-03-02 "), len("2026-")
SCREEN, BOOK = 20, 200
"""From so many intervals on, those of a day are told as one, and those of a month; unless all are asked for."""

_DAILY, _MONTHLY = "%Y-%m-%d", "%Y-%m"


class Row(NamedTuple):
    """A line of the ledger: an interval, or all of a day or month in the same hands."""

    start: datetime
    end: datetime
    counted: timedelta
    total: timedelta
    why: str


def account_lines(
    reader: Reader, texts: Texts, ticket: Ticket, account: "Account", *, every: bool
) -> Iterator[str]:
    """Yield the whole account of one promise; `every` interval, or a line a day or month where they are many."""
    one = account.standing
    title = reader.words(one.title)
    first, *others = wrapped(
        texts.say("{title}: {standing}", title=title, standing=stands(texts, one))
    )
    yield Heading(first)
    yield from others
    template = text("Run {number}; times in {zone}, lengths in hours and minutes.")
    yield from wrapped(texts.say(template, number=one.clock.run, zone=times_in(texts)))
    yield ""
    yield from _table(reader, texts, ticket, account, every=every)
    yield ""
    for line in _sums(reader, texts, account):
        yield from wrapped(line)


def _table(
    reader: Reader, texts: Texts, ticket: Ticket, account: "Account", *, every: bool
) -> Iterator[str]:
    """Yield the rows as one table; between them stands who held the ticket, and what moved the due time."""
    told = _Telling(reader, texts, ticket, account, every=every)
    entries = list(told.entries())
    rows = [_cells(texts, one) for one in entries if isinstance(one, Row)]
    if not rows:
        yield texts.text("Nothing has passed yet.")
        return
    heading, *lines = table([texts.text(one) for one in _TITLES], rows)
    yield heading
    left = iter(lines)
    for one in entries:
        yield from (next(left),) if isinstance(one, Row) else wrapped(f"- {one}")


def wrapped(line: str) -> list[str]:
    """Return a line as the terminal has room for it, what goes on set in."""
    here = columns_here()
    if here is None or width(line) <= here:
        return [line]
    first, *others = wrap(line, max(here - 2, _NARROWEST))
    return [first, *(f"  {one}" for one in others)]


class _Telling:
    """Turns an account into rows, and notes between them."""

    def __init__(
        self, reader: Reader, texts: Texts, ticket: Ticket, account: "Account", *, every: bool
    ) -> None:
        self._reader, self.texts, self._ticket = reader, texts, ticket
        self._account = account
        count = len(account.intervals) + len(account.ahead)
        self._folded = "" if every or count < SCREEN else _DAILY if count < BOOK else _MONTHLY

    def entries(self) -> "Iterator[Row | str]":
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
        name = holder(self._reader, self.texts, one.holder)
        if one.why == "ended":
            return self.texts.text("The ticket was closed")
        template = text("With {name}, in '{state}'")
        if one.why == "paused":
            template = text("Waited for {name}, in '{state}' since {person} brought it there")
        return self.texts.say(
            template,
            name=name,
            state=self._reader.state(self._ticket, one.state),
            person=self._reader.calls(one.by),
        )

    def _said(self, one: "Interval") -> Iterator[str]:
        said = self._account.said.get(one.since) if one.why == "paused" else None
        if said is None:
            return
        if said.reason:
            yield self.texts.say("because: {reason}", reason=said.reason)
        for name, value in said.fields.items():
            field = self._reader.field(self._ticket, name)
            shown_value = self._reader.value(field, value)
            title = self._reader.words(field.title) if field else name
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


def moved_words(
    texts: Texts,
    *,
    was: datetime | None,
    due: datetime | None,
    cause: str,
) -> str:
    """Return how a due time moved, and why."""
    open_end = texts.text("none")
    return texts.say(
        "due time moved from {was} to {due} ({cause})",
        was=was or open_end,
        due=due or open_end,
        cause=texts.text(CAUSES.get(cause, cause)),
    )


def _hands(one: "Interval") -> tuple[datetime, bool]:
    return one.since, one.why in ("paused", "ended")


def _cells(texts: Texts, row: Row) -> tuple[str, ...]:
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


def _sums(reader: Reader, texts: Texts, account: "Account") -> Iterator[str]:
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
        words = [share_words(reader, texts, share) for share in account.shares]
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


_REASONS = {
    **REASONS,
    "paused": text("the clock stood still"),
    "ended": text("closed, until it was reopened"),
}
