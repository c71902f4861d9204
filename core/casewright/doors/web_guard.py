"""What stands before every page of the web door: our own name, our own pages, the proxy in front, and what a page may load."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from starlette.datastructures import Headers

from casewright.doors import web_pages
from casewright.server.callers import Caller, behind_the_proxy, is_the_proxy, plain
from casewright.settings.server import ServerSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_FOR_LONG = "private, max-age=86400"


class WebGuard:
    """Lets requests to our own name in, and what changes anything only from pages of ours; tells from where they come."""

    def __init__(self, settings: ServerSettings, origins: frozenset[str]) -> None:
        self._settings, self._origins = settings, origins
        self._names = frozenset(one.partition("://")[2] for one in origins)

    @web.middleware
    async def let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request that may be answered, and let no page of ours load a stranger's."""
        try:
            self._must_be_let_in(request)
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(web_pages.HEADERS)
            raise
        if not response.prepared:
            response.headers.update(web_pages.HEADERS)
            if request.path.startswith("/static/"):
                response.headers["Cache-Control"] = _FOR_LONG
        return response

    def caller_of(self, request: web.Request) -> Caller:
        """Return from where a request comes, as the proxy in front says where there is one."""
        headers = Headers(raw=[(name.lower(), value) for name, value in request.raw_headers])
        return behind_the_proxy(_connected(request), headers, self._settings)

    def _must_be_let_in(self, request: web.Request) -> None:
        if self._settings.behind_proxy and not is_the_proxy(
            _connected(request), self._settings
        ):
            raise web.HTTPForbidden(text="403: this door is asked through the proxy before it")
        if request.host.lower() not in self._names:
            raise web.HTTPMisdirectedRequest
        if request.method == "GET" and request.path != "/ws":
            return
        if request.headers.get("Origin", "").lower() not in self._origins:
            raise web.HTTPForbidden(text="403: this was sent by a page that is not this door's")


def _connected(request: web.Request) -> Caller:
    return Caller(address=plain(request.remote or "?"))
