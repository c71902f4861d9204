"""What six idle plugins cost: the command benchmark with them against none, in interleaved rounds of one process.

Each of the six implements `may_fire`, `may_assign` and `after_event` and has nothing to say. Both sides work the same
random tickets in the same order, on two copies of one database. `--help` tells the options; the exit code is 1 where
they cost more than --limit over all settings together.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib import invalidate_caches
from pathlib import Path
from typing import Any

from commands import SETTINGS, Setting
from interleaved import Measured, Variant, measure
from job_workspace import Steps, copied, fire, keys_of, make

from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.settings.plugins import PluginSettings

NAMES = tuple(f"idle{number}" for number in range(1, 7))
IDLE = '''\
"""Is asked about everything and has nothing to say."""

from casewright import hookimpl


@hookimpl
def may_fire(ticket, transition, words, actor, now):
    return None


@hookimpl
def may_assign(ticket, handler, actor, now):
    return None


@hookimpl
def after_event(ticket, event, words):
    return ()
'''


@contextmanager
def installed(folder: Path) -> Iterator[None]:
    """Let six idle plugins be found meanwhile, as if an installer had put them into `folder`."""
    for name in NAMES:
        package, metadata = folder / f"bench_{name}", folder / f"bench_{name}-1.dist-info"
        package.mkdir(parents=True)
        metadata.mkdir()
        (package / "__init__.py").write_text(IDLE, encoding="utf-8")
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: bench-{name}\nVersion: 1\n"
        )
        (metadata / "entry_points.txt").write_text(
            f"[casewright.plugins]\n{name} = bench_{name}\n"
        )
    sys.path.insert(0, str(folder))
    invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def compare(config: Config, setting: Setting, options: Any) -> dict[str, Any]:
    """Return the figures of one setting."""
    bare = copied(config, "none", setting.synchronous)
    plugged = replace(
        copied(config, "six", setting.synchronous), plugins=PluginSettings(load=NAMES)
    )
    keys = keys_of(config)
    with ExitStack() as closing:
        none = closing.enter_context(open_desk(bare))
        six = closing.enter_context(open_desk(plugged))
        if tuple(one.name for one in six.plugins.actives) != NAMES:
            sys.exit(f"not all of them are there: {six.plugins.left_out}")
        variants = (_desk("none", none, keys, setting), _desk("six", six, keys, setting))
        operations = max(options.commands // setting.per_commit, 1) * setting.per_commit
        found = measure(variants, rounds=options.rounds, operations=operations)
    return _figures(setting, found)


def _desk(name: str, desk: Desk, keys: list[str], setting: Setting) -> Variant:
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

    return Variant(name=name, run=run)


def _figures(setting: Setting, found: Measured) -> dict[str, Any]:
    wall, cpu = found.slowness("six", base="none"), found.cpu("six", base="none")
    return {
        "setting": setting.name,
        "ratio": round(wall.median, 4),
        "ratio_middle_half": [round(wall.low, 4), round(wall.high, 4)],
        "cpu_ratio": round(cpu.median, 4),
        "none_microseconds": round(found.seconds("none") * 1e6, 1),
        "six_microseconds": round(found.seconds("six") * 1e6, 1),
        "none_cpu_microseconds": round(found.cpu_seconds("none") * 1e6, 1),
        "six_cpu_microseconds": round(found.cpu_seconds("six") * 1e6, 1),
        "rounds": found.taken,
        "rounds_kept": len(found.rounds),
    }


def main() -> None:
    """Measure and print; exit 1 where the limit is passed."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="casewright-bench-", dir=options.folder))
    try:
        config = make(folder, options.tickets)
        wanted = [one for one in SETTINGS if not options.only or one.name in options.only]
        with installed(folder / "site"):
            found = [compare(config, setting, options) for setting in wanted]
    finally:
        shutil.rmtree(folder)
    if options.json:
        print(json.dumps({"tickets": options.tickets, "settings": found}, indent=1))
    else:
        _print(found)
    sys.exit(_together(found) > 1 + options.limit / 100)


def _together(found: list[dict[str, Any]]) -> float:
    """Return what a command of each setting takes with six plugins, as a multiple of without."""
    six, none = (sum(one[f"{name}_microseconds"] for one in found) for name in ("six", "none"))
    return float(six / none)


def _print(found: list[dict[str, Any]]) -> None:
    print(
        "Six idle plugins as a multiple of none (1.00 = they cost nothing); cpu: of the CPU time.\n"
    )
    print(f"{'':24}{'ratio':>7}{'middle half':>16}{'cpu':>7}{'none us':>10}{'six us':>10}")
    for one in found:
        low, high = one["ratio_middle_half"]
        print(
            f"{one['setting']:24}{one['ratio']:7.3f}{f'{low:.3f} - {high:.3f}':>16}{one['cpu_ratio']:7.3f}"
            f"{one['none_microseconds']:10.0f}{one['six_microseconds']:10.0f}"
        )
    print(f"{'together':24}{_together(found):7.3f}")


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
    parser.add_argument("--limit", type=float, default=10, help="per cent that they may cost")
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
    return parser.parse_args()


if __name__ == "__main__":
    main()
