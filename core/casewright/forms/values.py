"""What a single value must satisfy, where two JSON Schema engines would disagree.

Formats, patterns and steps are decided here, by the same function for both engines, so that
they never differ. RE2 searches patterns in a time that grows with the length of the text only.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any

from casewright.patterns import pattern

_DATE = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = pattern(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_EMAIL = pattern(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_URI = pattern(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][^\s<>\"\\^`{|}]*)?")


def is_date(text: str) -> bool:
    """Return whether the text is a day of the calendar, written 2026-01-31."""
    return bool(_DATE.fullmatch(text)) and _can_be_read(date.fromisoformat, text)


def is_moment(text: str) -> bool:
    """Return whether the text is a moment with offset, written 2026-01-31T09:30:00+08:00."""
    return bool(_MOMENT.fullmatch(text)) and _can_be_read(datetime.fromisoformat, text.upper())


def is_email(text: str) -> bool:
    """Return whether the text is one address, name@domain, in ASCII, nothing around it."""
    return len(text) <= 254 and text.find("@") <= 64 and bool(_EMAIL.fullmatch(text))


def is_web_address(text: str) -> bool:
    """Return whether the text is an http or https address without user or password."""
    return len(text) <= 2_000 and bool(_URI.fullmatch(text))


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": is_date,
    "date-time": is_moment,
    "email": is_email,
    "uri": is_web_address,
}


def matches(pattern: str, text: str) -> bool:
    """Return whether RE2 finds the pattern anywhere in the text."""
    return compiled(pattern).search(text.encode()) is not None


def is_multiple(number: int | float, step: int | float) -> bool:
    """Return whether the number is a whole multiple of the step, both read as they are written.

    0.07 is seven times 0.01 for a person; divided as binary fractions it is not.
    """
    try:
        return not Decimal(repr(number)) % Decimal(repr(step))
    except InvalidOperation:
        return (Fraction(repr(number)) / Fraction(repr(step))).denominator == 1


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """Return the pattern compiled by RE2; raise `re2.error` where RE2 refuses it."""
    import re2  # Not before a form is checked.

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    return re2.compile(pattern, options)


def _can_be_read(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
