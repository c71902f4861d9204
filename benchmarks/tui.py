"""How soon the terminal answers keys over a queue of any size: `python benchmarks/tui.py [WORKSPACE] --as NAME --view DIGIT`.

WORKSPACE is one that `benchmarks/seeding.py` made; without one, a small one is made and done away with. Measured on a
pseudo-terminal of 160x50, from the key to the painted row; `--served` goes through `casewright serve`. What a key costs in
CPU, what is written at rest and how much memory is held hardly depend on what else the machine does: `--must` holds these
to their goals.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import seeding
from tests.server.served import ADMIN, founded, served
from tests.tui import key_to_paint as keys
from tests.tui.memory import memory
from tests.tui.on_pty import Watched, watched

from casewright.commands import OpenTicket
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import CountQueue, ListQueue

SIZE = (160, 50)
SHOWN = SIZE[1] - 4
"""Rows on the screen: without status line, tabs, column titles and hint bar."""
FEW = 20_000
"""Tickets of the workspace that is made where none is named."""
SETTLED = 3
"""Seconds after the last key until it counts as at rest: by then the preview is there."""
MOST_OCTETS, MOST_MEMORY, MOST_CPU = 1000, 75.0, 0.01
"""The goals at rest: octets in a second, megabytes that no other process shares, share of a processor."""


def main() -> None:
    """Measure what the command line names."""
    given = _options()
    with _workspace(given.workspace) as workspace:
        first, last, total = _keys(workspace, given.person)
        _say(f"{total} tickets, load {os.getloadavg()[0]:.1f}{', served' * given.served}")
        with served(workspace, "--no-worker") if given.served else nullcontext():
            _say(str(_starts(workspace, given.person, given.starts)))
            met = _worked(workspace, given, first, last)
    met = _counting(given) and met
    if given.must and not met:
        sys.exit("A goal at rest is missed.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path, nargs="?")
    parser.add_argument("--as", dest="person", default="root")
    parser.add_argument("--view", default="2", help="the digit of the view of all tickets")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--rest", type=int, default=20, help="seconds to watch it at rest")
    parser.add_argument("--served", action="store_true", help="go through a server")
    parser.add_argument(
        "--must", action="store_true", help="fail where it takes more at rest than it may"
    )
    return parser.parse_args()


@contextmanager
def _workspace(named: Path | None) -> Iterator[Path]:
    if named is not None:
        yield named
        return
    with TemporaryDirectory() as folder:
        seeding.seeded(Path(folder) / "desk", FEW)
        yield Path(folder) / "desk"


def _worked(
    workspace: Path, given: argparse.Namespace, first: list[str], last: list[str]
) -> bool:
    with watched(workspace, given.person, size=SIZE) as terminal:
        terminal.sees("F1")
        terminal.quiet()
        terminal.press(given.view.encode())
        keys.until(terminal, keys.painted(first[0]))
        terminal.quiet()
        _moves(terminal, first, last)
        _held(terminal, first)
        return _rest(terminal, given.rest)


def _counting(given: argparse.Namespace) -> bool:
    """Watch a screen at rest whose tickets are all in their last hour: each counts by the second."""
    with TemporaryDirectory() as folder:
        config = founded(Path(folder) / "desk")
        with open_desk(config) as desk:
            due = (datetime.now(UTC) + timedelta(minutes=50)).isoformat(timespec="seconds")
            for number in range(SHOWN + 10):
                fields = {
                    "subject": f"Matter {number}",
                    "question": "What?",
                    "reply_agreed": due,
                }
                desk.execute(OpenTicket(actor=ADMIN, workflow="inquiry", fields=fields))
        with (
            served(config.root, "--no-worker") if given.served else nullcontext(),
            watched(config.root, ADMIN, size=SIZE) as terminal,
        ):
            terminal.sees("F1")
            terminal.quiet(1)
            terminal.press(given.view.encode())
            terminal.sees("Matter")
            _say(f"{SHOWN} countdowns by the second:")
            return _rest(terminal, given.rest)


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
        before = _spent(terminal)
        times = keys.pressed(terminal, name, octets, wanted, chance)
        _say(f"{times}  CPU {(_spent(terminal) - before) * 1000 / len(wanted):.0f} ms/key")


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


def _rest(terminal: Watched, seconds: int) -> bool:
    """Watch the countdowns while nobody presses anything; return whether that takes no more than it may."""
    _read(terminal, SETTLED)
    from_, before = len(terminal.raw), _spent(terminal)
    _read(terminal, seconds)
    written, held = bytes(terminal.raw[from_:]), memory(terminal.process)
    spent, octets = (_spent(terminal) - before) / seconds, len(written) / seconds
    outside, erased = len(keys.outside_of_frames(written)), written.count(b"[2J")
    _say(
        f"at rest for {seconds} s: CPU {spent:.2%}, {octets:.0f} octets/s,"
        f" {outside} outside of frames, {erased} times erased, {held}"
    )
    return (
        spent <= MOST_CPU
        and octets <= MOST_OCTETS
        and not outside
        and not erased
        and held.private <= MOST_MEMORY
    )


def _read(terminal: Watched, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        terminal.read(0.1)


def _spent(terminal: Watched) -> float:
    """Return the processor's seconds that the terminal has taken so far."""
    fields = Path(f"/proc/{terminal.process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
