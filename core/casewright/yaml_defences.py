"""What the YAML door refuses: one function for each defence, in tables by when it is asked, and slips that are no YAML."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from casewright.errors import Message, Place, YamlRefused, message
from casewright.patterns import pattern
from casewright.yaml_reading import DECIMAL, INTEGER, Reading, plain

MAX_BYTES = 256 * 1024
MAX_EVENTS = 40_000
MAX_DEPTH = 32
MAX_SCALAR = 64 * 1024

_AMBIGUOUS = {"y", "yes", "n", "no", "on", "off"}
_NOT_FINITE = pattern(r"[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_INTEGER_DIGITS = 18
BAD_CHARACTERS = pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # characters that turn the direction
    "\u2028\u2029\ufeff\ufffe\uffff"  # line ends of YAML 1.1, a BOM within, no characters
    "\ud800-\udfff\U000e0000-\U000e007f]"  # surrogates, invisible tags
)
"""What no text for people holds."""


Slip = tuple[Place, Message]


def slip_in(text: str, context: str | None, stopped: Place, begun: Place | None) -> Slip | None:
    """Return the slip that made the parser stop, and its place; None where it is none of those known.

    `context` is what the parser was doing, `begun` where it had begun with it.
    """
    lines = _Lines(text, stopped)
    return (
        _left_open(context or "", stopped, begun)
        or lines.tab()
        or lines.wide_colon()
        or lines.tag()
        or lines.no_blank()
    )


def _size(source: str | bytes, file: str) -> None:
    over = len(source) > MAX_BYTES or (
        isinstance(source, str) and len(source.encode("utf-8", "replace")) > MAX_BYTES
    )
    if over:
        reason = message("the file is larger than {limit} bytes", limit=MAX_BYTES)
        raise YamlRefused(place=Place(file), reason=reason)


def _encoding(source: str | bytes, file: str) -> None:
    if isinstance(source, str):
        return
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source[: error.start].decode("utf-8")
        reason = message("the file is not UTF-8 at byte {byte}", byte=error.start)
        raise YamlRefused(place=_place_in(before, len(before), file), reason=reason) from None


def _characters(text: str, file: str) -> None:
    if found := BAD_CHARACTERS.search(text):
        raise YamlRefused(place=_place_in(text, found.start(), file), reason=_bad(found[0]))


def _bad(character: str) -> Message:
    return message(
        "the invisible character {point} is not allowed", point=f"U+{ord(character):04X}"
    )


def _event_count(reading: Reading, event: Any) -> None:
    if reading.events > MAX_EVENTS:
        reading.refuse(event, message("the file has more than {limit} parts", limit=MAX_EVENTS))


def _one_document(reading: Reading, event: Any) -> None:
    if isinstance(event, yaml.DocumentStartEvent):
        reading.documents += 1
        if reading.documents > 1:
            reading.refuse(event, message("a file holds one document only"))


def _no_directives(reading: Reading, event: Any) -> None:
    if isinstance(event, yaml.DocumentStartEvent) and (event.version or event.tags):
        reading.refuse(event, message("directives (%YAML, %TAG) are not allowed"))


def _no_aliases(reading: Reading, event: Any) -> None:
    if isinstance(event, yaml.AliasEvent):
        reading.refuse(event, message("aliases (*name) are not allowed"))


def _no_anchors(reading: Reading, event: Any) -> None:
    if (
        isinstance(event, yaml.NodeEvent)
        and event.anchor
        and not isinstance(event, yaml.AliasEvent)
    ):
        reading.refuse(event, message("anchors (&name) are not allowed"))


def _no_tags(reading: Reading, event: Any) -> None:
    if getattr(event, "tag", None):
        template = (
            "tags ({tag}) are not allowed: put an expression that begins with ! in quotes"
        )
        reading.refuse(event, message(template, tag=event.tag))


def _depth(reading: Reading, event: Any) -> None:
    if isinstance(event, yaml.CollectionStartEvent) and len(reading.open) >= MAX_DEPTH:
        reading.refuse(event, message("nested deeper than {limit} levels", limit=MAX_DEPTH))


def _scalar_size(reading: Reading, event: Any) -> None:
    if len(event.value) > MAX_SCALAR:
        reading.refuse(
            event, message("a text is longer than {limit} characters", limit=MAX_SCALAR)
        )


def _escaped_characters(reading: Reading, event: Any) -> None:
    if event.style == '"' and (found := BAD_CHARACTERS.search(event.value)):
        reading.refuse(event, _bad(found[0]))


def _no_ambiguous_words(reading: Reading, event: Any) -> None:
    if not event.style and event.value.lower() in _AMBIGUOUS:
        template = "'{word}' is ambiguous: write true or false, or quote it"
        reading.refuse(event, message(template, word=event.value))


def _finite_numbers(reading: Reading, event: Any) -> None:
    text = event.value
    if event.style or not text:
        return
    too_long = INTEGER.fullmatch(text) and len(text.lstrip("-")) > _INTEGER_DIGITS
    infinite = _NOT_FINITE.fullmatch(text) or (
        DECIMAL.fullmatch(text) and float(text) in (float("inf"), float("-inf"))
    )
    if too_long or infinite:
        reading.refuse(
            event, message("the number is out of range: quote it if it is meant as text")
        )


def _text_keys(reading: Reading, event: Any) -> None:
    if not isinstance(_value(event), str):
        reading.refuse(
            event, message("the key {key} must be text: quote it", key=event.value or "null")
        )


def _no_merge_keys(reading: Reading, event: Any) -> None:
    if event.value == "<<" and not event.style:
        reading.refuse(event, message("merge keys (<<) are not allowed"))


def _no_duplicate_keys(reading: Reading, event: Any) -> None:
    if str(value := _value(event)) in reading.open[-1].holder:
        reading.refuse(event, message("the key '{key}' appears twice", key=value))


def _value(event: Any) -> Any:
    return event.value if event.style else plain(event.value)


def _place_in(text: str, at: int, file: str) -> Place:
    return Place(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


SOURCE_DEFENCES: dict[str, Callable[[str | bytes, str], None]] = {
    "size": _size,
    "encoding": _encoding,
}
TEXT_DEFENCES: dict[str, Callable[[str, str], None]] = {"characters": _characters}
EVENT_DEFENCES: dict[str, Callable[[Reading, Any], None]] = {
    "event count": _event_count,
    "one document": _one_document,
    "directives": _no_directives,
    "aliases": _no_aliases,
    "anchors": _no_anchors,
    "tags": _no_tags,
    "depth": _depth,
}
SCALAR_DEFENCES: dict[str, Callable[[Reading, Any], None]] = {
    "scalar size": _scalar_size,
    "escaped characters": _escaped_characters,
    "ambiguous words": _no_ambiguous_words,
    "numbers": _finite_numbers,
}
KEY_DEFENCES: dict[str, Callable[[Reading, Any], None]] = {
    "text keys": _text_keys,
    "merge keys": _no_merge_keys,
    "duplicate keys": _no_duplicate_keys,
}


class _Lines:
    """The line at which the parser stopped and those above it, which may be the ones that are wrong."""

    def __init__(self, text: str, stopped: Place) -> None:
        self._lines = re.split(r"\r\n|\r|\n", text)
        self._stopped = stopped

    def tab(self) -> Slip | None:
        """Return a tab among the blanks that a line begins with."""
        if found := re.match(r" *(?=\t)", self._line(self._stopped.line)):
            reason = message("there is a tab here: indent with blanks")
            return self._at(self._stopped.line, found.end(), reason)
        return None

    def wide_colon(self) -> Slip | None:
        """Return the first of the wide colons that stand behind keys, in this line or right above it."""
        found: Slip | None = None
        for number in self._upwards():
            wrong = re.match(r"[ \-]*[\w.]+[ ]*(?=\uff1a)", self._line(number))
            if wrong:
                reason = message("there is a wide colon here: use the half-width ':'")
                found = self._at(number, wrong.end(), reason)
            elif found or number != self._stopped.line:
                break
        return found

    def tag(self) -> Slip | None:
        """Return an expression that begins with ! and stands without quotes."""
        line = self._line(self._stopped.line)
        if wrong := re.search(r"(?<=[:\-,\[]) +(![^!].*)", line):
            reason = message(
                "what begins with ! must be in quotes: {written}", written=f'"{wrong[1]}"'
            )
            return self._at(self._stopped.line, wrong.start(1), reason)
        return None

    def no_blank(self) -> Slip | None:
        """Return a colon between a key and its value that has no blank behind it."""
        for number in list(self._upwards())[:2]:
            wrong = re.match(r"[ \-]*([A-Za-z_]\w*):(?=[^\s/:])", self._line(number))
            if wrong:
                reason = message("a blank is missing behind '{key}:'", key=wrong[1])
                return self._at(number, wrong.end(), reason)
        return None

    def _upwards(self) -> Iterator[int]:
        """Yield the numbers of this line and of those above it, without empty ones and comments."""
        for number in range(self._stopped.line, 0, -1):
            if number == self._stopped.line or self._line(number).split("#")[0].strip():
                yield number

    def _line(self, number: int) -> str:
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def _at(self, number: int, before: int, reason: Message) -> Slip:
        return Place(self._stopped.file, number, before + 1), reason


def _left_open(context: str, stopped: Place, begun: Place | None) -> Slip | None:
    if begun is None:
        return None
    if context == "while scanning a quoted scalar":
        return begun, message("the quotation mark that is opened here is never closed")
    if context in ("while parsing a flow sequence", "while parsing a flow mapping"):
        template = "the bracket opened in line {line}, column {column} is not closed, or a comma is missing before this"
        return stopped, message(template, line=begun.line, column=begun.column)
    return None
