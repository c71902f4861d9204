"""What the web door answers: signing in and out, the page of the terminal, and the WebSocket behind it."""

from contextlib import suppress

from aiohttp import WSCloseCode, web
from textual_serve.server import Server as TextualServer

from casewright.cli.tui import APPLICATION
from casewright.config import Config
from casewright.doors import web_pages
from casewright.doors.asking import Known, Server
from casewright.doors.births import Nursery
from casewright.doors.born import Order
from casewright.doors.crowd import Addresses, Crowd
from casewright.doors.session import Entered
from casewright.doors.web_guard import WebGuard
from casewright.doors.web_terminal import LARGEST, WebTerminal
from casewright.errors import CasewrightError, CommandRefused, SecondFactorNeeded, SignInRefused
from casewright.server.callers import group_of
from casewright.server.languages import chosen
from casewright.texts import Texts, text

COOKIE, SECURE_COOKIE = "casewright-web", "__Host-casewright-web"
LARGEST_FORM, LARGEST_MESSAGE = 16 * 1024, 64 * 1024
_ALIVE_EVERY = 15.0


class WebSite(TextualServer):
    """textual-serve behind a login: its protocol and its script, none of its pages, and no command that it runs itself."""

    def __init__(
        self, config: Config, server: Server, nursery: Nursery, origins: frozenset[str]
    ) -> None:
        super().__init__("", host=config.web.host, port=config.web.port)
        self._config, self._server, self._nursery = config, server, nursery
        self._guard = WebGuard(config.server, origins)
        self._secure = any(one.startswith("https:") for one in origins)
        self._crowd = Crowd(most=config.web.sessions, most_each=config.web.sessions_each)
        self._addresses: Addresses | None = None
        self._open: dict[web.WebSocketResponse, str] = {}
        """The terminals, each with the token of whoever signed in for it."""

    def application(self, addresses: Addresses) -> web.Application:
        """Return the application to be served."""
        self._addresses = addresses
        made = web.Application(middlewares=[self._guard.let_in], client_max_size=LARGEST_FORM)
        made.add_routes(
            [
                web.get("/", self._terminal),
                web.get("/sign-in", self._ask),
                web.post("/sign-in", self._sign_in),
                web.post("/sign-out", self._sign_out),
                web.get("/ws", self.handle_websocket),
                web.get("/pages/{name}", self._asset),
                web.get("/favicon.ico", self._no_icon),
                web.static("/static", self.statics_path),
            ]
        )
        return made

    async def hang_up(self) -> None:
        """Close every terminal: the door closes."""
        for one in [*self._open]:
            await one.close(code=WSCloseCode.GOING_AWAY)

    async def _hang_up_on(self, token: str) -> None:
        """Close the terminals of whoever signed in with this token: they have signed out, and may leave the machine."""
        for one in [one for one, its in self._open.items() if its == token]:
            await one.close(code=WSCloseCode.GOING_AWAY)

    # --- signing in --------------------------------------------------------------------------

    async def _ask(self, request: web.Request) -> web.Response:
        return _page(web_pages.sign_in_page(self._texts(request)))

    async def _sign_in(self, request: web.Request) -> web.Response:
        texts, form = self._texts(request), await request.post()
        name, password, code = (str(form.get(one, "")) for one in ("name", "password", "code"))
        group = group_of(self._guard.caller_of(request))
        assert self._addresses is not None
        try:
            self._addresses.must_not_wait(group)
            known = await self._server.by_password(name, password, code=code.strip())
        except (SignInRefused, SecondFactorNeeded) as refused:
            if isinstance(refused, SignInRefused) and not refused.wait_seconds:
                self._addresses.failed(group, name)
            fault = texts.error(refused)
            if isinstance(refused, SecondFactorNeeded) and not refused.enrolled:
                fault = f"{fault} {texts.text(_BEGIN_ELSEWHERE)}"
            page = web_pages.sign_in_page(texts, name=name, fault=fault)
            return _page(page, status=401)
        except CasewrightError as error:
            page = web_pages.sign_in_page(texts, name=name, fault=texts.error(error))
            return _page(page, status=503)
        self._addresses.succeeded(group, name)
        response = web.Response(status=303, headers={"Location": f"/?lang={texts.lang}"})
        response.set_cookie(
            self._cookie,
            known.token,
            httponly=True,
            secure=self._secure,
            samesite="Strict",
            path="/",
        )
        return response

    async def _sign_out(self, request: web.Request) -> web.Response:
        token = request.cookies.get(self._cookie, "")
        if token:
            await self._server.leave(Known(token=token, name=""))
            await self._hang_up_on(token)
        response = web.Response(status=303, headers={"Location": "/sign-in"})
        response.del_cookie(
            self._cookie, path="/", secure=self._secure, httponly=True, samesite="Strict"
        )
        return response

    # --- the terminal ------------------------------------------------------------------------

    async def _terminal(self, request: web.Request) -> web.Response:
        name = await self._who(request)
        texts = self._texts(request)
        if not name:
            return web.Response(status=303, headers={"Location": f"/sign-in?lang={texts.lang}"})
        origin = f"{'https' if self._secure else 'http'}://{request.host}"
        socket = f"ws{origin.removeprefix('http')}/ws"
        return _page(web_pages.terminal_page(texts, socket=socket, name=name))

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run one terminal from its first message to its last."""
        token, name = request.cookies.get(self._cookie, ""), await self._who(request)
        if not name:
            raise web.HTTPUnauthorized(text="401: sign in first")
        try:
            self._crowd.enter(name)
        except CommandRefused as full:
            raise web.HTTPServiceUnavailable(text=self._texts(request).error(full)) from None
        how = f"password {self._guard.caller_of(request).address}"
        session: Known | None = None
        try:
            session = await self._server.begin(Known(token=token, name=name), how=how)
            return await self._run(request, session, token)
        except CasewrightError as error:
            raise web.HTTPUnauthorized(text=self._texts(request).error(error)) from None
        finally:
            self._crowd.leave(name)
            if session is not None:
                await self._server.end(session, how=how)

    async def _run(
        self, request: web.Request, session: Known, token: str
    ) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse(heartbeat=_ALIVE_EVERY, max_msg_size=LARGEST_MESSAGE)
        await websocket.prepare(request)
        self._open[websocket] = token

        async def close() -> None:
            await websocket.close()

        lang = session.language or self._texts(request).lang
        terminal = WebTerminal(
            lambda width, height: self._order(session, lang, width, height),
            self._nursery,
            idle_seconds=self._config.web.idle_minutes * 60,
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=close,
        )
        try:
            await terminal.start(_number(request, "width", 80), _number(request, "height", 24))
            with suppress(ConnectionError, ValueError, LookupError, TypeError, AssertionError):
                await self._process_messages(websocket, terminal)
        finally:
            del self._open[websocket]
            await terminal.stop()
            await websocket.close()
        return websocket

    def _order(self, session: Known, lang: str, width: int, height: int) -> Order:
        entered = Entered(
            person=session.name,
            door=self._server.door,
            token=session.token,
            address=self._server.address,
            root=self._config.root,
        )
        environment = {
            "COLUMNS": str(width),
            "ROWS": str(height),
            "CASEWRIGHT_LANG": lang,
            "LC_CTYPE": "C.UTF-8",
            "TERM": "xterm-256color",
        }
        return Order(
            entered=entered,
            words=None,
            environment=environment,
            terminal=False,
            name=session.name,
            application=APPLICATION,
        )

    async def _asset(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in web_pages.ASSETS:
            raise web.HTTPNotFound
        kind = web_pages.ASSETS[name]
        return web.Response(body=web_pages.asset(name), content_type=kind)

    async def _no_icon(self, request: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _who(self, request: web.Request) -> str:
        """Return the login name of whoever has signed in, or ""."""
        token = request.cookies.get(self._cookie, "")
        try:
            return await self._server.is_in(token) if token else ""
        except CasewrightError:
            return ""

    def _texts(self, request: web.Request) -> Texts:
        named = request.query.get("lang", "")
        found = (
            named
            if named in ("en", "zh")
            else chosen(request.headers.get("Accept-Language", ""))
        )
        return Texts(found, self._config.zone)

    @property
    def _cookie(self) -> str:
        return SECURE_COOKIE if self._secure else COOKIE


def _page(content: str, *, status: int = 200) -> web.Response:
    return web.Response(text=content, content_type="text/html", status=status)


def _number(request: web.Request, name: str, default: int) -> int:
    written = request.query.get(name, "")
    return (
        min(int(written[:4]), LARGEST) if written.isascii() and written.isdigit() else default
    )


_BEGIN_ELSEWHERE = text("Begin one by SSH, or with `casewright login` on the server's machine.")
