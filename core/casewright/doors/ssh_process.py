"""The process of one SSH session behind a terminal or three pipes: begun, fed, resized and ended; what it writes is handed on."""

import fcntl
import os
import struct
import termios
from typing import Protocol

from casewright.doors.births import Birth, Nursery
from casewright.doors.born import Order
from casewright.doors.streams import Inward, Outward

_LARGEST_SIZE = 1000


class FarEnd(Protocol):
    """Whoever the process works for."""

    def show(self, piece: bytes, *, error: bool) -> None:
        """Take a piece of what the process writes."""

    def hold(self) -> None:
        """Send nothing for now: the process does not read what was sent."""

    def go_on(self) -> None:
        """Send again."""

    def over(self, code: int, number: int) -> None:
        """Take that the process has ended, and that all it wrote was shown: its exit code, or 0 and the signal that ended it."""


class SshProcess:
    """One process and its streams."""

    def __init__(self, far: FarEnd) -> None:
        self._far = far
        self._size = (80, 24)
        self._terminal = -1
        self._outward: list[Outward] = []
        self._inward: Inward | None = None
        self._birth: Birth | None = None
        self._theirs: list[int] = []
        self._open_streams = 0
        self._exit: tuple[int, int] | None = None

    def open(self, *, terminal: bool) -> None:
        """Have streams for it, which take what is fed to them before there is a process; OSError where that cannot be."""
        if terminal:
            self._open_terminal()
        else:
            self._open_pipes()

    def begin(self, order: Order, nursery: Nursery) -> None:
        """Have the process forked; OSError where it cannot be."""
        self._birth = nursery.bear(order, self._theirs, self._ended)
        self._close_theirs()

    def feed(self, octets: bytes) -> None:
        """Hand on what was typed or sent."""
        if self._inward is not None:
            self._inward.write(octets)

    def feed_no_more(self) -> None:
        """Close the input once all of it was taken; a terminal has none that ends."""
        if self._inward is not None and self._terminal < 0:
            self._inward.end()

    def resize(self, columns: int, lines: int) -> None:
        """Have the terminal, now or when there is one, as large as that; the kernel tells the process."""
        self._size = _size(columns, lines)
        if self._terminal >= 0:
            columns, lines = self._size
            size = struct.pack("HHHH", lines, columns, 0, 0)
            fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)

    def signal(self, number: int) -> None:
        """Send the process a signal."""
        if self._birth is not None:
            self._birth.signal(number)

    def show_nothing(self) -> None:
        """Read nothing from the process while nobody takes it."""
        for one in self._outward:
            one.pause()

    def show_again(self) -> None:
        """Go on reading."""
        for one in self._outward:
            one.resume()

    def end(self) -> None:
        """Let go of everything; the process is hung up where it still runs, and its end is told to nobody."""
        for one in self._outward:
            one.close()
        if self._inward is not None:
            self._inward.close()
        if self._terminal >= 0:
            os.close(self._terminal)
            self._terminal = -1
        self._close_theirs()
        if self._birth is not None:
            self._birth.end()

    def _open_terminal(self) -> None:
        self._terminal, theirs = os.openpty()
        self._theirs = [theirs]
        self.resize(*self._size)
        self._hand_on(os.dup(self._terminal), error=False)
        self._inward = Inward(os.dup(self._terminal), self._far.hold, self._far.go_on)

    def _open_pipes(self) -> None:
        (read_in, write_in), (read_out, write_out), (read_error, write_error) = _pipes(3)
        self._theirs = [read_in, write_out, write_error]
        self._hand_on(read_out, error=False)
        self._hand_on(read_error, error=True)
        self._inward = Inward(write_in, self._far.hold, self._far.go_on)

    def _close_theirs(self) -> None:
        for one in self._theirs:
            os.close(one)
        self._theirs = []

    def _hand_on(self, descriptor: int, *, error: bool) -> None:
        def write(piece: bytes) -> None:
            self._far.show(piece, error=error)

        self._open_streams += 1
        self._outward.append(Outward(descriptor, write, self._stream_ended))

    def _stream_ended(self) -> None:
        self._open_streams -= 1
        self._tell_if_over()

    def _ended(self, code: int, number: int) -> None:
        """Note how the process ended; it is told once all that it wrote was handed on."""
        if self._terminal >= 0:
            # What still has the terminal open is nobody's; what was written before is all there.
            for one in self._outward:
                one.drain()
                one.close()
            self._open_streams = 0
        self._exit = (code, number)
        self._tell_if_over()

    def _tell_if_over(self) -> None:
        if self._exit is not None and not self._open_streams:
            self._far.over(*self._exit)


def _pipes(count: int) -> list[tuple[int, int]]:
    """Return so many pipes, or none and OSError."""
    found: list[tuple[int, int]] = []
    try:
        while len(found) < count:
            found.append(os.pipe())
    except OSError:
        for end in (end for pipe in found for end in pipe):
            os.close(end)
        raise
    return found


def _size(columns: int, lines: int) -> tuple[int, int]:
    return (
        min(columns, _LARGEST_SIZE) if columns > 0 else 80,
        min(lines, _LARGEST_SIZE) if lines > 0 else 24,
    )
