"""Why a promise is due when it is, as a place shows it: a row for each interval, who held the ticket between, and the sums."""

from collections.abc import Sequence

from casewright.model import Ticket
from casewright.sla.standing import Account
from casewright.telling.account import COLUMNS, Row, Telling, sums
from casewright.telling.account import cells as cells_of
from casewright.telling.clocks import stands
from casewright.telling.names import Names
from casewright.telling.time_words import times_in
from casewright_tui.lines import Line, Piece, Tone, line, paragraph, piece
from casewright_tui.width import cells, clean, fit, wrapped

GAP = 2


def account_lines(
    names: Names, ticket: Ticket, account: Account, width: int, *, every: bool = False
) -> list[Line]:
    """Return the account of one promise; `every` interval, or a line a day or month where they are many."""
    texts, one = names.texts, account.standing
    title = names.words(one.title)
    said = texts.say("{title}: {standing}", title=title, standing=stands(texts, one))
    run = texts.say(
        "Run {number}; times in {zone}, lengths in hours and minutes.",
        number=one.clock.run, zone=times_in(texts),
    )  # fmt: skip
    lines = [*paragraph(said, width, "title"), *paragraph(run, width, "dim"), Line()]
    lines += _table(names, ticket, account, width, every=every)
    lines.append(Line())
    for summed in sums(names, texts, account):
        lines += paragraph(summed, width)
    return lines


def accounts_lines(
    names: Names,
    ticket: Ticket,
    accounts: Sequence[Account],
    width: int,
    *,
    every: bool = False,
) -> list[Line]:
    """Return the accounts of promises, one after the other."""
    lines: list[Line] = []
    for one in accounts:
        lines += [
            *([Line(), Line()] if lines else []),
            *account_lines(names, ticket, one, width, every=every),
        ]
    return lines or [line(piece(names.texts.text("No promise runs on this ticket."), "dim"))]


def _table(
    names: Names, ticket: Ticket, account: Account, width: int, *, every: bool
) -> list[Line]:
    texts = names.texts
    entries = list(Telling(names, texts, ticket, account, every=every).entries())
    rows = [cells_of(texts, one) for one in entries if isinstance(one, Row)]
    if not rows:
        return [line(piece(texts.text("Nothing has passed yet."), "dim"))]
    titles = [texts.text(one) for one in COLUMNS]
    widths = [max(cells(row[at]) for row in (titles, *rows)) for at in range(4)]
    widths.append(max(8, width - sum(widths) - 4 * GAP))
    lines = _row(titles, widths, heading=True)
    for one in entries:
        if isinstance(one, Row):
            lines += _row(cells_of(texts, one), widths)
        else:
            lines += paragraph(one, width, "info", indent=2)
    return lines


def _row(shown: Sequence[str], widths: Sequence[int], *, heading: bool = False) -> list[Line]:
    *fixed, why = shown
    first, *others = list(wrapped(clean(why), widths[-1])) or [""]
    head = "".join(
        fit(one, width) + " " * GAP for one, width in zip(fixed, widths, strict=False)
    )
    under = Piece(" " * (sum(widths[:-1]) + 4 * GAP))
    tone: Tone = "label" if heading else "" if fixed[2] != "-" else "dim"
    return [
        line(
            piece(head, tone),
            piece(first, tone),
        ),
        *(line(under, piece(one, "dim")) for one in others),
    ]
