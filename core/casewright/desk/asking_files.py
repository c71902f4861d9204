"""What is attached to tickets: read back for whoever may see the ticket."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from casewright.answers import AttachedFile
from casewright.desk import attachments
from casewright.errors import NotFound, message
from casewright.model import Event
from casewright.queries import GetFile
from casewright.store import history
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.desk.asking import Asking


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file of a ticket as it is kept: nothing of it is read before the look at it is on record."""

    filename: str
    number: int
    place: Path

    def open(self) -> BinaryIO:
        """Return it open; NotFound where it was erased meanwhile."""
        try:
            return self.place.open("rb")
        except FileNotFoundError:
            raise _unknown(self.number) from None

    def whole(self) -> AttachedFile:
        """Return it with its content; NotFound where it was erased meanwhile."""
        with self.open() as file:
            return AttachedFile(filename=self.filename, content=file.read())


def attached_file(asking: "Asking", query: GetFile) -> KeptFile:
    """Return a file of a ticket; NotFound, also for one that was erased or is missing."""
    asking.visible(query.ticket)
    event = _attached(asking, query)
    digest = str(event.private.get("content", "")) if event is not None else ""
    if event is None or not digest:
        raise _unknown(query.number)
    attachments.must_be_kept(asking.attachments, digest)
    return KeptFile(
        filename=str(event.private.get("file") or query.number),
        number=query.number,
        place=attachments.place(asking.attachments, digest),
    )


def _unknown(number: int) -> NotFound:
    return NotFound(kind=message("file"), name=str(number), hint=message(""))


def _attached(asking: "Asking", query: GetFile) -> Event | None:
    events = history.events(asking.database, query.ticket)
    found = [one for one in events if one.kind == "FileAttached"]
    return found[query.number - 1] if 0 < query.number <= len(found) else None
