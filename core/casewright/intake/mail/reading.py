"""From the octets of a mail to what they say. It never raises: what cannot be understood is said in the remarks."""

import hashlib
from collections.abc import Iterator
from dataclasses import field
from email.message import Message

from casewright.intake.arrival import Verdict
from casewright.intake.mail import bounces, files, headers, machines, winmail
from casewright.intake.mail.parts import Note, all_parts, octets_of, parsed, texts_and_files
from casewright.intake.mail.quoting import own_words
from casewright.swift_dataclass import dataclass

LARGEST_FILE = 25 * 1024 * 1024
MOST_FILES = 50
LOOP_HEADER = "X-Casewright-Loop"
_WINMAIL = ("application/ms-tnef", "application/vnd.ms-tnef")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file in a mail."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says. `id` tells it from every other, `message_id` is its own word for itself, "" where it has none.

    `text` is what was written in it, `whole` that with what it quotes, "" where it is the same; `answer_to` the address
    that an answer goes to, "" for none.
    """

    id: str
    message_id: str = ""
    name: str = ""
    sender: str = ""
    answer_to: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    whole: str = ""
    written: str = ""
    answers: tuple[str, ...] = ()
    verdict: Verdict = ""
    failed: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    remarks: tuple[str, ...] = ()


def read(octets: bytes) -> Mail:
    """Return what a mail says."""
    try:
        return _read(octets)
    except Exception:  # noqa: BLE001  A stranger's octets went through libraries that promise nothing; they are kept as they came.
        digest = hashlib.sha256(octets).hexdigest()
        return Mail(id=f"sha256:{digest}", remarks=("unreadable",))


def _read(octets: bytes) -> Mail:
    odd: list[str] = []
    mail = parsed(octets, odd.append)
    every = all_parts(mail, odd.append)
    found = list(texts_and_files(mail, odd.append))
    whole = "\n\n".join(str(one).strip("\n") for kind, one in found if kind == "text")
    subject = headers.first(mail, "Subject")
    text = own_words(whole, subject=subject)
    name, sender = _sender(mail)
    message_id = next(iter(headers.ids(mail, "Message-ID")), "")
    verdict = machines.verdict_of(mail)
    attached = tuple(_files([one for _, one in found if isinstance(one, Message)], odd.append))
    odd += ["cut"] if text != whole else []
    odd += ["no_sender"] if not sender else []
    odd += ["broken_mime"] if any(one.defects for one in every) else []
    return Mail(
        id=_identity(mail, message_id, octets),
        message_id=message_id,
        name=name,
        sender=sender,
        answer_to=_answer_to(mail, sender),
        to=_recipients(mail),
        subject=subject,
        text=text,
        whole=whole if text != whole else "",
        written=headers.date(mail),
        answers=_answers(mail),
        verdict=verdict,
        failed=bounces.not_delivered(mail, every, octets) if verdict == "bounce" else (),
        passed=tuple(headers.words(one).lower() for one in headers.raw(mail, LOOP_HEADER)),
        files=attached,
        remarks=tuple(dict.fromkeys(odd)),
    )


def _sender(mail: Message) -> tuple[str, str]:
    found = headers.addresses(mail, "From") or headers.addresses(mail, "Sender")
    return found[0] if found else ("", "")


def _answer_to(mail: Message, sender: str) -> str:
    wanted = headers.addresses(mail, "Reply-To")
    return wanted[0][1] if len(wanted) == 1 else sender


def _recipients(mail: Message) -> tuple[str, ...]:
    named = headers.addresses(mail, "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
    return tuple(dict.fromkeys(address for _, address in named))


def _answers(mail: Message) -> tuple[str, ...]:
    """Return what it answers, the nearest first."""
    before = headers.ids(mail, "References")
    return tuple(dict.fromkeys((*headers.ids(mail, "In-Reply-To"), *reversed(before))))


def _identity(mail: Message, message_id: str, octets: bytes) -> str:
    """Return by what a mail is known again, whichever way it came: senders are not to be trusted to name each anew."""
    if not message_id:
        return f"sha256:{hashlib.sha256(octets).hexdigest()}"
    said = [b"\n".join(headers.raw(mail, name)) for name in ("From", "Date", "Subject")]
    _, _, body = octets.replace(b"\r\n", b"\n").partition(b"\n\n")
    digest = hashlib.sha256(b"\0".join((*said, body.rstrip()))).hexdigest()
    return f"{message_id} {digest}"


def _files(parts: list[Message], note: Note) -> Iterator[File]:
    for number, (name, content) in enumerate(_unpacked(parts), 1):
        if number > MOST_FILES:
            note("too_many_attachments")
            return
        if len(content) > LARGEST_FILE:
            note("attachment_too_large")
        elif content:
            yield File(name=name, content=content)


def _unpacked(parts: list[Message]) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(parts, 1):
        kind, name = part.get_content_type(), files.name_of(part, number)
        if kind in ("message/rfc822", "message/global"):
            yield name, octets_of(part)
            continue
        content = files.content_of(part)
        if kind in _WINMAIL or name.lower() == "winmail.dat":
            packed = winmail.files_in(content)
            if packed:
                yield from ((files.safe_name(one, number), inside) for one, inside in packed)
                continue
        yield name, content
