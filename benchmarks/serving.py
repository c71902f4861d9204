"""Durable commands a second through a server: 32 callers against one, over its Unix socket, in interleaved rounds.

The callers are processes of their own; the commands are those of `commands.py`, with a form. `--help` tells the options.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from interleaved import Variant, measure
from job_workspace import keys_of, make

GOAL = 2.0
MANY = 32
_SETTINGS = '[access]\nsign_in = "trusted"\n'
_HERE = Path(__file__).parent
_PATIENCE = 60.0


class Callers:
    """The process of the callers."""

    def __init__(self, path: Path, keys: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(_HERE / "remote_callers.py"), str(path), str(MANY), str(keys)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.times: dict[int, list[tuple[float, float]]] = {1: [], MANY: []}
        self._answer()

    def work(self, callers: int, commands: int) -> None:
        """Have so many callers do so many commands together."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{callers} {commands}\n")
        self._process.stdin.flush()
        _, median, last = map(float, self._answer().split())
        self.times[callers].append((median, last))

    def close(self) -> None:
        """Let them go."""
        self._process.kill()
        self._process.wait()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        found = self._process.stdout.readline()
        if not found:
            sys.exit("the callers failed; what they met stands above")
        return found


def compare(folder: Path, options: Any) -> dict[str, Any]:
    """Return the figures of one server."""
    config = make(folder, options.tickets)
    (folder / "casewright.toml").write_text(_SETTINGS, encoding="utf-8")
    keys = folder / "keys"
    keys.write_text("\n".join(keys_of(config)), encoding="utf-8")
    server = subprocess.Popen(
        [sys.executable, "-m", "casewright.cli", "serve", "--no-worker", "-C", str(folder)],
        stderr=subprocess.DEVNULL,
    )
    try:
        path = folder / "casewright.sock"
        _wait_for(path)
        callers = Callers(path, keys)
        variants = [
            Variant(
                name=str(many), run=lambda commands, many=many: callers.work(many, commands)
            )
            for many in (1, MANY)
        ]
        found = measure(variants, rounds=options.rounds, operations=options.commands)
        callers.close()
    finally:
        server.terminate()
        server.wait()
    speed = found.speed(str(MANY), base="1")
    return {
        "ratio": round(speed.median, 2),
        "ratio_middle_half": [round(speed.low, 2), round(speed.high, 2)],
        "one_per_second": round(1 / found.seconds("1")),
        "many_per_second": round(1 / found.seconds(str(MANY))),
        "milliseconds": {
            many: [
                round(1000 * sorted(one)[len(one) // 2], 2) for one in zip(*times, strict=True)
            ]
            for many, times in callers.times.items()
        },
        "rounds": found.taken,
        "rounds_kept": len(found.rounds),
    }


def _wait_for(path: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not path.exists():
        if time.monotonic() > until:
            sys.exit("the server did not start")
        time.sleep(0.05)


def main() -> None:
    """Measure and print."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="casewright-bench-", dir=options.folder))
    try:
        found = compare(folder, options)
    finally:
        shutil.rmtree(folder)
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        low, high = found["ratio_middle_half"]
        print("Durable commands (FULL) through a server, over its Unix socket:\n")
        for many, figure in ((1, "one_per_second"), (MANY, "many_per_second")):
            median, last = found["milliseconds"][many]
            print(
                f"{many:4} caller(s) {found[figure]:7,} a second, {median} ms each, 99 of 100 within {last} ms"
            )
        print(f"\n{MANY} callers are {found['ratio']} times as fast as one ({low} - {high})")
    if options.must and found["ratio"] < GOAL:
        sys.exit(f"less than {GOAL} times")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--rounds", type=int, default=10, help="interleaved rounds, the quieter half counts"
    )
    parser.add_argument(
        "--commands", type=int, default=400, help="commands a side, twice in each round"
    )
    parser.add_argument(
        "--tickets", type=int, default=2_000, help="tickets in the workspace beforehand"
    )
    parser.add_argument(
        "--folder",
        help="where to make the workspace (default: the system's place for temporary files)",
    )
    parser.add_argument(
        "--must", action="store_true", help=f"fail where it is less than {GOAL} times"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
