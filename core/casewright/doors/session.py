"""A run of the command line behind a door: whoever came in, the server's socket, and nothing else of the machine."""

from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.cli.grammar import Given
from casewright.cli.run import Limits, run
from casewright.cli.session import Session
from casewright.config import Config, read_config
from casewright.desk.door import Door
from casewright.doors import allowed
from casewright.errors import UsageRefused, message
from casewright.front_door import FrontDoor
from casewright.remote.desk import RemoteDesk
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody who came through a door: who, by which door, with what token, to which server."""

    person: str
    door: str
    token: str
    address: str
    root: Path


class DoorSession(Session):
    """What a verb works with behind a door; the desk is always the server's."""

    def __init__(self, given: Given, *, entered: Entered) -> None:
        super().__init__(given)
        self._entered = entered

    def again(self) -> Session:
        """Return another session of whoever came in."""
        return DoorSession(self._given, entered=self._entered)

    @property
    def can_sign_in(self) -> bool:
        """Nobody signs in behind a door."""
        return False

    @property
    def folder(self) -> Path:
        """The workspace whose door it is, whatever the words say."""
        return self._entered.root

    @property
    def named(self) -> str | None:
        """Nobody: who acts was proved at the door."""
        return None

    @property
    def claimed(self) -> str:
        """Whoever came in."""
        return self._entered.person

    @cached_property
    def config(self) -> Config:
        """The settings of the workspace."""
        return read_config(self._entered.root)

    @cached_property
    def door(self) -> Door:
        """The door of whoever came in; the server asks at every request whether the token still serves."""
        found = self.desk.entrance.session(self._entered.token)
        found = replace(found, purpose=self._given.text("purpose") or "")
        self._closing.enter_context(self.desk.through(found))
        return found

    @cached_property
    def desk(self) -> FrontDoor:
        """The server's desk: none of a session's is ever in its own process."""
        entered = self._entered
        return self._closing.enter_context(
            RemoteDesk(entered.address, door=entered.door, language=self.texts.lang)
        )

    @property
    def own_desk(self) -> "Desk":
        """None: no session has the database."""
        raise _NOT_HERE

    @cached_property
    def examined(self) -> "Desk":
        """None: no session has the database."""
        raise _NOT_HERE


_NOT_HERE = UsageRefused(
    reason=message("this is done on the machine of the server, not through this door")
)
LIMITS = Limits(
    check=allowed.must_be_allowed,
    shown=allowed.open_noun,
    nouns=allowed.nouns(),
    everywhere=allowed.everywhere(),
)


def run_words(words: list[str], entered: Entered) -> int:
    """Do what the words say as whoever came in, print what came of it, return the exit code."""
    return run(words, begin=partial(DoorSession, entered=entered), limits=LIMITS)
