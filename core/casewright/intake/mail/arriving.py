"""From a mail to an arrival."""

from collections.abc import Callable
from datetime import datetime

from casewright.intake.arrival import Arrival, Attached
from casewright.intake.keys import keys_in
from casewright.intake.mail.reading import Mail, read
from casewright.model import Identity

LONGEST_NAME = 200
LONGEST_SUBJECT = 1_000
Keep = Callable[[bytes], str]
"""Keeps a content durably and returns its digest."""


def arrival_of(octets: bytes, *, channel: str, at: datetime, keep: Keep) -> Arrival:
    """Return what came in as one mail; it and the files in it are kept first."""
    raw = keep(octets)
    mail = read(octets)
    attached = tuple(
        Attached(digest=keep(one.content), filename=one.name, size=len(one.content))
        for one in mail.files
    )
    return arrival(mail, channel=channel, at=at, raw=raw, attachments=attached)


def arrival(
    mail: Mail,
    *,
    channel: str,
    at: datetime,
    raw: str = "",
    attachments: tuple[Attached, ...] = (),
) -> Arrival:
    """Return a mail that was read as an arrival."""
    sender = (Identity(kind="email", value=mail.sender),) if mail.sender else ()
    # Who wants no answer, or is answered elsewhere by a machine, is told nothing of itself by one.
    answerable = mail.answer_to if not mail.passed and mail.answer_to == mail.sender else ""
    return Arrival(
        channel=channel,
        kind="mail",
        id=mail.id,
        at=at,
        sender=sender,
        name=mail.name[:LONGEST_NAME],
        to=mail.to,
        subject=mail.subject[:LONGEST_SUBJECT],
        text=mail.text,
        whole=mail.whole,
        attachments=attachments,
        answers=(*mail.answers, *keys_in(mail.subject)),
        verdict=mail.verdict,
        remarks=mail.remarks,
        raw=raw,
        failed=mail.failed,
        answerable=answerable,
        passed=mail.passed,
        message_id=mail.message_id,
    )
