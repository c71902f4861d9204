"""The initials by which Chinese is typed in short: 操作 is `cz`. From the order of GB 2312, whose first level goes by sound."""

from bisect import bisect_right
from functools import lru_cache

_FIRST: tuple[tuple[int, str], ...] = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"), (0xB9FE, "h"),
    (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"), (0xC5BE, "p"), (0xC6DA, "q"),
    (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"), (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
"""Of each initial the first character that begins with it."""
_STARTS = [start for start, _ in _FIRST]
_LAST = 0xD7F9


@lru_cache(maxsize=2048)
def initials(text: str) -> str:
    """Return the initials of a text: of a Chinese character its sound's first letter, of a word its own; others are left out."""
    found, within = [], False
    for one in text.casefold():
        if one.isascii():
            if one.isalnum() and not within:
                found.append(one)
            within = one.isalnum()
        else:
            within = False
            found.append(_initial(one))
    return "".join(found)


def _initial(character: str) -> str:
    try:
        high, low = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return ""
    code = high << 8 | low
    return _FIRST[bisect_right(_STARTS, code) - 1][1] if _STARTS[0] <= code <= _LAST else ""
