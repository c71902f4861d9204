"""From octets to text, whatever their sender calls them; and text as it may be kept."""

import codecs

from casewright.patterns import pattern

_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030",
    "hz-gb-2312": "hz", "chinese": "gb18030", "big5": "big5hkscs", "x-big5": "big5hkscs", "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "ascii", "utf8": "utf-8", "unicode-1-1-utf-7": "utf-7",
}  # fmt: skip
"""Names whose senders mean more than these can say: what calls itself gb2312 holds characters of gb18030."""
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_GUESSED = ("utf-8", "gb18030", "big5hkscs")
_CONTROL = pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = pattern("\r\n?|[\u2028\u2029\x85]")


def decoded(octets: bytes, charset: str = "") -> tuple[str, bool]:
    """Return a text, and whether its characters had to be guessed because the named ones were none."""
    name = _known(charset)
    if name:
        try:
            return tidy(octets.decode(name)), False
        except (UnicodeError, ValueError):
            pass
    odd = bool(charset) and (name != "ascii" or not octets.isascii())
    for guessed in _GUESSED:
        try:
            return tidy(octets.decode(guessed)), odd
        except UnicodeError:
            continue
    return tidy(octets.decode(name or "cp1252", "replace")), True


def tidy(text: str) -> str:
    """Return a text as it may be kept: one kind of line end, and no characters that nobody wrote."""
    return _CONTROL.sub("", _LINE_ENDS.sub("\n", text))


def _known(charset: str) -> str:
    """Return the codec of a charset; "" where the name is none of a text."""
    plain = charset.strip().strip("\"'").lower()
    name = _ALIASES.get(plain, plain)
    try:
        found = codecs.lookup(name) if name and len(name) <= 40 and name.isascii() else None
    except (LookupError, ValueError):
        return ""
    if found is None or found.name in _NO_CHARSETS or found.name.endswith("_codec"):
        return ""
    return name if getattr(found, "_is_text_encoding", True) else ""
