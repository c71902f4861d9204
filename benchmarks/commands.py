"""Durable commands per second through the desk, and the same row writes by bare sqlite3.

Both sides work the same random tickets in the same order, in interleaved rounds of one process, on two copies of
one database; afterwards both must have written the same rows. `--help` tells the options.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bare import Bare, Recorder, Texts, texts, written
from interleaved import Measured, Variant, measure
from job_workspace import Steps, copied, fire, keys_of, make

from casewright.config import Config, Synchronous
from casewright.desk import Desk, open_desk
from casewright.store.database import Connection, library

LARGEST_DIFFERENCE = 0.03
"""The characters that both sides store may differ by this much; the rows may not differ at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One comparison: how durable, how many commands a commit, with a form or without."""

    name: str
    synchronous: Synchronous
    per_commit: int
    filled: bool


SETTINGS = (
    Setting(name="full", synchronous="FULL", per_commit=1, filled=True),
    Setting(name="full, no form", synchronous="FULL", per_commit=1, filled=False),
    Setting(name="normal", synchronous="NORMAL", per_commit=1, filled=True),
    Setting(name="normal, no form", synchronous="NORMAL", per_commit=1, filled=False),
    Setting(name="full, 100 a commit", synchronous="FULL", per_commit=100, filled=True),
)


def compare(
    config: Config, steps: dict[tuple[str, int], Texts], setting: Setting, options: Any
) -> dict[str, Any]:
    """Return the figures of one comparison; SystemExit when the sides did not write the same."""
    ours = copied(config, "desk", setting.synchronous)
    theirs = copied(config, "bare", setting.synchronous)
    keys = keys_of(config)
    with open_desk(ours) as desk:
        bare = Bare(theirs, steps)
        variants = (_desk(desk, keys, setting), _bare(bare, keys, setting))
        operations = options.commands // setting.per_commit * setting.per_commit
        found = measure(
            variants, rounds=options.rounds, operations=max(operations, setting.per_commit)
        )
        bare.close()
    _must_agree(setting, written(ours.database), written(theirs.database))
    return _figures(setting, found)


def _desk(desk: Desk, keys: Sequence[str], setting: Setting) -> Variant:
    upcoming = Steps(keys, filled=setting.filled)

    def run(commands: int) -> None:
        if setting.per_commit == 1:
            for _ in range(commands):
                fire(desk, *upcoming.next())
            return
        for _ in range(commands // setting.per_commit):
            with desk.batch():
                for _ in range(setting.per_commit):
                    fire(desk, *upcoming.next())

    return Variant(name="desk", run=run)


def _bare(bare: Bare, keys: Sequence[str], setting: Setting) -> Variant:
    upcoming = Steps(keys, filled=setting.filled)

    def run(commands: int) -> None:
        for _ in range(commands // setting.per_commit):
            bare.execute("BEGIN IMMEDIATE")
            for _ in range(setting.per_commit):
                bare.step(*upcoming.next())
            bare.execute("COMMIT")

    return Variant(name="bare", run=run)


def _must_agree(
    setting: Setting, ours: dict[str, tuple[int, int]], theirs: dict[str, tuple[int, int]]
) -> None:
    for table, (rows, characters) in ours.items():
        other_rows, other_characters = theirs[table]
        if rows != other_rows:
            sys.exit(
                f"{setting.name}: the desk has {rows} rows in {table}, bare sqlite3 {other_rows}"
            )
        if abs(characters - other_characters) > LARGEST_DIFFERENCE * characters:
            sys.exit(
                f"{setting.name}: {characters} characters in {table}, but {other_characters} by bare sqlite3"
            )


def _figures(setting: Setting, found: Measured) -> dict[str, Any]:
    speed, cpu = found.speed("desk", base="bare"), found.cpu("desk", base="bare")
    return {
        "setting": setting.name,
        "synchronous": setting.synchronous,
        "per_commit": setting.per_commit,
        "form": setting.filled,
        "ratio": round(speed.median, 3),
        "ratio_middle_half": [round(speed.low, 3), round(speed.high, 3)],
        "cpu_ratio": round(cpu.median, 3),
        "desk_per_second": round(1 / found.seconds("desk")),
        "bare_per_second": round(1 / found.seconds("bare")),
        "desk_microseconds": round(found.seconds("desk") * 1e6, 1),
        "bare_microseconds": round(found.seconds("bare") * 1e6, 1),
        "desk_cpu_microseconds": round(found.cpu_seconds("desk") * 1e6, 1),
        "bare_cpu_microseconds": round(found.cpu_seconds("bare") * 1e6, 1),
        "rounds": found.taken,
        "rounds_kept": len(found.rounds),
    }


def same_statements(
    config: Config, steps: dict[tuple[str, int], Texts]
) -> dict[str, list[str]]:
    """Return the statements of each step; SystemExit when the two sides do not run the same ones."""
    issued = {}
    for transition, note in (("report", 1), ("resume", 2), ("note", -1)):
        ours, theirs = (
            _by_desk(config, transition, note),
            _by_bare(config, steps, transition, note),
        )
        if Counter(ours) != Counter(theirs):
            more, less = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
            sys.exit(
                f"'{transition}': only the desk runs {list(more)}, only bare sqlite3 {list(less)}"
            )
        issued[transition] = ours
    return issued


def _by_desk(config: Config, transition: str, note: int) -> list[str]:
    recorders: list[Recorder] = []

    def driver(path: Path) -> Connection:
        recorders.append(Recorder(path))
        return recorders[0]

    sample = copied(config, "sample", "NORMAL")
    key = keys_of(sample)[0]
    with open_desk(sample, driver=driver) as desk:
        fire(desk, key, "report", 3)
        if transition == "report":
            fire(desk, key, "resume", 4)
        recorders[0].statements.clear()
        fire(desk, key, transition, note)
        return list(recorders[0].statements)


def _by_bare(
    config: Config, steps: dict[tuple[str, int], Texts], transition: str, note: int
) -> list[str]:
    bare = Bare(copied(config, "sample", "NORMAL"), steps, driver=Recorder)
    recorder = bare.connection
    assert isinstance(recorder, Recorder)
    recorder.statements.clear()
    bare.execute("BEGIN IMMEDIATE")
    bare.step(keys_of(config)[0], transition, note)
    bare.execute("COMMIT")
    bare.close()
    return recorder.statements


def main() -> None:
    """Measure and print."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="casewright-bench-", dir=options.folder))
    try:
        config = make(folder, options.tickets)
        steps = texts(config)
        issued = same_statements(config, steps)
        wanted = [one for one in SETTINGS if not options.only or one.name in options.only]
        found = [compare(config, steps, setting, options) for setting in wanted]
    finally:
        shutil.rmtree(folder)
    if options.json:
        sqlite = f"{library().__name__.split('.')[0]} {library().sqlite_version}"
        print(
            json.dumps(
                {
                    "tickets": options.tickets,
                    "sqlite": sqlite,
                    "settings": found,
                    "statements": issued,
                },
                indent=1,
            )
        )
        return
    _print(found, issued if options.statements else {})


