"""The files in a mail: their contents, and names that are nothing but names."""

import mimetypes
import re
from email.message import Message
from email.utils import collapse_rfc2231_value

from casewright.intake.mail.charsets import decoded, tidy
from casewright.intake.mail.headers import words
from casewright.patterns import pattern

LONGEST_NAME = 120
_SEPARATORS = pattern(r"[/\\:*?\"<>|]+")


def content_of(part: Message) -> bytes:
    """Return what a part holds, decoded as far as it can be."""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return found if isinstance(found, bytes) else b""


def name_of(part: Message, number: int) -> str:
    """Return what a file is called, as one name without a folder."""
    name = _safe(_written_name(part))
    if name:
        return name
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return f"mail-{number}.eml"
    return f"file-{number}{mimetypes.guess_extension(kind) or '.bin'}"


def safe_name(name: str, number: int) -> str:
    """Return a name that came with a file as one without a folder, or one made up."""
    return _safe(name) or f"file-{number}.bin"


def _safe(name: str) -> str:
    found = re.split(r"[/\\]", tidy(name).replace("\n", " "))[-1]
    plain = _SEPARATORS.sub("_", found).strip(" .")
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        return plain[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _written_name(part: Message) -> str:
    for name, header in (("filename", "Content-Disposition"), ("name", "Content-Type")):
        try:
            value = part.get_param(name, None, header)
        except (ValueError, IndexError, TypeError, AttributeError):
            continue
        if isinstance(value, tuple):
            charset, _, said = value
            octets = said.encode("latin-1", "replace")
            return decoded(octets, charset or "")[0]
        if value:
            said = collapse_rfc2231_value(value)
            return words(said.encode("utf-8", "surrogateescape"))
    return ""
