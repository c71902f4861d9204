"""A workspace behind the gate, in a thread of the test's: real sockets, and the desks that the test brings."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from threading import Thread
from typing import Any

import uvloop

from casewright.config import Config
from casewright.desk import Desk
from casewright.server.application import Part, api, application
from casewright.server.credentials import Credentials
from casewright.server.gate import Gate
from casewright.server.metrics import Metrics
from casewright.server.readers import Readers
from casewright.server.sessions import Sessions
from casewright.server.sign_in_lane import SignInLane
from casewright.server.web_server import WebServer
from casewright.server.writer import Writer
from casewright.server.writer_thread import WriterThread

PATIENCE = 30.0


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        import json

        return json.loads(self.body) if self.body else None


@dataclass(frozen=True, kw_only=True)
class Gated:
    """Where the server is."""

    config: Config
    path: Path
    port: int
    tls: ssl.SSLContext | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def connection(self) -> HTTPConnection:
        """A connection over the network."""
        if self.tls is not None:
            return HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=self.tls)
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def local(self) -> HTTPConnection:
        """A connection over the Unix socket."""
        connection = HTTPConnection("localhost", timeout=PATIENCE)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(PATIENCE)
        connection.sock.connect(str(self.path))
        return connection

    def raw(self) -> socket.socket:
        """A plain socket over the network."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> Said:
        """Ask over the network, on a connection of its own; `-` in names of headers is written `_`."""
        return _asked(self.connection(), method, path, data, headers)

    def ask_here(self, method: str, path: str, data: Any = None, **headers: str) -> Said:
        """Ask over the Unix socket."""
        return _asked(self.local(), method, path, data, headers)


def _asked(
    connection: HTTPConnection, method: str, path: str, data: Any, named: Mapping[str, str]
) -> Said:
    import json

    body = data if isinstance(data, bytes | None) else json.dumps(data).encode()
    headers = {name.replace("_", "-"): value for name, value in named.items()}
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Said(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.getheaders()},
            body=answer.read(),
        )
    finally:
        connection.close()


@contextmanager
def gated(
    config: Config,
    open_desk: Callable[[], Desk],
    *,
    writing: Callable[[], Desk] | None = None,
    parts: Callable[[Credentials, Readers, Writer], tuple[Part, ...]] = lambda *_: (),
    trusted: ssl.SSLContext | None = None,
) -> Iterator[Gated]:
    """Serve a workspace meanwhile; commands are carried out at a desk that `writing` opens, if it does."""
    metrics = Metrics()
    writer, readers = (
        WriterThread(writing or open_desk),
        Readers(open_desk, metrics, answer_seconds=config.server.answer_seconds),
    )
    lane = SignInLane(open_desk)
    credentials = Credentials(config, readers)
    served = (
        *api(writer, readers, credentials),
        Sessions(config, credentials, readers, lane),
        *parts(credentials, readers, writer),
    )
    writer.start()
    path = config.database.with_name("gate.sock")
    with socket.socket(socket.AF_UNIX) as local, socket.socket() as network:
        local.bind(str(path))
        local.listen(128)
        network.bind(("127.0.0.1", 0))
        network.listen(128)
        port: int = network.getsockname()[1]
        gate = Gate(application(served, config), config.server)
        server = WebServer(gate, config, [local, network])
        thread = Thread(target=uvloop.run, args=(server.answer(),), name="gated")
        thread.start()
        try:
            yield Gated(config=config, path=path, port=port, tls=trusted)
        finally:
            server.should_exit = True
            thread.join()
            lane.stop()
            readers.stop()
            writer.stop()
