"""Octets between descriptors and a channel, both ways, no faster than the slower of the two takes them."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

PIECE = 32 * 1024


class Outward:
    """Hands on what a session writes to one of its streams, until its end."""

    def __init__(
        self, descriptor: int, write: Callable[[bytes], None], ended: Callable[[], None]
    ) -> None:
        self._descriptor, self._write, self._ended = descriptor, write, ended
        self._loop = asyncio.get_running_loop()
        os.set_blocking(descriptor, False)
        self._loop.add_reader(descriptor, self._read)

    def pause(self) -> None:
        """Hand on nothing for now: whoever reads cannot take more."""
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)

    def resume(self) -> None:
        """Go on."""
        if self._descriptor >= 0:
            self._loop.add_reader(self._descriptor, self._read)

    def drain(self) -> None:
        """Hand on what is there already, and no more: who wrote has ended."""
        while self._descriptor >= 0 and self._read():
            pass

    def close(self) -> None:
        """End without a word."""
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _read(self) -> bool:
        """Hand on a piece; return whether there was one."""
        try:
            piece = os.read(self._descriptor, PIECE)
        except BlockingIOError:
            return False
        except OSError:  # a terminal whose other side is closed
            piece = b""
        if piece:
            self._write(piece)
            return True
        self.close()
        self._ended()
        return False


class Inward:
    """Hands on what comes for a session's input, and has the sender wait while it is not read."""

    def __init__(
        self,
        descriptor: int,
        pause: Callable[[], None],
        resume: Callable[[], None],
    ) -> None:
        self._descriptor, self._pause, self._resume = descriptor, pause, resume
        self._loop = asyncio.get_running_loop()
        self._waiting = bytearray()
        self._last = False
        os.set_blocking(descriptor, False)

    def write(self, octets: bytes) -> None:
        """Hand on octets, or keep them until they are taken."""
        if self._descriptor < 0:
            return
        before = bool(self._waiting)
        self._waiting += octets
        if not before:
            self._write()
            if self._waiting:
                self._pause()
                self._loop.add_writer(self._descriptor, self._write_more)

    def end(self) -> None:
        """Close the input once all of it was taken."""
        self._last = True
        if not self._waiting:
            self.close()

    def close(self) -> None:
        """Close the input now."""
        if self._descriptor >= 0:
            self._loop.remove_writer(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _write_more(self) -> None:
        self._write()
        if not self._waiting and self._descriptor >= 0:
            self._loop.remove_writer(self._descriptor)
            self._resume()
            if self._last:
                self.close()

    def _write(self) -> None:
        with suppress(BlockingIOError):
            try:
                taken = os.write(self._descriptor, self._waiting)
            except BlockingIOError:
                raise
            except OSError:  # nobody reads it any more
                self._waiting.clear()
                return
            del self._waiting[:taken]
