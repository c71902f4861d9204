"""Through which front door somebody comes to the desk, and what they may ask for there."""

from datetime import datetime

from casewright.model import Person
from casewright.swift_dataclass import dataclass

EMBEDDED = "embedded"
COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A front door: its name in the access log, who came through it, and what was asked for.

    With an `actor` nobody else can be named; `only` are the permissions that a token may use, None for all that the
    person has. `purpose` is what the looks through it are for, where a query names none itself. From `until` on nobody
    gets in by it any more; None for as long as they like.
    """

    name: str = EMBEDDED
    actor: str | None = None
    only: tuple[str, ...] | None = None
    purpose: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session: its token, which is shown to nobody else, whose it is, and when it is over at the latest."""

    token: str
    person: Person
    until: datetime
