"""The terminal on a pseudo-terminal whose every octet is kept: for what may reach a terminal at all, and how soon."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30.0
QUESTIONS: Mapping[bytes, bytes] = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
    b"\x1b[6n": b"\x1b[1;1R",
}
"""What a terminal is asked and answers: it knows synchronised output, it reports no sizes by itself."""

SEQUENCE = re.compile(
    rb"\x1b\[(?P<csi>[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e])"
    rb"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    rb"|\x1b(?P<string>[PX^_][^\x1b]*\x1b\\)"
    rb"|\x1b(?P<escape>[\x20-\x2f]*[\x30-\x7e])"
    rb"|(?P<control>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f])"
)


class Watched:
    """A process on a pseudo-terminal, and all that it wrote there."""

    def __init__(self, process: int, end: int) -> None:
        self.process, self._end = process, end
        self.raw = bytearray()
        self._answered = 0
        self.exit: int | None = None
        self.is_over = False

    def ended(self) -> int:
        """Read until it has ended; return its exit code."""
        end = time.monotonic() + PATIENCE
        while self.exit is None:
            assert time.monotonic() < end, f"it did not end: {self.raw[-3000:]!r}"
            self.read(0.05)
            process, status = os.waitpid(self.process, os.WNOHANG)
            if process:
                self.exit = os.waitstatus_to_exitcode(status)
        while self.read(0):
            pass
        return self.exit

    def press(self, octets: bytes) -> None:
        """Send what a keyboard sends."""
        os.write(self._end, octets)

    def read(self, seconds: float) -> bytes:
        """Take what is written within so many seconds, or as soon as something is; answer what it asks the terminal."""
        ready, _, _ = select.select([self._end], [], [], seconds)
        if not ready:
            return b""
        try:
            piece = os.read(self._end, 1 << 16)
        except OSError:
            self.is_over = True
            return b""
        self.raw += piece
        self._answer()
        return piece

    def quiet(self, seconds: float = 0.4) -> None:
        """Read until nothing but the clock has been written for so long."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and len(self.read(seconds)) > 64:
            pass

    def sees(self, text: str) -> None:
        """Read until `text` has been written, as one piece."""
        sought, begun, end = text.encode(), len(self.raw), time.monotonic() + PATIENCE
        while sought not in self.raw[max(0, begun - (1 << 20)) :]:
            if time.monotonic() > end or self.is_over:
                raise AssertionError(f"{text!r} was not written: {self.raw[-3000:]!r}")
            self.read(0.5)

    def _answer(self) -> None:
        new = bytes(self.raw[self._answered :])
        self._answered = len(self.raw)
        for question, answer in QUESTIONS.items():
            if question in new:
                self.press(answer)


def sequences(raw: bytes) -> set[str]:
    """Return what a terminal would obey in `raw`, each sequence by its kind: numbers are left out, names of strings are kept."""
    found = set()
    for one in SEQUENCE.finditer(raw):
        kind = one.lastgroup or ""
        said = one[kind].decode("latin-1")
        if kind == "csi":
            said = re.sub(r"[0-9;:]+", "#", said)
        elif kind == "osc":
            said = said.partition(";")[0]
        found.add(f"{kind} {said}")
    return found


@contextmanager
def watched(
    workspace: Path,
    person: str,
    *options: str,
    lang: str = "en",
    size: tuple[int, int] = (100, 30),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Watched]:
    """Have the terminal run meanwhile as somebody whom the workspace takes at their word."""
    words = ["tui", "-C", str(workspace), "--as", person, "--lang", lang, *options]
    with running(words, size=size, environment=environment) as found:
        yield found


@contextmanager
def running(
    words: Sequence[str],
    *,
    size: tuple[int, int] = (100, 30),
    environment: Mapping[str, str] | None = None,
    module: str = "casewright.cli",
) -> Iterator[Watched]:
    """Have `casewright` do what the words say on a terminal of its own meanwhile."""
    words = ["-m", module, *words]
    process, end = pty.fork()
    if process == 0:
        os.environ.update(
            {
                "TERM": "xterm-256color",
                "LANG": "C.UTF-8",
                "COLORTERM": "truecolor",
                **(environment or {}),
            }
        )
        os.execv(sys.executable, [sys.executable, *words])
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    found = Watched(process, end)
    try:
        yield found
    finally:
        if found.exit is None:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        os.close(end)
