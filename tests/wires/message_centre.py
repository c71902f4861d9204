"""A message centre on the loopback, written from the SMPP 3.4 specification byte by byte; a test tells it what to do."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
ANSWER = 0x80000000
OK, THROTTLED, BAD_ADDRESS, BAD_PASSWORD = 0, 0x58, 0x0B, 0x0E


@dataclass(frozen=True)
class Submitted:
    """One `submit_sm` as it came over the wire."""

    sequence: int
    sender: str
    address: str
    esm_class: int
    registered: int
    coding: int
    octets: bytes

    @property
    def text(self) -> str:
        octets = self.octets[6:] if self.esm_class & 0x40 else self.octets
        return octets.decode("utf-16-be" if self.coding == 8 else "ascii")


class CutHere(Exception):
    """Tells the wire to hang up without an answer."""


@dataclass
class MessageCentre:
    """What was submitted and acknowledged, and how the next submission is answered."""

    port: int = 0
    password: str = "secret"
    submitted: list[Submitted] = field(default_factory=list)
    binds: int = 0
    acknowledged: Queue[int] = field(default_factory=Queue)
    heard: Queue[int] = field(default_factory=Queue)
    """Every command that came in, as it comes."""
    status: Callable[[Submitted], int | None] = field(default=lambda submitted: OK)
    """The status that a submission is answered with; None for no answer at all; may raise `CutHere`."""
    name: Callable[[int], str] = field(default=lambda number: f"m{number:04d}")
    wires: list[socket.socket] = field(default_factory=list)
    _sequence: int = 1000

    def deliver(
        self,
        octets: bytes,
        *,
        esm_class: int = 0x04,
        sender: str = "8613800138000",
        coding: int = 0,
        extra: bytes = b"",
    ) -> int:
        """Send a `deliver_sm` over the newest line and return its sequence number."""
        self._sequence += 1
        body = b"\0" + bytes((1, 1)) + sender.encode() + b"\0" + bytes((0, 0)) + b"10086\0"
        body += bytes((esm_class, 0, 0)) + b"\0\0" + bytes((0, 0, coding, 0, len(octets)))
        self.wires[-1].sendall(pdu(DELIVER, OK, self._sequence, body + octets + extra))
        return self._sequence

    def receipt(self, id: str, state: str = "DELIVRD", error: str = "000") -> int:
        """Deliver a receipt as message centres write it."""
        text = (
            f"id:{id} sub:001 dlvrd:001 submit date:2603020900 done date:2603020901 "
            f"stat:{state} err:{error} text:..."
        )
        return self.deliver(text.encode())

    def hang_up(self) -> None:
        """Cut every line."""
        for wire in self.wires:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)


def pdu(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


@contextmanager
def message_centre(tls: ssl.SSLContext | None = None) -> Iterator[MessageCentre]:
    """Run a message centre until the block ends."""
    centre = MessageCentre()
    listening = socket.create_server(("127.0.0.1", 0))
    centre.port = listening.getsockname()[1]
    threading.Thread(target=_accept, args=(listening, centre, tls), daemon=True).start()
    try:
        yield centre
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        centre.hang_up()
        for wire in centre.wires:
            wire.close()


def _accept(
    listening: socket.socket, centre: MessageCentre, tls: ssl.SSLContext | None
) -> None:
    while True:
        try:
            wire, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(wire, centre, tls), daemon=True).start()


def _serve(wire: socket.socket, centre: MessageCentre, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError, CutHere):
        try:
            wire = wire if tls is None else tls.wrap_socket(wire, server_side=True)
            centre.wires.append(wire)
            while header := _exactly(wire, 16):
                length, command, _, sequence = struct.unpack(">LLLL", header)
                _answer(wire, centre, command, sequence, _exactly(wire, length - 16))
        finally:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)


def _answer(
    wire: socket.socket, centre: MessageCentre, command: int, sequence: int, body: bytes
) -> None:
    centre.heard.put(command)
    if command == BIND:
        status = OK if body.split(b"\0")[1].decode() == centre.password else BAD_PASSWORD
        centre.binds += status == OK
        wire.sendall(pdu(BIND | ANSWER, status, sequence, b"SIM\0" if status == OK else b""))
    elif command == SUBMIT:
        submitted = _submitted(sequence, body)
        centre.submitted.append(submitted)
        status = centre.status(submitted)
        if status is not None:
            named = centre.name(len(centre.submitted)).encode() + b"\0"
            wire.sendall(pdu(SUBMIT | ANSWER, status, sequence, named if status == OK else b""))
    elif command in (UNBIND, ENQUIRE):
        wire.sendall(pdu(command | ANSWER, OK, sequence))
    elif command == DELIVER | ANSWER:
        centre.acknowledged.put(sequence)


def _submitted(sequence: int, body: bytes) -> Submitted:
    _, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    address, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _, _, rest = rest.split(b"\0", 2)
    registered, _, coding, _, length = rest[:5]
    return Submitted(
        sequence=sequence,
        sender=sender.decode(),
        address=address.decode(),
        esm_class=esm_class,
        registered=registered,
        coding=coding,
        octets=rest[5 : 5 + length],
    )


def _exactly(wire: socket.socket, many: int) -> bytes:
    octets = b""
    while len(octets) < many:
        more: Any = wire.recv(many - len(octets))
        if not more:
            raise CutHere
        octets += more
    return octets
