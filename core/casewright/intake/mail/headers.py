"""The header lines of a mail: decoded as far as they can be, one value a line, nothing raised."""

import binascii
import quopri
from collections.abc import Iterator
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from casewright.addresses import email_fault
from casewright.intake.mail.charsets import decoded
from casewright.patterns import pattern

LONGEST = 20_000
"""Characters of one header that are looked at."""
MOST_IDS = 50
LONGEST_ID = 500
_WORD = pattern(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN_WORDS = pattern(rb"(\?=)[ \t\r\n]+(?==\?)")
_ID = pattern(rf"<[^<>\s]{{1,{LONGEST_ID - 2}}}>")


def raw(part: Message, name: str) -> list[bytes]:
    """Return all values of a header as they came, unfolded."""
    wanted = name.lower()
    return [
        _octets(value)[:LONGEST].replace(b"\r\n", b"").replace(b"\n", b"").strip()
        for key, value in part.raw_items()
        if key.lower() == wanted
    ]


def first(part: Message, name: str) -> str:
    """Return the first value of a header, decoded; "" where there is none."""
    found = raw(part, name)
    return words(found[0]) if found else ""


def words(octets: bytes) -> str:
    """Return a header's value with its encoded words decoded, on one line."""
    found = list(_pieces(_BETWEEN_WORDS.sub(rb"\1", octets)))
    text, pending, charset = "", b"", ""
    for named, piece in [*found, ("", b"")]:
        if pending and named != charset:
            text += decoded(pending, charset)[0]
            pending = b""
        if named:
            pending, charset = pending + piece, named
        else:
            text, charset = text + decoded(piece)[0], ""
    return " ".join(text.split())


def addresses(part: Message, *names: str) -> tuple[tuple[str, str], ...]:
    """Return name and address of everybody whom headers name; what is no address is left out."""
    found: dict[str, str] = {}
    for name in names:
        for octets in raw(part, name):
            for called, address in _read(octets):
                found.setdefault(address, called)
    return tuple((called, address) for address, called in found.items())


def ids(part: Message, name: str) -> tuple[str, ...]:
    """Return the Message-IDs that a header names, each once."""
    found = (one for octets in raw(part, name) for one in _ID.findall(decoded(octets)[0]))
    return tuple(dict.fromkeys(found))[-MOST_IDS:]


def date(part: Message) -> str:
    """Return when the mail says it was written, in ISO 8601; "" where it says nothing that can be read."""
    try:
        return parsedate_to_datetime(first(part, "Date")).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""


def _read(octets: bytes) -> Iterator[tuple[str, str]]:
    try:
        found = getaddresses([octets.decode("latin-1")])
    except (ValueError, IndexError, RecursionError):
        found = []
    for called, written in found:
        address = written.strip().strip("<>")
        if address and email_fault(address) is None:
            yield words(called.encode("latin-1")), address.lower()


def _pieces(octets: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what stands between encoded words as ("", octets), and each word with its charset."""
    end = 0
    for found in _WORD.finditer(octets):
        if found.start() > end:
            yield "", octets[end : found.start()]
        charset = found[1].decode("latin-1").partition("*")[0]
        yield charset or "utf-8", _word(found[2], found[3])
        end = found.end()
    if end < len(octets):
        yield "", octets[end:]


def _word(kind: bytes, said: bytes) -> bytes:
    if kind in b"bB":
        try:
            return binascii.a2b_base64(said + b"=" * (-len(said) % 4))
        except binascii.Error:
            return said
    return quopri.decodestring(said.replace(b"_", b"=20"))


def _octets(value: object) -> bytes:
    return str(value).encode("utf-8", "surrogateescape")
