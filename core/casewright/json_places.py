"""Where the parts of a JSON text stand; it is scanned again for them, when someone asks."""

import json
import re
from collections.abc import Callable, Iterator

from casewright.document import Mark
from casewright.errors import Place
from casewright.patterns import pattern

TOKEN = pattern(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.DOTALL)
"""Strings as a whole, closed or not, so that scanning stays linear in any text."""


def place(text: str, at: int, file: str) -> Place:
    """Return the line and column of an offset."""
    return Place(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def place_of_word(text: str, word: str, file: str) -> Place:
    """Return where a number or constant stands for the first time, outside of texts."""
    at = next((at for token, at in _tokens(text) if token == word), 0)
    return place(text, at, file)


def place_of_text(text: str, wrong: Callable[[str], bool], file: str) -> Place:
    """Return where the first text stands that is `wrong`."""
    found = (at for token, at in _tokens(text) if token[0] == '"' and wrong(json.loads(token)))
    return place(text, next(found, 0), file)


def place_of_second(text: str, key: str, file: str) -> Place:
    """Return where `key` stands for the second time in one and the same object."""
    seen: list[int] = []
    previous, start = "", 0
    for token, at in _tokens(text):
        if token == "{":
            seen.append(0)
        elif token == "}":
            seen.pop()
        elif token == ":" and json.loads(previous) == key:
            seen[-1] += 1
            if seen[-1] == 2:
                return place(text, start, file)
        previous, start = token, at
    return Place(file)


def marks(text: str) -> Mark:
    """Return the places of all values of a text that is known to be JSON."""
    lines = _Lines(text)
    top: Mark | None = None
    open_marks: list[tuple[Mark, bool]] = []
    key: tuple[str, int, int] | None = None
    for token, offset in _tokens(text):
        if token in ",:":
            continue
        if token in "]}":
            open_marks.pop()
        elif open_marks and open_marks[-1][1] and key is None:
            key = (json.loads(token), *lines.at(offset))
        else:
            mark = Mark(*lines.at(offset), *(key[1:] if key else ()))
            if open_marks:
                inside = open_marks[-1][0].inside
                inside[key[0] if key else len(inside)] = mark
            top, key = top or mark, None
            if token in "[{":
                open_marks.append((mark, token == "{"))
    return top or Mark(1, 1)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    return ((token[0], token.start()) for token in TOKEN.finditer(text))


class _Lines:
    """Turns offsets that only ever grow into lines and columns, in one pass."""

    def __init__(self, text: str) -> None:
        self._text, self._start, self._line = text, 0, 1

    def at(self, offset: int) -> tuple[int, int]:
        while (end := self._text.find("\n", self._start, offset)) >= 0:
            self._start, self._line = end + 1, self._line + 1
        return self._line, offset - self._start + 1
