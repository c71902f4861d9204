"""Copies of the whole workspace for those who may have them: made in a folder of the server's own, then sent as they are.

The first line of an answer says as JSON what was made, as the desk answers it; what follows is the file.
"""

import fcntl
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from casewright.answers import AuditExport
from casewright.config import Config
from casewright.desk import Desk
from casewright.exchange.backup import BackupMade, back_up
from casewright.exchange.whole_export import ExportMade, export_workspace
from casewright.queries import ExportAudit
from casewright.server.credentials import Credentials
from casewright.server.posted import json_of
from casewright.server.readers import LONG, Readers
from casewright.swift_dataclass import dataclass
from casewright.wire.codec import read, written

KIND = "application/vnd.casewright.made"
_FOLDER = ".casewright-made-"
_PIECE = 256 * 1024
Make = Callable[[Desk, Path, str], Any]
"""Makes a copy at a desk, in a file, for somebody; returns what it came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBackup:
    """What is said of a backup: what it is for."""

    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedExport:
    """What is said of an export: what it is for, and whether the attached files go with it."""

    purpose: str
    with_attachments: bool = False


class Streams:
    """Makes backups, exports and audit exports, and sends them; that they are taken is on record before."""

    def __init__(self, config: Config, readers: Readers, credentials: Credentials) -> None:
        self._beside = config.database.parent
        self._readers, self._credentials = readers, credentials
        for left in self._beside.glob(f"{_FOLDER}*"):  # by a server that was killed meanwhile
            with _alone_in(left) as alone:
                if alone:
                    shutil.rmtree(left, ignore_errors=True)

    def routes(self) -> Sequence[BaseRoute]:
        """Return its paths."""
        return (
            Route("/v1/backup", self._backup, methods=["POST"]),
            Route("/v1/export", self._export, methods=["POST"]),
            Route("/v1/audit-export", self._audit, methods=["POST"]),
        )

    async def _backup(self, request: Request) -> Response:
        asked: AskedBackup = read(await json_of(request), AskedBackup, plain=True)

        def make(desk: Desk, path: Path, actor: str) -> BackupMade:
            return back_up(desk, path, actor=actor, purpose=asked.purpose)

        return await self._sent(request, make, BackupMade)

    async def _export(self, request: Request) -> Response:
        asked: AskedExport = read(await json_of(request), AskedExport, plain=True)

        def make(desk: Desk, path: Path, actor: str) -> ExportMade:
            return export_workspace(
                desk,
                path,
                actor=actor,
                purpose=asked.purpose,
                with_attachments=asked.with_attachments,
            )

        return await self._sent(request, make, ExportMade)

    async def _audit(self, request: Request) -> Response:
        asked: AskedBackup = read(await json_of(request), AskedBackup, plain=True)

        def make(desk: Desk, path: Path, actor: str) -> AuditExport:
            query = ExportAudit(actor=actor, file=str(path), purpose=asked.purpose)
            made: AuditExport = desk.ask(query)
            return made

        return await self._sent(request, make, AuditExport)

    async def _sent(self, request: Request, make: Make, kind: Any) -> Response:
        door = await self._credentials.door_of(request)
        made, file = await self._readers.at_a_desk(
            door, lambda desk: self._made(desk, make, door.actor or ""), lane=LONG
        )
        head = json.dumps(written(made, kind), ensure_ascii=False).encode() + b"\n"
        return StreamingResponse(_pieces(head, file), media_type=KIND)

    def _made(self, desk: Desk, make: Make, actor: str) -> tuple[Any, BinaryIO]:
        """Return what was made, and its file, which is open and already has no name: nothing is left however this ends."""
        folder = Path(mkdtemp(prefix=_FOLDER, dir=self._beside))
        try:
            with _alone_in(folder):
                path = folder / "made"
                made = make(desk, path, actor)
                return made, path.open("rb")
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Hold a folder meanwhile; False where another process does, such as the one that this one is to replace."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


async def _pieces(head: bytes, file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        yield head
        while piece := await run_in_threadpool(file.read, _PIECE):
            yield piece
