"""The web door as a process: terminals in browsers behind a login, until it is told to stop."""

import asyncio
import signal
import socket
import sys
from pathlib import Path

from aiohttp import web

from casewright.cli.tui import APPLICATION
from casewright.config import Config, read_config
from casewright.doors.asking import Server
from casewright.doors.births import Nursery
from casewright.doors.crowd import Addresses
from casewright.doors.web_site import WebSite
from casewright.errors import CasewrightError, ConfigRefused, message
from casewright.logs import Log
from casewright.server.door_secret import secret_of_the_doors
from casewright.server.listening import socket_path
from casewright.server.tether import tether
from casewright.server.tls import context_of, must_be_safe
from casewright.texts import Texts, language

NAME = "web"
LAST_WORDS = 5.0
_DRAWN_FOR_A_BROWSER = {
    "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TEXTUAL_FPS": "60",
    "TEXTUAL_ANIMATIONS": "none",
    "TERM_PROGRAM": "textual",
    "MALLOC_ARENA_MAX": "1",
}


class WebDoor:
    """Everything of the door: the line to the server, the nursery, the site."""

    def __init__(self, config: Config, secret: str) -> None:
        self._config = config
        self._log = Log(config.log_file, level=config.logs.level)
        self._server = Server(address=f"unix:{socket_path(config)}", door=NAME, secret=secret)
        self._nursery = Nursery(APPLICATION, **_DRAWN_FOR_A_BROWSER)

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; then close every terminal."""
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        listening = _socket(self._config)
        origins = _origins(self._config, listening)
        site = WebSite(self._config, self._server, self._nursery, origins)
        self._nursery.start()
        runner = web.AppRunner(
            site.application(Addresses(loop.time)), access_log=None, shutdown_timeout=LAST_WORDS
        )
        try:
            await self._server.opened()
            await runner.setup()
            await web.SockSite(runner, listening, ssl_context=context_of(self._config)).start()
            self._greet(sorted(origins))
            await told.wait()
            await site.hang_up()
        finally:
            await runner.cleanup()
            self._nursery.stop()

    def _greet(self, origins: list[str]) -> None:
        self._log.write("web_opened", origins=origins)
        texts = Texts(language(workspace=self._config.language))
        print(texts.say("web: {address}", address=origins[0]), flush=True)


def _socket(config: Config) -> socket.socket:
    """Return the socket on which the door listens; ConfigRefused."""
    host, port = config.web.host, config.web.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        template = "nothing can listen on {host}:{port} ({problem})"
        problem = error.strerror or str(error)
        reason = message(template, host=host, port=port, problem=problem)
        raise ConfigRefused(place=config.web.place, reason=reason) from None
    must_be_safe(listening, config)
    return listening


def _origins(config: Config, listening: socket.socket) -> frozenset[str]:
    """Return from which pages terminals are opened: that of `url`, or those of the address on which it listens."""
    if config.web.url:
        return frozenset({config.web.url.lower()})
    scheme = "https" if config.server.certificate else "http"
    host, port = config.web.host, listening.getsockname()[1]
    names = {f"[{host}]" if ":" in host else host}
    if host in ("127.0.0.1", "::1"):
        names.add("localhost")
    return frozenset(f"{scheme}://{name}:{port}" for name in names)


def main() -> int:
    """Open the web door of the workspace that the first word names; return the exit code."""
    secret = secret_of_the_doors()
    tether().hold()
    texts = Texts(language())
    try:
        asyncio.run(WebDoor(read_config(Path(sys.argv[1])), secret).run())
    except CasewrightError as error:
        print(texts.error(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
