"""One connection to a server: requests and answers, said again where the connection was lost, until patience ends.

To be lost is no refusal: nobody knows whether what was asked has happened. What is said again is said with the same
`command_id`, by which the server knows it, so that it happens once.
"""

import http.client
import json
import select
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import field, replace
from typing import Any

from casewright.errors import Message, ServerUnreachable, message
from casewright.remote.connecting import CONNECT_WITHIN, connection_to, unhurried
from casewright.remote.patience import LONGEST, Patience
from casewright.remote.refusals import data_of, refusal
from casewright.swift_dataclass import dataclass

QUIET = 30.0
"""Seconds of silence after which it is asked, on another connection, whether the server is still there."""
NOTICED_WITHIN = 5.0
"""The same for somebody who sits before a screen."""
HEALTH = "/health"
_ERRORS = (OSError, http.client.HTTPException)
_REFUSED, _BUSY = 400, 503
_NOTHING = b"null"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What is said, and whether it may be said `again` where nobody knows whether it has arrived.

    Of a `whole` answer nothing counts before its end has come; any other is read by whoever asked for it.
    """

    method: str
    path: str
    octets: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    again: bool = True
    whole: bool = True


class _Lost(Exception):
    """The connection was lost, before or after what was said may have `arrived`."""

    def __init__(self, why: Exception, *, arrived: bool) -> None:
        super().__init__(str(why))
        self.why, self.arrived = why, arrived

    @property
    def is_for_good(self) -> bool:
        """Whether no waiting changes it: it is not the server that it should be, or there is none of that name."""
        if isinstance(self.why, socket.gaierror):
            return self.why.errno == socket.EAI_NONAME
        return isinstance(self.why, ssl.SSLCertVerificationError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """How a server is reached: `find` tells where it is now, as it may have been started again elsewhere."""

    find: Callable[[], str]
    authorities: str = ""
    longest: float = LONGEST
    quiet: float = field(default_factory=lambda: QUIET)
    tell: Callable[[], None] = field(default=lambda: None)


class Transport:
    """Sends one request after the other; to be used by one thread."""

    def __init__(self, reaching: Reaching) -> None:
        self._reaching = reaching
        self.headers: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None
        self.address = reaching.find()

    def post(self, path: str, data: Any, *, again: bool = True) -> Any:
        """Post JSON data and return the data of the answer; what the server refused, or ServerUnreachable.

        `again` is False for what must not be said twice: it is repeated only where it cannot have arrived.
        """
        octets = json.dumps(data, ensure_ascii=False).encode()
        kind = {"Content-Type": "application/json"}
        return self._data(
            _Request(method="POST", path=path, octets=octets, headers=kind, again=again)
        )

    def get(self, path: str) -> Any:
        """Return the data of what is at a path; as `post` does."""
        return self._data(_Request(method="GET", path=path))

    def delete(self, path: str) -> Any:
        """Delete what is at a path and return the data of the answer; as `post` does."""
        return self._data(_Request(method="DELETE", path=path))

    def put(self, path: str, octets: bytes) -> Any:
        """Put octets under a path and return the data of the answer; as `post` does."""
        kind = {"Content-Type": "application/octet-stream"}
        return self._data(_Request(method="PUT", path=path, octets=octets, headers=kind))

    @contextmanager
    def answer(
        self,
        method: str,
        path: str,
        octets: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[http.client.HTTPResponse]:
        """Yield the answer to a request, to be read meanwhile; raise what the server refused, or ServerUnreachable."""
        asked = _Request(
            method=method, path=path, octets=octets, headers=headers or {}, whole=False
        )
        response, _ = self._asked(asked)
        try:
            yield response
        except _ERRORS as error:
            raise self._unreachable(error, arrived=True) from error
        finally:
            if not response.isclosed():
                self.close()

    @contextmanager
    def showing(self, headers: Mapping[str, str]) -> Iterator[None]:
        """Send these headers meanwhile, beside the others."""
        before, self.headers = self.headers, {**self.headers, **headers}
        try:
            yield
        finally:
            self.headers = before

    def lose_patience_after(self, seconds: float) -> None:
        """Wait no longer from now on for a server that is away: somebody sits before a screen."""
        self._reaching = replace(self._reaching, longest=seconds, quiet=NOTICED_WITHIN)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _data(self, request: _Request) -> Any:
        """Return the data of a whole answer; ServerUnreachable where something else but our server answers."""
        response, octets = self._asked(request)
        data = data_of(octets)
        if data is None and octets != _NOTHING:
            template = "what answers there (HTTP {status}) is no casewright server"
            reason = message(template, status=response.status)
            raise ServerUnreachable(address=self.address, reason=reason)
        return data

    def _asked(self, request: _Request) -> tuple[http.client.HTTPResponse, bytes]:
        patience = Patience(longest=self._reaching.longest, tell=self._reaching.tell)
        if not request.again:
            self.close()  # An idle connection may be closed by now, which is seen only when it is too late.
        arrived = False
        while True:
            try:
                response, octets = self._tried(request)
            except _Lost as lost:
                arrived = arrived or lost.arrived
                patience.spent(self._silence(lost))
                hopeless = lost.arrived and not request.again
                if hopeless or lost.is_for_good or not patience.lasts():
                    raise self._unreachable(lost.why, arrived=arrived) from lost.why
                self.address = self._reaching.find() or self.address
                continue
            if response.status < _REFUSED:
                return response, octets
            wait = _wait_of(response)
            if wait is None or not patience.lasts(asked_for=wait):
                raise refusal(response.status, data_of(octets), wait_seconds=int(wait or 0))

    def _tried(self, request: _Request) -> tuple[http.client.HTTPResponse, bytes]:
        """Return the answer to one attempt, and what is in it where it is to be whole; _Lost."""
        arrived = False
        try:
            self._open()
            arrived = True
            response = self._said(request)
            is_read = request.whole or response.status >= _REFUSED
            return response, response.read() if is_read else b""
        except _ERRORS as error:
            self.close()
            raise _Lost(error, arrived=arrived) from error

    def _open(self) -> None:
        if self._connection is None:
            made = self._connection_made()
            made.connect()
            self._connection = made

    def _connection_made(self) -> http.client.HTTPConnection:
        reaching = self._reaching
        within = min(CONNECT_WITHIN, reaching.quiet)
        return connection_to(self.address, authorities=reaching.authorities, within=within)

    def _said(self, request: _Request) -> http.client.HTTPResponse:
        assert self._connection is not None
        # A server that refuses a body does not read it to its end, and says why before it closes.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._connection.request(
                request.method,
                request.path,
                request.octets,
                {**self.headers, **request.headers},
            )
        self._wait(self._connection)
        with unhurried(self._connection.sock):
            return self._connection.getresponse()

    def _wait(self, connection: http.client.HTTPConnection) -> None:
        """Wait for an answer for as long as the server is there: it may be minutes in the making."""
        while not _readable(connection, self._reaching.quiet):
            self._must_live()

    def _must_live(self) -> None:
        """Raise unless the server says on another connection that it is there."""
        asking = self._connection_made()
        try:
            asking.request("GET", HEALTH)
            if not _readable(asking, self._reaching.quiet):
                raise TimeoutError("it takes connections, but does not answer")
            asking.getresponse().read()
        finally:
            asking.close()

    def _silence(self, lost: _Lost) -> float:
        """Return for how many seconds there was nothing but silence before a connection was given up."""
        if not isinstance(lost.why, TimeoutError):
            return 0.0
        quiet = self._reaching.quiet
        return 2 * quiet if lost.arrived else min(CONNECT_WITHIN, quiet)

    def _unreachable(self, error: Exception, *, arrived: bool) -> ServerUnreachable:
        self.close()
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        reason = Message("{detail}", {"detail": detail})
        return ServerUnreachable(address=self.address, reason=reason, arrived=arrived)


def _readable(connection: http.client.HTTPConnection, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))


def _wait_of(response: http.client.HTTPResponse) -> float | None:
    """Return for how long a server that is busy wants to be left alone; None where it is not, or does not say."""
    written = response.headers.get("Retry-After", "")
    if response.status != _BUSY or not (written.isascii() and written.isdigit()):
        return None
    return float(written[:6])
