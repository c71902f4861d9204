"""What can be asked to happen to knowledge beside what its workflow offers: used, judged, read, asked to be read."""

from dataclasses import dataclass
from typing import ClassVar

from casewright import Command, TicketCommand

READ, USE, EDIT, REPORT = (
    "knowledge.read",
    "knowledge.use",
    "knowledge.edit",
    "knowledge.report",
)
HELPED, DID_NOT_HELP, WRONG = "helped", "did_not_help", "wrong"
VERDICTS = (HELPED, DID_NOT_HELP, WRONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseArticle(TicketCommand):
    """Note that an article serves a ticket: it is linked to it, and the use is counted; the receipt answers its `version`."""

    permission: ClassVar[str] = USE
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateArticle(Command):
    """Say whether an article helped, with the ticket that it was for, if there was one.

    One that is `wrong`, with a `reason`, goes to its owner as a ticket, whose key the receipt answers as `correction`.
    """

    permission: ClassVar[str] = USE
    article: str
    verdict: str
    reason: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead(Command):
    """Note that the actor has read an article as it stands; the receipt answers its `version`."""

    permission: ClassVar[str] = READ
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToRead(Command):
    """Ask groups to read an article as it stands: `everybody`, `role:x`, `team:x`, `department:x`, `queue:x` or `user:x`."""

    permission: ClassVar[str] = EDIT
    article: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNothingFound(Command):
    """Note that a search found nothing, for those who write articles."""

    permission: ClassVar[str] = READ
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetSearch(Command):
    """Take what was sought and not found off the list."""

    permission: ClassVar[str] = EDIT
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildIndex(Command):
    """Make the index of some articles anew, those after `after` by key; the receipt answers `last`, "" when all are done."""

    permission: ClassVar[str] = EDIT
    after: str = ""
    limit: int = 20
