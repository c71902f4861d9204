"""What is shown in place of personal data: enough to know it again, too little to use it."""

from typing import Any

MASK = "****"
"""What stands for all that is hidden; nobody's name, number or address has it in it."""
SHOWN_DIGITS = 4
"""So many of the last digits of a long number are shown."""
LONG_NUMBER = 8
"""A number is long from so many digits on; of a shorter one nothing is shown."""
_LISTS = (list, tuple)


def mask(value: Any, *, closed: bool = False) -> Any:
    """Return `value` masked; None, which says nothing, stays.

    Of a long number its last four digits are shown, of other text its first character, and of all else nothing: a
    short number, a single character, yes and no, a date. Of `closed` values, which are one of a few, nothing is shown.
    Never more than four characters are, never all of them, and how long the value is does not show. A list is
    masked one by one.
    """
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return type(value)(mask(one, closed=closed) for one in value)
    if closed or isinstance(value, bool) or not isinstance(value, str | int):
        return MASK
    return _masked_text(str(value).strip())


def is_masked(value: Any) -> bool:
    """Return whether `value` is, or holds, something that `mask` has made."""
    if isinstance(value, str):
        return MASK in value
    return isinstance(value, _LISTS) and any(map(is_masked, value))


def _masked_text(text: str) -> str:
    digits = "".join(filter(str.isdecimal, text))
    if not digits or len(digits) * 2 < len(text):
        return f"{text[0]}{MASK}" if len(text) > 1 and text[0].isprintable() else MASK
    return f"{MASK}{digits[-SHOWN_DIGITS:]}" if len(digits) >= LONG_NUMBER else MASK
