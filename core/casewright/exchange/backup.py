"""A backup of a whole workspace while it is at work: one file that says of itself what is in it, verified before it is done."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from casewright import __version__
from casewright.answers import Contents
from casewright.desk import Desk
from casewright.desk.copies import Copying, opened
from casewright.desk.erasing.erasure_ledger import ledger_of
from casewright.errors import BackupRefused, message
from casewright.exchange.archive import ArchiveWriter, Packed
from casewright.exchange.durable import beside, put
from casewright.exchange.workspace_files import workspace_files
from casewright.queries import PrepareBackup
from casewright.swift_dataclass import dataclass

FORMAT = 1
DATABASE, LEDGER, MANIFEST = "database.db", "erasures.jsonl", "manifest.json"
ATTACHMENTS, WORKSPACE = "attachments/", "workspace/"
MOST_NAMED = 20
"""Missing files that are named; beyond them it is said how many there are."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """A backup: where, when, how large, what is in it; `missing` are attachments that are not there, or not what they were."""

    file: str
    taken_at: datetime
    bytes: int
    contents: Contents
    attachments: int
    missing: tuple[str, ...]
    seconds: float


def back_up(
    desk: Desk,
    path: Path,
    *,
    actor: str,
    purpose: str = "",
    replace: bool = False,
    progress: Progress | None = None,
) -> BackupMade:
    """Back the workspace up into a file; all that was acknowledged before is in it. BackupRefused, NotAllowed.

    The file is there when this returns, whole and verified; on an error it is as it was before.
    """
    begun = time.monotonic()
    must_be_free(path, replace=replace)
    copying = desk.copying(PrepareBackup(actor=actor, purpose=purpose))
    try:
        with beside(path) as folder:
            packing = _Packing(copying, folder, progress)
            packing.pack()
            size = packing.archive.stat().st_size
            must_be_free(path, replace=replace)
            put(packing.archive, path)
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise BackupRefused(file=str(path), reason=reason) from error
    return BackupMade(
        file=str(path),
        taken_at=copying.now,
        bytes=size,
        contents=packing.contents,
        attachments=packing.attachments,
        missing=tuple(packing.missing),
        seconds=time.monotonic() - begun,
    )


def must_be_free(path: Path, *, replace: bool) -> None:
    """Raise BackupRefused where a file cannot be put: there is one already, or no folder for it."""
    if path.exists() and (not replace or not path.is_file()):
        reason = message("it is there already; --replace puts the new one in its place")
        raise BackupRefused(file=str(path), reason=reason)
    if not path.parent.is_dir():
        reason = message("there is no folder {folder}", folder=str(path.parent))
        raise BackupRefused(file=str(path), reason=reason)


class _Packing:
    """Makes one archive in a folder of its own."""

    def __init__(self, copying: Copying, folder: Path, progress: Progress | None) -> None:
        self.archive = folder / "archive"
        self.contents: Contents
        self.attachments, self.missing = 0, list[str]()
        self._copying, self._folder = copying, folder
        self._progress, self._done, self._total = progress, 0, 0
        self._bytes = 0
        self._files: dict[str, Packed] = {}

    def pack(self) -> None:
        """Copy the database, verify the copy, and pack it with all that belongs to it."""
        copied = self._folder / DATABASE
        copied.touch(mode=0o600)
        self._copying.copy(copied)
        with opened(copied) as copy:
            damage = copy.damage()
            if damage is not None:
                raise BackupRefused(file=str(self._copying.config.database), reason=damage)
            self.contents = copy.contents()
            digests = sorted(copy.attachments())
        self._total = copied.stat().st_size + sum(self._sizes(digests))
        handle = os.open(self.archive, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as target:
            writer = ArchiveWriter(target, at=self._copying.now.timestamp(), told=self._tell)
            self._put(writer, DATABASE, copied)
            self._put_workspace(writer)
            self._put_attachments(writer, digests)
            writer.add_bytes(MANIFEST, self._manifest())
            writer.seal()

    def _put(self, writer: ArchiveWriter, name: str, path: Path) -> None:
        with path.open("rb") as source:
            self._files[name] = writer.add(name, source, path.stat().st_size)

    def _put_workspace(self, writer: ArchiveWriter) -> None:
        config = self._copying.config
        for name in workspace_files(config.root):
            self._put(writer, WORKSPACE + name, config.root / name)
        ledger = ledger_of(config).paths[0]
        if ledger.is_file():
            content = ledger.read_bytes()
            self._files[LEDGER] = writer.add_bytes(LEDGER, content)

    def _put_attachments(self, writer: ArchiveWriter, digests: list[str]) -> None:
        """Pack the attachments after the database, which may name what was attached meanwhile, never what is gone."""
        for digest in digests:
            path = self._place(digest)
            if not is_whole(path, digest):
                self.missing.append(digest)
                continue
            with path.open("rb") as source:
                name = f"{ATTACHMENTS}{digest[:2]}/{digest[2:]}"
                self._bytes += writer.add(name, source, path.stat().st_size).bytes
            self.attachments += 1

    def _manifest(self) -> bytes:
        copying = self._copying
        said: dict[str, Any] = {
            "format": FORMAT,
            "casewright": __version__,
            "taken_at": copying.now.isoformat(),
            "taken_by": copying.actor,
            "synchronous": copying.config.synchronous,
            "database": asdict(self.contents),
            "attachments": {
                "files": self.attachments,
                "bytes": self._bytes,
                "missing": len(self.missing),
                "such_as": self.missing[:MOST_NAMED],
            },
            "files": {name: asdict(one) for name, one in self._files.items()},
        }
        return json.dumps(said, ensure_ascii=False, indent=1).encode()

    def _place(self, digest: str) -> Path:
        return self._copying.config.attachments / digest[:2] / digest[2:]

    def _sizes(self, digests: list[str]) -> Iterator[int]:
        for digest in digests:
            path = self._place(digest)
            yield path.stat().st_size if path.is_file() else 0

    def _tell(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)


def is_whole(path: Path, digest: str) -> bool:
    """Return whether an attachment is there and still what its digest says."""
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return False
