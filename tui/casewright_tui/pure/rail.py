"""A workflow as a rail: its states under each other, lanes for the ways back and ahead, the path taken, what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from casewright.answers import ActionOffer
from casewright.bilingual import Bilingual
from casewright.model import EMPTY, Event, Ticket
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts
from casewright.workflows.spec import State, Workflow
from casewright_tui.lines import Line, Piece, Tone, line, paragraph, piece
from casewright_tui.look import Glyphs
from casewright_tui.pure.lanes import Lane, lanes_of, spans
from casewright_tui.width import cells

STATE, ACTION = "state:", "action:"
WIDE_FOR_LANES = 2
"""One part in so many of the width is for lanes at most; ways for which there is no lane are told in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """How a ticket has come to where it stands: the state it is in, and by state when it came there last."""

    state: str = ""
    entered: Mapping[str, datetime] = field(default_factory=lambda: EMPTY)


NO_PATH = Path()


def path_of(ticket: Ticket, events: Sequence[Event]) -> Path:
    """Return the path that a history tells of."""
    entered = {str(one.changes["state"]): one.at for one in events if "state" in one.changes}
    return Path(state=ticket.state, entered=entered)


def targets(state: State) -> list[tuple[str, Bilingual | None, str]]:
    """Return the ways out of a state: each transition or vote, its title, and a state that it may lead to."""
    found: list[tuple[str, Bilingual | None, str]] = [
        (one.name, one.title, case.to)
        for one in state.transitions.values()
        for case in one.cases
    ]
    if state.approve is not None:
        found += [("grant", None, case.to) for case in state.approve.granted]
        found.append(("deny", None, state.approve.denied))
    return found


def rail(
    workflow: Workflow,
    texts: Texts,
    glyphs: Glyphs,
    width: int,
    *,
    path: Path = NO_PATH,
    offers: Sequence[ActionOffer] = (),
    keys: Mapping[str, str] = EMPTY,
    counts: Mapping[str, int] = EMPTY,
    every: bool = False,
) -> list[Line]:
    """Return the rail; `offers` stand under the state the ticket is in, `every` names the ways out of all others too.

    `counts` are the open tickets by state. A state's line can be chosen, and that of an action.
    """
    drawn = _Rail(workflow, texts, glyphs, width, path)
    lines: list[Line] = []
    for row, state in enumerate(workflow.states.values()):
        lines.append(drawn.state(row, state, counts.get(state.name)))
        if state.name == path.state:
            for one in offers:
                lines += drawn.offer(row, one, keys.get(one.name, ""))
        elif every:
            lines += drawn.ways(row, state)
        lines += drawn.more(row, state)
        if row < len(workflow.states) - 1:
            lines.append(drawn.between(row))
    return lines


