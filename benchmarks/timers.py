"""What finding and sweeping 1,000 due timers costs while 10 thousand, 100 thousand or 1 million are open.

The desk's sweep and the same row moves by bare SQL work on databases of each size, in interleaved rounds of one
process; between two sweeps as many timers are armed anew, uncounted, so that the size stays. `--help` tells the options.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bare import Bare, texts
from interleaved import Measured, Ratio, Variant, measure
from job_workspace import Steps, keys_of, make

from casewright.clock import SetClock, to_microseconds
from casewright.config import Config, Synchronous
from casewright.desk import Desk, open_desk
from casewright.store.database import Connection, open_sqlite

DUE = 1_000
BATCH = 500
COMMANDS = 100
BEGINNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LAST_OF_BATCH = (
    "SELECT due_at, ticket_id, name FROM timer WHERE due_at <= ?"
    " ORDER BY due_at, ticket_id, name LIMIT 1 OFFSET ?"
)
MOVE = (
    "INSERT INTO inbox (due_at, ticket_id, name, next_at, attempts, error)"
    " SELECT due_at, ticket_id, name, due_at, 0, '' FROM timer WHERE {where} ON CONFLICT DO NOTHING"
)
ORDERS = ("natural", "shuffled")


@dataclass(slots=True, kw_only=True)
class Timers:
    """A database with so many open timers, one due each second; sweeping moves the first ones out."""

    config: Config
    open: int
    order: str
    swept: int = 0

    def fill(self) -> None:
        """Arm them; natural is the order in which they will be due, shuffled any other."""
        numbers = list(range(self.open))
        if self.order == "shuffled":
            random.Random(self.open).shuffle(numbers)
        connection = open_sqlite(self.config.database)
        connection.execute("BEGIN IMMEDIATE")
        _arm(connection, numbers)
        connection.execute("COMMIT")
        connection.close()

    @property
    def now(self) -> datetime:
        """The moment at which the next thousand timers are due."""
        return BEGINNING + SECOND * (self.swept + DUE - 1)

    def refill(self, connection: Connection) -> None:
        """Empty the inbox and arm as many timers as were swept, at the end."""
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM inbox")
        first = self.open + self.swept - DUE
        _arm(connection, range(first, first + DUE))
        connection.execute("COMMIT")


def _arm(connection: Connection, numbers: Sequence[int] | range) -> None:
    for number in numbers:
        due = to_microseconds(BEGINNING + SECOND * number)
        connection.execute(
            "INSERT INTO timer (due_at, ticket_id, name) VALUES (?, ?, ?)",
            (due, number * 7919 % 1_000_003, "promise:handling"),
        )


def by_desk(timers: Timers) -> tuple[Variant, Desk]:
    """Return the sweep as the worker does it."""
    clock = SetClock(BEGINNING)
    desk = open_desk(timers.config, clock=clock)
    working = desk.working()
    other = open_sqlite(timers.config.database)

    def run(sweeps: int) -> None:
        for _ in range(sweeps):
            clock.set(timers.now)
            moved = sum(iter(working.sweep, 0))
            assert moved == DUE, f"{moved} timers were due"
            timers.swept += DUE

    def prepare(sweeps: int) -> None:
        if timers.swept:
            timers.refill(other)

    name = f"desk {timers.open} {timers.order}"
    return Variant(name=name, run=run, prepare=prepare), desk


def by_bare_sql(timers: Timers) -> Variant:
    """Return the same moves by the same statements on a bare connection, a batch a transaction."""
    connection = open_sqlite(timers.config.database)
    connection.execute(f"PRAGMA synchronous={timers.config.synchronous}")

    def batch(now: int) -> int:
        connection.execute("BEGIN IMMEDIATE")
        last = connection.execute(LAST_OF_BATCH, (now, BATCH - 1)).fetchone()
        where = "(due_at, ticket_id, name) <= (?, ?, ?)" if last else "due_at <= ?"
        values = last or (now,)
        connection.execute(MOVE.format(where=where), values)
        done = connection.execute(f"DELETE FROM timer WHERE {where}", values).rowcount
        connection.execute("COMMIT")
        return done

    def run(sweeps: int) -> None:
        for _ in range(sweeps):
            moved = sum(iter(partial(batch, to_microseconds(timers.now)), 0))
            assert moved == DUE, f"{moved} timers were due"
            timers.swept += DUE

    def prepare(sweeps: int) -> None:
        if timers.swept:
            timers.refill(connection)

    return Variant(name=f"bare {timers.open} {timers.order}", run=run, prepare=prepare)


def idle(timers: Timers, desk: Desk) -> Variant:
    """Return a look at the clock while nothing is due."""
    working = desk.working()

    def run(looks: int) -> None:
        for _ in range(looks * 1_000):
            working.next_moment()

    return Variant(name=f"idle {timers.open} {timers.order}", run=run)


def command(root: Path) -> Variant:
    """Return a hundred durable commands by bare sqlite3, as `benchmarks/commands.py` compares them."""
    config = make(root / "commands", 2_000)
    bare = Bare(config, texts(config))
    bare.execute("PRAGMA synchronous=FULL")
    upcoming = Steps(keys_of(config), filled=True)

    def run(hundreds: int) -> None:
        for _ in range(hundreds * COMMANDS):
            bare.execute("BEGIN IMMEDIATE")
            bare.step(*upcoming.next())
            bare.execute("COMMIT")

    return Variant(name="command", run=run)


def _sizes(root: Path, options: Any, order: str) -> Iterator[Timers]:
    empty = make(root / "empty" / order, 1)
    synchronous: Synchronous = options.synchronous
    for size in options.sizes:
        for side in ("desk", "bare"):
            folder = root / f"{order}-{size}-{side}"
            folder.mkdir(parents=True)
            database = folder / "casewright.db"
            shutil.copyfile(empty.database, database)
            config = Config(
                root=folder,
                database=database,
                attachments=folder / "attachments",
                synchronous=synchronous,
            )
            made = Timers(config=config, open=size, order=order)
            made.fill()
            yield made


def compare(root: Path, options: Any, order: str) -> dict[str, Any]:
    """Return the figures of one order of arming."""
    variants: list[Variant] = []
    desks: list[Desk] = []
    sizes = list(_sizes(root, options, order))
    for ours, theirs in zip(sizes[::2], sizes[1::2], strict=True):
        variant, desk = by_desk(ours)
        desks.append(desk)
        variants += [variant, by_bare_sql(theirs), idle(ours, desk)]
    if not options.no_command:
        variants.append(command(root / order))
    found = measure(variants, rounds=options.rounds, operations=1)
    for desk in desks:
        desk.close()
    return {
        "order": order,
        "sizes": [_figures(found, size, order, options) for size in options.sizes],
    }


def _figures(found: Measured, size: int, order: str, options: Any) -> dict[str, Any]:
    name, smallest = f"desk {size} {order}", f"desk {options.sizes[0]} {order}"
    figures: dict[str, Any] = {
        "open": size,
        "due": DUE,
        "microseconds_a_timer": round(found.seconds(name) * 1e6 / DUE, 2),
        "to_smallest": _shown(found.slowness(name, base=smallest)),
        "speed_to_bare_sql": _shown(found.speed(name, base=f"bare {size} {order}")),
        "idle_look_microseconds": round(found.seconds(f"idle {size} {order}") * 1e3, 2),
        "idle_to_smallest": _shown(
            found.slowness(f"idle {size} {order}", base=f"idle {options.sizes[0]} {order}")
        ),
    }
    if not options.no_command:
        slowness = found.slowness(name, base="command")
        figures["timer_to_bare_command"] = _shown(slowness, share=COMMANDS / DUE)
    return figures


def _shown(ratio: Ratio, *, share: float = 1.0) -> list[float]:
    return [round(one * share, 4) for one in (ratio.median, ratio.low, ratio.high)]


def main() -> None:
    """Measure and print."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="casewright-bench-", dir=options.folder))
    try:
        found = [compare(folder, options, order) for order in options.order or ORDERS]
    finally:
        shutil.rmtree(folder)
    if options.json:
        print(json.dumps({"rounds": options.rounds, "orders": found}, indent=1))
        return
    print(f"Sweeping {DUE:,} due timers; ratios: median (middle half). Targets in brackets.\n")
    for one in found:
        _print(one)


