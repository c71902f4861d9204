"""Which of our mails a bounce says were not delivered: as RFC 3464 tells it, else as it quotes them."""

from collections.abc import Sequence
from email.message import Message

from casewright.intake.mail.headers import ids
from casewright.intake.mail.parts import inside_of
from casewright.patterns import pattern

_ACTION = pattern(rb"(?im)^action:\s*([a-z]+)")
_MESSAGE_ID = pattern(rb"(?im)^[> \t]*message-id:\s*(<[^<>\s]{1,490}>)")
_LARGEST = 1_000_000
"""Octets of it in which a Message-ID is looked for."""


def not_delivered(mail: Message, parts: Sequence[Message], octets: bytes) -> tuple[str, ...]:
    """Return the Message-IDs of mails that failed; none for a report of a delay, or of a delivery."""
    told = [_said(one) for one in parts if one.get_content_type() == "message/delivery-status"]
    actions = {found[1].lower() for one in told for found in _ACTION.finditer(one)}
    if actions and b"failed" not in actions:
        return ()
    own = set(ids(mail, "Message-ID"))
    returned = [
        found
        for one in parts
        if one is not mail
        for found in (*ids(one, "Message-ID"), *_quoted(one))
    ]
    if not returned:
        quoted = _MESSAGE_ID.findall(octets[:_LARGEST])
        returned = [one.decode("latin-1") for one in quoted]
    if not returned:
        returned = [*ids(mail, "In-Reply-To"), *ids(mail, "References")]
    return tuple(dict.fromkeys(one for one in returned if one not in own))


def _said(part: Message) -> bytes:
    """Return what a part of blocks of header lines says."""
    blocks = inside_of(part)
    if blocks:
        return b"\n".join(
            f"{name}: {value}".encode("utf-8", "replace")
            for block in blocks
            for name, value in block.raw_items()
        )
    return str(part.get_payload()).encode("utf-8", "replace")


def _quoted(part: Message) -> tuple[str, ...]:
    """Return the Message-IDs in a part that holds the head of a mail as text."""
    if part.get_content_type() not in ("text/rfc822-headers", "text/plain"):
        return ()
    found = _MESSAGE_ID.findall(_said(part)[:_LARGEST])
    return tuple(one.decode("latin-1") for one in found)
