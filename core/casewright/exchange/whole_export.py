"""All that a workspace holds, told as JSON Lines: its files, every row of its database, its attachments where they are asked for."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from casewright import __version__
from casewright.answers import Contents
from casewright.desk import Desk
from casewright.desk.copies import Copy, Copying, opened
from casewright.desk.erasing.erasure_ledger import ledger_of
from casewright.errors import BackupRefused, message
from casewright.exchange.backup import LEDGER, Progress, must_be_free
from casewright.exchange.durable import beside, put
from casewright.exchange.json_lines import LineWriter
from casewright.exchange.workspace_files import workspace_files
from casewright.queries import PrepareExport
from casewright.swift_dataclass import dataclass

FORMAT = 1
_STEP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMade:
    """An export: where, how many lines and bytes, what is in it."""

    file: str
    lines: int
    bytes: int
    contents: Contents
    attachments: int
    missing: tuple[str, ...]


def export_workspace(
    desk: Desk,
    path: Path,
    *,
    actor: str,
    purpose: str,
    with_attachments: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
) -> ExportMade:
    """Tell all that the workspace holds in one file, as of one moment. BackupRefused, NotAllowed.

    How people prove who they are is not told: passwords, second factors, sessions, tokens.
    """
    must_be_free(path, replace=replace)
    copying = desk.copying(PrepareExport(actor=actor, purpose=purpose))
    try:
        with beside(path) as folder:
            telling = _Telling(copying, with_attachments, progress)
            draft = telling.tell(folder)
            size = draft.stat().st_size
            must_be_free(path, replace=replace)
            put(draft, path)
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise BackupRefused(file=str(path), reason=reason) from error
    return ExportMade(
        file=str(path),
        lines=telling.lines,
        bytes=size,
        contents=telling.contents,
        attachments=telling.attachments,
        missing=tuple(telling.missing),
    )


class _Telling:
    """Tells a copy of the database, so that nobody waits and no log grows meanwhile."""

    def __init__(
        self, copying: Copying, with_attachments: bool, progress: Progress | None
    ) -> None:
        self.contents: Contents
        self.lines = self.attachments = 0
        self.missing: list[str] = []
        self._copying, self._with_attachments = copying, with_attachments
        self._progress, self._done = progress, 0

    def tell(self, folder: Path) -> Path:
        """Write the export into a folder of its own; return where."""
        copied, draft = folder / "database.db", folder / "export"
        copied.touch(mode=0o600)
        self._copying.copy(copied)
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with opened(copied) as copy, os.fdopen(handle, "wb") as target:
            damage = copy.damage()
            if damage is not None:
                raise BackupRefused(file=str(self._copying.config.database), reason=damage)
            self._tell(copy, target)
        return draft

    def _tell(self, copy: Copy, target: BinaryIO) -> None:
        self.contents = copy.contents()
        writer = LineWriter(target)
        writer.write(self._header())
        for name, content in self._files():
            writer.write({"file": name, "content": content})
        for table in copy.tables():
            for row in copy.rows(table):
                writer.write({"table": table, "row": row})
                self._tick()
        if self._with_attachments:
            for digest in sorted(copy.attachments()):
                self._attachment(writer, digest)
        writer.end()
        self.lines = writer.lines

    def _header(self) -> dict[str, object]:
        return {
            "casewright_export": FORMAT,
            "casewright": __version__,
            "taken_at": self._copying.now.isoformat(),
            "taken_by": self._copying.actor,
            "database": asdict(self.contents),
        }

    def _files(self) -> Iterator[tuple[str, bytes]]:
        config = self._copying.config
        for name in workspace_files(config.root):
            yield name, (config.root / name).read_bytes()
        ledger = ledger_of(config).paths[0]
        if ledger.is_file():
            yield LEDGER, ledger.read_bytes()

    def _attachment(self, writer: LineWriter, digest: str) -> None:
        path = self._copying.config.attachments / digest[:2] / digest[2:]
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != digest:
            self.missing.append(digest)
            return
        writer.write({"attachment": digest, "content": content})
        self.attachments += 1

    def _tick(self) -> None:
        self._done += 1
        if self._progress is not None and not self._done % _STEP:
            self._progress(self._done, sum(self.contents.rows.values()))