def _print(found: dict[str, Any]) -> None:
    print(f"timers armed in {found['order']} order")
    titles = (
        "open",
        "us/timer",
        "to smallest [<= 1.3]",
        "speed of bare [>= 0.5]",
        "to command [<= 0.1]",
        "idle us",
        "idle to smallest [<= 1.2]",
    )
    print("".join(f"{title:>26}" for title in titles))
    for one in found["sizes"]:
        cells = (
            f"{one['open']:,}",
            f"{one['microseconds_a_timer']:.2f}",
            _cell(one["to_smallest"]),
            _cell(one["speed_to_bare_sql"]),
            _cell(one.get("timer_to_bare_command")),
            f"{one['idle_look_microseconds']:.1f}",
            _cell(one["idle_to_smallest"]),
        )
        print("".join(f"{cell:>26}" for cell in cells))
    print()


def _cell(ratio: Sequence[float] | None) -> str:
    return "-" if ratio is None else f"{ratio[0]:.3f} ({ratio[1]:.3f} - {ratio[2]:.3f})"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--rounds",
        type=int,
        default=12,
        help="interleaved rounds, of which the quieter half counts",
    )
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(one) for one in text.split(",")],
        default=[10_000, 100_000, 1_000_000],
        help="how many timers are open, the smallest first (default: 10000,100000,1000000)",
    )
    parser.add_argument("--order", action="append", choices=ORDERS, help="only this order")
    parser.add_argument(
        "--synchronous", choices=("FULL", "NORMAL"), default="FULL", help="how SQLite writes"
    )
    parser.add_argument(
        "--no-command",
        action="store_true",
        help="leave out the bare command that timers are held against",
    )
    parser.add_argument(
        "--folder",
        help="where to make the workspace (default: the system's place for temporary files)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
