"""How long the command line takes to begin, as a multiple of `python -c pass`, in interleaved rounds."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from interleaved import Measured, Variant, measure
from job_workspace import ACTOR, keys_of, make

from casewright.config import FILE

CORE = Path(__file__).resolve().parents[1] / "core"
BASE = "python -c pass"
_SETTINGS = '[access]\nsign_in = "trusted"\n'
MODULE = (sys.executable, "-m", "casewright.cli")


def variants(folder: Path, start: Sequence[str] = MODULE) -> list[Variant]:
    """Return what is started: Python alone, and the command line, by `start`, in a workspace with a few tickets."""
    as_one = (*start, "--as", ACTOR)
    key = keys_of(make(folder, 10))[0]
    (folder / FILE).write_text(_SETTINGS, encoding="utf-8")
    commands = {
        BASE: (sys.executable, "-c", "pass"),
        "--version": (*start, "--version"),
        "--help": (*start, "--help"),
        "ticket show": (*as_one, "ticket", "show", key),
        "ticket list": (*as_one, "ticket", "list"),
        "ticket comment": (*as_one, "ticket", "comment", key, "seen"),
    }
    environment = {**os.environ, "PYTHONPATH": str(CORE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled
    return [
        Variant(name=name, run=_starter(words, folder, environment))
        for name, words in commands.items()
    ]


def _starter(
    words: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Callable[[int], None]:
    def run(times: int) -> None:
        for _ in range(times):
            done = subprocess.run(
                words, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                sys.exit(f"{' '.join(words[1:])}: {done.stdout}{done.stderr}")

    return run


def main() -> None:
    """Measure and print."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="casewright-bench-"))
    try:
        started = variants(folder)
        found = measure(started, rounds=options.rounds, operations=options.starts)
    finally:
        shutil.rmtree(folder)
    figures = [_figures(one.name, found) for one in started]
    if options.json:
        print(
            json.dumps(
                {
                    "base": BASE,
                    "rounds": found.taken,
                    "rounds_kept": len(found.rounds),
                    "starts": figures,
                },
                indent=1,
            )
        )
        return
    print(f"Times as long as `{BASE}`: on the wall, and of the CPU.\n")
    print(f"{'':18}{'wall':>7}{'middle half':>16}{'cpu':>7}{'ms':>8}{'cpu ms':>8}")
    for one in figures:
        low, high = one["ratio_middle_half"]
        print(
            f"{one['start']:18}{one['ratio']:7.2f}{f'{low:.2f} - {high:.2f}':>16}{one['cpu_ratio']:7.2f}"
            f"{one['milliseconds']:8.1f}{one['cpu_milliseconds']:8.1f}"
        )


def _figures(name: str, found: Measured) -> dict[str, Any]:
    slower, cpu = found.slowness(name, base=BASE), found.cpu(name, base=BASE)
    return {
        "start": name,
        "ratio": round(slower.median, 2),
        "ratio_middle_half": [round(slower.low, 2), round(slower.high, 2)],
        "cpu_ratio": round(cpu.median, 2),
        "milliseconds": round(found.seconds(name) * 1e3, 1),
        "cpu_milliseconds": round(found.cpu_seconds(name) * 1e3, 1),
    }


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
        "--starts", type=int, default=2, help="starts of each command, twice in each round"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
