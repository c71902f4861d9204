"""`/v1/files` and the files of tickets: contents on their way in and out."""

import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from casewright.commands import AttachFile
from casewright.errors import NotFound, WireRefused, message
from casewright.queries import GetFile
from casewright.server.credentials import Credentials
from casewright.server.readers import KEEP, Readers

OCTETS = "application/octet-stream"
_PIECE = 256 * 1024


class Files:
    """Takes the contents of files in before they are attached, and gives those that are attached out."""

    def __init__(self, readers: Readers, credentials: Credentials) -> None:
        self._readers, self._credentials = readers, credentials

    def routes(self) -> Sequence[BaseRoute]:
        """Return its paths."""
        return (
            Route("/v1/files", self._keep, methods=["PUT"]),
            Route("/v1/tickets/{ticket}/files/{number}", self._give, methods=["GET"]),
        )

    async def _keep(self, request: Request) -> Response:
        """Keep a content for whoever may attach it to the ticket; `AttachFile` then names the digest that is answered."""
        door = await self._credentials.door_of(request)
        ticket = request.query_params.get("ticket", "")
        if not ticket:
            reason = message("say which ticket it is for: /v1/files?ticket=KEY")
            raise WireRefused(at="ticket", reason=reason)
        content = await request.body()
        asked = AttachFile(
            actor=door.actor or "",
            ticket=ticket,
            digest=hashlib.sha256(content).hexdigest(),
            filename=request.query_params.get("filename", ""),
            size=len(content),
        )
        digest = await self._readers.at_a_desk(
            door, lambda desk: desk.keep(content, asked=asked), lane=KEEP
        )
        return JSONResponse({"digest": digest})

    async def _give(self, request: Request) -> Response:
        door = await self._credentials.door_of(request)
        number = request.path_params["number"]
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise NotFound(kind=message("file"), name=number[:60], hint=message(""))
        query = GetFile(
            actor=door.actor or "", ticket=request.path_params["ticket"], number=int(number)
        )
        name, file = await self._readers.at_a_desk(door, lambda desk: desk.open_file(query))
        return StreamingResponse(_pieces(file), media_type=OCTETS, headers=_headers(name, file))


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while piece := await run_in_threadpool(file.read, _PIECE):
            yield piece


def _headers(name: str, file: BinaryIO) -> dict[str, str]:
    """Return how much comes, and what keeps a browser from taking the file for a page of ours."""
    return {
        "Content-Length": str(os.fstat(file.fileno()).st_size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
