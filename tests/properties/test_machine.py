"""Whatever anybody asks of a desk, in whatever order and on whatever workflow, the desk and its file stay whole."""

import os
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casewright.commands import Command
from casewright.engine.decide import _PARTS

from .commands import Commander
from .expressions import Choices
from .rehearsal import Rehearsal
from .workflows import Workspace, workspace, workspaces

IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
COMMANDS = 45
RARE_EVENTS = (
    "ChildClosed",
    "ChildReopened",
    "ParentChanged",
    "TicketTookOver",
    "TicketWithdrawn",
    "LevelRaised",
)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One turn of a rehearsal: what is abandoned, what is done at which desk, and what is done once more."""

    abandoned: list[Command]
    command: Command
    desk: int
    again: int | None


def turn(commander: Commander, choose: Choices) -> Turn:
    """Return the next turn; what is asked depends on what the tickets have come to."""
    commander.choose = choose
    return Turn(
        abandoned=[commander.next() for _ in range(3)] if choose.flip(0.05) else [],
        command=commander.next(),
        desk=choose.number(0, 1),
        again=choose.number(0, 99) if choose.flip(0.1) else None,
    )


@st.composite
def turns(draw: Any, commander: Commander) -> Turn:
    """Return a turn that shrinks."""
    return turn(commander, Choices.drawn(draw))


def rehearse(
    workspace: Workspace, next_turn: Callable[[Commander], Turn], *, commands: int = COMMANDS
) -> Rehearsal:
    """Give random commands to a desk; InvariantBroken at the first thing that gives way."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        rehearsal = Rehearsal(Path(folder), workspace)
        try:
            commander = Commander(rehearsal)
            for _ in range(commands):
                _take(rehearsal, next_turn(commander))
            rehearsal.end()
        finally:
            rehearsal.close()
    return rehearsal


def rehearse_seed(seed: int, *, commands: int = COMMANDS) -> Rehearsal:
    """Rehearse what follows from one number: workflows, people's commands, and their order."""
    choose = Choices.seeded(seed)
    return rehearse(
        workspace(choose), lambda commander: turn(commander, choose), commands=commands
    )


def _take(rehearsal: Rehearsal, turn: Turn) -> None:
    desks = (rehearsal.desk, rehearsal.other)
    if turn.abandoned:
        rehearsal.abandon(turn.abandoned)
    done = rehearsal.do(turn.command, desks[turn.desk])
    if done is not None:
        rehearsal.repeat(-1, desks[1 - turn.desk])
    if turn.again is not None and rehearsal.accepted:
        rehearsal.repeat(turn.again, desks[turn.desk])
        rehearsal.reuse(turn.again)


PROFILE: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
}
SEEDS = st.integers(0, 2**63)
IN_CHECK = range(146, 266)
"""Among these every command is done and refused; what Hypothesis would draw depends on which modules other tests have imported before."""


def test_random_commands_on_random_workflows_never_break_anything():
    outcomes: Counter[tuple[str, bool]] = Counter()
    events: Counter[str] = Counter()

    for seed in IN_CHECK:
        rehearsal = rehearse_seed(seed)
        outcomes.update(rehearsal.outcomes)
        events.update(rehearsal.witness.kinds)

    accepted = {kind.__name__: outcomes[kind.__name__, True] for kind in _PARTS}
    refused = {kind.__name__: outcomes[kind.__name__, False] for kind in _PARTS}
    assert min(accepted.values()) >= 3, accepted
    assert min(refused.values()) >= 8, refused
    assert min(events[kind] for kind in RARE_EVENTS) >= 1, events


def test_random_commands_never_break_anything_and_what_does_is_shrunk():
    @settings(max_examples=25, derandomize=True, **PROFILE)
    @given(workspaces(), st.data())
    def nothing_breaks(workspace: Workspace, data: Any) -> None:
        rehearse(workspace, lambda commander: data.draw(turns(commander)))

    nothing_breaks()


@pytest.mark.soak
def test_random_commands_on_random_workflows_never_break_anything_for_long():
    @settings(max_examples=5_000, phases=[Phase.generate], print_blob=True, **PROFILE)
    @given(SEEDS)
    def nothing_breaks(seed: int) -> None:
        rehearse_seed(seed, commands=80)

    nothing_breaks()


@pytest.mark.soak
def test_random_commands_never_break_anything_for_long_and_what_does_is_shrunk():
    @settings(max_examples=1000, print_blob=True, **PROFILE)
    @given(workspaces(), st.data())
    def nothing_breaks(workspace: Workspace, data: Any) -> None:
        rehearse(workspace, lambda commander: data.draw(turns(commander)), commands=60)

    nothing_breaks()
