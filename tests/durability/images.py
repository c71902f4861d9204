"""What a power cut may leave of the files: of what was not synced, any part."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from .recording import Operation

SECTOR = 512
"""What a disk writes as a whole or not at all."""


@dataclass
class _File:
    """A file as it is on the disk for certain, and what has been asked of it since."""

    certain: bytearray
    exists: bool
    since: list[Operation] = field(default_factory=list)

    def settle(self) -> None:
        """Make everything that was asked certain: the file was synced."""
        for operation in self.since:
            _apply(self.certain, operation)
        self.since.clear()
        self.exists = True


class Platter:
    """The disk, as far as one operation after the other has brought it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = {name: _File(bytearray(content), True) for name, content in files.items()}

    def do(self, operation: Operation) -> None:
        """Take one more operation."""
        name = operation.file
        if operation.kind == "acknowledged":
            return
        file = self._files.setdefault(name, _File(bytearray(), False))
        if operation.kind == "sync":
            file.settle()
        elif operation.kind == "delete":
            # SQLite deletes the log when it is in the database: whether the directory knows is left to chance at a cut.
            file.since.append(operation)
        else:
            file.since.append(operation)

    def after_a_cut(self, chance: Random) -> dict[str, bytes]:
        """Return the files as a power cut at this moment may leave them."""
        found = {}
        for name, file in self._files.items():
            left = _left(file, chance)
            if left is not None:
                found[name] = bytes(left)
        return found


def cuts(
    before: dict[str, bytes], operations: Sequence[Operation], points: int, chance: Random
) -> Iterator[tuple[int, frozenset[str], dict[str, bytes]]]:
    """Yield for each of so many cuts its place, the commands that were acknowledged before it, and the files it leaves."""
    wanted: dict[int, int] = defaultdict(int)
    for _ in range(points):
        wanted[chance.randrange(1, len(operations) + 1)] += 1
    platter, acknowledged = Platter(before), set()
    for place, operation in enumerate(operations, 1):
        platter.do(operation)
        if operation.kind == "acknowledged":
            acknowledged.add(operation.what)
        for _ in range(wanted[place]):
            yield place, frozenset(acknowledged), platter.after_a_cut(chance)


def write(files: dict[str, bytes], folder: Path) -> None:
    """Put files into a folder, and nothing else."""
    for old in folder.iterdir():
        if old.is_file():
            old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def files_of(folder: Path, beginning: str) -> dict[str, bytes]:
    """Return the database and its log as they are."""
    return {
        entry.name: Path(entry.path).read_bytes()
        for entry in os.scandir(folder)
        if entry.is_file()
        and entry.name.startswith(beginning)
        and not entry.name.endswith("-shm")
    }


def _left(file: _File, chance: Random) -> bytearray | None:
    if not file.exists and not file.since:
        return None
    if not file.exists and chance.random() < 0.5:
        return None  # the directory does not know of it yet
    content = bytearray(file.certain)
    # A disk that writes in order, one that loses all, and one that keeps any sectors: each is one to reckon with.
    mood = chance.choice(("all", "none", "beginning", "any", "any"))
    if mood == "none":
        return content
    since = file.since
    if mood == "beginning":
        since = since[: chance.randrange(len(since) + 1)]
    for operation in since:
        if operation.kind == "delete":
            if mood != "any" or chance.random() < 0.5:
                return None
        elif mood == "any":
            _apply_some(content, operation, chance)
        else:
            _apply(content, operation)
    return content


def _apply(content: bytearray, operation: Operation) -> None:
    if operation.kind == "write":
        end = operation.offset + len(operation.what)
        if len(content) < end:
            content.extend(bytes(end - len(content)))
        content[operation.offset : end] = operation.what
    elif operation.kind == "truncate":
        del content[operation.offset :]
    elif operation.kind == "create":
        content.clear()


def _apply_some(content: bytearray, operation: Operation, chance: Random) -> None:
    """Apply some sectors of a write; of a change of size, all or nothing."""
    if operation.kind != "write":
        if chance.random() < 0.5:
            _apply(content, operation)
        return
    first = operation.offset
    for start in range(0, len(operation.what), SECTOR):
        if chance.random() < 0.5:
            part = operation.what[start : start + SECTOR]
            _apply(content, Operation("write", operation.file, first + start, part))
