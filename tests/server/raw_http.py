"""HTTP by hand: what no library would send, and the answers as they come."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Raw:
    """One answer, taken apart."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


def head(first: str = "GET /v1/entrance", *fields: str, host: str = "localhost") -> bytes:
    """The head of a request."""
    lines = [f"{first} HTTP/1.1", f"Host: {host}", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def until_closed(connection: socket.socket) -> bytes:
    """All that comes until the other end closes."""
    found = bytearray()
    try:
        while part := connection.recv(65_536):
            found += part
    except ConnectionResetError:
        pass
    return bytes(found)


def answers(octets: bytes) -> Iterator[Raw]:
    """The answers in what came, each with its length."""
    while octets:
        top, _, rest = octets.partition(b"\r\n\r\n")
        first, *lines = top.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        length = int(headers.get("content-length", "0"))
        yield Raw(status=int(first.split(" ")[1]), headers=headers, body=rest[:length])
        octets = rest[length:]


def sent(connection: socket.socket, octets: bytes) -> list[Raw]:
    """What comes back for something after which the other end closes."""
    with connection:
        try:
            connection.sendall(octets)
        except (BrokenPipeError, ConnectionResetError):
            pass  # It was refused before it was all there.
        return list(answers(until_closed(connection)))
