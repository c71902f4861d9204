"""The wallboard: how the service stands, as lines, with what of it can be gone into: each a part of a line and a queue behind it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta

from casewright.answers import PersonLoad, Wallboard
from casewright.model import EMPTY
from casewright.queries import Queue
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Piece, Tone, piece
from casewright_tui.look import UNICODE, Glyphs
from casewright_tui.pure import charts
from casewright_tui.pure.charts import Bar
from casewright_tui.width import fit

TILES = 7
COLUMNS = 5
"""Lines that the chart of what is due is high."""
TWO, THREE = 100, 160
"""Cells from which on there are two, and three, blocks side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A part of the board that can be gone into: where it stands, what it is called, and the queue behind it."""

    id: str
    row: int
    left: int
    width: int
    title: str
    queue: Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board as lines of one width, and what can be gone into, from top to bottom."""

    lines: tuple[Line, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the board is told with: who looks, texts, names of people and titles of workflows, the characters of the look."""

    actor: str
    texts: Texts
    people: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    workflows: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    workflow: str | None = None
    glyphs: Glyphs = UNICODE
    hours: int = 4


def board(shown: Wallboard, around: Around, width: int) -> Board:
    """Return the board in so many cells: tiles on top, the blocks below in one, two or three columns."""
    beside = 3 if width >= THREE else 2 if width >= TWO else 1
    each = (width - (beside - 1) * 2) // beside
    blocks = [_due(shown, around, each), _states(shown, around, each), _people(shown, around, each),
              _ages(shown, around, each), _promises(shown, around, each)]  # fmt: skip
    order = {1: ((0, 1, 3, 2, 4),), 2: ((0, 2, 4), (1, 3)), 3: ((0, 4), (1, 3), (2,))}[beside]
    stacks = [_stacked([blocks[index] for index in stack]) for stack in order]
    whole = _stacked([_tiles(shown, around, width), _beside(stacks, each, width)])
    return Board(lines=tuple(one.filled(width) for one in whole.lines), targets=whole.targets)


def kept(shown: Wallboard) -> int | None:
    """Return how many of the promises that ended today were kept, in hundredths; None where none ended."""
    ended = sum(one.ended for one in shown.promises)
    return sum(one.met for one in shown.promises) * 100 // ended if ended else None


# --- the blocks ----------------------------------------------------------------------------------


def _tiles(shown: Wallboard, around: Around, width: int) -> Board:
    share = kept(shown)
    soon = sum(one.tickets for one in shown.due)
    day = _since_midnight(shown.at, around.texts)
    said: list[tuple[str, str, Tone, dict[str, object] | None]] = [
        (text("open"), str(shown.open), "strong", {}),
        (text("overdue"), str(shown.overdue), "bad" if shown.overdue else "good", {"due_within": 0}),
        (text("nobody's"), str(shown.unassigned), "warn" if shown.unassigned else "good", {"handler": ""}),
        (text("due soon"), str(soon), "warn" if soon else "good", {"due_within": around.hours * 3600}),
        (text("new today"), str(shown.opened_today), "strong", {"open": None, "younger_than": day}),
        (text("done today"), str(shown.closed_today), "strong", {"open": False, "order": "updated", "descending": True}),
        (text("in time"), "-" if share is None else f"{share} %", "good" if (share or 100) >= 95 else "warn", None),
    ]  # fmt: skip
    each = width // TILES
    numbers = Line(
        pieces=tuple(Piece(fit(f" {value}", each), tone) for _, value, tone, _ in said)
    )
    titles = Line(
        pieces=tuple(
            piece(fit(f" {around.texts.text(title)}", each), "label") for title, *_ in said
        )
    )
    targets = tuple(
        _target(
            f"tile-{index}", 0, around.texts.text(title), around, each * index, each, **more
        )
        for index, (title, _, _, more) in enumerate(said)
        if more is not None
    )
    return Board(lines=(numbers, titles), targets=targets)


def _due(shown: Wallboard, around: Around, width: int) -> Board:
    texts = around.texts
    names = [f"{one.at.astimezone(texts.timezone):%H:%M}" for one in shown.due]
    values = [one.tickets for one in shown.due]
    drawn = charts.columns(values, width, COLUMNS, glyphs=around.glyphs, tone="warn")
    each = charts.column_width(len(values), width)
    targets = tuple(
        _target(
            f"due-{index}", COLUMNS, texts.say("due until {time}", time=_end(one.at, texts)), around,
            charts.SCALE + each * index, each,
            due_within=max(1, int((one.at + _QUARTER - shown.at).total_seconds())),
        )
        for index, one in enumerate(shown.due)
        if one.tickets
    )  # fmt: skip
    lines = [_heading(texts.say("Due in the next {hours} hours", hours=around.hours)), *drawn]
    if shown.due:
        lines.append(charts.labels(names, len(values), width))
    return Board(lines=tuple(lines), targets=targets)


def _states(shown: Wallboard, around: Around, width: int) -> Board:
    rows = sorted(
        (one for one in shown.states if not one.final and one.tickets),
        key=lambda one: -one.tickets,
    )
    several = len({one.workflow for one in rows}) > 1
    items, targets = [], []
    for index, one in enumerate(rows):
        title = one.title.of(around.texts.lang)
        workflow = around.workflows.get(one.workflow, one.workflow)
        label = f"{title} · {workflow}" if several else title
        items.append(Bar(label=label, value=one.tickets))
        targets.append(
            _target(f"state-{one.workflow}-{one.state}", index + 1, label, around, 0, width,
                    workflow=one.workflow, state=one.state)
        )  # fmt: skip
    return _bars(text("Open work by state"), items, targets, around, width)


def _ages(shown: Wallboard, around: Around, width: int) -> Board:
    bands: dict[tuple[int, int | None], int] = defaultdict(int)
    for one in shown.ages:
        bands[one.older_than, one.younger_than] += one.tickets
    items, targets = [], []
    for index, ((older, younger), count) in enumerate(
        sorted(bands.items(), key=lambda one: one[0][0])
    ):
        label = _age(older, younger, around.texts)
        items.append(Bar(label=label, value=count))
        targets.append(
            _target(f"age-{older}", index + 1, label, around, 0, width,
                    older_than=older or None, younger_than=younger)
        )  # fmt: skip
    return _bars(text("Open work by age"), items, targets, around, width)


def _people(shown: Wallboard, around: Around, width: int) -> Board:
    present = [one for one in shown.people if one.signed_in or one.open]
    ranked = sorted(present, key=lambda one: (not one.signed_in, one.away, one.open, one.name))
    known = presence_is_known(shown.people)
    items, targets = [], []
    for index, one in enumerate(ranked):
        name = around.people.get(one.name, one.name)
        late = f" -{one.overdue}" if one.overdue else ""
        items.append(
            Bar(label=f"{name} {standing(one, around.texts, known=known)}", value=one.open, said=f"{one.open}{late}",
                tone="bad" if one.overdue else "bar")
        )  # fmt: skip
        targets.append(
            _target(f"person-{one.name}", index + 1, name, around, 0, width, handler=one.name)
        )
    return _bars(text("Who is there, the freest first"), items, targets, around, width)


def _promises(shown: Wallboard, around: Around, width: int) -> Board:
    items = [
        Bar(
            label=one.title.of(around.texts.lang), value=one.met / one.ended if one.ended else 0,
            said=f"{one.met}/{one.ended}", tone="good" if one.met == one.ended else "warn",
        )
        for one in shown.promises
        if one.ended
    ]  # fmt: skip
    return _bars(text("Promises kept today"), items, [], around, width, most=1)


def presence_is_known(people: Iterable[PersonLoad]) -> bool:
    """Return whether it can be told who is there: where people are taken at their word, nobody has a session."""
    return any(one.signed_in for one in people)


def standing(one: PersonLoad, texts: Texts, *, known: bool) -> str:
    """Return in a word whether somebody is there, nothing for who is not; where nobody signs in at all, it is not known who is."""
    if one.away:
        return texts.text("(away)")
    if known and not one.signed_in:
        return ""
    if not one.open:
        return texts.text("(free)")
    return texts.text("(there)") if one.signed_in else ""


# --- putting blocks together ---------------------------------------------------------------------


def _bars(
    title: str,
    items: Sequence[Bar],
    targets: Sequence[Target],
    around: Around,
    width: int,
    *,
    most: float = 0,
) -> Board:
    drawn = charts.bars(items, width, glyphs=around.glyphs, most=most)
    none = [Line(pieces=(piece(around.texts.text("  nothing"), "dim"),))]
    return Board(
        lines=(_heading(around.texts.text(title)), *(drawn or none)), targets=tuple(targets)
    )


def _stacked(boards: Sequence[Board]) -> Board:
    """Return boards below each other, an empty line between two."""
    lines: list[Line] = []
    targets: list[Target] = []
    for one in boards:
        if lines:
            lines.append(Line())
        targets += _moved(one.targets, len(lines), 0)
        lines += one.lines
    return Board(lines=tuple(lines), targets=tuple(targets))


def _beside(boards: Sequence[Board], each: int, width: int) -> Board:
    """Return boards beside each other, each in so many cells."""
    height = max(len(one.lines) for one in boards)
    lines = []
    for row in range(height):
        pieces: list[Piece] = []
        for index, one in enumerate(boards):
            pieces += [Piece("  ")] if index else []
            pieces += (one.lines[row] if row < len(one.lines) else Line()).filled(each).pieces
        lines.append(Line(pieces=tuple(pieces)).filled(width))
    targets = [
        target
        for index, one in enumerate(boards)
        for target in _moved(one.targets, 0, index * (each + 2))
    ]
    return Board(
        lines=tuple(lines), targets=tuple(sorted(targets, key=lambda one: (one.row, one.left)))
    )


def _moved(targets: Sequence[Target], rows: int, across: int) -> Iterator[Target]:
    return (replace(one, row=one.row + rows, left=one.left + across) for one in targets)


def _heading(title: str) -> Line:
    return Line(pieces=(piece(title, "title"),))


def _target(
    id: str, row: int, title: str, around: Around, left: int, width: int, **more: object
) -> Target:
    values = {"workflow": around.workflow, **more}
    queue = Queue(actor=around.actor, **values)  # type: ignore[arg-type]
    return Target(id=id, row=row, left=left, width=width, title=title, queue=queue)


DAY = 86400


def _age(older: int, younger: int | None, texts: Texts) -> str:
    if younger is None:
        return texts.say("{length} and older", length=_length(older, texts))
    if not older:
        return texts.say("up to {length}", length=_length(younger, texts))
    if older % DAY == younger % DAY == 0:
        return texts.say("{start} to {end} d", start=older // DAY, end=younger // DAY)
    return texts.say(
        "{start} to {end}", start=_length(older, texts), end=_length(younger, texts)
    )


def _length(seconds: int, texts: Texts) -> str:
    if seconds % DAY == 0:
        return texts.say("{count} d", count=seconds // DAY)
    return texts.say("{count} h", count=seconds // 3600)


def _end(at: datetime, texts: Texts) -> str:
    return f"{(at + _QUARTER).astimezone(texts.timezone):%H:%M}"


def _since_midnight(at: datetime, texts: Texts) -> int:
    local = at.astimezone(texts.timezone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return max(60, int((at - midnight).total_seconds()))


_QUARTER = timedelta(minutes=15)
