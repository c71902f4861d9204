"""The JSON door: one value out of one text, with limits, and only what both databases can hold.

The text rule is narrower than that of YAML files: a customer's words may hold any character
that can be stored and given back, so only NUL and lone surrogates are refused; how text is
shown is the matter of those who show it.
`loads` is for bodies, `load` for files that people edit and want places for.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from casewright import json_places, regular_file
from casewright.document import Document
from casewright.errors import JsonRefused, Message, Place, message
from casewright.patterns import pattern

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
INTEGERS = range(-(2**63), 2**63)


def loads(source: str | bytes, *, file: str, limit: int = MAX_BYTES) -> object:
    """Return the value that `source` says; raise `JsonRefused` where it is none we accept.

    `limit` is for whoever has bounded the size already, and knows why it may be larger.
    """
    text = _text(source, file, limit)
    for check in TEXT_DEFENCES.values():
        check(text, file)
    try:
        value: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        reason = message("not valid JSON ({problem})", problem=error.msg)
        raise JsonRefused(place=Place(file, error.lineno, error.colno), reason=reason) from None
    except _Found as found:
        raise JsonRefused(place=found.where(text, file), reason=found.reason) from None
    _check_texts(value, text, file)
    return value


def load(source: str | bytes, *, file: str) -> Document:
    """Return what `source` says, with the places of its parts."""
    data = loads(source, file=file)
    return Document(data=data, file=file, marks=json_places.marks(_text(source, file)))


def load_file(path: Path, *, file: str | None = None) -> Document:
    """Return what the file holds; raise `FileUnreadable` or `JsonRefused`."""
    name = file or str(path)
    return load(regular_file.read(path, limit=MAX_BYTES, file=name), file=name)


def check_text(value: object, *, file: str = "input") -> None:
    """Raise `JsonRefused` when a text anywhere in `value` cannot be stored by a database."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            for check in STRING_DEFENCES.values():
                check(one, file)
        elif isinstance(one, dict):
            waiting.extend(one.keys())
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


class _Found(Exception):
    """Something refused inside the decoder, which does not say where: `where` looks for it."""

    def __init__(self, reason: Message, where: Callable[[str, str], Place]) -> None:
        self.reason = reason
        self.where = where
        super().__init__(str(reason))


def _check_texts(value: object, text: str, file: str) -> None:
    try:
        check_text(value, file=file)
    except JsonRefused as refused:
        place = json_places.place_of_text(text, _is_refused, file)
        raise JsonRefused(place=place, reason=refused.reason) from None


def _is_refused(text: str) -> bool:
    try:
        check_text(text)
    except JsonRefused:
        return True
    return False


def _text(source: str | bytes, file: str, limit: int = MAX_BYTES) -> str:
    for check in SOURCE_DEFENCES.values():
        check(source, file, limit)
    text = source if isinstance(source, str) else source.decode("utf-8", "replace")
    return text.removeprefix("\ufeff")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for check in PAIR_DEFENCES.values():
        check(pairs)
    return dict(pairs)


def _integer(digits: str) -> int:
    for check in NUMBER_DEFENCES.values():
        check(digits)
    return int(digits)


def _decimal(digits: str) -> float:
    for check in NUMBER_DEFENCES.values():
        check(digits)
    return float(digits)


def _constant(word: str) -> float:
    for check in NUMBER_DEFENCES.values():
        check(word)
    return float(word.replace("Infinity", "inf"))


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_decimal, parse_constant=_constant
)


# --- the defences -----------------------------------------------------------------------------


def _size(source: str | bytes, file: str, limit: int) -> None:
    length = (
        len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "replace"))
    )
    if length > limit:
        reason = message("the text is larger than {limit} bytes", limit=limit)
        raise JsonRefused(place=Place(file), reason=reason)


def _encoding(source: str | bytes, file: str, limit: int) -> None:
    if isinstance(source, str):
        return
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source[: error.start].decode("utf-8")
        reason = message("the text is not UTF-8 at byte {byte}", byte=error.start)
        raise JsonRefused(
            place=json_places.place(before, len(before), file), reason=reason
        ) from None


def _depth(text: str, file: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for token in json_places.TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                reason = message("nested deeper than {limit} levels", limit=MAX_DEPTH)
                raise JsonRefused(
                    place=json_places.place(text, token.start(), file), reason=reason
                )
        elif token[0] in "]}":
            depth -= 1


def _no_duplicates(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        key = Counter(key for key, _ in pairs).most_common(1)[0][0]
        reason = message("the key '{key}' appears twice", key=key)
        raise _Found(reason, lambda text, file: json_places.place_of_second(text, key, file))


def _no_constants(digits: str) -> None:
    if digits[-1].isalpha():
        raise _number(digits, message("{word} is not a number in JSON", word=digits))


def _whole_numbers(digits: str) -> None:
    if digits.lstrip("-").isdecimal() and (len(digits) > 20 or int(digits) not in INTEGERS):
        raise _number(digits, message("the number does not fit in 64 bits"))


def _decimal_numbers(digits: str) -> None:
    if digits[-1].isdecimal() and float(digits) in (float("inf"), float("-inf")):
        raise _number(digits, message("the number is out of range"))


def _number(digits: str, reason: Message) -> _Found:
    return _Found(reason, lambda text, file: json_places.place_of_word(text, digits, file))


def _no_nul(text: str, file: str) -> None:
    if "\x00" in text:
        raise JsonRefused(place=Place(file), reason=message("a text holds the character NUL"))


def _no_surrogates(text: str, file: str) -> None:
    if not text.isascii() and _SURROGATE.search(text):
        raise JsonRefused(
            place=Place(file),
            reason=message("a text holds half a character (a lone surrogate)"),
        )


_SURROGATE = pattern("[\ud800-\udfff]")

SOURCE_DEFENCES: dict[str, Callable[[str | bytes, str, int], None]] = {
    "size": _size,
    "encoding": _encoding,
}
TEXT_DEFENCES: dict[str, Callable[[str, str], None]] = {"depth": _depth}
PAIR_DEFENCES: dict[str, Callable[[list[tuple[str, Any]]], None]] = {
    "duplicate keys": _no_duplicates
}
NUMBER_DEFENCES: dict[str, Callable[[str], None]] = {
    "constants": _no_constants,
    "whole numbers": _whole_numbers,
    "decimal numbers": _decimal_numbers,
}
STRING_DEFENCES: dict[str, Callable[[str, str], None]] = {
    "NUL": _no_nul,
    "surrogates": _no_surrogates,
}
