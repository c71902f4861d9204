"""A wire between a terminal and its server that loses the answers to commands: they arrive, and nobody hears what came of them."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from casewright.config import Config
from casewright.ownership import file_of, owner_of

COMMANDS = (b" /v1/commands", b" /v1/batch")


class Wire:
    """What lies between them; while it is `losing`, no answer to a command comes through. `lost` counts these."""

    def __init__(self, door: Path, server: str) -> None:
        self._door, self._server = door, server
        self.losing, self.lost = threading.Event(), 0
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(door))
        self._listening.listen(64)

    def live(self) -> None:
        """Take connections until it is closed."""
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _join(self, near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        far.connect(self._server)
        asked: list[bytes] = [b""]
        back = threading.Thread(target=self._answers, args=(far, near, asked), daemon=True)
        back.start()
        with suppress(OSError):
            while piece := near.recv(1 << 16):
                if piece.startswith((b"GET ", b"POST ", b"PUT ", b"DELETE ")):
                    asked[0] = piece.partition(b"\r\n")[0]
                far.sendall(piece)
        _close(near, far)

    def _answers(self, far: socket.socket, near: socket.socket, asked: list[bytes]) -> None:
        with suppress(OSError):
            while piece := far.recv(1 << 16):
                if self.losing.is_set() and any(one in asked[0] for one in COMMANDS):
                    self.lost += 1
                    break
                near.sendall(piece)
        _close(near, far)


def _close(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextmanager
def wired(config: Config, folder: Path) -> Iterator[Wire]:
    """Have whoever looks for the workspace's server find the wire meanwhile."""
    owner = owner_of(config.database)
    assert owner is not None
    wire = Wire(folder / "wire", owner.address.removeprefix("unix:"))
    threading.Thread(target=wire.live, daemon=True).start()
    file = file_of(config.database)
    written = file.read_bytes()
    _write(
        file,
        json.dumps({"address": f"unix:{folder / 'wire'}", "process": owner.process}).encode(),
    )
    try:
        yield wire
    finally:
        _write(file, written)
        wire.close()


def _write(file: Path, content: bytes) -> None:
    """Write into the file itself: its lock is what tells that the workspace is owned."""
    descriptor = os.open(file, os.O_WRONLY | os.O_TRUNC)
    os.write(descriptor, content)
    os.close(descriptor)
