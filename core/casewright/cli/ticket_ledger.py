"""The account of a promise as the command line sets it: a table, with who held the ticket between its rows, and the sums."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from casewright.cli.answer import Heading
from casewright.cli.output import columns_here, table, width, wrap
from casewright.cli.reading import Reader
from casewright.model import Ticket
from casewright.telling.account import COLUMNS, Row, Telling, cells, sums
from casewright.telling.clocks import stands
from casewright.telling.time_words import times_in
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.sla.standing import Account

_NARROWEST = 24


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
    for line in sums(reader, texts, account):
        yield from wrapped(line)


def _table(
    reader: Reader, texts: Texts, ticket: Ticket, account: "Account", *, every: bool
) -> Iterator[str]:
    """Yield the rows as one table; between them stands who held the ticket, and what moved the due time."""
    told = Telling(reader, texts, ticket, account, every=every)
    entries = list(told.entries())
    rows = [cells(texts, one) for one in entries if isinstance(one, Row)]
    if not rows:
        yield texts.text("Nothing has passed yet.")
        return
    heading, *lines = table([texts.text(one) for one in COLUMNS], rows)
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
