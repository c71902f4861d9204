"""The columns of a queue: which there are, which of them fit, and what stands in each; the ticket and its due time are never dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from casewright.answers import QueueRow
from casewright.model import EMPTY
from casewright.swift_dataclass import dataclass
from casewright.telling.kinds import CHANNELS
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Piece, Tone, piece
from casewright_tui.pure import countdown
from casewright_tui.width import cells, fit, fit_right

MARKS = 2
"""Cells before the first column: the cursor's mark, and that of a marked ticket."""
KEY = 10
"""Cells a ticket's key takes at least; wider where there are longer ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a queue. `keep` says how long it is kept where the screen is narrow: 0 always, then 1 before 2.

    `width` is what it takes, and that of a `growing` one what it takes at least.
    """

    name: str
    title: str
    width: int
    keep: int
    growing: bool = False
    right: bool = False


COLUMNS: tuple[Column, ...] = (
    Column(name="ticket", title=text("Ticket"), width=KEY, keep=0),
    Column(name="due", title=text("Due"), width=countdown.WIDTH, keep=0, right=True),
    Column(name="priority", title=text("Pr"), width=2, keep=2),
    Column(name="subject", title=text("Subject"), width=16, keep=1, growing=True),
    Column(name="customer", title=text("Customer"), width=10, keep=5),
    Column(name="state", title=text("State"), width=10, keep=3),
    Column(name="handler", title=text("Handler"), width=8, keep=4),
    Column(name="owner", title=text("Owner"), width=8, keep=9),
    Column(name="opened", title=text("Opened"), width=11, keep=6),
    Column(name="updated", title=text("Changed"), width=11, keep=10),
    Column(name="promise", title=text("Promise"), width=12, keep=11),
    Column(name="channel", title=text("Channel"), width=8, keep=7),
    Column(name="workflow", title=text("Workflow"), width=12, keep=8),
    Column(name="round", title=text("Round"), width=5, keep=12),
)
"""Every column there is, in the order in which they stand unless a view says otherwise."""
BY_NAME: Mapping[str, Column] = {one.name: one for one in COLUMNS}
USUAL = ("ticket", "due", "priority", "subject", "customer", "state", "handler", "opened")
"""The columns of a view that names none."""
PRIORITIES: Mapping[str, tuple[str, str, Tone]] = {
    "urgent": ("!!", "急", "bad"),
    "high": ("!", "高", "warn"),
    "normal": ("-", "中", "dim"),
    "low": ("_", "低", "dim"),
}
"""What stands for a priority in two cells, in English and in Chinese."""

Laid = Sequence[tuple[Column, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What rows are shown with: the language, who looks, what people and workflows are called, the characters of the look."""

    texts: Texts
    me: str = ""
    names: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    workflows: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    chosen: str = "▶"
    marked: str = "●"
    paused: str = "‖"
    warned: str = "!"


def laid_out(names: Sequence[str], width: int, *, key: int = KEY) -> Laid:
    """Return the columns that fit in `width` cells, each with its own; `key` is how wide the widest ticket key is."""
    wanted = [BY_NAME[name] for name in ("ticket", "due") if name not in names]
    wanted += [BY_NAME[name] for name in names if name in BY_NAME]
    kept: set[str] = set()
    left = width - MARKS
    for one in sorted(wanted, key=lambda one: one.keep):
        needed = max(one.width, key) if one.name == "ticket" else one.width
        if needed + 1 <= left or one.keep == 0:
            kept.add(one.name)
            left -= needed + 1
    growing = [one for one in wanted if one.name in kept and one.growing]
    return [
        (
            one,
            max(one.width, key if one.name == "ticket" else 0)
            + (max(0, left) if growing and one is growing[0] else 0),
        )
        for one in wanted
        if one.name in kept
    ]


def header(laid: Laid, texts: Texts, *, order: str = "", descending: bool = False) -> Line:
    """Return the titles of the columns; the one by which is ordered says so."""
    pieces = [Piece(" " * MARKS)]
    for column, width in laid:
        title = texts.text(column.title)
        if column.name == order:
            title += " v" if descending else " ^"
        pieces.append(Piece((fit_right if column.right else fit)(title, width) + " "))
    return Line(pieces=tuple(pieces))


def row_line(
    row: QueueRow,
    laid: Laid,
    showing: Showing,
    due: tuple[str, Tone],
    *,
    chosen: bool,
    marked: bool,
) -> Line:
    """Return a row as a line; `due` is what its due cell shows now."""
    sign = (showing.chosen if chosen else " ") + (showing.marked if marked else " ")
    pieces = [Piece(sign, "key")]
    for column, width in laid:
        cell = Piece(*due) if column.name == "due" else _cell(row, column.name, showing)
        filled = (fit_right if column.right else fit)(cell.text, width)
        pieces.append(Piece(filled + " ", cell.tone))
    return Line(pieces=tuple(pieces))


def due_cells(laid: Laid) -> tuple[int, int]:
    """Return where the due cell begins and how wide it is."""
    begin = MARKS
    for column, width in laid:
        if column.name == "due":
            return begin, width
        begin += width + 1
    return begin, 0


def due_piece(laid: Laid, due: tuple[str, Tone]) -> tuple[int, Piece]:
    """Return which piece of a row's line the due cell is, and what it is now."""
    found = ((at, width) for at, (column, width) in enumerate(laid, 1) if column.name == "due")
    place, width = next(found)
    return place, Piece(fit_right(due[0], width) + " ", due[1])


def widest_key(rows: Sequence[QueueRow], least: int = KEY) -> int:
    """Return how many cells the widest ticket key takes."""
    return max((cells(row.key) for row in rows), default=least)


def _cell(row: QueueRow, column: str, showing: Showing) -> Piece:
    lang, texts = showing.texts.lang, showing.texts
    match column:
        case "ticket":
            return piece(row.key, "strong")
        case "priority":
            return _priority(row.priority, lang)
        case "subject":
            return piece(row.subject)
        case "customer":
            return piece(row.customer)
        case "state":
            return piece(row.title.of(lang))
        case "handler":
            return _person(row.handler, showing)
        case "owner":
            return _person(row.owner, showing)
        case "opened":
            return piece(_moment(row.opened_at, texts), "dim")
        case "updated":
            return piece(_moment(row.updated_at, texts), "dim")
        case "promise":
            return piece(row.promise.of(lang) if row.promise else "", "dim")
        case "channel":
            return piece(texts.text(CHANNELS.get(row.channel, row.channel)), "dim")
        case "workflow":
            return piece(showing.workflows.get(row.workflow, row.workflow), "dim")
        case _:
            return piece(str(row.round) if row.round > 1 else "", "dim")


def _priority(priority: str, lang: str) -> Piece:
    english, chinese, tone = PRIORITIES.get(priority, (priority, priority, ""))
    return piece(chinese if lang == "zh" else english, tone)


def _person(name: str | None, showing: Showing) -> Piece:
    if not name:
        return Piece(showing.texts.text("nobody"), "dim")
    if name == showing.me:
        return Piece(showing.texts.text("me"), "info")
    return piece(showing.names.get(name, name))


def _moment(moment: datetime, texts: Texts) -> str:
    return moment.astimezone(texts.timezone).strftime("%m-%d %H:%M")


def note(text: str, width: int) -> Line:
    """Return a line that says something where a row would stand."""
    return Line(pieces=(Piece(" " * MARKS), piece(text, "dim"))).filled(width)
