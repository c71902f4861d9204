"""Copies of a workspace that a server owns: made there, and put here as if they had been made here.

Whether there is room for the file is asked before anything is made: what is taken goes on record.
"""

import json
from collections.abc import Mapping
from dataclasses import replace as changed
from http.client import HTTPException
from pathlib import Path
from typing import Any, BinaryIO

from casewright.answers import AuditExport
from casewright.desk.sealing.audit_export import must_be_new
from casewright.errors import BackupRefused, FileUnreadable, ServerUnreachable, message
from casewright.exchange.backup import BackupMade, Progress, must_be_free
from casewright.exchange.durable import beside, put
from casewright.exchange.whole_export import ExportMade
from casewright.remote.desk import RemoteDesk
from casewright.remote.refusals import data_of
from casewright.wire.codec import read

_PIECE = 256 * 1024


def fetch_backup(
    desk: RemoteDesk,
    path: Path,
    *,
    purpose: str = "",
    replace: bool = False,
    progress: Progress | None = None,
) -> BackupMade:
    """Have the server back the workspace up, and put the backup into a file here; as `backup.back_up` does."""
    must_be_free(path, replace=replace)
    data = _fetched(desk, "/v1/backup", {"purpose": purpose}, path, progress)
    made: BackupMade = read(data, BackupMade)
    return changed(made, file=str(path))


def fetch_export(
    desk: RemoteDesk,
    path: Path,
    *,
    purpose: str,
    with_attachments: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
) -> ExportMade:
    """Have the server tell all that the workspace holds, into a file here; as `whole_export.export_workspace` does."""
    must_be_free(path, replace=replace)
    said = {"purpose": purpose, "with_attachments": with_attachments}
    made: ExportMade = read(_fetched(desk, "/v1/export", said, path, progress), ExportMade)
    return changed(made, file=str(path))


def fetch_audit(desk: RemoteDesk, path: Path, *, purpose: str = "") -> AuditExport:
    """Have the server export the histories, into a new file here; as the query `ExportAudit` does."""
    must_be_new(path)
    try:
        data = _fetched(desk, "/v1/audit-export", {"purpose": purpose}, path, None)
    except BackupRefused as refused:
        raise FileUnreadable(file=refused.file, reason=refused.reason) from None
    made: AuditExport = read(data, AuditExport)
    return made


def _fetched(
    desk: RemoteDesk,
    at: str,
    said: Mapping[str, Any],
    path: Path,
    progress: Progress | None,
) -> Any:
    """Put what the server makes into a file, whole or not at all; return what it says of it."""
    octets = json.dumps(said, ensure_ascii=False).encode()
    kind = {"Content-Type": "application/json"}
    with desk.transport.answer("POST", at, octets, kind) as response:
        made = _made(desk, response.readline())
        try:
            with beside(path) as folder:
                draft = folder / "fetched"
                draft.touch(mode=0o600)
                with draft.open("wb") as target:
                    _take(desk, response, target, int(made.get("bytes", 0)), progress)
                put(draft, path)
        except OSError as error:
            reason = message("it cannot be written ({problem})", problem=error.strerror or "")
            raise BackupRefused(file=str(path), reason=reason) from error
    return made


def _made(desk: RemoteDesk, line: bytes) -> Mapping[str, Any]:
    """Return what the server says that it has made; ServerUnreachable where it broke off before it had said so."""
    data = data_of(line)
    if isinstance(data, dict) and line.endswith(b"\n"):
        return data
    raise ServerUnreachable(address=desk.address, reason=_BROKE_OFF)


def _take(
    desk: RemoteDesk, source: Any, target: BinaryIO, size: int, progress: Progress | None
) -> None:
    """Copy what comes to its end; ServerUnreachable where it breaks off, which is not the end."""
    taken = 0
    while piece := _piece(desk, source):
        target.write(piece)
        taken += len(piece)
        if progress is not None:
            progress(taken, max(size, taken))


def _piece(desk: RemoteDesk, source: Any) -> bytes:
    try:
        piece: bytes = source.read(_PIECE)
    except (OSError, HTTPException) as error:
        raise ServerUnreachable(address=desk.address, reason=_BROKE_OFF) from error
    return piece


_BROKE_OFF = message("what it sent broke off")