class _Rail:
    """Draws the parts of a rail."""

    def __init__(
        self, workflow: Workflow, texts: Texts, glyphs: Glyphs, width: int, path: Path
    ) -> None:
        self._workflow, self.texts, self._glyphs, self._path = workflow, texts, glyphs, path
        self._width = width
        self._rows = {name: row for row, name in enumerate(workflow.states)}
        ways = {
            (self._rows[state.name], self._rows[to])
            for state in workflow.states.values()
            for _, _, to in targets(state)
            if to in self._rows
        }
        self._next = {one for one, to in ways if to == one + 1}
        room = max(1, width // WIDE_FOR_LANES // 2)
        self._lanes, self._left_out = lanes_of(
            {one for one in ways if abs(one[1] - one[0]) > 1 or one[1] < one[0]}, room
        )

    def state(self, row: int, state: State, count: int | None) -> Line:
        """Return a state's line: its lanes, its node, its title, when the ticket came there, how many stand there."""
        glyphs, path = self._glyphs, self._path
        here, been = state.name == path.state, state.name in path.entered
        node = glyphs.here if here else glyphs.been if been else glyphs.ahead
        tone: Tone = "strong" if here else "" if been or not path.state else "dim"
        more: list[Piece] = []
        if been:
            more.append(piece("  " + self.texts.moment(path.entered[state.name]), "label"))
        if here:
            more.append(piece("  " + self.texts.text("here"), "key"))
        if state.final:
            more.append(piece("  " + self.texts.text("end"), "dim"))
        if count:
            more.append(piece("  " + self.texts.say("{count} ticket(s)", count=count), "info"))
        title = piece(f"{node} {state.title.of(self.texts.lang)}", tone)
        return line(self._gutter(row, node=True), title, *more, id=STATE + state.name)

    def offer(self, row: int, offer: ActionOffer, key: str) -> list[Line]:
        """Return what may be done here, with its key; or why it may not be done now."""
        texts, lang = self.texts, self.texts.lang
        goal = " / ".join(self._title(one) for one in offer.targets)
        aim = f" {self._glyphs.arrow} {goal}" if goal else ""
        shown = f"{offer.title.of(lang)}{aim}"
        if offer.blocked is not None:
            why = texts.say("{title}: {reason}", title=shown, reason=offer.blocked)
            before = (self._gutter(row), self._beside(row), Piece("  "))
            room = max(20, self._width - sum(cells(one.text) for one in before))
            return [line(*before, *one.pieces) for one in paragraph(why, room, "dim")]
        return [
            line(
                self._gutter(row), self._beside(row), piece(f"{key or ' ':<2}", "key"), piece(shown),
                id=ACTION + offer.name,
            )
        ]  # fmt: skip

    def ways(self, row: int, state: State) -> list[Line]:
        """Return the ways out of a state in words."""
        grouped: dict[str, tuple[Bilingual | None, list[str]]] = {}
        for name, title, to in targets(state):
            grouped.setdefault(name, (title, []))[1].append(self._title(to))
        votes = {"grant": self.texts.text("agreed"), "deny": self.texts.text("refused")}
        return [
            line(
                self._gutter(row), self._beside(row),
                piece(title.of(self.texts.lang) if title else votes[name], "dim"),
                piece(f" {self._glyphs.arrow} " + " / ".join(dict.fromkeys(goals)), "dim"),
            )
            for name, (title, goals) in grouped.items()
        ]  # fmt: skip

    def more(self, row: int, state: State) -> list[Line]:
        """Return in words the ways out of a state for which there was no lane."""
        names = list(self._rows)
        goals = [self._title(names[to]) for start, to in self._left_out if start == row]
        if not goals:
            return []
        said = self.texts.say("also to {states}", states=goals)
        return [line(self._gutter(row), self._beside(row), piece(said, "dim"))]

    def between(self, row: int) -> Line:
        """Return what stands between a state and the next one."""
        return line(self._gutter(row), self._beside(row))

    def _beside(self, row: int) -> Piece:
        return Piece(f"{self._glyphs.rail} " if row in self._next else "  ", "rest")

    def _title(self, name: str) -> str:
        state = self._workflow.states.get(name)
        return state.title.of(self.texts.lang) if state else name

    def _gutter(self, row: int, *, node: bool = False) -> Piece:
        """Return the lanes as they stand at a state's line, or below it."""
        shown, across = "", False
        for lane in self._lanes:
            mark, begins = self._lane(lane, row, node)
            if node and across:
                mark = self._crossed(mark)
            across = across or begins
            shown += mark + (self._glyphs.dash if node and across else " ")
        arrives = node and any(lane.to == row for lane in self._lanes)
        return Piece(shown[:-1] + (">" if arrives else shown[-1:]) if shown else "", "rest")

    def _crossed(self, mark: str) -> str:
        """Return a lane's character where a line from a lane further out runs through it."""
        if mark == " ":
            return self._glyphs.dash
        if mark == self._glyphs.rail:
            return self._glyphs.cross
        return _JOINED.get(mark, mark)

    def _lane(self, lane: Lane, row: int, node: bool) -> tuple[str, bool]:
        """Return the character of a lane at a row, and whether it turns to the state there."""
        first, last = spans(lane)
        glyphs = self._glyphs
        if not node:
            return (glyphs.rail, False) if first <= row < last else (" ", False)
        if row != lane.to and row not in lane.starts:
            return (glyphs.rail, False) if first < row < last else (" ", False)
        corner = glyphs.top if row == first else glyphs.last if row == last else glyphs.branch
        return corner, True


_JOINED: Mapping[str, str] = {"┌": "┬", "└": "┴", "├": "┼"}
