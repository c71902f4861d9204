"""Commands that are said together: all of them are carried out, or none."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casewright.commands import Command
from casewright.errors import CommandRefused
from casewright.front_door import Outcomes
from casewright.model import Receipt

if TYPE_CHECKING:
    from casewright.desk.embedded import Desk


class _Undone(Exception):
    """Takes everything back."""


def carry_out(desk: "Desk", commands: Sequence[Command], *, trial: bool) -> Outcomes:
    """Return what came of each; nothing of it holds where one was refused, or where it is only a trial.

    Those after one that was refused are tried all the same, so that all refusals are told at once. Whatever else is
    raised, such as NotAllowed, is raised here, and nothing holds either.
    """
    outcomes: Outcomes = ()
    try:
        with desk.batch():
            outcomes = tuple(_outcome(desk, one) for one in commands)
            if trial or not all(isinstance(one, Receipt) for one in outcomes):
                raise _Undone
    except _Undone:
        pass
    return outcomes


def _outcome(desk: "Desk", command: Command) -> Receipt | CommandRefused:
    try:
        return desk.execute(command)
    except CommandRefused as refused:
        return refused
