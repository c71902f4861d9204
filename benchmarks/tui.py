"""How soon the terminal answers keys over a queue of any size: `python benchmarks/tui.py WORKSPACE --as NAME --view DIGIT`.

WORKSPACE is one that `benchmarks/seeding.py` made. Measured on a pseudo-terminal of 160x50, from the key to the painted row.
"""

import argparse
import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.tui import key_to_paint as keys
from tests.tui.on_pty import Watched, watched

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import CountQueue, ListQueue

SIZE = (160, 50)
SHOWN = SIZE[1] - 4
"""Rows on the screen: without status line, tabs, column titles and hint bar."""


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--as", dest="person", default="root")
    parser.add_argument("--view", default="2", help="the digit of the view of all tickets")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--rest", type=int, default=20, help="seconds to watch it at rest")
    given = parser.parse_args()
    first, last, total = _keys(given.workspace, given.person)
    _say(f"{total} tickets, load {os.getloadavg()[0]:.1f}")
    _say(str(_starts(given.workspace, given.person, given.starts)))
    with watched(given.workspace, given.person, size=SIZE) as terminal:
        terminal.sees("F1")
        terminal.quiet()
        terminal.press(given.view.encode())
        keys.until(terminal, keys.painted(first[0]))
        terminal.quiet()
        _moves(terminal, first, last)
        _held(terminal, first)
        _rest(terminal, given.rest)


def _keys(workspace: Path, person: str) -> tuple[list[str], list[str], int]:
    """Return the first tickets of the queue and the last ones, as the desk has them."""
    first: list[str] = []
    with open_desk(read_config(workspace)) as desk:
        after = None
        while len(first) < 6000:
            page = desk.ask(ListQueue(actor=person, after=after, limit=1000))
            first += [row.key for row in page.rows]
            if not page.later:
                break
            after = page.rows[-1].position
        last = [row.key for row in desk.ask(ListQueue(actor=person, skip=-1, limit=1000)).rows]
        return first, last, desk.ask(CountQueue(actor=person)).tickets


def _starts(workspace: Path, person: str, number: int) -> keys.Times:
    times = keys.Times("start to first rows")
    for _ in range(number):
        begun = time.perf_counter()
        with watched(workspace, person, size=SIZE) as terminal:
            if keys.until(terminal, _has_rows, patience=20):
                times.taken.append((time.perf_counter() - begun) * 1000)
            else:
                times.missed += 1
    return times


def _has_rows(raw: bytes) -> bool:
    return keys.MARK in raw or b"no tickets here" in raw


def _moves(terminal: Watched, first: list[str], last: list[str]) -> None:
    """Go through the queue by every key, from where the one before has led."""
    chance, page = random.Random(7), SHOWN - 1
    at = SHOWN - 2
    runs = [
        ("down, on the screen", keys.DOWN, first[1 : at + 1]),
        ("down, scrolling", keys.DOWN, first[at + 1 : at + 201]),
    ]
    at += 200
    runs.append(
        ("page down", keys.PAGE_DOWN, [first[at + page * step] for step in range(1, 81)])
    )
    at += page * 80
    runs.append(("page up", keys.PAGE_UP, [first[at - page * step] for step in range(1, 41)]))
    runs.append(("end", keys.END, [last[-1]]))
    runs.append(("up at the end", keys.UP, last[-2:-62:-1]))
    up = len(last) - 61
    runs.append(
        ("page up at the end", keys.PAGE_UP, [last[up - page * step] for step in range(1, 21)])
    )
    runs.append(("home", keys.HOME, [first[0]]))
    for round_ in range(6):
        runs.append((f"end {round_}", keys.END, [last[-1]]))
        runs.append((f"home {round_}", keys.HOME, [first[0]]))
    for name, octets, wanted in runs:
        _say(str(keys.pressed(terminal, name, octets, wanted, chance)))


def _held(terminal: Watched, first: list[str]) -> None:
    """Hold a key down for five seconds, as a keyboard repeats it."""
    number, before, begun = 0, _spent(terminal), time.perf_counter()
    while time.perf_counter() - begun < 5:
        terminal.press(keys.DOWN)
        number += 1
        rested = time.perf_counter() + 1 / 30
        while time.perf_counter() < rested:
            terminal.read(0.004)
    released = time.perf_counter()
    seen = keys.painted(first[number])
    done = seen(bytes(terminal.raw[-20_000:])) or keys.until(terminal, seen)
    took, spent = (time.perf_counter() - released) * 1000, _spent(terminal) - before
    _say(
        f"held at 30/s: {number} keys, the last painted {took:.0f} ms after release ({done}), CPU {spent / 5:.0%}"
    )


def _rest(terminal: Watched, seconds: int) -> None:
    """Watch the countdowns while nobody presses anything."""
    terminal.quiet()
    begun, from_, before = time.perf_counter(), len(terminal.raw), _spent(terminal)
    while time.perf_counter() - begun < seconds:
        terminal.read(0.1)
    written, spent = bytes(terminal.raw[from_:]), _spent(terminal) - before
    _say(
        f"at rest for {seconds} s: CPU {spent / seconds:.2%}, {len(written) / seconds:.0f} octets/s,"
        f" {len(keys.outside_of_frames(written))} outside of frames, {written.count(b'[2J')} times erased,"
        f" RSS {_resident(terminal):.0f} MB"
    )


def _spent(terminal: Watched) -> float:
    """Return the processor's seconds that the terminal has taken so far."""
    fields = Path(f"/proc/{terminal.process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(terminal: Watched) -> float:
    """Return how many megabytes of memory it holds."""
    return (
        int(Path(f"/proc/{terminal.process}/statm").read_text().split()[1])
        * os.sysconf("SC_PAGE_SIZE")
        / 1e6
    )


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
