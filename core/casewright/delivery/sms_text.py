"""How long an SMS is: its alphabet, its units, and the parts it is cut into.

One part holds 160 GSM or 70 UCS-2 units; of several, each holds 153 or 67, the rest being the
header that joins them (3GPP TS 23.038 and 23.040).
"""

from collections.abc import Iterator
from typing import Literal

from casewright.swift_dataclass import dataclass

Alphabet = Literal["gsm7", "ucs2"]

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    "\f": 10,
    "^": 20,
    "{": 40,
    "}": 41,
    "\\": 47,
    "[": 60,
    "~": 61,
    "]": 62,
    "|": 64,
    "€": 101,
}
_ESCAPE = 27
_CODES = {character: bytes([code]) for code, character in enumerate(_BASIC) if code != _ESCAPE}
_CODES |= {character: bytes([_ESCAPE, code]) for character, code in _EXTENSION.items()}
_CHARACTERS = {code: character for character, code in _CODES.items()}

SINGLE: dict[Alphabet, int] = {"gsm7": 160, "ucs2": 70}
"""Units of a message in one part."""
JOINED: dict[Alphabet, int] = {"gsm7": 153, "ucs2": 67}
"""Units of each part of a message in several."""
MOST_PARTS = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How much of an SMS a text is."""

    alphabet: Alphabet
    units: int
    parts: int


def alphabet_of(text: str) -> Alphabet:
    """Return the alphabet that takes the fewest units: GSM where every character is in it."""
    return "gsm7" if all(character in _CODES for character in text) else "ucs2"


def length(text: str, alphabet: Alphabet | None = None) -> Length:
    """Return what `text` takes; nobody pays for the empty text, which takes one part."""
    chosen = alphabet or alphabet_of(text)
    units = sum(_units(character, chosen) for character in text)
    return Length(alphabet=chosen, units=units, parts=len(split(text, chosen)))


def split(text: str, alphabet: Alphabet | None = None) -> tuple[str, ...]:
    """Return the parts of `text`, none longer than its alphabet allows; no character is cut."""
    chosen = alphabet or alphabet_of(text)
    if sum(_units(character, chosen) for character in text) <= SINGLE[chosen]:
        return (text,)
    return tuple(_filled(text, chosen))


def encoded(text: str, alphabet: Alphabet) -> bytes:
    """Return the octets of `text`: UTF-16 big endian, or one GSM septet in each octet."""
    if alphabet == "ucs2":
        return text.encode("utf-16-be")
    return b"".join(_CODES[character] for character in text)


def decoded_gsm7(octets: bytes) -> str:
    """Return the text of unpacked GSM septets; what is in no table becomes a replacement mark."""
    text, position = [], 0
    while position < len(octets):
        many = 2 if octets[position] == _ESCAPE else 1
        text.append(_CHARACTERS.get(octets[position : position + many], "\ufffd"))
        position += many
    return "".join(text)


def _units(character: str, alphabet: Alphabet) -> int:
    if alphabet == "gsm7":
        return len(_CODES[character])
    return 2 if ord(character) > 0xFFFF else 1


def _filled(text: str, alphabet: Alphabet) -> Iterator[str]:
    start = used = 0
    for position, character in enumerate(text):
        more = _units(character, alphabet)
        if used + more > JOINED[alphabet]:
            yield text[start:position]
            start, used = position, 0
        used += more
    yield text[start:]
