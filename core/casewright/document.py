"""What was read from a file, and where in the file each part of it stands."""

from typing import Any

from casewright.errors import Place
from casewright.swift_dataclass import dataclass

Path = tuple[str | int, ...]
"""The keys and list positions that lead from the top of a document to one of its values."""


class Mark:
    """Where one value stands, where its key stands, and the same for what is inside it.

    `text_column` is where a text's first character stands, behind its quote; 0 when the text is not
    written on one line as it is read.
    """

    __slots__ = ("column", "inside", "key_column", "key_line", "line", "text_column")

    def __init__(self, line: int, column: int, key_line: int = 0, key_column: int = 0) -> None:
        self.line = line
        self.column = column
        self.key_line = key_line or line
        self.key_column = key_column or column
        self.inside: dict[str | int, Mark] = {}
        self.text_column = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The plain data of one file; `place` and `key_place` tell where its parts stand."""

    data: Any
    file: str
    marks: Mark

    def place(self, path: Path) -> Place:
        """Return where the value at `path` stands, or its nearest known ancestor."""
        mark = self._find(path)
        return Place(self.file, mark.line, mark.column)

    def key_place(self, path: Path) -> Place:
        """Return where the key of `path` stands, or its nearest known ancestor's."""
        mark = self._find(path)
        return Place(self.file, mark.key_line, mark.key_column)

    def text_place(self, path: Path, offset: int) -> Place:
        """Return where the character at `offset` of a text stands, or the value's own place."""
        mark = self._find(path)
        column = mark.text_column + offset if mark.text_column else mark.column
        return Place(self.file, mark.line, column)

    def _find(self, path: Path) -> Mark:
        mark = self.marks
        for step in path:
            inner = mark.inside.get(step)
            if inner is None:
                break
            mark = inner
        return mark
