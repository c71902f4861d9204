"""What a mail looks like on the wire: headers that no value can forge, a text, and files read as they are sent."""

import base64
import mimetypes
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from casewright.clock import SystemClock, from_microseconds
from casewright.delivery.channel import Enclosed, Outgoing
from casewright.patterns import pattern
from casewright.visible import UNSAFE

LOOP_HEADER = "X-Casewright-Loop"
"""Stands in every mail of ours with the address it came from: whoever finds it in what comes in answers nothing."""
_LONGEST_NAME = 200
_POLICY = policy.SMTP.clone(cte_type="7bit")
"""Octets that every mail server lets through."""
_NAMED = pattern(r"<[!-;=?-~]{1,900}>")
"""A Message-ID that can stand in a header as it is."""
_CHUNK = 57 * 1024
"""Octets read at a time: whole lines of base64."""
_LINE = 76


def message_id(key: str, topic: str, sender: str) -> str:
    """Return the Message-ID of a delivery: the same at every attempt, on the domain of whoever sends it."""
    digest = sha256(key.encode()).hexdigest()[:24]
    return f"<{topic or 'casewright'}.{digest}@{sender.rpartition('@')[2]}>"


def octets(outgoing: Outgoing, headers: EmailMessage) -> Iterator[bytes]:
    """Yield a mail piece by piece; a file is read while it is sent. OSError where one cannot be read."""
    headers.set_content(outgoing.text, charset="utf-8")
    body = headers.as_bytes()
    yield _thread(outgoing)
    if not outgoing.enclosed:
        yield body
        return
    boundary = "=" + sha256(outgoing.key.encode()).hexdigest()[:40]
    head, _, text = body.partition(b"\r\n\r\n")
    kept, described = _split(head)
    yield kept + f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode()
    yield f"--{boundary}\r\n".encode() + described + b"\r\n" + text
    for one in outgoing.enclosed:
        yield f"\r\n--{boundary}\r\n".encode() + _part_head(one)
        yield from _encoded(Path(one.path))
    yield f"\r\n--{boundary}--\r\n".encode()


def headers(outgoing: Outgoing, *, sender: Address, reply_to: str) -> EmailMessage:
    """Return the headers of a mail, and nothing else; values are one line and encoded where they must be."""
    made = EmailMessage(policy=_POLICY)
    made["From"] = sender
    made["To"] = outgoing.address
    if reply_to:
        made["Reply-To"] = reply_to
    made["Subject"] = one_line(outgoing.subject)
    made["Date"] = format_datetime(_written_at(outgoing))
    made["Message-ID"] = message_id(outgoing.key, outgoing.topic, sender.addr_spec)
    if outgoing.nature != "reply":
        automatic = "auto-replied" if outgoing.nature == "confirmation" else "auto-generated"
        made["Auto-Submitted"] = automatic
        made["X-Auto-Response-Suppress"] = "All"
    made[LOOP_HEADER] = sender.addr_spec
    return made


def one_line(text: str) -> str:
    """Return a text as one line without a character that could end a header."""
    return " ".join(UNSAFE.sub(" ", text).split())


def _thread(outgoing: Outgoing) -> bytes:
    """Return the headers that say what a mail answers.

    The library would encode a long Message-ID as if it were words, and nobody would know it again.
    """
    if not _NAMED.fullmatch(outgoing.answers):
        return b""
    before = [one for one in outgoing.references if _NAMED.fullmatch(one)]
    chain = "\r\n ".join((*before, outgoing.answers))
    return f"In-Reply-To: {outgoing.answers}\r\nReferences: {chain}\r\n".encode("ascii")


def _written_at(outgoing: Outgoing) -> datetime:
    if not outgoing.written_at:
        return SystemClock().now()
    return from_microseconds(outgoing.written_at).astimezone(UTC).replace(microsecond=0)


def _split(head: bytes) -> tuple[bytes, bytes]:
    """Return the headers of the mail, and those that describe its text, which go to the text's own part."""
    lines = re.split(rb"\r\n(?![ \t])", head)
    described = [one for one in lines if one.lower().startswith(b"content-")]
    kept = [one for one in lines if one not in described]
    return (b"".join(one + b"\r\n" for one in part) for part in (kept, described))  # type: ignore[return-value]


def _part_head(file: Enclosed) -> bytes:
    name = one_line(file.filename).replace("/", "_").replace("\\", "_")[:_LONGEST_NAME]
    guessed, packed = mimetypes.guess_type(name)
    # What a reader's program would open by itself is none of our business: text and markup go as files like all others.
    kind = guessed if guessed and not packed and _harmless(guessed) else _PLAIN_FILE
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = kind
    part.add_header("Content-Disposition", "attachment", filename=name or "file")
    part["Content-Transfer-Encoding"] = "base64"
    return part.as_bytes()


_PLAIN_FILE = "application/octet-stream"


def _harmless(kind: str) -> bool:
    return kind.startswith("image/") or kind == "application/pdf"


def _encoded(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            line = base64.b64encode(piece)
            yield b"".join(
                line[start : start + _LINE] + b"\r\n" for start in range(0, len(line), _LINE)
            )
