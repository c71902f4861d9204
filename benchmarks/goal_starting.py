"""Goals 16 and 17: how soon the command line answers and the terminal shows its first row, and what memory it takes."""

import fcntl
import os
import pty
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import startup
from goal import Bench, Row
from interleaved import Ratio, Variant, measure
from seeding import seeded
from tests.tui.key_to_paint import MARK, until
from tests.tui.on_pty import Watched

SIZE = (100, 30)
TICKETS = 200
_BARE = """\
from textual.app import App
from textual.widgets import DataTable


class One(App):
    def compose(self):
        yield DataTable()

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("what")
        table.add_row("\\u25b6 one row")


One().run()
"""


def rows(bench: Bench) -> Iterator[Row]:
    """Yield the rows of goals 16 and 17."""
    yield from _commands(bench)
    yield from _terminal(bench)


def _commands(bench: Bench) -> Iterator[Row]:
    script = Path(sys.executable).with_name("casewright")
    folder = bench.folder / "starting"
    folder.mkdir()
    started = startup.variants(folder, (str(script),))
    found = measure(started, rounds=bench.scale.rounds, operations=bench.scale.starts)
    how = "the installed console script, process start to end, against `python -c pass`"
    for name, bound in (
        ("--version", 2.0), ("--help", 4.0), ("ticket list", 4.5), ("ticket comment", 7.0),
    ):  # fmt: skip
        yield _row(
            "16", f"casewright {name}", found.slowness(name, base=startup.BASE), bound, how
        )


def _row(goal: str, what: str, ratio: Ratio, bound: float, how: str) -> Row:
    return Row(goal=goal, what=what, ratio=ratio, bound=bound, at_least=False, how=how)


def _terminal(bench: Bench) -> Iterator[Row]:
    config = seeded(bench.folder / "terminal", TICKETS, 10)
    bare = bench.folder / "bare_app.py"
    bare.write_text(_BARE, encoding="utf-8")
    ours = (
        "-m",
        "casewright.cli",
        "tui",
        "-C",
        str(config.root),
        "--as",
        "chen_jing",
        "--lang",
        "en",
    )
    memory: dict[str, list[float]] = {"ours": [], "bare": []}
    variants = [
        _starts("ours", ours, memory["ours"], b"2"),
        _starts("bare", (str(bare),), memory["bare"]),
    ]
    found = measure(variants, rounds=bench.scale.rounds, operations=bench.scale.starts)
    how = "on a pseudo-terminal, process start to the first row painted, against a Textual app of one row"
    yield _row("17", "terminal, first row", found.slowness("ours", base="bare"), 1.4, how)
    each = sorted(
        one / other for one, other in zip(memory["ours"], memory["bare"], strict=True)
    )
    quarters = (each[len(each) // 4], each[len(each) // 2], each[len(each) * 3 // 4])
    ratio = Ratio(low=quarters[0], median=quarters[1], high=quarters[2])
    yield _row(
        "17", "terminal, memory then", ratio, 1.2, "resident pages when that row was painted"
    )


def _starts(name: str, words: Sequence[str], memory: list[float], view: bytes = b"") -> Variant:
    def run(times: int) -> None:
        for _ in range(times):
            with _running(words) as terminal:
                if not until(terminal, lambda raw: MARK in raw, patience=30):
                    sys.exit(f"no row was painted: {bytes(terminal.raw[-500:])!r}")
                memory.append(_resident(terminal.process))

    return Variant(name=name, run=run)


@contextmanager
def _running(words: Sequence[str]) -> Iterator[Watched]:
    process, end = pty.fork()
    if process == 0:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", COLORTERM="truecolor")
        os.execv(sys.executable, [sys.executable, *words])
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    try:
        yield Watched(process, end)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(end)
        time.sleep(0.01)


def _resident(process: int) -> float:
    return float(Path(f"/proc/{process}/statm").read_text().split()[1])
