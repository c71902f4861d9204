"""Lines of JSON that carry anything a database holds: each is short, and the last one seals all before it.

Bytes are base 64. A text or bytes too long for a line go ahead of it in parts: the line says how many there were.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from casewright import strict_json
from casewright.errors import JsonRefused, Message, Place, message

LONGEST_PART = 150_000
"""Characters of a text, or bytes, that one line holds: written as escapes they are still less than a line may be long."""
LONG = 1_000
"""Of a row that is longer than that in all, every value that is longer than this goes ahead in parts."""
MOST_HELD = 80_000_000
"""Characters of parts that are held until the line they belong to; an attachment is at most 50 MB."""
_BYTES, _PARTS, _END = "$bytes", "$parts", "$end"


class LineWriter:
    """Writes lines; `end` seals them."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self._digest, self.lines = target, hashlib.sha256(), 0

    def write(self, said: Mapping[str, Any]) -> None:
        """Write a line; mappings in it may hold bytes and long texts."""
        longest = LONGEST_PART if _length(said) <= LONGEST_PART else LONG
        self._put(self._plain(said, longest))

    def end(self) -> None:
        """Write the last line: how many there were, and the SHA-256 of them all."""
        self._put({_END: {"lines": self.lines, "sha256": self._digest.hexdigest()}})

    def _plain(self, value: Any, longest: int) -> Any:
        if isinstance(value, Mapping):
            return {name: self._plain(one, longest) for name, one in value.items()}
        if isinstance(value, bytes | str) and len(value) > longest:
            return self._in_parts(value)
        if isinstance(value, bytes):
            return {_BYTES: base64.b64encode(value).decode()}
        return value

    def _in_parts(self, value: str | bytes) -> dict[str, int]:
        places = range(0, len(value), LONGEST_PART)
        for at in places:
            part = value[at : at + LONGEST_PART]
            self._put({_PARTS: self._plain(part, LONGEST_PART)})
        return {_PARTS: len(places)}

    def _put(self, said: Mapping[str, Any]) -> None:
        line = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        self._target.write(line)
        self.lines += 1


class LineReader:
    """Reads lines, each checked; JsonRefused names the line that is wrong."""

    def __init__(self, source: BinaryIO, file: str) -> None:
        self._source, self._file = source, file
        self._digest, self.number = hashlib.sha256(), 0
        self._parts: list[str | bytes] = []
        self._held = 0

    def __iter__(self) -> Iterator[Any]:
        """Yield what the lines say; it is only known at the last one that nothing is missing."""
        while True:
            before = self._digest.hexdigest()
            line = self._source.readline(strict_json.MAX_BYTES + 1)
            self.number += 1
            if not line.endswith(b"\n"):
                self.refuse(
                    message(
                        "the line is not whole: the file is cut short, or too long in a line"
                    )
                )
            self._digest.update(line)
            said = self._loaded(line)
            if _END in said:
                self._must_be_the_end(said, before)
                return
            if set(said) == {_PARTS}:
                self._hold(self._whole(said[_PARTS]))
                continue
            yield {name: self._whole(value) for name, value in said.items()}

    def refuse(self, reason: Message) -> None:
        """Raise JsonRefused for the line that was read last."""
        raise JsonRefused(place=Place(self._file, self.number), reason=reason)

    def _loaded(self, line: bytes) -> dict[str, Any]:
        try:
            said = strict_json.loads(line, file=self._file)
        except JsonRefused as error:
            place = Place(self._file, self.number, error.place.column)
            raise JsonRefused(place=place, reason=error.reason) from None
        if not isinstance(said, dict):
            self.refuse(message("a line is an object"))
            raise AssertionError
        return said

    def _whole(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if set(value) == {_BYTES}:
            return self._decoded(value[_BYTES])
        if set(value) == {_PARTS}:
            return self._joined(value[_PARTS])
        return {name: self._whole(one) for name, one in value.items()}

    def _decoded(self, text: Any) -> bytes:
        try:
            return base64.b64decode(text, validate=True)
        except (TypeError, ValueError, binascii.Error):
            self.refuse(message("bytes are written in base 64"))
            raise AssertionError from None

    def _hold(self, part: Any) -> None:
        if not isinstance(part, str | bytes):
            self.refuse(message("a part is a text, or bytes in base 64"))
        self._parts.append(part)
        self._held += len(part)
        if self._held > MOST_HELD:
            self.refuse(message("a value is longer than {limit} characters", limit=MOST_HELD))

    def _joined(self, count: Any) -> str | bytes:
        if not isinstance(count, int) or not 0 < count <= len(self._parts):
            self.refuse(message("its parts do not stand before it"))
        parts, self._parts = self._parts[:count], self._parts[count:]
        self._held = sum(map(len, self._parts))
        if all(isinstance(one, str) for one in parts):
            return "".join(map(str, parts))
        if not all(isinstance(one, bytes) for one in parts):
            self.refuse(message("its parts are of two kinds"))
        return b"".join(one for one in parts if isinstance(one, bytes))

    def _must_be_the_end(self, said: dict[str, Any], before: str) -> None:
        wanted = {"lines": self.number - 1, "sha256": before}
        if said != {_END: wanted} or self._parts:
            self.refuse(
                message("the lines before the last one are not those that were written")
            )
        if self._source.read(1):
            self.refuse(message("something follows the last line"))


def _length(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(map(_length, value.values()))
    return len(value) if isinstance(value, bytes | str) else 0


def count_lines(path: Path) -> int:
    """Return how many lines a file has, for a progress bar."""
    with path.open("rb") as source:
        return sum(piece.count(b"\n") for piece in iter(lambda: source.read(1 << 20), b""))
