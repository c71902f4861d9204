"""What a front end is given of a workspace: commands, queries, files, and a way in; in its own process or through a server.

Whatever the product asks of itself, such as timers or set-up, is no part of it: that needs the desk itself.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from casewright.answers import ChangePage
from casewright.commands import AttachFile, Command
from casewright.errors import CasewrightError
from casewright.model import Receipt
from casewright.queries import Query
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts

if TYPE_CHECKING:
    from casewright.desk.door import Door, SignedIn

TERMINAL = "terminal"
"""The door of whoever runs the terminal on the machine that they sit at."""
Outcomes = tuple[Receipt | CasewrightError, ...]
"""What came of commands that were said together: of each its receipt, or why it was refused."""


class WayIn(Protocol):
    """Where people prove who they are; what it raises is told at `casewright.desk.people.signing_in.Entrance`."""

    def sign_in(
        self, name: str, password: str, *, code: str = "", new_factor: str = ""
    ) -> "SignedIn":
        """Begin a session of somebody who proves who they are."""

    def session(self, token: str) -> "Door":
        """Return the door of whoever's session has this token; NotSignedIn."""

    def token(self, token: str) -> "Door":
        """Return the door of whoever's program shows this token; NotSignedIn."""

    def machine_user(self, login: str) -> "Door | None":
        """Return the door of whoever the machine knows as `login`; None where nobody on the staff is called so."""

    def sign_out(self, token: str) -> bool:
        """End the session with this token; return whether there was one."""

    def verifier(self, name: str, password: str) -> str:
        """Return what `SetPassword` says for a new password of `name`; CommandRefused where it cannot be one."""

    def awaits_first_password(self) -> bool:
        """Return whether it is still to be said who gets in here."""


class FrontDoor(Protocol):
    """The desk of a workspace as everybody comes to it; to be used by one thread."""

    @property
    def entrance(self) -> WayIn:
        """Where people prove who they are."""

    def execute(self, command: Command) -> Receipt:
        """Carry out a command; return when it is durable. CasewrightError when refused."""

    def together(self, commands: Sequence[Command], *, trial: bool = False) -> Outcomes:
        """Carry out all the commands or, where one of them is refused or it is only a trial, none."""

    def ask(self, query: Query) -> Any:
        """Answer a query; what it answers is named in the query's docstring."""

    def keep(self, content: bytes, *, asked: AttachFile) -> str:
        """Store the content of an attachment durably, for whoever may do what is asked; return its digest."""

    def through(self, door: "Door") -> AbstractContextManager[None]:
        """Take what is asked meanwhile as coming through another front door, such as one connection's."""

    def close(self) -> None:
        """Let the workspace go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIn:
    """Somebody who was let in: the desk as they have it, their login name, and how they hear of changes.

    `changes` waits up to some twenty seconds for something to happen after a number; without one it tells where to begin.
    `patient` says whether a server that is away is waited for a little, or, as it is known to be away, not at all.
    """

    desk: FrontDoor
    actor: str
    changes: Callable[[int | None], ChangePage]
    patient: Callable[[bool], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """What a terminal is given of whoever sits down at it.

    `come_in` opens the desk for the thread that asks, and for it alone; it raises NotSignedIn where nobody is known yet.
    `sign_in(name, password, code)` then lets somebody in; it is None where only the door itself does that. `texts` gives
    the sentences in a language; `language` is the one to begin with, and `asked_language` whether they asked for it this
    once, whatever they keep; `name` is who they say they are, `door` through which they come, such as `ssh`.
    """

    come_in: Callable[[], AbstractContextManager[CameIn]]
    sign_in: Callable[[str, str, str], None] | None
    texts: Callable[[str], Texts]
    language: str
    name: str
    door: str
    asked_language: bool = False
    plain: bool = False

    @property
    def is_local(self) -> bool:
        """Whether they sit at this machine, so that its files are theirs; through any other door nothing of it is."""
        return self.door == TERMINAL
