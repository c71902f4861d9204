"""Connections to a server: over its Unix socket, or over the network, where TLS proves whom one talks to."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

from casewright.errors import FileUnreadable, message

UNIX = "unix:"
CONNECT_WITHIN = 10.0
"""Seconds within which a server takes a connection."""
READ_WITHIN = 120.0
"""Seconds for which an answer that has begun may pause."""
_ALIVE_AFTER, _ALIVE_EVERY, _ALIVE_TRIES = 30, 10, 3


def connection_to(
    address: str, *, authorities: str = "", within: float = CONNECT_WITHIN
) -> http.client.HTTPConnection:
    """Return a connection that is not open yet; `authorities` names a file of certificates to trust instead of the machine's.

    It is opened `within` so many seconds, or not.
    """
    if address.startswith(UNIX):
        return _UnixConnection(address.removeprefix(UNIX), within)
    scheme, _, host = address.partition("://")
    if scheme == "https":
        return _TlsConnection(host.rstrip("/"), timeout=within, context=_context(authorities))
    return _PlainConnection(host.rstrip("/"), timeout=within)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, within: float) -> None:
        super().__init__("localhost", timeout=within)
        self._path, self._within = path, within

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._within)
        self.sock.connect(self._path)
        self.sock.settimeout(READ_WITHIN)


class _PlainConnection(http.client.HTTPConnection):
    """HTTP over the network, as on a loopback address."""

    def connect(self) -> None:
        """Open the connection; the kernel finds out when the other machine is gone."""
        super().connect()
        _watch(self.sock)


class _TlsConnection(http.client.HTTPSConnection):
    """HTTP over TLS."""

    def connect(self) -> None:
        """Open the connection; the kernel finds out when the other machine is gone."""
        super().connect()
        _watch(self.sock)


@contextmanager
def unhurried(connected: socket.socket) -> Iterator[None]:
    """Let an answer over TLS begin whenever it does.

    That there is something to read says nothing here: TLS has words of its own. The kernel watches the other machine.
    """
    if not isinstance(connected, ssl.SSLSocket):
        yield
        return
    connected.settimeout(None)
    yield
    with suppress(OSError):  # closed, as all of it has come
        connected.settimeout(READ_WITHIN)


def _watch(connected: socket.socket) -> None:
    """Have the kernel ask a silent machine whether it is still there: an answer may be minutes in the making."""
    connected.settimeout(READ_WITHIN)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", _ALIVE_AFTER),
        ("TCP_KEEPINTVL", _ALIVE_EVERY),
        ("TCP_KEEPCNT", _ALIVE_TRIES),
    ):
        if option := getattr(socket, name, None):
            connected.setsockopt(socket.IPPROTO_TCP, option, value)


@cache
def _context(authorities: str) -> ssl.SSLContext:
    try:
        made = ssl.create_default_context(cafile=authorities or None)
    except OSError as error:
        template = "CASEWRIGHT_CA names no file with certificates ({problem})"
        reason = message(
            template, problem=getattr(error, "reason", None) or error.strerror or ""
        )
        raise FileUnreadable(file=authorities, reason=reason) from None
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made
