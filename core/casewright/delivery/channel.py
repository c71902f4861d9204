"""What every channel promises: what it is handed, what it may answer, and what comes back later."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Literal, Protocol

from casewright.swift_dataclass import dataclass

ReceiptState = Literal["delivered", "undelivered", "expired", "rejected"]
Nature = Literal["notice", "reply", "confirmation"]
"""What a message is: told by the product itself, written by one of the staff, or an answer that nobody wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file that goes with a message: its name, its SHA-256, and, when it is handed over, where it lies."""

    filename: str
    digest: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One delivery as its channel is handed it: a text for one address."""

    key: str
    """The idempotency key: the same at every attempt, so that a provider can tell a repeat."""
    address: str
    """A phone number in E.164, one e-mail address, or what else the channel calls an address."""
    text: str
    subject: str = ""
    language: str = "en"
    template_id: str = ""
    """The text as the provider has it registered; then `variables` are sent in place of `text`."""
    variables: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""
    """Who signs an SMS, put before the text as 【signature】 where the gateway wants it there."""
    nature: Nature = "notice"
    topic: str = ""
    """The key of the one ticket that it is about; empty where it is about several, or none."""
    answers: str = ""
    """The Message-ID of the mail that this one answers."""
    references: tuple[str, ...] = ()
    """The Message-IDs of the mails before that one, the oldest first."""
    enclosed: tuple[Enclosed, ...] = ()
    written_at: int = 0
    """When it was worded, in microseconds since 1970 UTC; every attempt carries the same moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took it and answers for it; what became of it comes as receipts."""

    provider_ids: tuple[str, ...] = ()
    """One id for each part, in their order; empty when the provider gives none."""
    awaited: bool = True
    """Whether receipts are waited for; where they are not, as with mail, only bad news may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It was handed over, and nobody will say more."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The provider said no: for good, or for now and it is tried again."""

    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """There was no answer; it may have arrived, and is tried again with the same key."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """It is where it was to be, as with a line that was printed."""


def from_data(handed: Mapping[str, Any]) -> Outgoing:
    """Return what was stored as it was handed over; TypeError or KeyError where it is not as it was written."""
    given = dict(handed)
    enclosed = tuple(Enclosed(**one) for one in given.pop("enclosed", ()))
    references = tuple(given.pop("references", ()))
    return Outgoing(**given, enclosed=enclosed, references=references)


Answer = Accepted | Unknown | Rejected | Failed | Delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSeen:
    """What a provider says later about one part of a delivery."""

    channel: str
    provider_id: str
    state: ReceiptState
    at: datetime | None = None
    """When it happened, if the provider told so in a way that has one meaning."""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySeen:
    """A message that a person sent back over the channel."""

    channel: str
    sender: str
    text: str
    provider_id: str = ""
    """The provider's id of this message, by which a repeat is known; empty when it gives none."""


Seen = ReceiptSeen | ReplySeen


class Channel(Protocol):
    """One way to the outside, opened from an administrator's settings."""

    def send(self, outgoing: Outgoing) -> Answer:
        """Hand `outgoing` over and return what the provider answered.

        Blocks for at most the channel's time limit; nothing that a provider does is raised.
        """

    def receipts(self) -> Iterable[Seen]:
        """Return what arrived since last asked, without waiting for more."""

    def close(self) -> None:
        """Let go of connections; the channel is not used again."""
