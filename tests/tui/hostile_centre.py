"""A busy centre in which people are called, write and attach texts that have bitten others, as far as they can be written at all."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from casewright.commands import (
    AddComment,
    AttachFile,
    Command,
    OpenTicket,
    PublishAnnouncement,
    RecordContact,
    SaveCustomer,
    SaveDraft,
    SavePerson,
)
from casewright.config import read_config
from casewright.desk import Desk, open_desk
from casewright.errors import CasewrightError
from casewright.model import SYSTEM

from ..server.served import ADMIN
from .busy_centre import Busy, founded_busy

HARMLESS = ("宽带很慢", "Roaming abroad", "[not] markup", "a & b < c", "📶 no signal", "=")


def founded_hostile(
    root: Path, texts: Sequence[str], *, tickets: int = 6
) -> tuple[Busy, set[str]]:
    """Make the workspace; return it, and the texts that were taken in anywhere."""
    busy, taken = founded_busy(root, tickets=tickets), set()
    with open_desk(read_config(root)) as desk:
        digest = desk.keep(b"a file")
        for number, text in enumerate(texts):
            for command in written(busy, number, text, digest):
                if _taken_in(desk, command):
                    taken.add(text)
        for (
            text
        ) in texts:  # Whoever looks has such a name themselves: it stands on every screen.
            if _taken_in(desk, SavePerson(actor=SYSTEM, name=ADMIN, en=text, zh=text)):
                break
    return busy, taken


def written(busy: Busy, number: int, text: str, digest: str) -> Iterator[Command]:
    """Yield what somebody says to the desk who writes `text` wherever one can write."""
    key, customer = busy.ticket, f"H-{number}"
    both = {"en": text, "zh": text}
    yield SaveCustomer(actor=ADMIN, id=customer, name=text, tags=(text,))
    yield SavePerson(
        actor=ADMIN, name=f"h{number}", en=text, zh=text, roles=("agent",), team="complaints"
    )
    yield OpenTicket(
        actor=ADMIN,
        workflow="inquiry",
        fields={"subject": text[:80], "question": text, "customer_name": text[:60]},
        customer=customer,
    )
    yield AddComment(actor=ADMIN, ticket=key, text=text)
    yield RecordContact(actor=ADMIN, ticket=key, kind="query", text=text)
    yield AttachFile(actor=ADMIN, ticket=key, digest=digest, filename=text, size=6)
    yield PublishAnnouncement(actor=ADMIN, title=both, text=both, to=("everybody",))
    yield SaveDraft(actor=ADMIN, about=f"open:inquiry:{customer}", values={"subject": text})


def _taken_in(desk: Desk, command: Command) -> bool:
    """Return whether something could be written at all: what cannot be is refused at the door."""
    try:
        if command.actor == SYSTEM:
            desk.execute_as_system(command)
        else:
            desk.execute(command)
    except CasewrightError:
        return False
    return True