def _print(found: Sequence[dict[str, Any]], issued: dict[str, list[str]]) -> None:
    print(
        "The desk as a multiple of bare sqlite3 writing the same rows (1.00 = as fast); cpu: of its CPU time.\n"
    )
    print(
        f"{'':24}{'ratio':>7}{'middle half':>16}{'cpu':>7}{'desk/s':>10}{'bare/s':>10}{'desk us':>10}{'bare us':>10}"
    )
    for one in found:
        low, high = one["ratio_middle_half"]
        print(
            f"{one['setting']:24}{one['ratio']:7.2f}{f'{low:.2f} - {high:.2f}':>16}{one['cpu_ratio']:7.2f}"
            f"{one['desk_per_second']:10,}{one['bare_per_second']:10,}"
            f"{one['desk_microseconds']:10.0f}{one['bare_microseconds']:10.0f}"
        )
    for name, statements in issued.items():
        print(f"\n{name}, statement by statement, on both sides:")
        print("\n".join(f"  {one[:110]}" for one in statements))


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
        "--commands", type=int, default=400, help="commands a side, twice in each round"
    )
    parser.add_argument(
        "--tickets", type=int, default=10_000, help="tickets in the workspace beforehand"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[one.name for one in SETTINGS],
        help="only this comparison",
    )
    parser.add_argument(
        "--folder",
        help="where to make the workspace (default: the system's place for temporary files)",
    )
    parser.add_argument(
        "--statements", action="store_true", help="print the statements of each kind of command"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
