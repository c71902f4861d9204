"""From the parser's events to plain data with places; the checks say what may stand there."""

from collections.abc import Callable
from dataclasses import field
from typing import Any, NoReturn

import yaml

from casewright.document import Mark
from casewright.errors import Message, Place, YamlRefused, message
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
INTEGER = pattern(r"-?(?:0|[1-9][0-9]*)")
DECIMAL = pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(slots=True)
class Open:
    """A mapping or list whose end has not been met yet."""

    holder: dict[str, Any] | list[Any]
    mark: Mark
    key: str | None = None
    key_line: int = 0
    key_column: int = 0

    @property
    def awaits_key(self) -> bool:
        """Whether what comes next is a key."""
        return self.key is None and isinstance(self.holder, dict)


Checks = tuple[Callable[["Reading", Any], None], ...]


@dataclass(slots=True, kw_only=True)
class Reading:
    """The data built so far, and what the defences need to know about it."""

    file: str
    on_event: Checks
    on_scalar: Checks
    on_key: Checks
    data: Any = None
    marks: Mark = field(default_factory=lambda: Mark(1, 1))
    open: list[Open] = field(default_factory=list)
    events: int = 0
    documents: int = 0

    def take(self, event: Any) -> None:
        """Add one event of the parser to the data."""
        self.events += 1
        for check in self.on_event:
            check(self, event)
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._take_start(event, {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._take_start(event, [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()

    def refuse(self, event: Any, reason: Message) -> NoReturn:
        """Raise the refusal of what stands at `event`."""
        place = Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        raise YamlRefused(place=place, reason=reason)

    def _take_scalar(self, event: Any) -> None:
        for check in self.on_scalar:
            check(self, event)
        value = event.value if event.style else plain(event.value)
        if self.open and self.open[-1].awaits_key:
            self._take_key(event, value)
        else:
            self._put(event, value)

    def _take_start(self, event: Any, holder: dict[str, Any] | list[Any]) -> None:
        if self.open and self.open[-1].awaits_key:
            self.refuse(event, message("a key must be text, not a mapping or a list"))
        self.open.append(Open(holder, self._put(event, holder)))

    def _take_key(self, event: Any, value: Any) -> None:
        for check in self.on_key:
            check(self, event)
        top, mark = self.open[-1], event.start_mark
        top.key, top.key_line, top.key_column = str(value), mark.line + 1, mark.column + 1

    def _put(self, event: Any, value: Any) -> Mark:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if not self.open:
            self.data, self.marks = value, Mark(line, column)
            return self.marks
        top = self.open[-1]
        mark = Mark(line, column, top.key_line, top.key_column)
        mark.text_column = _text_column(event, value)
        if isinstance(top.holder, list):
            top.mark.inside[len(top.holder)] = mark
            top.holder.append(value)
        elif top.key is not None:
            top.mark.inside[top.key] = mark
            top.holder[top.key] = value
            top.key, top.key_line, top.key_column = None, 0, 0
        return mark


def plain(text: str) -> Any:
    """Return what a plain scalar means: null, true, false, a number, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if not text[-1].isdecimal():
        return text
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def _text_column(event: Any, value: Any) -> int:
    """Return the column of a text's first character, 0 where folding or escapes move the others."""
    start, end = event.start_mark, event.end_mark
    if not isinstance(value, str) or start.line != end.line:
        return 0
    quote = 1 if event.style else 0
    written_as_read = end.column - start.column == len(value) + 2 * quote
    return start.column + 1 + quote if written_as_read else 0
