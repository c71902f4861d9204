"""What a simulation came to, counted while it goes on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import field

from casewright.answers import BoardRow, PromiseKeeping, Wallboard
from casewright.errors import CasewrightError, Message
from casewright.swift_dataclass import dataclass

MOST_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A command that was refused although nobody meant it to be."""

    life: str
    code: str
    sentence: Message


@dataclass(slots=True, kw_only=True)
class Tally:
    """What is counted; `planned` are refusals that were meant to happen, by what they show, `refusals` the others."""

    calls: int = 0
    abandoned: int = 0
    overtaken: int = 0
    """Lives that ended since somebody else, or the clock, was faster."""
    commands: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)
    troubles: int = 0
    """Timers that could not be fired."""
    promises: dict[tuple[str, str], PromiseKeeping] = field(default_factory=dict)

    def refuse(self, life: str, error: CasewrightError) -> None:
        """Count a refusal that nobody meant, and keep the first ones."""
        self.refused += 1
        if len(self.refusals) < MOST_KEPT:
            sentence = Message(error.sentence, error.details())
            self.refusals.append(Refusal(life=life, code=error.code, sentence=sentence))

    def day(self, wallboard: Wallboard) -> None:
        """Add the promises that ended on a day."""
        for one in wallboard.promises:
            known = self.promises.get((one.workflow, one.promise))
            self.promises[one.workflow, one.promise] = PromiseKeeping(
                workflow=one.workflow,
                promise=one.promise,
                title=one.title,
                ended=one.ended + (known.ended if known else 0),
                met=one.met + (known.met if known else 0),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a simulation came to: what was counted, and where the tickets stand at its end.

    `overdue` are open tickets whose deadline has passed, `seconds` how long the simulating took.
    """

    tally: Tally
    board: tuple[BoardRow, ...]
    overdue: int
    seconds: float

    @property
    def commands(self) -> int:
        """How many commands were carried out, those of timers not counted."""
        return sum(self.tally.commands.values())

    @property
    def ended(self) -> int:
        """How many promises ended."""
        return sum(one.ended for one in self.tally.promises.values())

    @property
    def met(self) -> int:
        """How many promises ended in time."""
        return sum(one.met for one in self.tally.promises.values())

    @property
    def tickets(self) -> Mapping[str, int]:
        """How many tickets there are, by workflow."""
        found: Counter[str] = Counter()
        for row in self.board:
            found[row.workflow] += row.tickets
        return found
