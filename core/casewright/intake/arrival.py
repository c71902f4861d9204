"""An arrival: something that came in from outside, as every channel hands it over, before anybody has judged it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Literal

from casewright.errors import Message, message
from casewright.model import EMPTY, Identity
from casewright.swift_dataclass import dataclass

Kind = Literal["mail", "form", "webhook", "csv"]
Verdict = Literal["", "auto_reply", "bounce", "loop", "bulk"]
Outcome = Literal["opened", "attached", "unsorted", "dropped", "repeated"]

KINDS: tuple[Kind, ...] = ("mail", "form", "webhook", "csv")
VERDICTS: Mapping[Verdict, Message] = {
    "": message("somebody wrote it"),
    "auto_reply": message("an automatic reply"),
    "bounce": message("a report that a mail of ours was not delivered"),
    "loop": message("a mail of ours that came back, or one of too many from the same sender"),
    "bulk": message("a mass mailing"),
}
"""What a machine may have sent, and how people read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that came with it, whose content the desk keeps already under its SHA-256 `digest`."""

    digest: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What came in over a channel. Nothing in it is to be trusted: whoever sent it wrote it.

    `channel` is a name in `intake.yaml`; `id` is the sender's own for it (a Message-ID, a form's key, a delivery's
    id), under which it is taken in at most once per channel. `sender` is what the sender is known by, `name` what
    they call themselves, `to` the addresses it was sent to. `subject` and `text` are what they wrote, `whole` the
    text with what it quotes where `text` was cut. `fields` are values for the form that were mapped already;
    they go before what the rules map. `answers` are what it answers: Message-IDs, keys of tickets. `raw` is the digest
    under which it is kept as it came. `remarks` are names of what was odd (`remarks.REMARKS`). `proven` says that
    the channel knows the sender to be who they say (a signed link), so that a ticket's key alone attaches it.
    `failed` are Message-IDs of ours that a bounce says were not delivered. `answerable` is where a confirmation
    may be sent: an email address, or "" for nowhere. `passed` are addresses of
    other casewrights it came through, `message_id` is what mails that answer it will name.
    """

    channel: str
    kind: Kind
    id: str
    at: datetime
    sender: tuple[Identity, ...] = ()
    name: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    whole: str = ""
    language: str = ""
    fields: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    attachments: tuple[Attached, ...] = ()
    answers: tuple[str, ...] = ()
    verdict: Verdict = ""
    remarks: tuple[str, ...] = ()
    raw: str = ""
    proven: bool = False
    failed: tuple[str, ...] = ()
    answerable: str = ""
    passed: tuple[str, ...] = ()
    message_id: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The email addresses of the sender, in small letters."""
        return tuple(one.value.lower() for one in self.sender if one.kind == "email")
