"""The parts of a mail: found within limits, told apart into what is its text and what is a file in it."""

import re
from collections.abc import Callable, Iterator
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from io import BytesIO

from casewright.intake.mail.charsets import decoded
from casewright.intake.mail.files import content_of
from casewright.intake.mail.html_text import text_of
from casewright.patterns import pattern

LARGEST = 60 * 1024 * 1024
"""Octets; of a larger mail only the head is read."""
LARGEST_HEAD = 256 * 1024
LARGEST_TEXT = 500_000
"""Octets of one text that are read; the mail is kept as it came."""
MOST_PARTS, DEEPEST = 200, 12
Note = Callable[[str], None]
"""Notes that something is odd, by its name in `remarks`."""
_NESTED = pattern(rb"(?i)boundary\s*\*?0?\*?\s*=|message/(rfc822|global)")
_HEAD_ENDS = pattern(rb"\r?\n\r?\n")


def parsed(octets: bytes, note: Note) -> Message:
    """Return a mail in its parts; of one that is made to exhaust whoever reads it only the head."""
    end = _HEAD_ENDS.search(octets)
    head = end.start() if end else len(octets)
    fault = ""
    if len(octets) > LARGEST or head > LARGEST_HEAD:
        fault = "too_large"
    elif sum(1 for _ in _NESTED.finditer(octets)) > MOST_PARTS:
        fault = "too_many_parts"
    if not fault:
        return BytesParser(policy=compat32).parsebytes(octets)
    note(fault)
    return BytesParser(policy=compat32).parsebytes(
        octets[: min(head, LARGEST_HEAD)], headersonly=True
    )


def all_parts(mail: Message, note: Note) -> list[Message]:
    """Return the mail and all parts in it, in order; a mail in it is one part, with those in it."""
    found = [mail]
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop(0)
        inside = inside_of(part)
        if inside and depth >= DEEPEST:
            note("too_deep")
            continue
        for one in inside:
            if len(found) > MOST_PARTS:
                note("too_many_parts")
                return found
            found.append(one)
            waiting.append((one, depth + 1))
    return found


def texts_and_files(
    mail: Message, note: Note, depth: int = 0
) -> Iterator[tuple[str, str | Message]]:
    """Yield ("text", what it says) and ("file", the part) in their order; of alternatives the plainest that says something."""
    kind = mail.get_content_type()
    inside = inside_of(mail)
    if kind.startswith("multipart/") and mail.is_multipart():
        if depth >= DEEPEST:
            note("too_deep")
            return
        if kind == "multipart/alternative":
            yield from _chosen(inside, note, depth + 1)
            return
        for one in inside:
            yield from texts_and_files(one, note, depth + 1)
    elif kind.startswith("multipart/") or _is_text(mail, depth):
        # Parts that were announced and never came are a text.
        yield "text", _text(mail, note)
    elif kind != "message/delivery-status":
        yield "file", mail


def inside_of(part: Message) -> list[Message]:
    """Return the parts right inside a part; none of one that holds a content."""
    payload = part.get_payload()
    several = payload if isinstance(payload, list) else []
    return [one for one in several if isinstance(one, Message)]


def octets_of(part: Message) -> bytes:
    """Return a mail that is a part of another as octets."""
    inside = inside_of(part)
    if not inside:
        return content_of(part)
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, policy=compat32).flatten(inside[0])
    return written.getvalue()


def _chosen(
    alternatives: list[Message], note: Note, depth: int
) -> Iterator[tuple[str, str | Message]]:
    found = [list(texts_and_files(one, note, depth)) for one in alternatives]
    kinds = [one.get_content_type() for one in alternatives]
    said = [any(kind == "text" and str(what).strip() for kind, what in one) for one in found]
    best = next((n for n, kind in enumerate(kinds) if kind == "text/plain" and said[n]), None)
    if best is None:
        best = next((n for n, one in enumerate(said) if one), None)
    for number, one in enumerate(found):
        yield from (each for each in one if each[0] == "file" or number == best)


def _is_text(part: Message, depth: int) -> bool:
    if part.get_content_type() not in ("text/plain", "text/html"):
        return False
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    return depth == 0 or not (disposition.startswith("attachment") or "filename" in disposition)


def _text(part: Message, note: Note) -> str:
    octets = content_of(part)
    if len(octets) > LARGEST_TEXT:
        note("too_large")
        octets = octets[:LARGEST_TEXT]
    text, odd = decoded(octets, _charset(part, octets))
    if odd:
        note("unknown_charset")
    return text_of(text) if part.get_content_type() == "text/html" else text


def _charset(part: Message, octets: bytes) -> str:
    named = part.get_param("charset", "")
    if isinstance(named, tuple):
        named = named[2]
    if not named and part.get_content_type() == "text/html":
        found = re.search(rb"(?i)charset\s*=\s*[\"']?\s*([a-z0-9_-]{2,20})", octets[:4096])
        return found[1].decode() if found else ""
    return str(named or "")
