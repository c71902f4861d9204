"""What routing can be asked to do: the next ticket, who takes tickets now, what a caller chose."""

from dataclasses import dataclass
from typing import ClassVar

from casewright import Command

TAKE, AVAILABLE, MANAGE = "routing.take", "routing.available", "routing.manage"
CALL, READ = "routing.call", "routing.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNext(Command):
    """Give the actor the next ticket that they are asked for; the receipt answers `ticket`, `queue` and `step`."""

    permission: ClassVar[str] = TAKE


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAvailability(Command):
    """Say that the actor takes tickets now or, not `available`, is busy and with what (`reason`)."""

    permission: ClassVar[str] = AVAILABLE
    available: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAvailabilityOf(Command):
    """Say of another agent, by `name`, that they take tickets now or are busy, and with what."""

    permission: ClassVar[str] = MANAGE
    name: str
    available: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberChoice(Command):
    """Remember with a phone number what its caller chose by pressing keys; what is "" was not asked and stays."""

    permission: ClassVar[str] = CALL
    number: str
    brand: str = ""
    language: str = ""
