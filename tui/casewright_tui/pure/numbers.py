"""Numbers as people type them: with separators of thousands, a sign of the currency, and digits of an input method."""

import re
import unicodedata

from casewright.patterns import pattern

_WHOLE = pattern(r"[+-]?[0-9]{1,20}")
_DECIMAL = pattern(r"[+-]?[0-9]{1,20}([.][0-9]{1,20})?|[+-]?[.][0-9]{1,20}")
_THOUSANDS = pattern(r"(?<=[0-9]),(?=[0-9]{3}(?:[^0-9]|$))")
_AROUND = pattern(r"^(?:¥|\$|€|£|CNY|RMB)|(?:元|块|CNY|RMB)$", re.IGNORECASE)


def folded(text: str) -> str:
    """Return a text whose full-width digits, letters and signs are the usual ones, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def read_number(text: str, *, whole: bool, money: bool = False) -> int | float | None:
    """Return the number that a text says, or None where it says none."""
    written = folded(text).replace("\u2212", "-")
    if money:
        written = _AROUND.sub("", written).strip()
    written = _THOUSANDS.sub("", written)
    if _WHOLE.fullmatch(written):
        return int(written)
    if whole or not _DECIMAL.fullmatch(written):
        return None
    return float(written)


def written_number(number: int | float) -> str:
    """Return a number as it is typed."""
    return (
        format(number, "f").rstrip("0").rstrip(".")
        if isinstance(number, float)
        else str(number)
    )
