"""Commands of which nobody knows whether they have happened: said again in the same words, each is the same command again."""

from collections.abc import Sequence
from dataclasses import replace

from casewright.commands import Command
from casewright.errors import CasewrightError, ServerUnreachable

_NO_ID = ""


class Doubts:
    """Keeps what was said and may have arrived, until it is said again and an answer comes."""

    def __init__(self) -> None:
        self._open: list[tuple[Command, ...]] = []

    def as_before(self, commands: Sequence[Command]) -> tuple[Command, ...]:
        """Return commands as they were said before where that is in doubt, under the ids by which the server knows them."""
        said = tuple(commands)
        return next((one for one in self._open if _words(one) == _words(said)), said)

    def refused(self, commands: tuple[Command, ...], error: CasewrightError) -> None:
        """Take an error: where no answer came but the commands may have arrived, nobody knows what came of them."""
        if not isinstance(error, ServerUnreachable):
            self.answered(commands)
        elif error.arrived and commands not in self._open:
            self._open.append(commands)

    def answered(self, commands: tuple[Command, ...]) -> None:
        """Take that it is known what came of these."""
        if commands in self._open:
            self._open.remove(commands)


def _words(commands: Sequence[Command]) -> list[Command]:
    return [replace(one, command_id=_NO_ID) for one in commands]
