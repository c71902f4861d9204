"""An SMS gateway over HTTP on the loopback, which a test tells how to behave."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Behave = Callable[["Heard", BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Heard:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    octets: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.octets)


@dataclass
class HttpGateway:
    """What was heard, and what is answered to the next request."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    behave: Behave = field(default=lambda heard, wire: answer(wire, 200, {"code": 0}))


def answer(wire: BaseHTTPRequestHandler, status: int, body: object) -> None:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    wire.send_response(status)
    wire.send_header("Content-Length", str(len(octets)))
    wire.end_headers()
    wire.wfile.write(octets)


def answering(status: int, body: object) -> Behave:
    return lambda heard, wire: answer(wire, status, body)


@contextmanager
def gateway(tls: ssl.SSLContext | None = None) -> Iterator[HttpGateway]:
    """Run a gateway until the block ends."""
    told = HttpGateway()

    class Wire(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            octets = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heard = Heard(self.command, self.path, dict(self.headers.items()), octets)
            told.heard.append(heard)
            told.behave(heard, self)

        do_GET = do_PUT = do_POST

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a client that hangs up is what some tests are about

    server = Quiet(("127.0.0.1", 0), Wire)
    told.url = f"http://127.0.0.1:{server.server_port}/send"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        told.url = f"https://localhost:{server.server_port}/send"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
