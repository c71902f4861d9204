"""Answering HTTP beside the work: an application in a thread of its own, on a socket that is bound before it starts."""

import socket
from threading import Thread
from typing import TYPE_CHECKING

from casewright.errors import ConfigRefused, Place, message

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

_MOST_CONNECTIONS = 64


class HttpThread:
    """Answers from `start` until `stop`."""

    def __init__(
        self, application: "Starlette", *, host: str, port: int, place: Place, name: str
    ) -> None:
        self._application, self._name = application, name
        self._host, self._port, self._place = host, port, place
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None

    def start(self) -> int:
        """Listen from now on; return the port. ConfigRefused where nothing can listen there."""
        import uvicorn

        listening = self._listening()
        config = uvicorn.Config(
            self._application,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(
            target=self._server.run, args=([listening],), name=self._name, daemon=True
        )
        self._thread.start()
        port: int = listening.getsockname()[1]
        return port

    def stop(self) -> None:
        """Answer what is under way and listen no more."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._server = self._thread = None

    def _listening(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            return socket.create_server((self._host, self._port), family=family)
        except OSError as error:
            reason = message(
                "nothing can listen on {host}:{port} ({problem})",
                host=self._host,
                port=str(self._port),
                problem=error.strerror or str(error),
            )
            raise ConfigRefused(place=self._place, reason=reason) from None
