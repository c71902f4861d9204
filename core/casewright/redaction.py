"""What no line of a log may say: secrets, and what belongs to a person; masked by name, by shape and by acquaintance."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from casewright.patterns import pattern

LONGEST = 4_000
"""No text in a line is longer; a log is no place for what somebody was sent."""
DEEPEST = 4

SECRET, ADDRESS, NUMBER, QUOTED = "[secret]", "[address]", "[number]", "[text]"

_SECRET_NAME = pattern(
    r"passw|passphrase|secret|token|authori[sz]ation|api_?key|private_?key|verifier|credential|cookie|session|signature|otp",
    re.IGNORECASE,
)
_PERSONAL_NAME = pattern(
    r"^(?:phone|mobile|e?mail|address|chat|customer_name|fields|values|private|text|subject|description|words|comment|sought)$",
    re.IGNORECASE,
)
_SHORTEST_KNOWN = 4
SECRET_SHAPES: Mapping[str, re.Pattern[str]] = {
    "private key": pattern(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL
    ),
    "password in an address": pattern(
        r"(?<=://)[^\s/@{}<>\"']{1,200}:[^\s/@{}<>\"']{1,200}(?=@)"
    ),
    "web token": pattern(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    "access token": pattern(
        r"\b(?:cws?_|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|sk-|SEC)[\w-]{20,}"
        r"|\b(?:AKIA|LTAI|AIza)[\w-]{12,}|access_token=[\w-]{16,}"
    ),
    "password hash": pattern(r"\$(?:argon2[a-z]*|2[aby]|6|5|y)\$[\w./+=,$-]{20,}"),
}
"""What secrets look like wherever they stand, by what each is."""

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    *((shape, SECRET) for shape in SECRET_SHAPES.values()),
    (pattern(r"(?i)\b(?:bearer|basic) +[\w.~+/=-]{6,}"), SECRET),
    (
        pattern(
            r"(?i)\b(\w*(?:password|passwd|secret|token|api_?key|pwd)[\"']?\s*[=:]\s*)[\"']?[^\s\"',;&]{3,}[\"']?"
        ),
        rf"\1{SECRET}",
    ),
    (pattern(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), ADDRESS),
    (pattern(r"\+\d[\d ().-]{5,20}\d"), NUMBER),
    (pattern(r"(?<![\w.-])1[3-9]\d[ -]\d{4}[ -]\d{4}(?!\w)"), NUMBER),
    (pattern(r"(?<![\w.-])0\d{2,3}-\d{7,8}(?!\w)"), NUMBER),
    (pattern(r"(?<![\w.-])\d{7,18}[\dXx](?!\w)"), NUMBER),
)
_IN_QUOTES = pattern(r"(?<!\w)'.*?'(?!\w)|(?<!\w)\".*?\"(?!\w)", re.DOTALL)
_NOT_ASCII = pattern(r"[^\x20-\x7e]+")
_WORD_OF_OURS = pattern(r"""['"][a-z_][a-z0-9_.]{0,59}['"]""")


def redacted(fields: Mapping[str, Any], known: Collection[str] = ()) -> dict[str, Any]:
    """Return the fields of a line as they may be written; `known` are secrets that must appear in none."""
    longest_first = sorted(
        (one for one in known if len(one) >= _SHORTEST_KNOWN), key=len, reverse=True
    )
    return {name: _value(name, value, longest_first, 0) for name, value in fields.items()}


def without_values(written: str) -> str:
    """Return what an exception says without what it says it about.

    What stands in quotes is left out, unless it is a plain name such as a program uses; so is all that is no ASCII.
    """
    bare = _IN_QUOTES.sub(
        lambda found: found[0] if _WORD_OF_OURS.fullmatch(found[0]) else f"'{QUOTED}'", written
    )
    return _NOT_ASCII.sub(QUOTED, bare)


def _value(name: str, value: Any, known: Iterable[str], depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_NAME.search(name):
        return SECRET
    if _PERSONAL_NAME.match(name):
        return QUOTED
    if isinstance(value, int | float):
        return value
    if depth < DEEPEST and isinstance(value, Mapping):
        return {str(key): _value(str(key), one, known, depth + 1) for key, one in value.items()}
    if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_value(name, one, known, depth + 1) for one in value]
    return _text(str(value), known)


def _text(written: str, known: Iterable[str]) -> str:
    for one in known:
        written = written.replace(one, SECRET)
    written = written[: LONGEST * 4]
    for shape, put in _SHAPES:
        written = shape.sub(put, written)
    return written if len(written) <= LONGEST else f"{written[:LONGEST]} [...]"
