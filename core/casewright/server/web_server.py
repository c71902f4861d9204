"""uvicorn as this server runs it: its limits are ours, and each socket has TLS or none of its own."""

import asyncio
import resource
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from casewright.config import Config
from casewright.server import limits
from casewright.server.connection import connection_in
from casewright.server.crowd import Crowd
from casewright.server.gate import Gate
from casewright.server.tls import context_of, must_be_safe

LAST_WORDS = 10
"""Seconds that requests which have begun may take when the server is told to stop."""
_BACKLOG = 1024


class WebServer(uvicorn.Server):
    """Speaks HTTP on the Unix socket, and on the network with TLS where that is configured."""

    def __init__(self, gate: Gate, config: Config, listening: Sequence[socket.socket]) -> None:
        _make_room()
        for one in listening:
            must_be_safe(one, config)
        self._tls = context_of(config)
        settings = uvicorn.Config(
            gate,
            http=connection_in(Crowd(config.server)),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=int(limits.IDLE_WITHIN),
            timeout_graceful_shutdown=LAST_WORDS,
        )
        settings.load()
        super().__init__(settings)
        self._listening = list(listening)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: whoever runs the loop answers them."""
        yield

    async def answer(self) -> None:
        """Answer on the sockets until `should_exit`."""
        await self.serve(self._listening)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer; uvicorn's own knows one TLS for all sockets, and waits a minute for a handshake."""
        loop = asyncio.get_running_loop()
        await self.lifespan.startup()
        self.servers = [await self._answering(loop, one) for one in sockets or ()]
        self.started = True

    async def _answering(
        self, loop: asyncio.AbstractEventLoop, listening: socket.socket
    ) -> asyncio.Server:
        tls = None if listening.family == socket.AF_UNIX else self._tls
        within = limits.HEAD_WITHIN if isinstance(tls, ssl.SSLContext) else None
        return await loop.create_server(
            self._connected,
            sock=listening,
            backlog=_BACKLOG,
            ssl=tls,
            ssl_handshake_timeout=within,
        )

    def _connected(self) -> asyncio.Protocol:
        protocol = self.config.http_protocol_class
        return protocol(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )


def _make_room() -> None:
    """Let this process hold as many connections as the system allows it: most systems begin at 1024 files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
