"""The stylesheet of the pages for customers; they consist of nothing else besides themselves."""

from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from casewright.pages import layout


class Assets:
    """Answers with the stylesheet."""

    def __init__(self) -> None:
        self._content = (files("casewright.pages") / "style.css").read_bytes()
        self._tag = f'"{sha256(self._content).hexdigest()[:20]}"'

    def routes(self) -> Sequence[BaseRoute]:
        """Return its path."""
        return (Route(layout.STYLE, self._get, methods=["GET"]),)

    async def _get(self, request: Request) -> Response:
        headers = {
            "ETag": self._tag,
            "Cache-Control": "public, max-age=3600",
            "X-Content-Type-Options": "nosniff",
        }
        if request.headers.get("if-none-match") == self._tag:
            return Response(status_code=304, headers=headers)
        return Response(self._content, media_type="text/css; charset=utf-8", headers=headers)
