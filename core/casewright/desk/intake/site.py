"""What taking in looks at and works with in the transaction that is open."""

from collections.abc import Callable, Mapping
from datetime import datetime

from casewright.commands import Command
from casewright.config import Config
from casewright.desk.library import Library
from casewright.intake.arrival import Arrival
from casewright.intake.rules import FILE, Channel, channels_from_data
from casewright.model import Receipt
from casewright.store.database import Database
from casewright.store.tickets import Tickets
from casewright.swift_dataclass import dataclass

KINDS: Mapping[str, str] = {"mail": "email", "form": "web", "webhook": "web", "csv": "import"}
"""What tickets say of how they came where no rule does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One arrival being taken in or sorted by `actor`; `execute` carries out what follows, within the same transaction."""

    database: Database
    library: Library
    config: Config
    execute: Callable[[Command], Receipt]
    actor: str
    now: datetime
    number: int
    arrival: Arrival
    step: str

    @property
    def tickets(self) -> Tickets:
        """The tickets as they stand by now."""
        return Tickets(self.database, self.now)

    @property
    def channel(self) -> Channel:
        """The rules of the arrival's channel; none where the workspace has none for it."""
        return channel_of(self.library, self.arrival)

    def named(self, what: str) -> str:
        """Return the id of a command that follows."""
        return f"{self.step}:{what}"


def channel_of(library: Library, arrival: Arrival) -> Channel:
    """Return the rules of an arrival's channel."""
    known = channels_from_data(library.configuration().files.get(FILE) or {})
    return known.get(arrival.channel) or Channel(name=arrival.channel, says=KINDS[arrival.kind])
