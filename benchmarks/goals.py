"""One table of all that casewright promises about speed: `python benchmarks/goals.py`, which is `make bench`.

Every row is a ratio of two things that ran in turns (see `interleaved.py`); goals 12 to 15 are those of `make bench-peers`.
`--scale small` shows in a minute or two that everything runs, and nothing about speed. The exit code is 0 also where a goal is missed,
unless `--must` is said.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import goal_commands
import goal_forms
import goal_postgres
import goal_queue
import goal_starting
import goal_timers
import goal_totals
from goal import SCALES, Bench, Row

PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "commands": goal_commands.rows,
    "postgres": goal_postgres.rows,
    "timers": goal_timers.rows,
    "queue": goal_queue.rows,
    "totals": goal_totals.rows,
    "forms": goal_forms.rows,
    "starting": goal_starting.rows,
}
PAGE = Path(__file__).parents[1] / "docs" / "measurements.md"
TITLE = "## The goals, in one table"


def measured(parts: Sequence[str], *, scale: str, folder: str | None) -> list[Row]:
    """Return the rows of those parts, in the order of the goals; what is under way is told on standard error."""
    found: list[Row] = []
    for part in parts:
        place = Path(tempfile.mkdtemp(prefix=f"casewright-bench-{part}-", dir=folder))
        begun = time.perf_counter()
        try:
            for row in PARTS[part](Bench(folder=place, scale=SCALES[scale])):
                found.append(row)
                print(f"{row.goal:>4}  {row.what}: {row.seen}", file=sys.stderr)
        finally:
            shutil.rmtree(place)
        took = time.perf_counter() - begun
        print(f"{part}: {took:.0f} s, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return sorted(found, key=lambda one: int(one.goal))


def in_terminal(rows: Sequence[Row]) -> str:
    """Return the table as it is read in a terminal."""
    width = max(len(one.what) for one in rows)
    lines = [f"{'goal':>4}  {'what':{width}}  {'ratio':>24}  {'goal':>8}"]
    lines += [
        f"{one.goal:>4}  {one.what:{width}}  {one.seen:>24}  {one.wanted:>8}  {one.verdict}{f': {one.why}' if one.why else ''}"
        for one in rows
    ]
    return "\n".join(lines)


def in_page(rows: Sequence[Row]) -> str:
    """Return the table as it stands in a page."""
    lines = ["| # | what | ratio (middle half) | goal | | how |", "|-|-|-|-|-|-|"]
    for one in rows:
        met = f"**{one.verdict}**" if one.verdict == "missed" else one.verdict
        how = one.why or one.how
        lines.append(f"| {one.goal} | {one.what} | {one.seen} | {one.wanted} | {met} | {how} |")
    return "\n".join(lines)


def record(rows: Sequence[Row], page: Path, title: str, command: str) -> None:
    """Put the table into its section of the page, in place of the one before."""
    text = page.read_text(encoding="utf-8")
    day, load = time.strftime("%Y-%m-%d"), os.getloadavg()[2]
    said = f"Taken on {day}; other work on the machine: a load of {load:.1f} over the last quarter of an hour."
    section = f"{title}\n\n    {command}\n\n{said}\n\n{in_page(rows)}\n"
    before, found, after = text.partition(f"{title}\n")
    if found:
        _, following, rest = after.partition("\n## ")
        text = f"{before}{section}{following}{rest}"
    else:
        text = f"{text.rstrip()}\n\n{section}"
    page.write_text(text, encoding="utf-8")


def main() -> None:
    """Measure, print, and record where that is asked for."""
    options = _options()
    rows = measured(options.only or list(PARTS), scale=options.scale, folder=options.folder)
    shown = json.dumps([{**asdict(one), "verdict": one.verdict} for one in rows], indent=1)
    print(shown if options.json else in_terminal(rows))
    if options.record:
        record(
            rows,
            PAGE,
            TITLE,
            f"python benchmarks/goals.py --scale {options.scale}    # make bench: full",
        )
    if options.must and any(one.verdict == "missed" for one in rows):
        sys.exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=list(PARTS), help="only this part")
    parser.add_argument(
        "--scale",
        choices=list(SCALES),
        default="full",
        help="medium takes a third of the time; small only shows that it works",
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--record", action="store_true", help=f"write the table into {PAGE.name}"
    )
    parser.add_argument(
        "--must", action="store_true", help="exit with 1 where a goal is missed"
    )
    parser.add_argument("--folder", help="where to make the workspaces")
    options = parser.parse_args()
    if options.record and (options.scale == "small" or options.only):
        parser.error(
            "only the whole table is recorded: neither --scale small nor --only goes with --record"
        )
    return options


if __name__ == "__main__":
    main()
