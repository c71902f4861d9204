"""How long it takes from a key on a real terminal until the row it leads to is painted: measured on a pseudo-terminal.

Pilot cannot measure this: each of its keys waits for far more than anybody at a terminal does.
"""

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .on_pty import Watched

MARK = "▶".encode()
DOWN, UP, PAGE_DOWN, PAGE_UP, HOME, END = (
    b"\x1b[B", b"\x1b[A", b"\x1b[6~", b"\x1b[5~", b"\x1b[H", b"\x1b[F",
)  # fmt: skip
PATIENCE = 5.0
BEGUN, ENDED = b"\x1b[?2026h", b"\x1b[?2026l"


@dataclass(slots=True)
class Times:
    """Milliseconds that keys took, and the octets that were written for them; `missed` were not painted in time."""

    name: str
    taken: list[float] = field(default_factory=list)
    octets: int = 0
    missed: int = 0

    def at(self, share: float) -> float:
        """Return what so many of them took at most."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

    def __str__(self) -> str:
        return (
            f"{self.name:24s} n={len(self.taken):4d}  p50 {self.at(0.5):6.1f}  p95 {self.at(0.95):6.1f}"
            f"  p99 {self.at(0.99):6.1f}  max {self.at(1):6.1f} ms  {self.octets // max(1, len(self.taken)):6d} octets/key"
            f"  missed {self.missed}"
        )


def painted(key: str) -> Callable[[bytes], bool]:
    """Return whether what was written has the cursor's mark right before a ticket's key."""
    sought = re.compile(re.escape(MARK) + rb"[^\n]{0,80}?" + re.escape(key.encode()))
    return lambda written: sought.search(written) is not None


def until(
    terminal: Watched, met: Callable[[bytes], bool], *, patience: float = PATIENCE
) -> bool:
    """Read until what is written from now on meets a condition; return whether it did."""
    begun, end = len(terminal.raw), time.perf_counter() + patience
    while time.perf_counter() < end:
        if terminal.read(0.005) and met(bytes(terminal.raw[begun:])):
            return True
    return False


def pressed(
    terminal: Watched, name: str, octets: bytes, wanted: Sequence[str], chance: random.Random
) -> Times:
    """Press a key once for every ticket that it must lead to, one after the other, at somebody's pace."""
    times = Times(name)
    for key in wanted:
        begun, before = time.perf_counter(), len(terminal.raw)
        terminal.press(octets)
        if until(terminal, painted(key)):
            times.taken.append((time.perf_counter() - begun) * 1000)
        else:
            times.missed += 1
        times.octets += len(terminal.raw) - before
        rested = time.perf_counter() + 0.02 + chance.random() * 0.13
        while time.perf_counter() < rested:
            terminal.read(0.005)
    return times


def outside_of_frames(raw: bytes) -> bytes:
    """Return what was written outside of synchronised updates: nothing, if no frame can be seen half done."""
    kept = re.sub(re.escape(BEGUN) + rb".*?" + re.escape(ENDED), b"", raw, flags=re.DOTALL)
    return kept.partition(BEGUN)[0]
