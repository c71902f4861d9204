"""One bound line to a message centre: whole PDUs out and in, each within a deadline. The door to smpplib."""

import socket
import ssl
from collections import deque
from time import monotonic
from typing import Any

from smpplib import smpp as pdus

_HEADER = 16
_LONGEST = 70_000
"""More than any PDU holds, so that a length out of nonsense is never waited for."""
_REFUSED = 0x000000C0  # ESME_RINVOPTPARSTREAM: something in the body cannot be read
_ENOUGH = 1.0
"""Seconds that a short answer of ours may take to go out."""


class LineLost(ConnectionError):
    """The line is not to be used any more; what was asked may or may not have arrived."""


class Line:
    """Asks the message centre, answers it, and puts what it delivers into `arrived`, with itself."""

    def __init__(self, connection: socket.socket, arrived: "deque[tuple[Line, Any]]") -> None:
        self._arrived = arrived
        self.heard_at = monotonic()
        self.tested_at: float | None = None
        self._connection, self._buffer = connection, bytearray()
        self.sequence = 0

    def next_sequence(self) -> int:
        """Return a new number for a PDU; smpplib asks for it."""
        self.sequence = self.sequence % 0x7FFFFFFF + 1
        return self.sequence

    def ask(self, command: str, until: float, **fields: object) -> Any:
        """Send a PDU and return the answer to it; raise `LineLost` when there is none by `until`."""
        asked = pdus.make_pdu(command, client=self, **fields)
        self._write(asked.generate(), until)
        while (answer := self._next(until)) is not None:
            if answer.is_response() and answer.sequence == asked.sequence:
                return answer
        raise LineLost("no answer in time")

    def listen(self) -> None:
        """Take in what has arrived, without waiting for more."""
        while self._next(0) is not None:
            pass

    def acknowledge(self, delivered: Any) -> None:
        """Tell the message centre that it need not deliver this again."""
        self._answer("deliver_sm_resp", delivered.sequence)

    def test(self) -> None:
        """Ask whether the line still stands; the answer shows as `heard_at`."""
        self.tested_at = monotonic()
        self._write(
            pdus.make_pdu("enquire_link", client=self).generate(), monotonic() + _ENOUGH
        )

    def close(self, until: float) -> None:
        """Unbind if the centre still answers, and hang up."""
        try:
            self.ask("unbind", until)
        except OSError:
            pass  # it hung up first, which is what was wanted
        finally:
            self.cut()

    def cut(self) -> None:
        """Hang up without a word."""
        self._connection.close()

    def _next(self, until: float) -> Any | None:
        """Return the next PDU that is not dealt with here; None when none came by `until`."""
        while (octets := self._whole(until)) is not None:
            pdu = self._parsed(octets)
            if pdu is None:
                continue
            if pdu.command == "deliver_sm":
                self._arrived.append((self, pdu))
            elif pdu.command == "enquire_link":
                self._answer("enquire_link_resp", pdu.sequence)
            elif pdu.command == "unbind":
                self._answer("unbind_resp", pdu.sequence)
                raise LineLost("the message centre ended the session")
            else:
                return pdu
        return None

    def _parsed(self, octets: bytes) -> Any | None:
        """Return the PDU, or None for one that nothing can be made of; that one is refused."""
        try:
            return pdus.parse_pdu(octets, client=self, allow_unknown_opt_params=True)
        except Exception:  # noqa: BLE001 - smpplib raises many kinds for what it does not know
            refusal = bytearray(octets[:_HEADER])
            refusal[0:4], refusal[8:12] = _HEADER.to_bytes(4), _REFUSED.to_bytes(4)
            refusal[4] |= 0x80
            if not octets[4] & 0x80:
                self._write(bytes(refusal), monotonic() + _ENOUGH)
            return None

    def _answer(self, command: str, sequence: int) -> None:
        answer = pdus.make_pdu(command, client=self)
        answer.sequence = sequence
        self._write(answer.generate(), monotonic() + _ENOUGH)

    def _whole(self, until: float) -> bytes | None:
        while True:
            length = int.from_bytes(self._buffer[:4]) if len(self._buffer) >= _HEADER else None
            if length is not None and not _HEADER <= length <= _LONGEST:
                raise LineLost("what came over the line is not SMPP")
            if length is not None and len(self._buffer) >= length:
                octets = bytes(self._buffer[:length])
                del self._buffer[:length]
                return octets
            if not self._read(until):
                return None

    def _read(self, until: float) -> bool:
        self._connection.settimeout(max(0.0, until - monotonic()))
        try:
            octets = self._connection.recv(65_536)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return False
        if not octets:
            raise LineLost("the message centre hung up")
        self.heard_at, self.tested_at = monotonic(), None
        self._buffer += octets
        return True

    def _write(self, octets: bytes, until: float) -> None:
        self._connection.settimeout(max(0.001, until - monotonic()))
        self._connection.sendall(octets)
