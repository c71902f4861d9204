"""The ledger of erasures: a file outside the database that outlives it, so that an older backup is erased again.

A line names a customer by its id and says when, by whom and why; each line's hash covers the hash before it.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from casewright import compact_json
from casewright.clock import from_microseconds, to_microseconds
from casewright.config import Config
from casewright.errors import FileUnreadable, message
from casewright.swift_dataclass import dataclass

FILE = "erasures.jsonl"
_BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A customer who is erased: when, by whom, why."""

    at: datetime
    actor: str
    customer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureLedger:
    """The ledger, kept in one file or several; `paths` begins with the one beside the database."""

    paths: tuple[Path, ...]

    def entries(self) -> tuple[Entry, ...]:
        """Return what any of the files says, oldest first; FileUnreadable where a line is not what was written."""
        kept = sorted((tuple(_read(path)) for path in self.paths), key=len, reverse=True)
        return tuple(dict.fromkeys(entry for found in kept for entry in found))

    def add(self, entry: Entry, known: Iterable[Entry] = ()) -> None:
        """Write an entry durably to every file, before what it says is done; FileUnreadable where one cannot be written.

        What is `known` from elsewhere and the files have lost is written too. To be called within the database's write
        transaction, which lets one at a time do so.
        """
        text = "".join(_lines(dict.fromkeys((*self.entries(), *known, entry))))
        for path in self.paths:
            _write(path, text)


def ledger_of(config: Config) -> ErasureLedger:
    """Return the ledger of a workspace: beside its database, and in the second place where one is named."""
    second = config.audit.second_place
    places = [config.database.parent, *([config.root / second] if second else [])]
    return ErasureLedger(paths=tuple(place / FILE for place in places))


def write_ledger(path: Path, entries: Iterable[Entry]) -> None:
    """Write a ledger of these entries durably, over the one that is there; for what several ledgers say together."""
    _write(path, "".join(_lines(entries)))


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    head = _BEGINNING
    for entry in entries:
        said = {
            "at": to_microseconds(entry.at),
            "actor": entry.actor,
            "customer": entry.customer,
            "reason": entry.reason,
        }
        head = _chained(head, said)
        yield compact_json.encode({**said, "hash": head}) + "\n"


def _chained(head: str, said: dict[str, object]) -> str:
    return hashlib.sha256(head.encode() + compact_json.canonical(said)).hexdigest()


def _read(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        reason = message("it cannot be read ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
    head = _BEGINNING
    for number, line in enumerate(lines, 1):
        try:
            said = compact_json.decode(line)
            written = said.pop("hash")
            head = _chained(head, said)
            entry = Entry(**{**said, "at": from_microseconds(said["at"])})
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            written = None
        if written != head:
            template = "line {line} is not what was written; take the copy of a backup, or of the second place"
            raise FileUnreadable(file=str(path), reason=message(template, line=number))
        yield entry


def _write(path: Path, text: str) -> None:
    """Put a file in the place of the one before, as a whole and durably."""
    try:
        with NamedTemporaryFile(dir=path.parent, delete=False) as draft:
            draft.write(text.encode())
            draft.flush()
            os.fsync(draft.fileno())
        os.replace(draft.name, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
