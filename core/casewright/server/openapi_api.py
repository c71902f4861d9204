"""`GET /openapi.json`: the description of the API, for whoever is at the socket or signed in nowhere yet; it shows no data."""

import hashlib
import json
from collections.abc import Sequence
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from casewright.server.openapi import document
from casewright.server.posted import JSON
from casewright.wire.said import commands_by_name, queries_by_name


class OpenApi:
    """Keeps the description, and makes it anew when plugins have brought something since."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: frozenset[str] = frozenset()
        self._octets = b""

    def routes(self) -> Sequence[BaseRoute]:
        """Return the one path."""
        return (Route("/openapi.json", self._get, methods=["GET"]),)

    async def _get(self, request: Request) -> Response:
        octets = await run_in_threadpool(self._described)
        tag = f'"{hashlib.sha256(octets).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(octets, media_type=JSON, headers=headers)

    def _described(self) -> bytes:
        with self._lock:
            known = frozenset({*commands_by_name(), *queries_by_name()})
            if known != self._of:
                self._of, self._octets = known, json.dumps(document()).encode()
            return self._octets
